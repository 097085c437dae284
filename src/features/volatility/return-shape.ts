import { record, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingShape } from '../windows/rolling-shape.js';

/** Skewness (below 0: the large moves are falls) and excess kurtosis (above 0: fat tails) of returns. */
export type ReturnShape = Feature<{ readonly skewness: number; readonly kurtosis: number }>;

/** Population skewness and excess kurtosis of the last `length` log returns; both 0 when they do not vary. */
export const returnShape = (length = 96): ReturnShape => {
  const n = barCount('return-shape', 'length', length, 2);
  return record(featureKey('return-shape', n), n + 1, ['skewness', 'kurtosis'], () => {
    const step = logStep();
    const shape = new Float64Array(2);
    const push = rollingShape(n, shape);
    return (bar, out, offset) => {
      push(step(bar.close));
      out[offset] = shape[0]!;
      out[offset + 1] = shape[1]!;
    };
  });
};
