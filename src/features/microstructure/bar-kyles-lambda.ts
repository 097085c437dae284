import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { PRODUCTS, rollingComoments, SQUARES_X } from '../windows/rolling-comoments.js';

/**
 * Kyle's lambda from bars, in basis points per million of quote currency: the least-squares slope of the log return on the money traded, signed by the direction of the return (the tick rule, for bars do
 * not say who took), over the last `length` bars. Larger than from true sides, for a bar that moved counts wholly as taken in that direction. 0 where the flow did not vary.
 * A. Kyle (1985); as a regression J. Hasbrouck, Journal of Finance 64 (2009).
 */
export const barKylesLambda = (length = 48): Feature<number> => {
  const n = barCount('bar-kyles-lambda', 'length', length, 2);
  return column(featureKey('bar-kyles-lambda', n), n + 1, () => {
    const step = logStep();
    const figures = new Float64Array(5).fill(NaN);
    const push = rollingComoments(n, figures);
    return (bar, out, offset) => {
      const money = bar.close * bar.volume;
      out[offset] = NaN;
      if (!Number.isFinite(money)) return;
      const move = step(bar.close);
      if (!Number.isFinite(move)) return;
      push((Math.sign(move) * money) / 1e6, 1e4 * move);
      out[offset] = figures[SQUARES_X] === 0 ? 0 : figures[PRODUCTS]! / figures[SQUARES_X]!;
    };
  });
};
