import { random } from '../../random.js';
import type { Algorithm, Rest, WorkTerms } from './algorithm.js';
import { sliced, targetsByWeight } from './sliced.js';

/** Terms of a time-weighted execution. */
export interface TwapTerms extends WorkTerms {
  /** Milliseconds. */
  readonly duration: number;
  readonly slices: number;
  /** Share of its interval, 0 to 1, by which a slice may be late at random, so that others do not see a clock. */
  readonly jitter: number;
  readonly seed: number | string;
  readonly rest: Rest;
}

/**
 * Equal slices at equal distances, the first at once: slice k of n at k ÷ n of the time, and by then (k + 1) ÷ n of the quantity, in whole lots. The time-weighted average price is what it
 * aims at (Berkowitz, Logue and Noser, 1988, name the benchmark family).
 */
export const twap = (terms: TwapTerms): Algorithm => {
  const { duration, slices, jitter } = terms;
  const draw = random(terms.seed).next;
  const times = Float64Array.from({ length: slices }, (_, k) => (duration * (k + (jitter > 0 ? jitter * draw() : 0))) / slices);
  const targets = targetsByWeight(
    terms.lots,
    Array.from({ length: slices }, () => 1),
  );
  return sliced(terms, { times, targets, duration }, terms.rest);
};
