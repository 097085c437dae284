import { lastValueFrom, of, tap } from 'rxjs';
import type { Feed } from '../events/feed.js';
import type { Chunk } from '../events/market.js';

/** A feed whose data is in memory, and that data. */
export interface WholeFeed {
  readonly feed: Feed;
  /** One chunk a series. */
  readonly chunks: readonly Chunk[];
}

const joined = (parts: readonly Chunk[]): Chunk => {
  const [first] = parts as readonly [Chunk, ...Chunk[]];
  if (parts.length === 1) return first;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const join = (of: (chunk: Chunk) => Float64Array): Float64Array => {
    const column = new Float64Array(rows);
    let at = 0;
    for (const part of parts) {
      column.set(of(part), at);
      at += part.rows;
    }
    return column;
  };
  return {
    ...first,
    rows,
    ts: join(({ ts }) => ts),
    columns: first.columns.map((_, k) => join(({ columns }) => columns[k] as Float64Array)),
  };
};

/** Reads a feed to its end. What it gives then is one slab, with the rows and the record of inputs of the slabs that it was. */
export const wholeFeed = async ({ inputs, slabs$ }: Feed, signal?: AbortSignal): Promise<WholeFeed> => {
  const series = new Map<string, Chunk[]>();
  const keep = (chunk: Chunk): void => {
    const key = `${chunk.kind} ${chunk.symbol} ${chunk.timeframe ?? ''}`;
    const parts = series.get(key);
    if (parts) parts.push(chunk);
    else series.set(key, [chunk]);
  };
  const read$ = slabs$.pipe(
    tap(({ chunks }) => {
      signal?.throwIfAborted();
      chunks.forEach(keep);
    }),
  );
  await lastValueFrom(read$, { defaultValue: null });
  const chunks = [...series.values()].map(joined);
  return { feed: { inputs, slabs$: of({ to: Infinity, chunks }) }, chunks };
};
