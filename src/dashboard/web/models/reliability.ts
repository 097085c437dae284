import type { ScoresView } from '../../api/models-api.js';

type Bin = ScoresView['calibration'][number];

/** 95 % interval of a share that was `p` in `n` cases (Wilson). It takes them for independent: forecasts whose horizons overlap are fewer than they count, and their interval is wider. */
export const binomialBand = (p: number, n: number): { readonly low: number; readonly high: number } => {
  if (n <= 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
};

/** Mean distance between forecast and outcome over the bins, weighted by how often each is used: the expected calibration error. Null without forecasts. */
export const calibrationError = (bins: readonly Bin[]): number | null => {
  const total = bins.reduce((sum, { n }) => sum + n, 0);
  return total === 0 ? null : bins.reduce((sum, { forecast, observed, n }) => sum + (n / total) * Math.abs(forecast - observed), 0);
};

/** Rows of the diagram: each bin with the interval of its share, from what was observed. */
export const reliabilityRows = (bins: readonly Bin[], model: string) =>
  bins
    .filter(bin => bin.model === model && bin.n > 0)
    .sort((a, b) => a.forecast - b.forecast)
    .map(({ forecast, observed, n }) => ({ forecast, observed, n, ...binomialBand(observed, n) }));
