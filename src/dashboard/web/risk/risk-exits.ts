/** A risk state and what it means to whoever looks. */
export type RiskStateName = 'ACTIVE' | 'REDUCING' | 'HALTED';

export const STATE_MEANING: Readonly<Record<RiskStateName, string>> = {
  ACTIVE: 'Entries and reductions pass, within the limits.',
  REDUCING: 'Only what reduces a position passes. Entries at work are taken back, but for drift.',
  HALTED: 'Only reduce-only orders pass. It never ends by itself.',
};

const OUT_OF_REDUCING: Readonly<Record<string, string>> = {
  'daily-loss': 'It ends by itself at midnight UTC, or when an operator resumes.',
  'consecutive-losses': 'It ends by itself when the pause is over, or when an operator resumes.',
  drift: 'It ends by itself when every drift detector has been quiet for three horizons. Resuming does not end it.',
  operator: 'An operator resumes.',
  restarted: 'The session began again in the state it was in. An operator resumes.',
};

/** What would lead out of a state that was entered for this reason. */
export const wayOut = (state: RiskStateName, code: string | null): string => {
  if (state === 'ACTIVE') return 'A drawdown, a daily loss, losses in a row, drift of models or a person lead out of it.';
  if (state === 'REDUCING') return OUT_OF_REDUCING[code ?? ''] ?? 'It ends when what caused it is over, or an operator resumes.';
  if (code === 'fenced') return 'Another session, or the watchdog, has the account. Find it, end this session, and begin it again.';
  if (code === 'disk') return 'The journal cannot be written. Free space or replace the disk, and begin the session again.';
  return 'An operator resumes, with a reason. Drawdown, day and losing streak count from then on.';
};

/** An arrow of the drawn state machine: from, to, and what moves along it. */
export interface Transition {
  readonly from: RiskStateName;
  readonly to: RiskStateName;
  readonly by: string;
}

export const TRANSITIONS: readonly Transition[] = [
  { from: 'ACTIVE', to: 'REDUCING', by: 'daily loss, losses in a row, drift, a person' },
  { from: 'REDUCING', to: 'ACTIVE', by: 'its cause is over, or resumed' },
  { from: 'REDUCING', to: 'HALTED', by: 'drawdown, liquidation, a person' },
  { from: 'ACTIVE', to: 'HALTED', by: 'drawdown, liquidation, a person' },
  { from: 'HALTED', to: 'ACTIVE', by: 'resumed by an operator' },
];
