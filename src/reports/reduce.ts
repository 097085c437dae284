/** A column of numbers; NaN where a value is not defined. */
export type Column = ArrayLike<number>;

/**
 * Indices of the rows to draw when a series has too many for a picture. Rows are cut into `buckets` runs of equal length; of each run and
 * each column the first, the smallest, the largest and the last row stay, so that no extreme of any column is lost, however short it
 * was. Ascending, without repeats; all rows when that many would not be saved. NaN is never an extreme.
 */
export const reduceIndices = (columns: readonly Column[], buckets: number): Uint32Array => {
  const rows = columns[0]?.length ?? 0;
  const perBucket = 2 + 2 * columns.length;
  if (rows <= buckets * perBucket) return Uint32Array.from({ length: rows }, (_, i) => i);
  const kept = new Uint32Array(buckets * perBucket);
  let count = 0;
  const chosen: number[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * rows) / buckets);
    const end = Math.floor(((bucket + 1) * rows) / buckets);
    chosen.length = 0;
    chosen.push(start, end - 1);
    for (const column of columns) {
      let low = -1;
      let high = -1;
      for (let i = start; i < end; i++) {
        const value = column[i]!;
        if (Number.isNaN(value)) continue;
        if (low < 0 || value < column[low]!) low = i;
        if (high < 0 || value > column[high]!) high = i;
      }
      if (low >= 0) chosen.push(low, high);
    }
    chosen.sort((a, b) => a - b);
    for (let k = 0; k < chosen.length; k++) if (k === 0 || chosen[k] !== chosen[k - 1]) kept[count++] = chosen[k]!;
  }
  return kept.slice(0, count);
};
