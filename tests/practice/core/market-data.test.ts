import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketMessage } from '../../../src/live/venue-transport.js';
import { BookFeed } from '../../../src/market/book-sync.js';
import { barStart } from '../../../src/market/timeframe.js';
import { units } from '../../../src/market/units.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import type { PracticeOptions } from '../../../src/practice/core/exchange-options.js';
import type { PracticeEvent, PracticeExchange } from '../../../src/practice/practice-exchange.js';
import { random } from '../../../src/random.js';
import { BTC, MINUTE, T0, barChunk, fundingChunk, ground, heard, instrument, markChunk, walk } from './practice-ground.js';

const messages = <K extends MarketMessage['kind']>(events: readonly PracticeEvent[], kind: K): Extract<MarketMessage, { kind: K }>[] =>
  events.flatMap(each =>
    each.event === 'market' && each.message.kind === kind ? [each.message as Extract<MarketMessage, { kind: K }>] : [],
  );

/** A walk with holes in it. */
const gappy = (seed: number, length: number): ReturnType<typeof walk>[number][] | (ReturnType<typeof walk>[number] | null)[] => {
  const draws = random(`${seed}/holes`);
  return walk(seed, length).map((bar, i) => (i > 0 && draws.next() < 0.15 ? null : bar));
};

const over = (
  bars: Parameters<typeof barChunk>[1],
  given: Partial<PracticeOptions> = {},
  more: PracticeOptions['chunks'] = [],
): PracticeExchange =>
  practiceExchange({
    instruments: [{ instrument: instrument(BTC), minQuantity: 0.001, maxQuantity: 1000 }],
    chunks: [barChunk(BTC, bars), ...more],
    ...given,
  });

/** Advance in uneven steps. */
const run = (exchange: PracticeExchange, seed: number, to = exchange.end): void => {
  const draws = random(`${seed}/steps`);
  while (exchange.now < to) exchange.advance(Math.min(to, exchange.now + 1 + draws.int(3 * MINUTE)));
};

describe('market data of the practice exchange', () => {
  it('closes bars that are the data’s own, each once and in order, also those of longer timeframes and over holes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), seed => {
        const bars = gappy(seed, 60);
        const exchange = over(bars, { timeframes: ['5m', '15m'] });
        const events = heard(exchange, ['bar']);
        run(exchange, seed, exchange.end + 15 * MINUTE);
        const closed = messages(events, 'bar').filter(bar => bar.closed);
        for (const [timeframe, ms] of [
          ['1m', MINUTE],
          ['5m', 5 * MINUTE],
          ['15m', 15 * MINUTE],
        ] as const) {
          const due = new Map<number, number[]>();
          bars.forEach((bar, i) => {
            if (bar === null) return;
            const start = barStart(T0 + i * MINUTE, ms);
            const [, open, high, low, , volume] = due.get(start) ?? [start, bar[0], -Infinity, Infinity, 0, 0];
            due.set(start, [start, open!, Math.max(high!, bar[1]), Math.min(low!, bar[2]), bar[3], volume! + bar[4]!]);
          });
          const told = closed.filter(bar => bar.timeframe === timeframe);
          expect(told.map(bar => [bar.openTime, bar.open, bar.high, bar.low, bar.close, bar.volume])).toEqual([...due.values()]);
          expect(told.every(bar => bar.ts === bar.openTime + ms)).toBe(true);
          expect(exchange.bars(BTC, timeframe, T0, Infinity, 1000, false)).toEqual([...due.values()]);
          expect(exchange.bars(BTC, timeframe, T0, Infinity, 3, true)).toEqual([...due.values()].slice(-3));
        }
      }),
      { numRuns: 6 },
    );
  });

  it('prints trades that make up each bar to the digit, with ids one after the other', () => {
    const bars = walk(7, 40);
    const exchange = over(bars, { tradesPerBar: 9 });
    const events = heard(exchange, ['trade']);
    run(exchange, 7);
    const trades = messages(events, 'trade');
    bars.forEach(([open, high, low, close, volume], i) => {
      const own = trades.filter(({ ts }) => ts >= T0 + i * MINUTE && ts < T0 + (i + 1) * MINUTE);
      const prices = own.map(({ price }) => price);
      expect([prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1)]).toEqual([open, high, low, close]);
      expect(own.reduce((sum, { quantity }) => sum + Math.round(quantity * 1e8), 0)).toBe(volume! * 1e8);
    });
    trades.forEach(({ id }, i) => expect(Number(id)).toBe(Number(trades[0]!.id) + i));
    expect(exchange.trades(BTC, T0 + 5 * MINUTE, 10)).toEqual(trades.filter(({ ts }) => ts >= T0 + 5 * MINUTE).slice(0, 10));
  });

  it('tells nothing of what has not happened yet', () => {
    const bars = walk(11, 30);
    const draws = random('look ahead');
    for (let round = 0; round < 10; round++) {
      const at = T0 + draws.int(28 * MINUTE) + 1;
      const row = Math.ceil((at - T0) / MINUTE);
      /** The same until `at`, anything after. */
      const other = bars.map((bar, i) => (i < row ? bar : ([1, 2, 1, 2, 1] as const)));
      const told = (data: Parameters<typeof over>[0], rate: number): unknown => {
        const exchange = over(data, { timeframes: ['5m'] }, [fundingChunk(BTC, [[T0 + 40 * MINUTE, rate]])]);
        const events = heard(exchange, ['bar', 'trade', 'book', 'quote', 'mark', 'funding', 'funding-estimate']);
        exchange.advance(at);
        return [
          events,
          exchange.lastPrice(BTC),
          exchange.depth(BTC, 20),
          exchange.bars(BTC, '5m', T0, Infinity, 100, true),
          exchange.trades(BTC, T0, 1000),
        ];
      };
      expect(told(other, 0.5)).toEqual(told(bars, 0.001));
    }
    // Inside a bar: its running values are those of the trades so far.
    const exchange = over(bars);
    exchange.advance(T0 + 25_000);
    const prices = exchange.trades(BTC, T0, 100).map(({ price }) => price);
    expect(prices.length).toBe(3);
    expect(exchange.bars(BTC, '1m', T0, Infinity, 1, true)[0]?.slice(1, 5)).toEqual([
      prices[0],
      Math.max(...prices),
      Math.min(...prices),
      prices[2],
    ]);
  });

  it('keeps a book that obeys Binance’s rule from a snapshot at any time, and whose best prices are the quotes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: 1, max: 20 * MINUTE }),
        fc.integer({ min: 3, max: 20 }),
        (seed, when, levels) => {
          const exchange = over(walk(seed, 30), { levels, spreadBps: 3 });
          const feed = new BookFeed(units(instrument(BTC)));
          const apply = (book: Extract<MarketMessage, { kind: 'book' }>): void => {
            const rows = [...book.bids.map(level => [1, ...level]), ...book.asks.map(level => [-1, ...level])];
            const column = (of: (row: readonly number[]) => number): Float64Array => Float64Array.from(rows, of);
            const same = (value: number): Float64Array => new Float64Array(rows.length).fill(value);
            expect(rows.length).toBeGreaterThan(0);
            feed.apply(
              {
                rows: rows.length,
                ts: same(book.ts),
                columns: [
                  column(r => r[0]!),
                  column(r => r[1]!),
                  column(r => r[2]!),
                  same(book.snapshot ? 1 : 0),
                  same(book.firstId),
                  same(book.lastId),
                  same(book.previousId),
                ],
              },
              0,
            );
          };
          exchange.advance(T0 + when);
          const snapshot = exchange.depth(BTC, 1000);
          const events = heard(exchange, ['book', 'quote']);
          run(exchange, seed, T0 + 25 * MINUTE);
          const updates = messages(events, 'book');
          // "The first processed event should have U <= lastUpdateId AND u >= lastUpdateId", and "pu should be equal to the previous event's u".
          expect(updates[0]!.firstId <= snapshot.lastId && updates[0]!.lastId >= snapshot.lastId).toBe(true);
          apply(snapshot);
          const quotes = messages(events, 'quote');
          updates.forEach((update, i) => {
            if (i > 0) expect(update.previousId).toBe(updates[i - 1]!.lastId);
            apply(update);
            expect(feed.fault).toBe(null);
            const { bestBid, bestAsk } = feed.book;
            const u = units(instrument(BTC));
            expect([u.price(bestBid), u.price(bestAsk)]).toEqual([quotes[i]!.bid, quotes[i]!.ask]);
          });
          // No level is left behind that the exchange does not have.
          const now = exchange.depth(BTC, 1000);
          expect(feed.counts.breaks).toBe(0);
          const u = units(instrument(BTC));
          expect([u.price(feed.book.bestBid), u.price(feed.book.bestAsk)]).toEqual([now.bids[0]![0], now.asks[0]![0]]);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('is the same from any moment on as for somebody who has listened from the start', () => {
    const kinds = ['bar', 'trade', 'book', 'quote', 'mark', 'funding-estimate'] as const;
    const draws = random('late');
    for (let round = 0; round < 6; round++) {
      const at = round === 0 ? T0 + 4 * MINUTE : T0 + draws.int(20 * MINUTE);
      const exchange = over(gappy(5, 30), { timeframes: ['5m'] });
      const all = heard(exchange, [...kinds]);
      exchange.advance(at);
      const before = all.length;
      run(exchange, round);
      const second = over(gappy(5, 30), { timeframes: ['5m'] });
      second.advance(at);
      const late = heard(second, [...kinds]);
      run(second, round);
      // A longer bar that ends in a hole of the data is not told to someone who came within the hole.
      const isTold = (event: PracticeEvent): boolean =>
        event.event === 'market' && !(event.message.kind === 'bar' && event.message.timeframe === '5m' && event.message.closed);
      expect(late.filter(isTold)).toEqual(all.slice(before).filter(isTold));
    }
  });

  it('publishes funding when it is settled, late or corrected where it was disturbed, and estimates from what is known', () => {
    const rates = [
      [T0 + 5 * MINUTE, 0.0001],
      [T0 + 10 * MINUTE, 0.0002],
      [T0 + 15 * MINUTE, 0.0003],
    ] as const;
    const exchange = over(walk(3, 40), {}, [fundingChunk(BTC, rates)]);
    const events = heard(exchange, ['funding', 'funding-estimate']);
    expect(exchange.nextFunding(BTC)).toMatchObject({ at: T0 + 5 * MINUTE, rate: 0 });
    exchange.disturbFunding(BTC, T0 + 6 * MINUTE, { delayMs: 3 * MINUTE });
    exchange.disturbFunding(BTC, T0 + 11 * MINUTE, { correctedRate: -0.0005, delayMs: 2 * MINUTE });
    const shown: unknown[] = [];
    for (const minute of [6, 11, 14, 16, 18]) {
      exchange.advance(T0 + minute * MINUTE);
      shown.push(exchange.funding(BTC, 0, Infinity, 10).map(([, rate]) => rate));
    }
    expect(shown).toEqual([[0.0001], [0.0001], [0.0001, 0.0002], [0.0001, 0.0002, 0.0003], [0.0001, 0.0002, -0.0005]]);
    expect(messages(events, 'funding').map(({ ts, rate, interval }) => [ts, rate, interval])).toEqual(
      rates.map(([ts, rate]) => [ts, rate, 480 * MINUTE]),
    );
    const estimates = messages(events, 'funding-estimate');
    expect(estimates.find(({ ts }) => ts === T0 + 7 * MINUTE)).toMatchObject({ nextAt: T0 + 10 * MINUTE, rate: 0.0001 });
    expect(exchange.nextFunding(BTC).at).toBe(T0 + 15 * MINUTE + 480 * MINUTE);
  });

  it('shows mark prices of the data where there are any, and the last price otherwise', () => {
    const marks = markChunk(
      BTC,
      Array.from({ length: 60 }, (_, i) => [T0 + i * 30_000, 48_000 + i] as const),
    );
    const exchange = over(walk(3, 30), {}, [marks]);
    const events = heard(exchange, ['mark']);
    exchange.advance(T0 + 61_000);
    expect(exchange.markPrice(BTC)).toBe(48_002);
    expect(messages(events, 'mark').map(({ ts, price }) => [ts - T0, price])).toEqual([
      [0, 48_000],
      [10_000, 48_000],
      [20_000, 48_000],
      [30_000, 48_001],
      [40_000, 48_001],
      [50_000, 48_001],
      [59_999, 48_001],
      [60_000, 48_002],
    ]);
    const plain = ground([[100, 110, 90, 100]]);
    plain.advance(T0 + 10_000);
    expect([plain.markPrice(BTC), plain.lastPrice(BTC)]).toEqual([95, 95]);
  });
});
