import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { featureColumns } from '../../src/engine/bar-line.js';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { Chunk } from '../../src/events/market.js';
import { IndicatorCache } from '../../src/experiments/indicator-cache.js';
import { windowChunks } from '../../src/experiments/window-chunks.js';
import { ema } from '../../src/features/trend/ema.js';
import { sma } from '../../src/features/trend/sma.js';
import { random } from '../../src/random.js';
import { HOUR } from '../../src/time.js';

const bars = (symbol: string, rows: number): Chunk => {
  const source = random(symbol);
  const close = Float64Array.from({ length: rows }, () => 100 + source.normal());
  const ts = Float64Array.from({ length: rows }, (_, i) => i * HOUR);
  return { kind: 'bars', symbol, timeframe: '1h', rows, ts, columns: [close, close, close, close, close] };
};

const windowOf = (chunks: readonly Chunk[], to: number): readonly Chunk[] => {
  let seen: readonly Chunk[] = [];
  memoryFeed(windowChunks(chunks, { from: 0, to })).slabs$.subscribe(slab => (seen = slab.chunks));
  return seen;
};

describe('the indicator cache', () => {
  test('gives a window the very bits that its own bars give', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 2, max: 40 }), (rows, length) => {
        const whole = [bars('A', 300), bars('B', 300)];
        const cache = new IndicatorCache(whole);
        for (const chunk of windowOf(whole, rows * HOUR))
          for (const feature of [sma(length), ema(length)]) {
            const own = featureColumns(feature, chunk);
            expect([...cache.columns(chunk, feature)!.subarray(0, own.length)]).toEqual([...own]);
          }
      }),
    );
  });

  test('tells series apart that lie over one buffer of times, as they do where each content was fetched once', () => {
    const ts = new Float64Array(Float64Array.from({ length: 50 }, (_, i) => i * HOUR).buffer);
    const whole = [bars('A', 50), bars('B', 50)].map(chunk => ({ ...chunk, ts: new Float64Array(ts.buffer) }));
    const cache = new IndicatorCache(whole);
    for (const chunk of whole) expect(cache.columns(chunk, sma(5))).toEqual(featureColumns(sma(5), chunk));
  });

  test('computes each column once, and again only after it was dropped for lack of room', () => {
    const whole = [bars('A', 100)];
    const cache = new IndicatorCache(whole, 2 * 100 * 8);
    const [chunk] = windowOf(whole, 60 * HOUR);
    const first = cache.columns(chunk!, sma(5));
    cache.columns(chunk!, sma(6));
    expect(cache.columns(whole[0]!, sma(5))).toBe(first);
    cache.columns(chunk!, sma(7)); // drops sma(6), the least recently used
    expect(cache.columns(chunk!, sma(5))).toBe(first);
    cache.columns(chunk!, sma(8));
    cache.columns(chunk!, sma(9));
    const again = cache.columns(chunk!, sma(5));
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });

  test('leaves bars that it cannot be sure of to the run', () => {
    const whole = bars('A', 100);
    const half = (from: number, to: number): Chunk => ({
      ...whole,
      rows: to - from,
      ts: whole.ts.subarray(from, to),
      columns: whole.columns.map(column => column.subarray(from, to)),
    });
    expect(new IndicatorCache([half(0, 50), half(50, 100)]).columns(half(0, 50), sma(5))).toBeUndefined();
    expect(new IndicatorCache([whole]).columns(half(50, 100), sma(5))).toBeUndefined();
    expect(new IndicatorCache([whole]).columns(bars('A', 100), sma(5))).toBeUndefined();
  });
});
