import type { BarPoints } from './bar-points.js';
import { rowsBy } from './rows.js';
import type { SymbolState } from './symbol-state.js';

/** Prices of a symbol at a moment, quote currency. At the very moment at which a bar opens it has not opened yet. */
export interface PriceView {
  /** Row of the latest bar that opened before `now`; −1 before the first. */
  row(now: number): number;
  last(now: number): number;
  /** Latest mark price; the last price where the data has none by then. */
  mark(now: number): number;
}

export const priceView = (state: SymbolState, points: BarPoints): PriceView => {
  const { bars, mark, barMs } = state;
  const close = bars.columns[3]!;
  /** Rows found last: time mostly goes forward by little. */
  const hint = Int32Array.of(-1, -1);
  const row = (now: number): number => {
    let at = hint[0]!;
    if (at >= 0 && bars.ts[at]! >= now) at = -1;
    if (at < 0 || (at + 8 < bars.rows && bars.ts[at + 8]! < now)) {
      at = rowsBy(bars, now) - 1;
      if (at >= 0 && !(bars.ts[at]! < now)) at--;
    } else while (at + 1 < bars.rows && bars.ts[at + 1]! < now) at++;
    return (hint[0] = at);
  };
  const last = (now: number): number => {
    const at = row(now);
    if (at < 0) return bars.columns[0]![0]!;
    return now >= bars.ts[at]! + barMs ? close[at]! : points.priceAt(at, now);
  };
  return {
    row,
    last,
    mark: now => {
      if (mark === null) return last(now);
      const at = rowsBy(mark, now) - 1;
      return at < 0 ? last(now) : mark.columns[0]![at]!;
    },
  };
};
