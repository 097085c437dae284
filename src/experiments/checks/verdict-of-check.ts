import type { Check, CheckPoint, CheckResult, CheckVerdict, ProbeOutcome } from './check.js';

type Identity = Pick<Check, 'id' | 'title' | 'family'>;

/** A result with the check's own name on it. */
export const checkResult = (
  { id, title, family }: Identity,
  verdict: CheckVerdict,
  sentence: string,
  parts: Partial<Pick<CheckResult, 'base' | 'points' | 'axis'>> = {},
): CheckResult => ({ id, title, family, verdict, sentence, base: null, points: [], axis: null, ...parts });

/** A check that was not made; the reason is a sentence. */
export const untestedResult = (identity: Identity, reason: string): CheckResult => checkResult(identity, 'untested', reason);

/** The figures of a run at a place of a check. */
export const pointOf = (label: string, x: number | null, { metrics }: ProbeOutcome): CheckPoint => ({
  label,
  x,
  sharpe: metrics['sharpe'] ?? null,
  totalReturn: metrics['totalReturn'] ?? null,
  maxDrawdown: metrics['maxDrawdown'] ?? null,
  trades: metrics['trades'] ?? null,
});

/** What the subject earned; null where it does not earn: then nothing can be taken from it. */
export const profitOf = ({ metrics }: ProbeOutcome): number | null => {
  const profit = metrics['totalReturn'] ?? null;
  return profit !== null && profit > 0 ? profit : null;
};

/** Said of a subject without a profit. */
export const NO_PROFIT = 'It earns nothing as it is, so there is no profit that could be lost.';
