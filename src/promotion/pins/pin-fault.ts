/** Something that is not as it was when the strategy was promoted. */
export interface PinFault {
  /** `altered`: a stored file's bytes differ from its own hash. The rest name what changed since. */
  readonly pin: 'strategy' | 'params' | 'platform' | 'lock' | 'config' | 'recipe' | 'dataset' | 'evidence' | 'checkpoint' | 'altered';
  /** File, key of the configuration, parameter or checkpoint that it is about. */
  readonly name: string;
  /** One sentence that names both values, or says that the bytes differ. */
  readonly text: string;
}
