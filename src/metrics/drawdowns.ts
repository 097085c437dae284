import type { Vector } from '../numeric/vector.js';

/** One stretch of equity below its last peak. */
export interface DrawdownEpisode {
  /** Last time at the peak; the first point of the curve when equity has been below the initial capital from the start. */
  readonly peakTs: number;
  readonly troughTs: number;
  /** First time back at the peak, or null while it lasts. */
  readonly recoveryTs: number | null;
  /** Trough ÷ peak − 1: a negative fraction. */
  readonly depth: number;
}

/** All stretches below the running peak in time order; the peak before the first point is `initial`. Times in epoch milliseconds. */
export const drawdownEpisodes = (ts: Vector, equity: Vector, initial: number): DrawdownEpisode[] => {
  const episodes: DrawdownEpisode[] = [];
  let peak = initial;
  let peakTs = ts[0] ?? NaN;
  let trough = Infinity;
  let troughAt = -1;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value >= peak) {
      if (trough < peak) episodes.push({ peakTs, troughTs: ts[troughAt]!, recoveryTs: ts[i]!, depth: trough / peak - 1 });
      peak = value;
      peakTs = ts[i]!;
      trough = Infinity;
    } else if (value < trough) {
      trough = value;
      troughAt = i;
    }
  }
  if (trough < peak) episodes.push({ peakTs, troughTs: ts[troughAt]!, recoveryTs: null, depth: trough / peak - 1 });
  return episodes;
};

/** Equity ÷ running peak − 1 at each point, 0 or negative; the peak before the first point is `initial`. */
export const drawdownSeries = (equity: Vector, initial: number): Float64Array => {
  const series = new Float64Array(equity.length);
  let peak = initial;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value > peak) peak = value;
    series[i] = value / peak - 1;
  }
  return series;
};
