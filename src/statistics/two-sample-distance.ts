/**
 * Kolmogorov–Smirnov distance of two samples: the largest difference of the shares at or below any value, 0 to 1. NaN is left out, and is the answer when a side is empty.
 * Its usual probability needs independent samples, which features of neighbouring bars are not. Source: N. V. Smirnov, Bulletin of Moscow University 2 (1939).
 */
export const twoSampleDistance = (x: Float64Array, y: Float64Array): number => {
  const [a, b] = [x, y].map(values => values.filter(value => !Number.isNaN(value)).sort()) as [Float64Array, Float64Array];
  if (a.length === 0 || b.length === 0) return NaN;
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
};
