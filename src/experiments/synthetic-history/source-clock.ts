import { lowerBound } from '../../datasets/range.js';
import type { Chunk } from '../../events/market.js';

/** Row of the last of `ascending` times that lies before `ts`; −1 when none does. What happens as a bar closes belongs to it, so a bar contains (open, close]. */
export const lastBefore = (ascending: Float64Array, ts: number): number => lowerBound(ascending, ascending.length, ts) - 1;

/**
 * When, in recorded time, that happened which a synthetic history shows at `ts`: as far into the bar drawn as `ts` is into its own bar. Times before the first bar
 * count as its first millisecond, times in a hole as the close before it. `sources` has the recorded row drawn for each row of `bars`.
 */
export const sourceTime = ({ ts: opens }: Chunk, sources: Int32Array, barMs: number, ts: number): number => {
  const row = Math.max(0, lastBefore(opens, ts));
  return opens[sources[row]!]! + Math.min(Math.max(ts - opens[row]!, 1), barMs);
};
