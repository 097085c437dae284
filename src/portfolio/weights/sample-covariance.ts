import { mean } from '../../statistics/moments.js';

/** Columns less their means. */
export const centred = (columns: readonly Float64Array[]): Float64Array[] =>
  columns.map(column => {
    const centre = mean(column);
    return column.map(value => value - centre);
  });

/** Covariances of all pairs of columns of one length, row-major, divisor n (that of the maximum likelihood, which shrinkage is written in). Per period. */
export const sampleCovariance = (columns: readonly Float64Array[]): Float64Array => {
  const size = columns.length;
  const deviations = centred(columns);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const [a, b] = [deviations[i]!, deviations[j]!];
      let total = 0;
      for (let t = 0; t < a.length; t++) total += a[t]! * b[t]!;
      matrix[i * size + j] = total / a.length;
      matrix[j * size + i] = matrix[i * size + j]!;
    }
  return matrix;
};
