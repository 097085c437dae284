import { record, type Feature } from '../feature.js';
import { barCount, featureKey, positive } from '../parameters.js';
import { exponentialAverage } from '../windows/exponential-average.js';
import { logStep } from '../windows/log-step.js';

/** How far evidence of a shift may pile up: at the limit the change is certain, and more would only take longer to forget. */
const LIMIT = 10;

/** Evidence in standard deviations, 0…10, that the mean return has shifted up or down; above 5 is a change by the usual rule. */
export type Cusum = Feature<{ readonly up: number; readonly down: number }>;

/**
 * Two-sided cumulative sum of log returns measured by the volatility known before them (exponential, half the weight in about 0.35 · `length` bars): S ← max(0, S ± z − slack).
 * E. S. Page, Continuous Inspection Schemes (1954).
 */
export const cusum = (length = 48, slack = 0.5): Cusum => {
  const n = barCount('cusum', 'length', length);
  const k = positive('cusum', 'slack', slack);
  return record(featureKey('cusum', n, k), n + 2, ['up', 'down'], () => {
    const step = logStep();
    const variance = exponentialAverage(2 / (n + 1), n, 'sma');
    /** Variance before the bar at hand, and the two sums. */
    const state = new Float64Array([NaN, 0, 0]);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const before = state[0]!;
      out[offset] = NaN;
      out[offset + 1] = NaN;
      if (!Number.isFinite(r)) return;
      state[0] = variance(r * r);
      if (!Number.isFinite(before)) return;
      const z = before > 0 ? r / Math.sqrt(before) : 0;
      const up = state[1]! + z - k;
      const down = state[2]! - z - k;
      state[1] = up > LIMIT ? LIMIT : up > 0 ? up : 0;
      state[2] = down > LIMIT ? LIMIT : down > 0 ? down : 0;
      out[offset] = state[1]!;
      out[offset + 1] = state[2]!;
    };
  });
};
