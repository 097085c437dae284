import type { Chunk } from '../../events/market.js';

/** Chunks of one series as one. */
export const joined = (chunks: readonly Chunk[]): Chunk => {
  const [first] = chunks as [Chunk];
  if (chunks.length === 1) return first;
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  const whole = (of: (chunk: Chunk) => Float64Array): Float64Array => {
    const all = new Float64Array(rows);
    let at = 0;
    for (const chunk of chunks) {
      all.set(of(chunk).subarray(0, chunk.rows), at);
      at += chunk.rows;
    }
    return all;
  };
  return { ...first, rows, ts: whole(({ ts }) => ts), columns: first.columns.map((_, i) => whole(({ columns }) => columns[i]!)) };
};

/** Rows of a chunk from `row` on, without a copy. */
export const rowsFrom = (chunk: Chunk, row: number): Chunk =>
  row <= 0
    ? chunk
    : {
        ...chunk,
        rows: chunk.rows - row,
        ts: chunk.ts.subarray(row, chunk.rows),
        columns: chunk.columns.map(column => column.subarray(row, chunk.rows)),
      };

/** Number of rows whose `ts` is at or before `at`. */
export const rowsBy = ({ ts, rows }: Chunk, at: number): number => {
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ts[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
};
