import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microstructureColumns } from '../../../src/features/microstructure/microstructure-columns.js';
import type { Chunk, MarketKind } from '../../../src/events/market.js';
import type { MarketEvent } from './market-events.js';
import { EVERY_FEATURE } from './every-feature.js';
import { bookOf, give, randomEvents, UNITS } from './market-events.js';

const seeds = fc.integer({ min: 0, max: 1e6 });
/** The very numbers, as text; every NaN is one. */
const bits = (values: ArrayLike<number>): string =>
  Buffer.from(Float64Array.from(values, x => (Number.isNaN(x) ? NaN : x)).buffer).toString('base64');

const chunk = (kind: MarketKind, rows: readonly (readonly number[])[], width: number): Chunk => ({
  kind,
  symbol: 'BTC/USDT:USDT',
  rows: rows.length,
  ts: Float64Array.from(rows, row => row[0] ?? NaN),
  columns: Array.from({ length: width }, (_, k) => Float64Array.from(rows, row => row[k + 1] ?? NaN)),
});

/** Books as a replay that finds them by the number in the row. */
const dataOf = (events: readonly MarketEvent[], cut = Infinity) => {
  const known = events.filter(event => event.ts < cut);
  const books = known.filter(event => event.kind === 'book');
  let at = -1;
  const quotes = known.filter(event => event.kind === 'quote');
  const trades = known.filter(event => event.kind === 'trade');
  return {
    book: {
      chunks: [
        chunk(
          'book',
          books.map(({ ts }, i) => [ts, i]),
          1,
        ),
      ],
      replay: {
        apply: ({ columns }: Chunk, row: number) => {
          at = columns[0]?.[row] ?? -1;
          return 1;
        },
        get valid() {
          return (books[at]?.bids.length ?? 0) > 0;
        },
        get book() {
          const { bids = [], asks = [] } = books[at] ?? {};
          // What is left in a replay that broke is not to be looked at.
          return bids.length > 0 ? bookOf(bids, asks) : bookOf([{ price: 1, lots: 1 }], asks);
        },
      },
    },
    // Two chunks of trades: a fold does not see where one ends.
    trades: [trades.slice(0, 40), trades.slice(40)].map(part =>
      chunk(
        'trades',
        part.map(({ ts, price, lots, side }) => [ts, UNITS.price(price), UNITS.quantity(lots), side]),
        3,
      ),
    ),
    quotes: [
      chunk(
        'quotes',
        quotes.map(({ ts, bid, bidLots, ask, askLots }) => [
          ts,
          UNITS.price(bid),
          UNITS.quantity(bidLots),
          UNITS.price(ask),
          UNITS.quantity(askLots),
        ]),
        4,
      ),
    ],
  };
};

/** Within one instant the book comes first, then quotes, then trades. */
const inOrder = (events: readonly MarketEvent[]): MarketEvent[] => {
  const phase = { book: 0, quote: 1, trade: 2 };
  return [...events].sort((a, b) => a.ts - b.ts || phase[a.kind] - phase[b.kind]);
};

for (const feature of EVERY_FEATURE)
  describe(feature.key, () => {
    it('has the bits of the stream when sampled from columns (law 7)', () => {
      fc.assert(
        fc.property(seeds, fc.constantFrom(7, 50, 400), (seed, everyMs) => {
          const events = inOrder(randomEvents(seed, 300));
          const columns = microstructureColumns(dataOf(events), [feature], UNITS, everyMs);
          const fold = feature.create(UNITS);
          let next = 0;
          const streamed = Array.from(columns['ts'] ?? [], now => {
            for (; next < events.length && (events[next]?.ts ?? Infinity) <= now; next++) give(fold, events[next] as MarketEvent);
            return fold.value(now);
          });
          expect(columns['ts']?.length).toBeGreaterThan(10);
          expect(bits(columns[feature.key] ?? [])).toBe(bits(streamed));
        }),
        { numRuns: 4 },
      );
    });

    it('is not changed by being asked for', () => {
      fc.assert(
        fc.property(seeds, seed => {
          const events = inOrder(randomEvents(seed, 200));
          const asked = feature.create(UNITS);
          asked.value((events[0]?.ts ?? 0) - 1_000);
          events.forEach((event, i) => {
            asked.value(event.ts);
            give(asked, event);
            const value = asked.value(event.ts);
            if (i % 19 !== 18) return;
            const quiet = feature.create(UNITS);
            for (const before of events.slice(0, i + 1)) give(quiet, before);
            expect(bits([value])).toBe(bits([quiet.value(event.ts)]));
          });
        }),
        { numRuns: 4 },
      );
    });

    it('does not know what comes later', () => {
      fc.assert(
        fc.property(seeds, fc.double({ min: 0.2, max: 0.9, noNaN: true }), (seed, share) => {
          const events = inOrder(randomEvents(seed, 250));
          const [from, to] = [events[0]?.ts ?? 0, events.at(-1)?.ts ?? 0];
          const cut = Math.floor(from + share * (to - from));
          const whole = microstructureColumns(dataOf(events), [feature], UNITS, 20);
          const part = microstructureColumns(dataOf(events, cut), [feature], UNITS, 20);
          const length = part['ts']?.length ?? 0;
          expect(length).toBeGreaterThan(0);
          expect(bits(part[feature.key] ?? [])).toBe(bits(whole[feature.key]?.subarray(0, length) ?? []));
        }),
        { numRuns: 4 },
      );
    });

    it('begins anew after a reset, and has a value some time', () => {
      const events = inOrder(randomEvents(5, 400, false));
      const used = feature.create(UNITS);
      for (const event of randomEvents(6, 300)) give(used, event);
      used.reset();
      const fresh = feature.create(UNITS);
      let values = 0;
      for (const event of events) {
        give(used, event);
        give(fresh, event);
        const value = fresh.value(event.ts);
        expect(used.value(event.ts)).toBe(value);
        if (Number.isFinite(value)) values++;
      }
      expect(values).toBeGreaterThan(50);
    });
  });

describe('columns of the microstructure', () => {
  it('have no two features with one key', () => {
    const keys = EVERY_FEATURE.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are sampled at whole multiples of the step, from the first event to the last', () => {
    const events = inOrder(randomEvents(1, 100));
    const { ts = new Float64Array(0) } = microstructureColumns(dataOf(events), [], UNITS, 100);
    expect(ts[0]).toBe(Math.ceil((events[0]?.ts ?? NaN) / 100) * 100);
    expect(ts.at(-1)).toBe(Math.floor((events.at(-1)?.ts ?? NaN) / 100) * 100);
    expect(ts.every((at, i) => i === 0 || at - (ts[i - 1] ?? NaN) === 100)).toBe(true);
  });

  it('of nothing are empty, and a step of nothing is refused', () => {
    expect(microstructureColumns({}, EVERY_FEATURE, UNITS, 100)['ts']).toHaveLength(0);
    expect(() => microstructureColumns({}, [], UNITS, 0)).toThrow('A step of 0 ms');
  });
});
