/**
 * Variance of √n times the mean of a stationary resample of `centred`, values whose mean is 0: Σ (1 − |lag| ÷ n)(1 − 1 ÷ meanBlock)^|lag| × circular
 * autocovariance, without drawing one. Never negative but for rounding. The weighted sums over all lags are carried from one row to the row
 * before it, so that the cost is O(n) and not O(n²).
 * Source: Politis & Romano, The Stationary Bootstrap, Journal of the American Statistical Association 89 (1994), lemma 1; Hansen (2005)
 * uses it as ω².
 */
export const stationaryVariance = (centred: Float64Array, meanBlock: number): number => {
  const n = centred.length;
  const keep = 1 - 1 / meanBlock;
  // Σ keep^i x(t+i) and Σ i keep^i x(t+i) over the lags 1 … n−1, at first for t = 0.
  let ahead = 0;
  let weighted = 0;
  let farthest = 1;
  for (let i = 1; i < n; i++) {
    farthest *= keep;
    ahead += farthest * centred[i]!;
    weighted += i * farthest * centred[i]!;
  }
  let own = 0;
  let cross = 0;
  for (let step = 0; step < n; step++) {
    const t = step === 0 ? 0 : n - step;
    const x = centred[t]!;
    own += x * x;
    cross += x * (ahead - weighted / n);
    const leaving = farthest * centred[t === 0 ? n - 1 : t - 1]!;
    weighted = keep * (weighted - (n - 1) * leaving + x + ahead - leaving);
    ahead = keep * (x + ahead - leaving);
  }
  return Math.max(0, (own + 2 * cross) / n);
};
