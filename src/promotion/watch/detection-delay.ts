import type { Vector } from '../../numeric/vector.js';
import type { Random } from '../../random.js';
import { resampleBlocks } from '../../statistics/bootstrap.js';
import { blockStretch } from './simulated-sessions.js';

/** A longer delay is none. */
const MOST_HORIZONS = 10;

/**
 * Days until the test of profit catches a strategy whose edge is gone, in the share `power` of simulated cases: returns keep their deviation and memory and lose their mean, from
 * a day of the horizon that each case draws. An alarm before that day is a false one, after which the test begins anew. Null when it takes more than ten horizons, or when
 * there is no edge to lose.
 */
export const detectionDelay = (
  returns: Vector,
  test: {
    readonly mean: number;
    readonly sd: number;
    readonly horizon: number;
    readonly threshold: number;
    readonly block: number;
    readonly power: number;
    readonly paths: number;
  },
  draw: Random,
): number | null => {
  const { mean, sd, horizon, threshold, block, power, paths } = test;
  if (!(mean > 0)) return null;
  const stretch = blockStretch(returns.length, block);
  const days = new Float64Array(horizon);
  const delays = new Float64Array(paths).fill(Infinity);
  for (let p = 0; p < paths; p++) {
    const lost = draw.int(horizon);
    let sum = 0;
    for (let t = 0; t < lost + MOST_HORIZONS * horizon; t++) {
      if (t % horizon === 0) {
        sum = 0;
        resampleBlocks(returns, block, draw, days);
      }
      sum += (stretch * (mean - days[t % horizon]!) + (t < lost ? 0 : mean)) / sd;
      if (!(sum > threshold)) continue;
      if (t >= lost) {
        delays[p] = t - lost + 1;
        break;
      }
      sum = 0;
    }
  }
  const enough = delays.sort()[Math.ceil(power * paths) - 1]!;
  return Number.isFinite(enough) ? enough : null;
};
