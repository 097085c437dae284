import { OUTCOMES } from '../forecast.js';

/**
 * Ranked probability score of each row: mean squared difference of cumulative probability and cumulative outcome over the classes − 1 inner edges, 0 best to 1 worst.
 * Unlike the Brier score it knows that down is further from up than flat is. NaN where the forecast or the outcome is missing. Strictly proper.
 * Source: E. S. Epstein, Journal of Applied Meteorology 8 (1969), with the scaling of A. H. Murphy, ibid. 10 (1971).
 */
export const rankedProbabilityScores = (probability: Float64Array, outcome: Float64Array, classes = OUTCOMES): Float64Array =>
  outcome.map((c, i) => {
    if (!(c >= 0)) return NaN;
    let total = 0;
    let below = 0;
    for (let k = 0; k < classes - 1; k++) {
      below += probability[i * classes + k]!;
      const d = below - (c <= k ? 1 : 0);
      total += d * d;
    }
    return total / (classes - 1);
  });
