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
  const xxs = new Float64Array(x.length);
  const yys = new Float64Array(x.length);
  const xys = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - mx;
    const dy = y[i]! - my;
    xxs[i] = dx * dx;
    yys[i] = dy * dy;
    xys[i] = dx * dy;
  }
  const xx = sum(xxs);
  const yy = sum(yys);
  const xy = sum(xys);
  const slope = xx > 0 ? xy / xx : NaN;
  return { slope, intercept: my - slope * mx, rSquared: (slope * xy) / yy };
};
