import { column, record, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingLine } from '../windows/rolling-line.js';

/** Least-squares line through the last bars: slope per bar, value at the newest and at the next bar, in the unit of the source. */
export type LinearRegression = Feature<{ readonly slope: number; readonly value: number; readonly forecast: number }>;

/** Ordinary least squares of the last `length` values on their position. `value` is TA-Lib's LINEARREG, `forecast` its TSF. */
export const linearRegression = (length: number, options: SourceOption = {}): LinearRegression => {
  const n = barCount('linear-regression', 'length', length, 2);
  const source = sourceOf(options);
  return record(featureKey('linear-regression', n, sourceKey(source)), n, ['slope', 'value', 'forecast'], () => {
    const line = new Float64Array(2);
    const push = rollingLine(n, line);
    return (bar, out, offset) => {
      push(read(bar, source));
      const slope = line[1]!;
      const value = line[0]! + (slope * (n - 1)) / 2;
      out[offset] = slope;
      out[offset + 1] = value;
      out[offset + 2] = value + slope;
    };
  });
};

/** Least-squares slope of the last `length` values, in the unit of the source per bar. */
export const linearRegressionSlope = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('linear-regression-slope', 'length', length, 2);
  const source = sourceOf(options);
  return column(featureKey('linear-regression-slope', n, sourceKey(source)), n, () => {
    const line = new Float64Array(2);
    const push = rollingLine(n, line);
    return (bar, out, offset) => {
      push(read(bar, source));
      out[offset] = line[1]!;
    };
  });
};
