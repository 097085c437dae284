import type { Algorithm, Rest, WorkTerms } from './algorithm.js';
import { sliced, targetsByWeight } from './sliced.js';

/** Terms of a volume-weighted execution. */
export interface VwapTerms extends WorkTerms {
  /** Milliseconds. */
  readonly duration: number;
  /** Volume that is expected in each slice, in any unit; not negative, not all 0. */
  readonly weights: readonly number[];
  readonly rest: Rest;
}

/**
 * Slices at equal distances, each as large as its share of the volume that is expected over the time: what is on its way by the end of slice k is the share of the volume by then. The volume-weighted
 * average price is what it aims at (Konishi, Optimal slice of a VWAP trade, 2002).
 */
export const vwap = (terms: VwapTerms): Algorithm => {
  const { duration, weights } = terms;
  const times = Float64Array.from(weights, (_, k) => (duration * k) / weights.length);
  return sliced(terms, { times, targets: targetsByWeight(terms.lots, weights), duration }, terms.rest);
};
