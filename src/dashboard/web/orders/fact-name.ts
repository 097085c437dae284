/** A fact of an account by its stream and number there, as `quantai why` names it. */
export interface FactName {
  /** Empty for the account's own stream. */
  readonly strategy: string;
  readonly seq: number;
}

/** `sma-cross:345`, or `account:12` for the account's own stream. */
export const factName = ({ strategy, seq }: FactName): string => `${strategy === '' ? 'account' : strategy}:${seq}`;

/** Reads such a name; null for what is none. */
export const readFactName = (text: string | null): FactName | null => {
  const [, stream, seq] = /^(.+):(\d{1,15})$/.exec(text ?? '') ?? [];
  return stream === undefined || seq === undefined ? null : { strategy: stream === 'account' ? '' : stream, seq: Number(seq) };
};
