import { intervalScore } from './interval-score.js';
import { scoreMean } from './score-mean.js';
import { wilsonInterval } from './wilson.js';

/** Whether intervals hold what they promise. */
export interface Coverage {
  /** Share that was promised. */
  readonly nominal: number;
  /** Share of values inside, edges included. */
  readonly share: number;
  /** Wilson interval of that share at 95 %. */
  readonly low: number;
  readonly high: number;
  /** Mean width, in the unit of the value. */
  readonly width: number;
  /** Mean interval score, in the same unit. */
  readonly score: number;
  readonly count: number;
}

/** Columns of intervals and what came; rows with NaN are left out. */
export interface CoverageOptions {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly value: Float64Array;
  readonly nominal: number;
  /** Independent spans ÷ rows: below 1 where horizons overlap, which widens the interval of the share. 1 when left out. */
  readonly independence?: number;
}

/** How often values were inside their interval, how wide it was, and both in one score; NaN without rows. */
export const coverageOf = ({ low, high, value, nominal, independence = 1 }: CoverageOptions): Coverage => {
  const scores = value.map((y, i) => intervalScore(low[i]!, high[i]!, y, nominal));
  const inside = value.map((y, i) => (Number.isNaN(scores[i]!) ? NaN : y >= low[i]! && y <= high[i]! ? 1 : 0));
  const { mean: share, count } = scoreMean(inside);
  return {
    nominal,
    share,
    ...wilsonInterval(share, count * independence),
    width: scoreMean(high.map((h, i) => (Number.isNaN(scores[i]!) ? NaN : h - low[i]!))).mean,
    score: scoreMean(scores).mean,
    count,
  };
};
