import { normalQuantile } from '../../statistics/normal.js';

/**
 * Interval of a share that was seen in `n` independent trials, at `level` (0.95 unless said). It stays inside [0, 1] and is right for shares near the ends. `n` may be a
 * fraction: an effective number. [0, 1] for none.
 * Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American Statistical Association 22 (1927).
 */
export const wilsonInterval = (share: number, n: number, level = 0.95): { readonly low: number; readonly high: number } => {
  if (!(n > 0)) return { low: 0, high: 1 };
  const z = normalQuantile((1 + level) / 2);
  const shrink = 1 + (z * z) / n;
  const centre = (share + (z * z) / (2 * n)) / shrink;
  const half = (z / shrink) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
};
