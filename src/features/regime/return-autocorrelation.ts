import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import { logStep } from '../windows/log-step.js';
import { correlationOf, rollingComoments } from '../windows/rolling-comoments.js';

/** Correlation of log returns with those `lag` bars earlier over the last `length` such pairs, −1…1: above 0 moves go on, below they turn back; 0 when nothing moved. */
export const returnAutocorrelation = (lag = 1, length = 72): Feature<number> => {
  const name = 'return-autocorrelation';
  const k = barCount(name, 'lag', lag);
  const n = barCount(name, 'length', length, 2);
  return column(featureKey(name, k, n), n + k + 1, () => {
    const step = logStep();
    const past = delay(k);
    const figures = new Float64Array(5);
    const push = rollingComoments(n, figures);
    return (bar, out, offset) => {
      const r = step(bar.close);
      push(r, past(r));
      out[offset] = correlationOf(figures);
    };
  });
};
