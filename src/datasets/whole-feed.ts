import { turn } from '../events/turn.js';
import { defer, lastValueFrom, tap } from 'rxjs';
import type { Feed, Slab } from '../events/feed.js';
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

const rowsOf = (chunk: Chunk, from: number, to: number): Chunk => ({
  ...chunk,
  rows: to - from,
  ts: chunk.ts.subarray(from, to),
  columns: chunk.columns.map(column => column.subarray(from, to)),
});

/** Reads a feed to its end. What it gives then are the same slabs again, as views on what was read, with a turn of the event loop between two for whoever wants to interrupt. */
export const wholeFeed = async ({ inputs, slabs$ }: Feed, signal?: AbortSignal): Promise<WholeFeed> => {
  const series = new Map<string, Chunk[]>();
  /** Where slabs end, and how many rows of which series each has. */
  const cuts: { readonly to: number; readonly rows: readonly (readonly [string, number])[] }[] = [];
  const keyOf = ({ kind, symbol, timeframe }: Chunk): string => `${kind} ${symbol} ${timeframe ?? ''}`;
  const read$ = slabs$.pipe(
    tap(({ to, chunks }) => {
      signal?.throwIfAborted();
      for (const chunk of chunks) {
        const parts = series.get(keyOf(chunk));
        if (parts) parts.push(chunk);
        else series.set(keyOf(chunk), [chunk]);
      }
      cuts.push({ to, rows: chunks.map(chunk => [keyOf(chunk), chunk.rows]) });
    }),
  );
  await lastValueFrom(read$, { defaultValue: null });
  const whole = new Map<string, Chunk>();
  for (const [key, parts] of series) {
    whole.set(key, joined(parts));
    // The pieces are not held while the next series is joined.
    series.delete(key);
  }
  const again = async function* (): AsyncGenerator<Slab> {
    const done = new Map<string, number>();
    for (const { to, rows } of cuts) {
      yield {
        to,
        chunks: rows.map(([key, count]) => {
          const first = done.get(key) ?? 0;
          done.set(key, first + count);
          return rowsOf(whole.get(key)!, first, first + count);
        }),
      };
      await turn();
    }
  };
  return { feed: { inputs, slabs$: defer(again) }, chunks: [...whole.values()] };
};
