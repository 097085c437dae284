import { existsSync } from 'node:fs';
import { memoryFeed } from '../src/datasets/memory-feed.js';
import { readFiles } from '../src/datasets/import/read-files.js';
import type { Chunk } from '../src/events/market.js';
import type { Instrument } from '../src/market/instrument.js';
import { timeframe } from '../src/market/timeframe.js';
import { BookFeed } from '../src/market/book-sync.js';
import { units } from '../src/market/units.js';
import { backtest } from '../src/sim/backtest.js';
import { runConfig } from '../src/sim/run-defaults.js';
import marketMaker from '../src/strategies/builtin/market-maker.js';
import { resolveParams } from '../src/strategies/params.js';
import { BOOK_UNITS, bookStream } from './fixtures/book-stream.js';
import { BTC } from './fixtures/minute-bars.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const FOLDER = '../shared/data/binance-usdm_BTCUSDT_2024-08-08_';
const TARGET = { on: 'value', atLeast: 1e6, text: '≥ 1 million level updates/s' } as const;

const instrument = (scale: { readonly tickSize: number; readonly lotSize: number }): Instrument => ({
  symbol: BTC,
  exchange: 'binance',
  kind: 'linear-perpetual',
  ...scale,
  minNotional: 0,
  contractSize: 1,
  maxLeverage: 125,
  maintenanceMarginRate: 0.004,
  source: 'benchmark',
});

const measure = async (
  name: string,
  chunks: readonly Chunk[],
  scale: { readonly tickSize: number; readonly lotSize: number },
  rounds: number,
): Promise<Measurement> => {
  const book = chunks.find(({ kind }) => kind === 'book') as Chunk;
  const config = runConfig({
    exchange: 'binance',
    from: book.ts[0] ?? 0,
    to: (book.ts[book.rows - 1] ?? 0) + 1,
    symbols: [BTC],
    timeframe: '1s',
    funding: { kind: 'none' },
    latency: { kind: 'constant', order: 20, cancel: 20, report: 5, feed: 5 },
    fills: { kind: 'book', queue: { kind: 'power', exponent: 3 }, ownImpact: true },
  });
  const params = resolveParams(marketMaker.params, { halfSpreadBps: '0.1', requoteTicks: '3' });
  const replay = async (): Promise<void> => {
    const { fills } = await backtest({
      strategy: marketMaker,
      params,
      bundle: 'builtin:market-maker',
      config,
      instruments: [instrument(scale)],
      feed: memoryFeed(chunks),
      keepFacts: false,
    });
    if (fills.length === 0) throw new Error(`nothing was filled on ${name}`);
  };
  const rebuild = (): void => {
    const feed = new BookFeed(units(scale));
    for (let row = 0; row < book.rows;) row += feed.apply(book, row);
  };
  const [replayed = [], rebuilt = []] = await interleave([{ run: replay }, { run: rebuild }], { warmups: 2, rounds });
  return measurement(name, book.rows / median(replayed), 'level updates/s', {
    timings: replayed,
    ratio: ratioOf(replayed, rebuilt),
    of: 'rebuilding the book once',
    targets: [TARGET],
  });
};

/** Trades about the touch of a made-up book, and a bar a second out of them: enough for quotes to fill. */
const madeUp = (rows: number): Chunk[] => {
  const book = bookStream(rows);
  const feed = new BookFeed(units(BOOK_UNITS));
  const trades: [number, number, number, number][] = [];
  for (let row = 0, n = 0; row < book.rows; n++) {
    const at = book.ts[row] ?? 0;
    row += feed.apply(book, row);
    const side = n % 2 === 0 ? 1 : -1;
    const price = side > 0 ? feed.book.bestAsk : feed.book.bestBid;
    if (feed.valid && !Number.isNaN(price)) trades.push([at + 1, price * BOOK_UNITS.tickSize, 0.5, side]);
  }
  const column = (k: number): Float64Array => Float64Array.from(trades, trade => trade[k] ?? NaN);
  const ts = column(0);
  const seconds = [...new Set([...ts].map(t => Math.floor(t / 1000) * 1000))];
  const opens = seconds.map(second => trades[ts.findIndex(t => t >= second)]?.[1] ?? NaN);
  const price = Float64Array.from(opens);
  return [
    book,
    { kind: 'trades', symbol: BTC, rows: trades.length, ts, columns: [column(1), column(2), column(3)] },
    {
      kind: 'bars',
      symbol: BTC,
      timeframe: timeframe('1s'),
      rows: seconds.length,
      ts: Float64Array.from(seconds),
      columns: [price, price, price, price, new Float64Array(seconds.length).fill(10)],
    },
  ];
};

/** What it takes to replay an order book to a venue and to a strategy that quotes both sides of it: two books are rebuilt, orders queue, fills and requotes flow as facts. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rounds = quick ? 3 : 7;
    const made = await measure('L2 replay, quoting both sides: made-up stream', madeUp(quick ? 60_000 : 500_000), BOOK_UNITS, rounds);
    if (!existsSync(`${FOLDER}book_l2.csv.gz`)) return [made];
    const read = async (what: string): Promise<Chunk> => {
      const [series] = await readFiles([`${FOLDER}${what}.csv.gz`], { mode: 'report', exchange: 'binance', symbol: BTC });
      if (series === undefined) throw new Error(`the recording of ${what} holds nothing`);
      return series.series;
    };
    const trades = await read('trades');
    const { tradesToBars } = await import('../src/datasets/resample.js');
    const chunks = [await read('book_l2'), trades, tradesToBars(trades, 1000)];
    return [made, await measure('L2 replay, quoting both sides: recorded stream', chunks, { tickSize: 0.1, lotSize: 0.001 }, rounds)];
  },
};
