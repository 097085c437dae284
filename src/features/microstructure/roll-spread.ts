import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { bounce } from './bounce.js';

/** Spread that the bounce of closing prices implies, in basis points, over the last `length` pairs of log returns; 0 where returns do not reverse. R. Roll (1984). */
export const rollSpread = (length = 48): Feature<number> => {
  const n = barCount('roll-spread', 'length', length, 2);
  return column(featureKey('roll-spread', n), n + 2, () => {
    const step = logStep();
    const spread = bounce(n);
    return (bar, out, offset) => {
      const change = step(bar.close);
      out[offset] = Number.isFinite(change) ? 1e4 * spread(change) : NaN;
    };
  });
};
