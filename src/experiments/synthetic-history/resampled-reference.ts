import type { Chunk } from '../../events/market.js';
import { lastBefore } from './source-clock.js';
import { lowerBound } from '../../datasets/range.js';

/**
 * Mark or index prices at their recorded times: each is as far from the close of the synthetic bar around it as the one of its source was from its own bar's.
 * `levels` are the synthetic closes before rounding; `sourceOf` gives the recorded time that a time shows. Not rounded: venues publish these off the tick too.
 */
export const resampledReference = (reference: Chunk, bars: Chunk, levels: Float64Array, sourceOf: (ts: number) => number): Chunk => {
  const { rows, ts } = reference;
  const [price] = reference.columns as [Float64Array];
  const close = bars.columns[3]!;
  const barAround = (at: number): number => Math.max(0, lastBefore(bars.ts, at));
  const basis = price.map((value, row) => value / close[barAround(ts[row]!)]!);
  const drawn = ts.map(at => {
    const source = sourceOf(at);
    const row = lowerBound(ts, rows, source);
    return levels[barAround(at)]! * basis[ts[row] === source ? row : Math.max(0, row - 1)]!;
  });
  return { ...reference, ts: ts.slice(), columns: [drawn] };
};
