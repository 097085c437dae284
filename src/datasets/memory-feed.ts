import { of } from 'rxjs';
import type { Feed, InputRange } from '../events/feed.js';
import type { Chunk } from '../events/market.js';
import { lowerBound } from './range.js';

const cut = (chunk: Chunk, from: number, to: number): Chunk => {
  const start = lowerBound(chunk.ts, chunk.rows, from);
  const end = lowerBound(chunk.ts, chunk.rows, to);
  const columns = chunk.columns.map(column => column.subarray(start, end));
  return { ...chunk, rows: end - start, ts: chunk.ts.subarray(start, end), columns };
};

const describe = (chunk: Chunk, from: number): InputRange => ({
  dataset: 'memory',
  version: 'memory',
  kind: chunk.kind,
  symbol: chunk.symbol,
  ...(chunk.timeframe === undefined ? {} : { timeframe: chunk.timeframe }),
  from: chunk.rows > 0 ? (chunk.ts[0] ?? from) : from,
  to: chunk.rows > 0 ? (chunk.ts[chunk.rows - 1] ?? from) : from,
  rows: chunk.rows,
  synthetic: false,
});

/** What of the chunks to play: rows whose `ts` (for bars the open) is in [from, to); everything by default. */
export interface MemoryFeedOptions {
  readonly from?: number;
  readonly to?: number;
  /** The record of where the chunks came from, for the run's manifest; `memory` by default. */
  readonly inputs?: readonly InputRange[];
}

/**
 * A feed over chunks that are in memory already: one slab of views on their columns, nothing copied, so thousands of runs can share one
 * load. Chunks of one kind and symbol are given in time order.
 */
export const memoryFeed = (chunks: readonly Chunk[], { from = -Infinity, to = Infinity, inputs }: MemoryFeedOptions = {}): Feed => {
  const views = chunks.map(chunk => cut(chunk, from, to));
  return {
    inputs: inputs ?? views.map(view => describe(view, from)),
    slabs$: of({ to: Infinity, chunks: views.filter(view => view.rows > 0) }),
  };
};
