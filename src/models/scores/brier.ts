import { OUTCOMES } from '../forecast.js';

/**
 * Brier score of each row: ½ Σ (probability − what happened)² over the classes, 0 best to 1 worst. The half makes it, for two classes, the familiar (p − o)²; Brier's
 * own has none. `probability` is row-major, `classes` a row; NaN where the forecast or the outcome is missing. Strictly proper.
 * Source: G. W. Brier, Verification of Forecasts Expressed in Terms of Probability, Monthly Weather Review 78 (1950).
 */
export const brierScores = (probability: Float64Array, outcome: Float64Array, classes = OUTCOMES): Float64Array =>
  outcome.map((c, i) => {
    if (!(c >= 0)) return NaN;
    let total = 0;
    for (let k = 0; k < classes; k++) {
      const d = probability[i * classes + k]! - (k === c ? 1 : 0);
      total += d * d;
    }
    return total / 2;
  });
