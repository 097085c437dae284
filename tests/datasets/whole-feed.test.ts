import { lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { wholeFeed } from '../../src/datasets/whole-feed.js';
import type { Feed, Slab } from '../../src/events/feed.js';
import type { Chunk } from '../../src/events/market.js';
import type { Timeframe } from '../../src/market/timeframe.js';

const A = 'AAA/USDT:USDT';
const B = 'BBB/USDT:USDT';

const bars = (symbol: string, from: number, to: number, timeframe: Timeframe = '1m'): Chunk => {
  const ts = Float64Array.from({ length: to - from }, (_, i) => 60_000 * (from + i));
  return { kind: 'bars', symbol, timeframe, rows: to - from, ts, columns: [1, 2, 3, 4, 5].map(k => ts.map(t => t * k)) };
};

const funding = (from: number, to: number): Chunk => {
  const { symbol, rows, ts, columns } = bars(A, from, to);
  return { kind: 'funding', symbol, rows, ts, columns };
};

const slab = (to: number, ...chunks: Chunk[]): Slab => ({ to: 60_000 * to, chunks });

const feedOf = (...slabs: Slab[]): Feed => ({ inputs: [], slabs$: of(...slabs) });

describe('a feed that is read whole', () => {
  it('joins what its slabs cut, series by series, in the order in which they came', async () => {
    const slabs = [
      slab(3, funding(0, 1), bars(A, 0, 2), bars(A, 2, 3), bars(B, 0, 3), bars(A, 0, 1, '5m')),
      slab(7, bars(A, 3, 7), bars(B, 3, 5), bars(A, 1, 2, '5m')),
      slab(Infinity, bars(A, 7, 8)),
    ];
    const feed = feedOf(...slabs);
    const whole = await wholeFeed(feed);
    expect(whole.chunks).toEqual([funding(0, 1), bars(A, 0, 8), bars(B, 0, 5), bars(A, 0, 2, '5m')]);
    expect(whole.feed.inputs).toBe(feed.inputs);
    expect(await lastValueFrom(whole.feed.slabs$.pipe(toArray()))).toEqual(slabs);
    // Views: nothing is there twice.
    await lastValueFrom(whole.feed.slabs$.pipe(toArray())).then(([first]) =>
      expect(first!.chunks[1]!.ts.buffer).toBe(whole.chunks[1]!.ts.buffer),
    );
  });

  it('is empty where there is nothing', async () => {
    expect((await wholeFeed(feedOf())).chunks).toEqual([]);
  });

  it('ends where nobody wants it any more', async () => {
    await expect(wholeFeed(feedOf(slab(Infinity, bars(A, 0, 2))), AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
