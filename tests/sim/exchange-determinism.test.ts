import { from, map, mergeMap, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { MarginConfig, type RunConfig } from '../../src/engine/run-config.js';
import type { Feed, Slab } from '../../src/events/feed.js';
import type { Chunk, MarketKind } from '../../src/events/market.js';
import type { Instrument } from '../../src/market/instrument.js';
import { random } from '../../src/random.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { verifyCausality } from '../../src/sim/verify-causality.js';
import { order, type Intent } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { perpetual } from '../engine/scenario.js';

const START = Date.UTC(2024, 0, 1);
const SECONDS = 120;
const SYMBOLS = ['AAA/USDT:USDT', 'BBB/USDT:USDT', 'CCC/USDT:USDT'];

const chunk = (kind: MarketKind, symbol: string, rows: readonly (readonly number[])[], timeframe?: string): Chunk => ({
  kind,
  symbol,
  ...(timeframe === undefined ? {} : { timeframe: timeframe as '1s' }),
  rows: rows.length,
  ts: Float64Array.from(rows, row => row[0]!),
  columns: Array.from({ length: rows[0]!.length - 1 }, (_, k) => Float64Array.from(rows, row => row[k + 1]!)),
});

/** A market that wanders a tick at a time: bars of a second, trades, quotes, a book and marks that all agree. */
const madeUp = (symbol: string): Chunk[] => {
  const draw = random(`determinism/${symbol}`);
  const bars: number[][] = [];
  const trades: number[][] = [];
  const quotes: number[][] = [];
  const book: number[][] = [];
  const marks: number[][] = [];
  let bid = 1_000;
  for (let i = 0; i < SECONDS * 10; i++) {
    const ts = START + 100 * i;
    bid += draw.int(5) - 2;
    const sizes = [1 + draw.int(9), 1 + draw.int(9)];
    quotes.push([ts, bid, sizes[0]!, bid + 1, sizes[1]!]);
    for (let k = 0; k < 3; k++) {
      book.push([ts, 1, bid - k, k === 0 ? sizes[0]! : 5, 1, NaN, i + 1, NaN]);
      book.push([ts, -1, bid + 1 + k, k === 0 ? sizes[1]! : 5, 1, NaN, i + 1, NaN]);
    }
    const side = draw.next() < 0.5 ? 1 : -1;
    const price = side > 0 ? bid + 1 : bid;
    const lots = 1 + draw.int(6);
    trades.push([ts + 10 * draw.int(9), price, lots, side]);
    const open = START + 1_000 * Math.floor(i / 10);
    const bar = bars.at(-1);
    if (bar?.[0] !== open) bars.push([open, price, price, price, price, lots]);
    else bars[bars.length - 1] = [open, bar[1]!, Math.max(bar[2]!, price), Math.min(bar[3]!, price), price, bar[5]! + lots];
    if (i % 10 === 9) marks.push([ts + 100, bid + 0.5]);
  }
  return [
    chunk('bars', symbol, bars, '1s'),
    chunk('trades', symbol, trades),
    chunk('quotes', symbol, quotes),
    chunk('book', symbol, book),
    chunk('mark', symbol, marks),
  ];
};

const CHUNKS = SYMBOLS.flatMap(madeUp);
const INSTRUMENTS: Instrument[] = SYMBOLS.map(symbol => perpetual(symbol, { maintenanceMarginRate: 0.02 }));

/** Trades on everything that it sees: takes after large trades, rests at the quotes or the book’s best. */
const onEverything = defineStrategy({
  name: 'on-everything',
  params: {},
  run: ({ trades$, quotes$, book$, context }): Observable<Intent> => {
    let seen = 0;
    const merged = [
      trades$.pipe(
        map(({ symbol, quantity, side }): Intent[] =>
          quantity > 5 ? [order({ symbol, side: side > 0 ? 'buy' : 'sell', quantity: 3, reason: 'with the large' })] : [],
        ),
      ),
      quotes$.pipe(
        map(({ symbol, ts, bid, ask }): Intent[] =>
          ++seen % 7 === 0
            ? [
                order({ symbol, side: 'buy', quantity: 2, limit: bid, goodTill: ts + 700, reason: 'bid' }),
                order({ symbol, side: 'sell', quantity: 2, limit: ask, goodTill: ts + 700, reason: 'ask' }),
              ]
            : [],
        ),
      ),
      book$.pipe(
        map(({ symbol, ts, book }): Intent[] =>
          ++seen % 9 === 0
            ? [order({ symbol, side: 'buy', quantity: 1, limit: book.bestBid, goodTill: ts + 900, reason: `${context.equity > 0}` })]
            : [],
        ),
      ),
    ];
    return from(merged).pipe(
      mergeMap(stream => stream),
      mergeMap(intents => intents),
    );
  },
});

const configOf = (depth: 'bars' | 'trades' | 'book', symbols: readonly string[], more: Partial<RunConfig> = {}): RunConfig => ({
  ...runConfig({
    exchange: 'synthetic',
    from: START,
    to: START + SECONDS * 1_000,
    symbols: [...symbols],
    timeframe: '1s',
    capital: 10_000,
    leverage: 10,
    funding: { kind: 'none' },
  }),
  fills:
    depth === 'bars'
      ? { kind: 'bars', path: 'nearest-first', limits: 'through', participation: 0.1 }
      : depth === 'trades'
        ? { kind: 'trades', queue: { kind: 'proportional' }, spreadBps: 1 }
        : { kind: 'book', queue: { kind: 'log' }, ownImpact: true },
  latency: { kind: 'log-normal', order: 30, cancel: 20, report: 10, feed: 15, sigma: 0.8 },
  margin: MarginConfig.parse({ mode: 'cross' }),
  ...more,
});

/** The same data, in slabs that end at these moments. */
const cutFeed = (chunks: readonly Chunk[], cuts: readonly number[]): Feed => {
  const { inputs } = memoryFeed([...chunks], { from: -Infinity, to: Infinity });
  const edges = [-Infinity, ...cuts, Infinity];
  const slabs = edges.slice(1).map((to, k): Slab => {
    const since = edges[k]!;
    const parts = chunks.map((whole): Chunk => {
      const a = whole.ts.findIndex(ts => ts >= since);
      const start = a < 0 ? whole.rows : a;
      const end = whole.ts.findLastIndex(ts => ts < to) + 1;
      const rows = Math.max(0, end - start);
      return { ...whole, rows, ts: whole.ts.slice(start, start + rows), columns: whole.columns.map(c => c.slice(start, start + rows)) };
    });
    return { to, chunks: parts.filter(({ rows }) => rows > 0) };
  });
  return { inputs, slabs$: from(slabs) };
};

const runOn = (depth: 'bars' | 'trades' | 'book', symbols: readonly string[], feed: Feed) =>
  backtest({ strategy: onEverything, params: {}, bundle: 'test', config: configOf(depth, symbols), instruments: INSTRUMENTS, feed });
const fillsOf = (result: Awaited<ReturnType<typeof runOn>>): string[] =>
  result.fills.map(f => `${f.ts} ${f.symbol} ${f.side} ${f.quantity}@${f.price} ${f.liquidity}`);

describe.each(['bars', 'trades', 'book'] as const)('a run on %s', depth => {
  it('is the same twice, however slabs cut the data', async () => {
    const whole = await runOn(depth, SYMBOLS, cutFeed(CHUNKS, []));
    expect(whole.fills.length).toBeGreaterThan(20);
    expect((await runOn(depth, SYMBOLS, cutFeed(CHUNKS, []))).fingerprint).toBe(whole.fingerprint);
    for (const every of [1_000, 7_777]) {
      const cuts = Array.from({ length: Math.floor((SECONDS * 1_000) / every) }, (_, k) => START + (k + 1) * every);
      const cut = await runOn(depth, SYMBOLS, cutFeed(CHUNKS, cuts));
      expect(fillsOf(cut)).toEqual(fillsOf(whole));
      expect(cut.fingerprint).toBe(whole.fingerprint);
    }
  });

  it('is the same in whatever order symbols and chunks are named', async () => {
    const whole = await runOn(depth, SYMBOLS, cutFeed(CHUNKS, []));
    const turned = await runOn(depth, SYMBOLS.toReversed(), cutFeed(CHUNKS.toReversed(), [START + 30_000]));
    expect(fillsOf(turned)).toEqual(fillsOf(whole));
  });

  it('knows nothing of its future', async () => {
    const verdict = await verifyCausality({
      strategyOn: () => onEverything,
      params: {},
      config: configOf(depth, SYMBOLS.slice(0, 2)),
      instruments: INSTRUMENTS.slice(0, 2),
      chunks: CHUNKS.filter(({ symbol }) => symbol !== SYMBOLS[2]),
      cuts: 2,
    });
    expect(verdict.leaks).toEqual([]);
    expect(verdict.compared).toBeGreaterThan(100);
  });
});
