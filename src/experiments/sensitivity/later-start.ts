import { lowerBound } from '../../datasets/range.js';
import type { Chunk } from '../../events/market.js';

/**
 * The history as one would have it who began collecting at `from`: nothing opened or happened earlier, but for which symbols were listed by then. Views on the same
 * columns, nothing is copied.
 */
export const laterStart = (chunks: readonly Chunk[], from: number): readonly Chunk[] =>
  chunks.map(chunk => {
    const first = lowerBound(chunk.ts, chunk.rows, from);
    const isStated = chunk.kind !== 'universe' || (first < chunk.rows && chunk.ts[first] === from);
    const start = isStated ? first : Math.max(0, first - 1);
    const cut = (column: Float64Array): Float64Array => column.subarray(start, chunk.rows);
    return { ...chunk, rows: chunk.rows - start, ts: cut(chunk.ts), columns: chunk.columns.map(cut) };
  });
