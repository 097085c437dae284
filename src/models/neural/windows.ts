import type { TrainingRows } from '../training-rows.js';

/** Windows of rows to learn from, ascending in time. */
export interface Windows {
  readonly count: number;
  readonly lookback: number;
  /** count × `lookback` row numbers, oldest first; the last is the row whose outcome is learned. */
  readonly rows: Int32Array;
}

/**
 * The most recent windows, at most `most`, in the order of their last rows: each holds the `lookback` rows of one group up to and with a row, as they follow each other whatever
 * the time between them. Rows with less history have none.
 */
export const recentWindows = ({ count, group }: TrainingRows, lookback: number, most: number): Windows => {
  const previous = new Int32Array(count);
  const depth = new Int32Array(count);
  const last = new Map<number, number>();
  let whole = 0;
  for (let i = 0; i < count; i++) {
    const before = last.get(group[i]!) ?? -1;
    previous[i] = before;
    depth[i] = before < 0 ? 1 : depth[before]! + 1;
    if (depth[i]! >= lookback) whole++;
    last.set(group[i]!, i);
  }
  const kept = Math.min(most, whole);
  const rows = new Int32Array(kept * lookback);
  for (let i = count - 1, w = kept - 1; w >= 0; i--) {
    if (depth[i]! < lookback) continue;
    for (let t = lookback - 1, row = i; t >= 0; t--, row = previous[row]!) rows[w * lookback + t] = row;
    w--;
  }
  return { count: kept, lookback, rows };
};
