import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { tradesToBars } from '../../src/datasets/resample.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { Chunk } from '../../src/events/market.js';
import type { Instrument } from '../../src/market/instrument.js';
import { fillQuality, type FillQuality } from '../../src/metrics/fill-quality.js';
import type { MidPrices } from '../../src/metrics/markout.js';
import { random } from '../../src/random.js';
import type { ComparedRun } from '../../src/reports/comparison.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { resolveParams } from '../../src/strategies/params.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import { built } from './built-example.js';

export const BTC: Instrument = {
  symbol: 'BTC/USDT:USDT',
  exchange: 'binance',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.004,
  source: 'test',
};

/** One market as all three depths see it. */
export interface Minutes {
  readonly book: Chunk;
  readonly trades: Chunk;
  readonly quotes: Chunk;
  /** One-second bars built from the trades. */
  readonly bars: Chunk;
}

/** With bars out of the trades, and times that never go back. */
export const minutesOf = ({ book, trades, quotes }: Omit<Minutes, 'bars'>): Minutes => {
  const ascending = (chunk: Chunk): Chunk => {
    const ts = Float64Array.from(chunk.ts);
    for (let i = 1; i < ts.length; i++) ts[i] = Math.max(ts[i]!, ts[i - 1]!);
    return { ...chunk, ts };
  };
  return { book: ascending(book), trades: ascending(trades), quotes: ascending(quotes), bars: tradesToBars(ascending(trades), 1_000) };
};

const chunk = (kind: Chunk['kind'], width: number, rows: readonly (readonly number[])[]): Chunk => ({
  kind,
  symbol: BTC.symbol,
  rows: rows.length,
  ts: Float64Array.from(rows, row => row[0]!),
  columns: Array.from({ length: width }, (_, k) => Float64Array.from(rows, row => row[k + 1]!)),
});

/**
 * A market whose price moves by a tick every 700 ms or so: takers first eat what shows at the touch, then the touch moves on their way. In between they trade little at the touch and makers
 * come and go, so that what is ahead in a queue is in doubt. So whoever rests at the touch is filled mostly just before it moves over him.
 */
export const madeUpMinutes = (seconds: number): Minutes => {
  const draw = random('quoted minutes');
  const [book, trades, quotes]: [number[][], number[][], number[][]] = [[], [], []];
  let now = 1_723_161_600_000;
  const end = now + 1_000 * seconds;
  let bid = 600_000;
  let id = 0;
  const shown = [0, 0];
  const say = (): void => {
    id++;
    for (let k = 0; k < 5; k++) {
      book.push([now, 1, (bid - k) / 10, (k === 0 ? shown[0]! : 5_000) / 1_000, 1, NaN, id, NaN]);
      book.push([now, -1, (bid + 1 + k) / 10, (k === 0 ? shown[1]! : 5_000) / 1_000, 1, NaN, id, NaN]);
    }
    quotes.push([now, bid / 10, shown[0]! / 1_000, (bid + 1) / 10, shown[1]! / 1_000]);
  };
  const trade = (side: number, lots: number): void => {
    trades.push([now, (side > 0 ? bid + 1 : bid) / 10, lots / 1_000, side]);
    shown[side > 0 ? 1 : 0]! -= lots;
  };
  while (now < end) {
    shown[0] = 500 + draw.int(2_000);
    shown[1] = 500 + draw.int(2_000);
    say();
    for (let quiet = draw.int(12); quiet > 0; quiet--) {
      now += 20 + draw.int(80);
      const side = draw.next() < 0.5 ? 1 : -1;
      trade(side, Math.min(1 + draw.int(150), shown[side > 0 ? 1 : 0]! - 20));
      const moved = draw.int(2);
      shown[moved] = Math.max(200, shown[moved]! + draw.int(1_600) - 900);
      say();
    }
    now += 20 + draw.int(80);
    const way = draw.next() < 0.5 ? 1 : -1;
    trade(way, shown[way > 0 ? 1 : 0]!);
    bid += way;
  }
  return minutesOf({ book: chunk('book', 7, book), trades: chunk('trades', 3, trades), quotes: chunk('quotes', 4, quotes) });
};

const midsOf = ({ quotes: { ts, columns } }: Minutes): MidPrices => ({
  ts,
  mid: Float64Array.from(ts, (_, i) => (columns[0]![i]! + columns[2]![i]!) / 2),
});

/** One run of a strategy over a market, from five seconds after its beginning (a recorded book is whole by then). */
export const play = async (
  minutes: Minutes,
  strategy: Strategy,
  fills: RunConfig['fills'],
  params: Readonly<Record<string, number | string>> = {},
): Promise<{ readonly result: RunResult; readonly quality: FillQuality }> => {
  const { book, trades, quotes, bars } = minutes;
  const chunks = fills.kind === 'bars' ? [bars] : fills.kind === 'trades' ? [quotes, trades, bars] : [book, quotes, trades, bars];
  const config = runConfig({
    exchange: 'binance',
    from: book.ts[0]! + 5_000,
    to: bars.ts[bars.rows - 1]! + 1_000,
    symbols: [BTC.symbol],
    timeframe: '1s',
    funding: { kind: 'none' },
    fills,
    latency: { kind: 'constant', order: 20, cancel: 20, report: 5, feed: 5 },
  });
  const result = await backtest({
    strategy,
    params: resolveParams(strategy.params, params),
    bundle: 'test',
    config,
    instruments: [BTC],
    feed: memoryFeed(chunks),
  });
  return { result, quality: fillQuality(result.fills, { [BTC.symbol]: midsOf(minutes) }) };
};

/** As `quantai compare` is given it. */
export const comparedRun = (name: string, { result, quality }: Awaited<ReturnType<typeof play>>): ComparedRun => ({
  name,
  runId: name,
  sample: 'in-sample',
  outcome: result,
  params: result.manifest.params,
  strategy: result.manifest.strategy.name,
  inputs: result.manifest.inputs,
  fingerprint: result.fingerprint,
  synthetic: false,
  matching: { fills: result.manifest.config.fills, quality },
});

/** `examples/touch-quotes.ts`. */
export const touchQuotes = (): Promise<Strategy> => built('examples/touch-quotes.ts');
