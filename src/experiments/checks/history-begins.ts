import { lowerBound } from '../../datasets/range.js';
import type { Chunk } from '../../events/market.js';

/** The same data with bars that open before `from` left out; all else stays, because it does not warm anything up. Views, nothing is copied. */
export const historyBegins = (chunks: readonly Chunk[], from: number): readonly Chunk[] =>
  chunks.map(chunk => {
    if (chunk.kind !== 'bars') return chunk;
    const first = lowerBound(chunk.ts, chunk.rows, from);
    const cut = (column: Float64Array): Float64Array => column.subarray(first, chunk.rows);
    return { ...chunk, rows: chunk.rows - first, ts: cut(chunk.ts), columns: chunk.columns.map(cut) };
  });
