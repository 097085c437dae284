import type { FactOf } from './fact.js';

/** A person told the session to do something. `by` is who, as the operating system or the dashboard knows them; a reason is asked for where it loosens something. */
export type OperatorCommanded = FactOf<
  'OperatorCommanded',
  { command: 'halt' | 'resume' | 'reduce' | 'flatten' | 'stop' | 'cancel-all'; by: string; reason: string }
>;
/** A setting of a running session changed. Limits that become tighter hold at once; looser ones need a reason. Values as canonical JSON. */
export type SettingChanged = FactOf<
  'SettingChanged',
  { path: string; before: string; after: string; direction: 'tighter' | 'looser' | 'other'; by: string; reason: string }
>;

export type OperatorFact = OperatorCommanded | SettingChanged;
