import { sum } from '../numeric/sum.js';
import type { Vector } from '../numeric/vector.js';
import { mean } from './moments.js';

/** The straight line y = intercept + slope·x of least squares. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance of y that the line explains, 0 to 1; NaN when y does not vary. */
  readonly rSquared: number;
}

/** Ordinary least squares of `y` on `x`, of equal length. All NaN when x does not vary or there are fewer than two points. */
export const linearRegression = (x: Vector, y: Vector): Line => {
  if (x.length !== y.length) throw new RangeError(`a regression needs as many x as y, not ${x.length} and ${y.length}`);
  const mx = mean(x);
  const my = mean(y);
  const xx = sum(Float64Array.from(x, v => (v - mx) * (v - mx)));
  const yy = sum(Float64Array.from(y, v => (v - my) * (v - my)));
  const xy = sum(Float64Array.from(x, (v, i) => (v - mx) * (y[i]! - my)));
  const slope = xx > 0 ? xy / xx : NaN;
  return { slope, intercept: my - slope * mx, rSquared: (slope * xy) / yy };
};
