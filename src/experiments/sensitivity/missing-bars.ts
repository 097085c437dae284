import type { Chunk } from '../../events/market.js';
import { checkedSize } from './checked-size.js';
import { seriesDraws } from './series-draws.js';

/** Which bars go missing. */
export interface MissingBarsOptions {
  /** Share of bars that is lost, 0 to 1. */
  readonly share: number;
  readonly seed: number | string;
}

/**
 * The same history with bars lost at random, each by itself and each symbol by itself, as feeds lose them: does the result hang on data being whole? Only bars are
 * lost; funding, marks and all else stay. With the same seed a larger share loses the same bars and more. Throws a usage error for a share out of range.
 */
export const missingBars = (chunks: readonly Chunk[], { share, seed }: MissingBarsOptions): readonly Chunk[] => {
  const limit = checkedSize(share, 1, 'a share of bars');
  const drawsOf = seriesDraws(seed, 'missing-bars');
  return chunks.map(chunk => {
    if (chunk.kind !== 'bars') return chunk;
    const draws = drawsOf(chunk);
    const kept: number[] = [];
    for (let row = 0; row < chunk.rows; row++) if (draws.next() >= limit) kept.push(row);
    const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, row => column[row]!);
    return { ...chunk, rows: kept.length, ts: pick(chunk.ts), columns: chunk.columns.map(pick) };
  });
};
