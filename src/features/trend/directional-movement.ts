import type { Bar } from '../../events/market.js';

/**
 * How Wilder's sums begin: `full`, over the first `length` moves (Wilder's book, StockCharts, TradingView), or `short`, over the first
 * `length − 1` (TA-Lib, Tulip), which answers one bar earlier. The difference fades by 1 − 1 ÷ length a bar.
 */
export type DirectionalSeed = 'full' | 'short';

/** Options of the directional movement family. */
export interface DirectionalOptions {
  readonly seed?: DirectionalSeed;
}

/** +DI, −DI and DX of each bar, written to `into[0..2]`, in per cent; NaN until the sums are full and for a missing bar. */
export const directionalMovement = (n: number, seed: DirectionalSeed, into: Float64Array): ((bar: Bar) => void) => {
  const needed = seed === 'full' ? n : Math.max(1, n - 1);
  /** Wilder's sums of +DM, −DM and true range; then the previous high, low and close. */
  const state = new Float64Array(6);
  let moves = -1;
  return bar => {
    const { high, low, close } = bar;
    into[0] = NaN;
    into[1] = NaN;
    into[2] = NaN;
    if (!Number.isFinite(high + low + close)) return;
    if (moves >= 0) {
      const rise = high - state[3]!;
      const fall = state[4]! - low;
      const previous = state[5]!;
      const range = Math.max(high, previous) - Math.min(low, previous);
      const keep = moves < needed ? 1 : (n - 1) / n;
      state[0] = state[0]! * keep + (rise > fall && rise > 0 ? rise : 0);
      state[1] = state[1]! * keep + (fall > rise && fall > 0 ? fall : 0);
      state[2] = state[2]! * keep + range;
    }
    state[3] = high;
    state[4] = low;
    state[5] = close;
    if (moves < needed) moves++;
    if (moves < needed) return;
    const up = state[0]!;
    const down = state[1]!;
    const range = state[2]!;
    into[0] = range > 0 ? (100 * up) / range : 0;
    into[1] = range > 0 ? (100 * down) / range : 0;
    into[2] = up + down > 0 ? (100 * Math.abs(up - down)) / (up + down) : 0;
  };
};

/** Bars until the first +DI. */
export const directionalWarmup = (n: number, seed: DirectionalSeed): number => (seed === 'full' ? n + 1 : Math.max(2, n));
