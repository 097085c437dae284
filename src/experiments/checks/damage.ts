import { mean, standardDeviation } from '../../statistics/moments.js';
import type { CheckVerdict } from './check.js';

/** What a disturbance did to the mean return. */
export interface Damage {
  /** Mean return under the disturbance ÷ that of the subject, which is above 0. */
  readonly kept: number;
  /** The fall of the mean return in its own standard errors; positive when it fell. */
  readonly errors: number;
}

/** Falls of less than so many standard errors are what chance does to any strategy. */
const SURE = 2;

const fall = (drop: number, error: number): number => (error > 0 ? drop / error : drop > 0 ? Infinity : drop < 0 ? -Infinity : 0);

/**
 * Damage by one disturbance, by the days that both runs have. Their difference is taken day by day, because the two hold much the same: what both owe to the market falls out of its error.
 * Days are counted from the end, where both are there.
 */
export const pairedDamage = (base: Float64Array, other: Float64Array): Damage => {
  const days = Math.min(base.length, other.length);
  const [a, b] = [base.subarray(base.length - days), other.subarray(other.length - days)];
  const difference = a.map((value, i) => value - b[i]!);
  return { kept: mean(b) / mean(a), errors: fall(mean(difference), standardDeviation(difference) / Math.sqrt(days)) };
};

/** Damage by a disturbance that was drawn several times: its error is what the draws differ by. */
export const drawnDamage = (base: Float64Array, others: readonly Float64Array[]): Damage => {
  const means = Float64Array.from(others, mean);
  return { kept: mean(means) / mean(base), errors: fall(mean(base) - mean(means), standardDeviation(means) / Math.sqrt(means.length)) };
};

/**
 * `fail`: the profit is gone, and the fall is more than chance. `warn`: half of it is gone for sure, or all of it perhaps by chance: of a small profit a small change leaves nothing, and that
 * says more of the profit than of the change. Else `pass`.
 */
export const damageVerdict = ({ kept, errors }: Damage): CheckVerdict => {
  if (kept <= 0) return errors > SURE ? 'fail' : 'warn';
  return kept < 0.5 && errors > SURE ? 'warn' : 'pass';
};
