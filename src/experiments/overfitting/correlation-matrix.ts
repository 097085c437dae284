import { mean } from '../../statistics/moments.js';

/** Columns less their mean, of length 1; one that does not vary stays all 0. */
export const standardised = (column: Float64Array): Float64Array => {
  const centre = mean(column);
  const deviations = column.map(value => value - centre);
  let squares = 0;
  for (const value of deviations) squares += value * value;
  return squares > 0 ? deviations.map(value => value / Math.sqrt(squares)) : deviations;
};

/** Sum of products of two columns of one length; four sums side by side, as one alone would wait for each addition. */
export const dotProduct = (a: Float64Array, b: Float64Array): number => {
  const whole = a.length - (a.length % 4);
  let [s, t, u, v] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    s += a[i]! * b[i]!;
    t += a[i + 1]! * b[i + 1]!;
    u += a[i + 2]! * b[i + 2]!;
    v += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s += a[i]! * b[i]!;
  return s + t + (u + v);
};

/**
 * Correlations of all pairs of columns of one length, row-major, within [−1, 1], with 1 on the diagonal. Columns that do not vary, strategies that
 * never traded, are alike (1) and like no other (0).
 */
export const correlationMatrix = (columns: readonly Float64Array[]): Float64Array => {
  const n = columns.length;
  const units = columns.map(standardised);
  const isFlat = units.map(unit => unit.every(value => value === 0));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const correlation = i === j || (isFlat[i]! && isFlat[j]!) ? 1 : Math.max(-1, Math.min(1, dotProduct(units[i]!, units[j]!)));
      matrix[i * n + j] = correlation;
      matrix[j * n + i] = correlation;
    }
  return matrix;
};
