import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { QueueConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import type { Instrument } from '../../src/market/instrument.js';
import { BOOK, ONES, TRADES, TickVenue, ticket } from './tick-venue.js';

const FOLDER = '../shared/data';
const file = (kind: string): string => `${FOLDER}/binance-usdm_BTCUSDT_2024-08-08_${kind}.csv.gz`;
const FACTS = '../shared/expected/data_facts.json';
const present = [file('book_l2'), file('trades'), file('bookticker'), FACTS].every(path => existsSync(path));

const BTC: Instrument = { ...ONES, symbol: 'BTC/USDT:USDT', tickSize: 0.1, lotSize: 0.001 };

/** Columns in the order of the file; the time never goes back (the snapshot says when it was asked for, not when it came). */
const chunkOf = (kind: Chunk['kind'], path: string, columns: readonly ((cells: readonly string[]) => number)[]): Chunk => {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
  const rows = lines.length - 1;
  const ts = new Float64Array(rows);
  const values = columns.map(() => new Float64Array(rows));
  for (let i = 0; i < rows; i++) {
    const cells = lines[i + 1]!.split(',');
    ts[i] = Math.max(Number(cells[1]), i > 0 ? ts[i - 1]! : 0);
    for (let c = 0; c < columns.length; c++) values[c]![i] = columns[c]!(cells);
  }
  return { kind, symbol: BTC.symbol, rows, ts, columns: values };
};

const field = (n: number) => (cells: readonly string[]) => (cells[n] === '' ? NaN : Number(cells[n]));
const is = (n: number, word: string, otherwise: number) => (cells: readonly string[]) => (cells[n] === word ? 1 : otherwise);

describe.skipIf(!present)(`six recorded minutes of BTCUSDT (${FOLDER}${present ? '' : ' is absent'})`, () => {
  let book: Chunk;
  let trades: Chunk;
  let quotes: Chunk;
  let start: number;

  beforeAll(() => {
    book = chunkOf('book', file('book_l2'), [is(6, 'bid', -1), field(7), field(8), is(2, 'snapshot', 0), field(3), field(4), field(5)]);
    trades = chunkOf('trades', file('trades'), [field(4), field(5), is(3, 'buy', -1)]);
    quotes = chunkOf('quotes', file('bookticker'), [field(3), field(4), field(5), field(6)]);
    start = book.ts[0]! + 5_000;
  });

  const venue = (queue: QueueConfig, depth: 'book' | 'trades' = 'book'): TickVenue =>
    new TickVenue(depth === 'book' ? [book, trades] : [quotes, trades], {
      fills: depth === 'book' ? { ...BOOK, queue } : { ...TRADES, queue },
      instrument: BTC,
    });

  /** Displayed levels of a side at a time, by the venue's rules and a map: the snapshot, then every update whose last id is not before it. */
  const displayed = (side: 1 | -1, until: number): [ticks: number, lots: number][] => {
    const [sides, prices, quantities, snapshots, , lastIds] = book.columns as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const first = snapshots.indexOf(1);
    const levels = new Map<number, number>();
    for (const isSnapshot of [1, 0])
      for (let i = 0; i < book.rows; i++) {
        if (snapshots[i] !== isSnapshot || sides[i] !== side || book.ts[i]! > until || lastIds[i]! < lastIds[first]!) continue;
        const ticks = Math.round(prices[i]! / BTC.tickSize);
        if (quantities[i] === 0) levels.delete(ticks);
        else levels.set(ticks, Math.round(quantities[i]! / BTC.lotSize));
      }
    return [...levels].sort(([a], [b]) => side * (b - a));
  };

  it('give a taker the levels of the book at its arrival, one by one', () => {
    const at = book.ts[300_000]!;
    const asks = displayed(-1, at);
    const bids = displayed(1, at);
    const v = venue({ kind: 'pessimistic' });
    const lots = 20_000;
    v.play([{ at, submit: ticket({ side: 'buy', lots, tif: 'ioc' }) }], at);
    let left = lots;
    const expected = asks.flatMap(([price, shown]) => {
      const part = Math.min(left, shown);
      left -= part;
      return part > 0 ? [[at, part, price]] : [];
    });
    expect(expected.length).toBeGreaterThan(3);
    expect(v.fills()).toEqual(expected);
    expect(v.said[0]!.m).toBe((asks[0]![0] + bids[0]![0]) / 2);
  });

  it('end where the recording ends', () => {
    const facts: {
      order_book_replay: { recordings: { recording: string; final_best_bid: [number, number]; final_best_ask: [number, number] }[] };
    } = JSON.parse(readFileSync(FACTS, 'utf8'));
    const { final_best_bid: bid, final_best_ask: ask } = facts.order_book_replay.recordings.find(
      r => r.recording === 'binance-usdm_BTCUSDT_2024-08-08',
    )!;
    const v = venue({ kind: 'pessimistic' });
    // Two orders that nothing reaches make the market step through every message.
    const far = [ticket({ side: 'buy', limit: 500_000, lots: 1 }), ticket({ side: 'sell', limit: 700_000, lots: 1 })];
    v.play(far.map(submit => ({ at: start, submit })));
    const end = book.ts[book.rows - 1]! + 1;
    v.play([
      { at: end, submit: ticket({ side: 'buy', lots: 1 }) },
      { at: end, submit: ticket({ side: 'sell', lots: 1 }) },
    ]);
    expect(v.fills()).toEqual([
      [end, 1, Math.round(ask[0] * 10)],
      [end, 1, Math.round(bid[0] * 10)],
    ]);
  });

  it.each(['book', 'trades'] as const)(
    'fill a resting order only where they traded at its price or beyond, or the other side came to it (%s)',
    depth => {
      const v = venue({ kind: 'proportional' }, depth);
      const at = start + 60_000;
      const best = depth === 'book' ? displayed(1, at)[0]![0] : Math.round(v.market.lastPrice(at) * 10);
      const orders = [0, 5, 20, 60].map(offset => ticket({ side: 'buy', limit: best - offset, lots: 2_000 }));
      v.play(orders.map(submit => ({ at, submit })));
      expect(v.fills().length).toBeGreaterThan(4);
      const moments = new Set(depth === 'book' ? book.ts : quotes.ts);
      const through = new Map<number, number>();
      for (let i = 0; i < trades.rows; i++)
        if (trades.columns[2]![i] === -1) {
          const ts = trades.ts[i]!;
          const price = Math.round(trades.columns[0]![i]! / BTC.tickSize);
          through.set(ts, Math.min(through.get(ts) ?? Infinity, price));
        }
      for (const [ts, , price] of v.fills()) expect((through.get(ts!) ?? Infinity) <= price! || moments.has(ts!)).toBe(true);
    },
  );

  it('fill no order sooner with the pessimistic queue than with any other', () => {
    const at = start + 30_000;
    const best = displayed(1, at)[0]![0];
    for (const offset of [0, 30]) {
      const filled = (queue: QueueConfig): number[][] => {
        const v = venue(queue);
        v.play([{ at, submit: ticket({ side: 'buy', limit: best - offset, lots: 5_000 }) }]);
        return v.fills();
      };
      const by = (fills: number[][], ts: number): number => fills.reduce((sum, [when, lots]) => sum + (when! <= ts ? lots! : 0), 0);
      const least = filled({ kind: 'pessimistic' });
      expect(least.length).toBeGreaterThan(0);
      for (const queue of [{ kind: 'proportional' }, { kind: 'power', exponent: 3 }, { kind: 'log' }] as const) {
        const fills = filled(queue);
        for (const [ts] of [...least, ...fills]) expect(by(fills, ts!)).toBeGreaterThanOrEqual(by(least, ts!));
      }
    }
  });
});
