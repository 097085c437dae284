import type { Chunk } from '../events/market.js';
import type { Span } from './splits/fold.js';

/**
 * All history up to the end of a window: bars that open before `to`, and what else happened up to and including `to`, because
 * funding that settles at the moment of the last close is charged on the position held into it. Nothing later is there at all, so no
 * strategy can look at it. History before the window is there to warm indicators up.
 */
export const windowChunks = (chunks: readonly Chunk[], { to }: Span): Chunk[] => {
  const upTo = (chunk: Chunk): Chunk => {
    let [low, high] = [0, chunk.rows];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const ts = chunk.ts[middle]!;
      if (chunk.kind === 'bars' ? ts < to : ts <= to) low = middle + 1;
      else high = middle;
    }
    return { ...chunk, rows: low, ts: chunk.ts.subarray(0, low), columns: chunk.columns.map(column => column.subarray(0, low)) };
  };
  return chunks.map(upTo);
};

/** Closes of all bars of a window over all symbols, ascending, each once. */
export const barCloses = (chunks: readonly Chunk[], timeframe: string, barMs: number, { from, to }: Span): Float64Array => {
  const closes = new Set<number>();
  for (const chunk of chunks) {
    if (chunk.kind !== 'bars' || (chunk.timeframe ?? timeframe) !== timeframe) continue;
    for (let i = 0; i < chunk.rows; i++) if (chunk.ts[i]! >= from && chunk.ts[i]! < to) closes.add(chunk.ts[i]! + barMs);
  }
  return Float64Array.from(closes).sort();
};
