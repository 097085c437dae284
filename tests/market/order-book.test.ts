import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../src/market/order-book.js';

/** A book by the plainest means: a map a side, sorted whenever it is asked. */
class SlowBook {
  readonly #sides = { 1: new Map<number, number>(), [-1]: new Map<number, number>() };

  set(side: 1 | -1, price: number, lots: number): void {
    if (lots === 0) this.#sides[side].delete(price);
    else this.#sides[side].set(price, lots);
  }

  clear(): void {
    this.#sides[1].clear();
    this.#sides[-1].clear();
  }

  sorted(side: 1 | -1): (readonly [number, number])[] {
    return [...this.#sides[side]].sort(([a], [b]) => side * (b - a));
  }
}

const levelsOf = (book: OrderBook, side: 1 | -1): [number, number][] => {
  const found: [number, number][] = [];
  for (let price = side > 0 ? book.bestBid : book.bestAsk; !Number.isNaN(price); price = book.next(side, price))
    found.push([price, book.lotsAt(side, price)]);
  return found;
};

type Step = { readonly side: 1 | -1; readonly price: number; readonly lots: number } | 'clear' | 'remove-best';

const side = fc.constantFrom(1 as const, -1 as const);
const lots = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 1000 }) });

/** Prices close together, at the edges of the dense window (32,768 ticks, a quarter of them ahead of the best) and very far. */
const price = fc.oneof(
  fc.integer({ min: 1_000_000, max: 1_000_040 }),
  fc.integer({ min: 960_000, max: 1_040_000 }),
  fc
    .tuple(fc.constantFrom(8192, 16_384, 24_576, 32_768, 65_536), fc.integer({ min: -2, max: 2 }), side)
    .map(([edge, by, up]) => 1_000_000 + up * (edge + by)),
  fc.integer({ min: 1, max: 3_000_000_000 }),
);

const steps = fc.array(
  fc.oneof(
    { weight: 60, arbitrary: fc.record({ side, price, lots }) },
    { weight: 12, arbitrary: fc.constant('remove-best' as const) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  ),
  { minLength: 1, maxLength: 120 },
);

describe('OrderBook', () => {
  it('is, after any updates near and far, what a sorted map of the same updates is', () => {
    fc.assert(
      fc.property(steps, (all: Step[]) => {
        const book = new OrderBook();
        const slow = new SlowBook();
        for (const step of all) {
          if (step === 'clear') {
            book.clear();
            slow.clear();
          } else if (step === 'remove-best') {
            for (const s of [1, -1] as const) {
              const [best] = slow.sorted(s);
              if (best === undefined) continue;
              book.set(s, best[0], 0);
              slow.set(s, best[0], 0);
            }
          } else {
            book.set(step.side, step.price, step.lots);
            slow.set(step.side, step.price, step.lots);
          }
          for (const s of [1, -1] as const) {
            const expected = slow.sorted(s);
            expect(s > 0 ? book.bestBid : book.bestAsk).toBe(expected[0]?.[0] ?? NaN);
            expect(book.worst(s)).toBe(expected.at(-1)?.[0] ?? NaN);
            expect(book.levels(s)).toBe(expected.length);
          }
        }
        for (const s of [1, -1] as const) {
          const expected = slow.sorted(s);
          expect(levelsOf(book, s)).toEqual(expected);
          expected.forEach(([p, q], n) => expect(book.level(s, n)).toEqual({ price: p, lots: q }));
          expect(book.level(s, expected.length)).toBeUndefined();
          for (const n of [0, 1, 3, 1000]) expect(book.depth(s, n)).toBe(expected.slice(0, n).reduce((sum, [, q]) => sum + q, 0));
        }
      }),
      { numRuns: 250 },
    );
  });

  it('gives a taker the levels best first, within the cap, and stays as it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ price: fc.integer({ min: 1, max: 60 }), lots: fc.integer({ min: 1, max: 9 }) }), { maxLength: 12 }),
        side,
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.integer({ min: 1, max: 60 })),
        (levels, s, wanted, limit) => {
          const book = new OrderBook();
          const slow = new SlowBook();
          for (const level of levels) {
            book.set(s, level.price, level.lots);
            slow.set(s, level.price, level.lots);
          }
          const cap = limit ?? -s * Infinity;
          const expected: [number, number][] = [];
          let left = wanted;
          for (const [p, q] of slow.sorted(s)) {
            if (left === 0 || s * p < s * cap) break;
            expected.push([Math.min(left, q), p]);
            left -= Math.min(left, q);
          }
          const taken: [number, number][] = [];
          expect(book.walk(s, wanted, cap, (q, p) => taken.push([q, p]))).toBe(wanted - left);
          expect(taken).toEqual(expected);
          expect(levelsOf(book, s)).toEqual(slow.sorted(s));
        },
      ),
    );
  });

  it('follows a market that moves by many windows, tick by tick and in leaps', () => {
    const book = new OrderBook();
    const slow = new SlowBook();
    let mid = 500_000;
    for (let i = 0; i < 1500; i++) {
      mid += i % 500 === 0 ? (i % 1000 === 0 ? 90_000 : -70_000) : (i % 7) - 2;
      // The market trades through what stands in its way.
      for (const s of [1, -1] as const)
        for (const [p] of levelsOf(book, s)) {
          if (s * (p - mid) < 0) break;
          book.set(s, p, 0);
          slow.set(s, p, 0);
        }
      for (const s of [1, -1] as const) {
        const p = mid - s * (1 + ((i * 37) % 200) * ((i * 11) % 50 === 0 ? 400 : 1));
        book.set(s, p, 1 + (i % 9));
        slow.set(s, p, 1 + (i % 9));
      }
      if (i % 50 === 0) for (const s of [1, -1] as const) expect(levelsOf(book, s)).toEqual(slow.sorted(s));
    }
  });

  it('has no best price while a side is empty', () => {
    const book = new OrderBook();
    expect([book.bestBid, book.bestAsk, book.next(1, 10), book.levels(1), book.lotsAt(-1, 5)]).toEqual([NaN, NaN, NaN, 0, 0]);
    expect(book.walk(-1, 5, Infinity)).toBe(0);
  });

  it('refuses a level that cannot be', () => {
    const book = new OrderBook();
    for (const [p, q] of [
      [0, 1],
      [-5, 1],
      [1.5, 1],
      [NaN, 1],
      [10, -1],
      [10, NaN],
    ] as const)
      expect(() => book.set(1, p, q)).toThrow(RangeError);
  });
});
