import type { Vector } from '../../numeric/vector.js';
import type { Random } from '../../random.js';
import { optimalBlockLength } from '../../statistics/block-length.js';
import { resampleBlocks } from '../../statistics/bootstrap.js';
import { mean } from '../../statistics/moments.js';

/** Sessions that trade as the history did. */
export interface SimulatedSessions {
  /** Deviation of each day from the mean that its own history showed, path after path of `horizon` days, in returns. */
  readonly deviations: Float64Array;
  /** Largest cumulative shortfall of each path, in standard deviations of its own history. */
  readonly largest: Float64Array;
}

/** Mean length of a block: twice that with the least error of a variance, whose blocks cut off memory that a sum of many days has; at least n^(1/3), at most an eighth of the days. */
export const sessionBlock = (returns: Vector): number => {
  const n = returns.length;
  return Math.max(1, Math.min(Math.max(2 * optimalBlockLength(returns), Math.cbrt(n)), n / 8));
};

/** What deviations are stretched by: block means that are drawn from n days vary less than those of the process, because they lie around the mean of the very same days. */
export const blockStretch = (n: number, block: number): number => Math.sqrt(n / (n - 2 * block + 1));

/** What they are stretched by beyond that: n days hold n ÷ block of them, and a deviation known from so few has the tails of Student's t. Expansion of its quantile about the normal one, (z² + 1) ÷ 4 = 1.3 at 2 % (Cornish & Fisher 1937). */
const fewBlocks = (n: number, block: number): number => 1 + (1.3 * block) / n;

/**
 * Pairs of a history and a session, both drawn by the stationary bootstrap from the history that is known. A session is measured against the mean and the deviation that its
 * own history shows, so that what it deviates by holds both: chance in the session, and what a history of so many days gets wrong itself.
 * Source: Politis & Romano (1994) for the draws; the pairs are the bootstrap of a prediction error, Stine, Bootstrap Prediction Intervals for Regression, Journal of the
 * American Statistical Association 80 (1985).
 */
export const simulateSessions = (
  returns: Vector,
  { paths, horizon, block, draw }: { readonly paths: number; readonly horizon: number; readonly block: number; readonly draw: Random },
): SimulatedSessions => {
  const n = returns.length;
  const known = mean(returns);
  const history = new Float64Array(n);
  const session = new Float64Array(horizon);
  const deviations = new Float64Array(paths * horizon);
  const largest = new Float64Array(paths);
  const stretch = blockStretch(n, block) * fewBlocks(n, block);
  for (let p = 0; p < paths; p++) {
    let [centre, sd] = [0, 0];
    // A history of one value over and over has nothing to measure by.
    while (!(sd > 0)) {
      resampleBlocks(returns, block, draw, history);
      let [sum, squares] = [0, 0];
      for (let i = 0; i < n; i++) {
        const x = history[i]! - known;
        sum += x;
        squares += x * x;
      }
      centre = known + sum / n;
      sd = Math.sqrt((squares - (sum * sum) / n) / (n - 1));
    }
    resampleBlocks(returns, block, draw, session);
    let [sum, most] = [0, 0];
    for (let t = 0; t < horizon; t++) {
      const deviation = stretch * (session[t]! - centre);
      deviations[p * horizon + t] = deviation;
      sum -= deviation / sd;
      if (sum > most) most = sum;
    }
    largest[p] = most;
  }
  return { deviations, largest };
};
