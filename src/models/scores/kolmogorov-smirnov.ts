/** A test of a law: how far the values are from it, and how probable so much is by chance. */
export interface FitTest {
  readonly statistic: number;
  readonly p: number;
  readonly count: number;
}

/** Upper tail of Kolmogorov's law: by theta series where few terms do, the other form for small arguments, where it would cancel. */
const kolmogorovTail = (x: number): number => {
  if (x < 1.18) {
    let total = 0;
    for (let k = 1; k <= 9; k += 2) total += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * total;
  }
  let total = 0;
  for (let k = 1; k <= 6; k++) total += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return total;
};

/**
 * Kolmogorov–Smirnov test that values are uniform on [0, 1]: largest distance of their distribution from the diagonal, and its probability by chance with the correction of
 * Stephens for small samples, good to about 0.01 from five values on. Values must be independent: of overlapping horizons take one a span. NaN is left out; p is NaN for
 * none. Source: M. A. Stephens, Journal of the Royal Statistical Society B 32 (1970).
 */
export const uniformityTest = (values: Float64Array): FitTest => {
  const sorted = values.filter(v => !Number.isNaN(v)).sort();
  const n = sorted.length;
  if (n === 0) return { statistic: NaN, p: NaN, count: 0 };
  let statistic = 0;
  for (let i = 0; i < n; i++) statistic = Math.max(statistic, sorted[i]! - i / n, (i + 1) / n - sorted[i]!);
  const root = Math.sqrt(n);
  return { statistic, p: kolmogorovTail((root + 0.12 + 0.11 / root) * statistic), count: n };
};
