import { usageError } from '../errors.js';
import type { Vector } from '../numeric/vector.js';
import { ROUNDING } from './sharpe.js';

// Windows are cut at every `window`-th value: each is the tail of one block and the head of the next, so both parts are built by adding
// values only. Subtracting what leaves a window, the usual way to O(n), leaves rounding behind that looks like volatility.
const rolling = (values: Vector, window: number, measure: (mean: number, variance: number) => number): Float64Array => {
  if (!(Number.isInteger(window) && window >= 2))
    throw usageError('bad-window', `${window} is not a rolling window.`, 'Use a whole number of observations, 2 or more.');
  const n = values.length;
  const result = new Float64Array(n).fill(NaN);
  const tailMean = new Float64Array(window + 1);
  const tailSquares = new Float64Array(window + 1);
  for (let block = 0; block + window <= n; block += window) {
    tailMean[0] = 0;
    tailSquares[0] = 0;
    for (let count = 1; count <= window; count++) {
      const x = values[block + window - count]!;
      const delta = x - tailMean[count - 1]!;
      tailMean[count] = tailMean[count - 1]! + delta / count;
      tailSquares[count] = tailSquares[count - 1]! + delta * (x - tailMean[count]!);
    }
    let headMean = 0;
    let headSquares = 0;
    for (let head = 0; head < window && block + window + head <= n; head++) {
      if (head > 0) {
        const x = values[block + window + head - 1]!;
        const delta = x - headMean;
        headMean += delta / head;
        headSquares += delta * (x - headMean);
      }
      const tail = window - head;
      const gap = headMean - tailMean[tail]!;
      const mean = tailMean[tail]! + (head > 0 ? (gap * head) / window : 0);
      const squares = tailSquares[tail]! + headSquares + (head > 0 ? (gap * gap * tail * head) / window : 0);
      result[block + window + head - 1] = measure(mean, squares / (window - 1));
    }
  }
  return result;
};

/**
 * Annualised Sharpe ratio of the last `window` returns at each return; NaN before the window is full and where returns do not vary in it.
 * Same length as `returns`; linear time.
 */
export const rollingSharpe = (returns: Vector, window: number, periodsPerYear: number): Float64Array =>
  rolling(returns, window, (mean, variance) =>
    variance > ROUNDING * ROUNDING ? (mean / Math.sqrt(variance)) * Math.sqrt(periodsPerYear) : NaN,
  );

/** Annualised standard deviation of the last `window` returns at each return; NaN before the window is full. Linear time. */
export const rollingVolatility = (returns: Vector, window: number, periodsPerYear: number): Float64Array =>
  rolling(returns, window, (_, variance) => Math.sqrt(variance) * Math.sqrt(periodsPerYear));
