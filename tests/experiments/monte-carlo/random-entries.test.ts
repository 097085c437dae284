import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { placeTrades } from '../../../src/experiments/monte-carlo/placement.js';
import { randomEntries } from '../../../src/experiments/monte-carlo/random-entries.js';
import type { PriceColumn } from '../../../src/experiments/monte-carlo/random-entries.js';
import type { RoundTrip } from '../../../src/portfolio/fill.js';
import { random } from '../../../src/random.js';
import { trip } from '../../metrics/sample-track.js';

const BTC = 'BTC/USDT:USDT';

const column = (price: readonly number[]): PriceColumn => ({
  ts: Float64Array.from(price, (_, i) => i * 1000),
  price: Float64Array.from(price),
});
const held = (from: number, to: number, rest: Partial<RoundTrip> = {}): RoundTrip =>
  trip(0, { entryTs: from * 1000, exitTs: to * 1000, entryPrice: 1, ...rest });

/** Every way to place trades of these lengths on bars 0 to `last` without overlap, as entry bars by trade. */
const arrangements = (lengths: readonly number[], last: number): number[][] => {
  const found: number[][] = [];
  const place = (entries: (number | undefined)[], from: number): void => {
    if (entries.every(e => e !== undefined)) {
      found.push(entries as number[]);
      return;
    }
    lengths.forEach((length, i) => {
      if (entries[i] !== undefined) return;
      for (let entry = from; entry + length <= last; entry++)
        place(
          entries.map((e, j) => (j === i ? entry : e)),
          entry + length,
        );
    });
  };
  place(
    lengths.map(() => undefined),
    0,
  );
  return found;
};

describe('random places for trades', () => {
  test('are every arrangement equally often', () => {
    const lengths = [2, 1, 3];
    const all = arrangements(lengths, 8);
    const counts = new Map(all.map(entries => [entries.join(), 0]));
    // 3! orders of C(2 + 3, 3) divisions of the two free bars.
    expect(counts.size).toBe(6 * 10);
    const draw = random(1);
    const entries = new Int32Array(3);
    const rounds = 60_000;
    for (let i = 0; i < rounds; i++) {
      placeTrades(Int32Array.from(lengths), 2, draw, entries);
      const key = entries.join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(60);
    for (const count of counts.values()) expect(Math.abs(count / (rounds / 60) - 1)).toBeLessThan(0.16);
  });
  test('never overlap and stay within the bars', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }),
        fc.nat(30),
        fc.integer(),
        (lengths, free, seed) => {
          const entries = new Int32Array(lengths.length);
          placeTrades(Int32Array.from(lengths), free, random(seed), entries);
          const last = free + lengths.reduce((a, x) => a + x, 0);
          const spans = lengths.map((length, i) => [entries[i]!, entries[i]! + length] as const).sort(([a, b], [c, d]) => a - c || b - d);
          expect(spans[0]![0]).toBeGreaterThanOrEqual(0);
          expect(Math.max(...spans.map(([, end]) => end))).toBeLessThanOrEqual(last);
          spans.forEach(([start], i) => i > 0 && expect(start).toBeGreaterThanOrEqual(spans[i - 1]![1]));
        },
      ),
    );
  });
});

describe('random entries', () => {
  const prices = [10, 11, 9, 12, 13, 8, 9, 14];
  const at = (price: readonly number[]) => new Map([[BTC, column(price)]]);
  test('give each gain as often as the list of all arrangements does', () => {
    const trips = [held(2, 4), held(5, 6, { side: 'short', quantity: 2 })];
    const gain = ([a = 0, b = 0]: number[]) => prices[a + 2]! / prices[a]! - 1 - 2 * (prices[b + 1]! / prices[b]! - 1);
    const all = arrangements([2, 1], 7).map(gain);
    const { observed, samples, pValue } = randomEntries(trips, at(prices), { samples: 40_000, seed: 3 });
    expect(observed).toBeCloseTo(gain([2, 5]), 12);
    expect(samples.reduce((a, x) => a + x, 0) / 40_000).toBeCloseTo(all.reduce((a, x) => a + x, 0) / all.length, 1);
    expect(pValue).toBeCloseTo(all.filter(x => x >= observed - 1e-12).length / all.length, 1);
    const exact = new Set(all.map(x => x.toFixed(9)));
    expect(new Set([...samples].map(x => x.toFixed(9)))).toEqual(exact);
  });
  test('give no credit for being long a market that rises evenly', () => {
    const even = Array.from({ length: 200 }, (_, i) => 100 * 1.01 ** i);
    const trips = [held(3, 13), held(50, 80), held(120, 125)];
    const { rank, pValue } = randomEntries(trips, at(even), { samples: 200, seed: 1 });
    expect([rank, pValue]).toEqual([0.5, 1]);
  });
  test('find timing that knows, and have uniform p-values for timing that does not', () => {
    const draw = random('walk');
    let price = 100;
    const walk = Array.from({ length: 600 }, () => (price *= Math.exp(0.01 * draw.normal())));
    const best = Array.from({ length: 40 }, (_, i) => {
      const starts = Array.from({ length: 8 }, (__, j) => i * 15 + j);
      const start = starts.reduce((a, b) => (walk[b + 5]! / walk[b]! > walk[a + 5]! / walk[a]! ? b : a));
      return held(start, start + 5);
    });
    expect(randomEntries(best, at(walk), { samples: 400, seed: 1 }).pValue).toBeLessThan(0.01);
    const lengths = Int32Array.from({ length: 20 }, (_, i) => 3 + (i % 5));
    const entries = new Int32Array(20);
    const free = 599 - lengths.reduce((a, x) => a + x, 0);
    const values = Array.from({ length: 300 }, (_, i) => {
      placeTrades(lengths, free, draw, entries);
      const trips = Array.from(entries, (entry, j) => held(entry, entry + lengths[j]!));
      return randomEntries(trips, at(walk), { samples: 99, seed: i }).pValue;
    });
    // Under the null, P(p ≤ x) = x: 300 draws, so 0.1 ± 0.017 and 0.5 ± 0.029.
    expect(Math.abs(values.filter(p => p <= 0.1).length / 300 - 0.1)).toBeLessThan(0.055);
    expect(Math.abs(values.filter(p => p <= 0.5).length / 300 - 0.5)).toBeLessThan(0.09);
  });
  test('place each symbol on its own prices, and the two legs of a hedge on their own', () => {
    const eth = 'ETH/USDT:USDT';
    const both = new Map([
      [BTC, column([1, 1, 1, 1, 1])],
      [eth, column([1, 2, 4, 8, 16])],
    ]);
    const trips = [held(0, 2), held(1, 2, { symbol: eth }), held(0, 3, { symbol: eth, side: 'short', quantity: 0.5 })];
    const { samples } = randomEntries(trips, both, { samples: 20, seed: 1 });
    for (const x of samples) expect(x).toBeCloseTo(1 - 0.5 * 7, 12);
  });
  test('are the same for the same seed, whatever order the trades come in by symbol', () => {
    const trips = [held(0, 2), held(4, 5)];
    expect(randomEntries(trips, at(prices), { samples: 30, seed: 1 })).toEqual(randomEntries(trips, at(prices), { samples: 30, seed: 1 }));
  });
  test('refuse what they cannot do', () => {
    const options = { samples: 10, seed: 1 };
    expect(() => randomEntries([], at(prices), options)).toThrow(UserError);
    expect(() => randomEntries([held(0, 1)], new Map(), options)).toThrow('no prices');
    expect(() => randomEntries([held(-1, 1)], at(prices), options)).toThrow('no price');
    expect(() => randomEntries([held(0, 3), held(1, 2)], at(prices), options)).toThrow('overlap');
    expect(() => randomEntries([held(0, 1)], at(prices), { samples: 1.5, seed: 1 })).toThrow(UserError);
  });
});
