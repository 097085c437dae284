import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { correlationOf, rollingComoments } from '../windows/rolling-comoments.js';

/** Correlation of log returns with volume over the last `length` bars, −1…1: above 0 rises are the busy bars; 0 when either did not vary. */
export const priceVolumeCorrelation = (length = 48): Feature<number> => {
  const n = barCount('price-volume-correlation', 'length', length, 2);
  return column(featureKey('price-volume-correlation', n), n + 1, () => {
    const step = logStep();
    const figures = new Float64Array(5);
    const push = rollingComoments(n, figures);
    return (bar, out, offset) => {
      push(step(bar.close), bar.volume);
      out[offset] = correlationOf(figures);
    };
  });
};
