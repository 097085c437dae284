import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { Feed } from '../../src/events/feed.js';
import type { Chunk } from '../../src/events/market.js';
import { random } from '../../src/random.js';
import { backtest, type BacktestSpec } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import smaCross from '../../src/strategies/builtin/sma-cross.js';
import { HOUR } from '../../src/time.js';
import { perpetual } from '../engine/scenario.js';

const SYMBOL = 'BTC/USDT:USDT';
const ROWS = 500;
const SETTLEMENTS = 60;

const market = (): [Chunk, Chunk] => {
  const draw = random('read-whole');
  const prices: number[] = [1000];
  for (let i = 0; i < ROWS; i++) prices.push(Math.round(prices[i]! * (1 + 0.01 * draw.normal())));
  const column = (of: (i: number) => number, rows = ROWS): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
  const bars: Chunk = {
    kind: 'bars',
    symbol: SYMBOL,
    timeframe: '1h',
    rows: ROWS,
    ts: column(i => i * HOUR),
    columns: [
      column(i => prices[i]!),
      column(i => Math.max(prices[i]!, prices[i + 1]!) + 2),
      column(i => Math.min(prices[i]!, prices[i + 1]!) - 2),
      column(i => prices[i + 1]!),
      column(() => 1e7),
    ],
  };
  const funding: Chunk = {
    kind: 'funding',
    symbol: SYMBOL,
    rows: SETTLEMENTS,
    ts: column(i => 8 * (i + 1) * HOUR, SETTLEMENTS),
    columns: [column(() => 1e-4, SETTLEMENTS), column(() => 8 * HOUR, SETTLEMENTS)],
  };
  return [funding, bars];
};

const part = ({ ts, columns, ...rest }: Chunk, first: number, end: number): Chunk => ({
  ...rest,
  rows: end - first,
  ts: ts.subarray(first, end),
  columns: columns.map(column => column.subarray(first, end)),
});

/** The market in slabs of fifty hours, and how often somebody read it. */
const slabbed = (): { feed: Feed; reads: () => number } => {
  const [funding, bars] = market();
  let reads = 0;
  const slabs = function* () {
    reads++;
    for (let i = 0; i < ROWS; i += 50) {
      const to = i + 50 < ROWS ? (i + 50) * HOUR : Infinity;
      const settled = (until: number): number => funding.ts.filter(ts => ts < until).length;
      yield { to, chunks: [part(funding, settled(i * HOUR), settled(to)), part(bars, i, i + 50)] };
    }
  };
  return { feed: { inputs: memoryFeed([funding, bars]).inputs, slabs$: from({ [Symbol.iterator]: slabs }) }, reads: () => reads };
};

const specOf = (feed: Feed): BacktestSpec => ({
  strategy: smaCross,
  params: { fast: 5, slow: 20 },
  bundle: 'test',
  config: runConfig({ exchange: 'bybit', from: 0, to: ROWS * HOUR, symbols: [SYMBOL], timeframe: '1h' }),
  instruments: [perpetual(SYMBOL, { lotSize: 0.001, maintenanceMarginRate: 0.005 })],
  feed,
});

/** Lists that are made when they are read are those of a run that `plainRun` played. */
const isPlain = (result: object): boolean => Object.getOwnPropertyDescriptor(result, 'facts')?.get !== undefined;

describe('a run on a feed that may be read whole', () => {
  it('has the result of one that is played as the feed comes, facts, states and lists', async () => {
    const [streamed, whole] = [slabbed(), slabbed()];
    const expected = await backtest(specOf(streamed.feed));
    const played = await backtest({ ...specOf(whole.feed), wholeUpTo: ROWS + SETTLEMENTS });
    expect(isPlain(expected)).toBe(false);
    expect(isPlain(played)).toBe(true);
    expect(played).toEqual(expected);
    expect(played.facts.length).toBeGreaterThan(100);
    // The same objects each time.
    expect(played.facts).toBe(played.facts);
    expect(whole.reads()).toBe(1);
  });

  it('is played as it comes where it has more rows, or where the engine plays it in any case', async () => {
    const larger = slabbed();
    expect(isPlain(await backtest({ ...specOf(larger.feed), wholeUpTo: ROWS + SETTLEMENTS - 1 }))).toBe(false);
    const limited = slabbed();
    const { config, ...rest } = specOf(limited.feed);
    const risk = { ...config.risk, maxDrawdown: 0.2 };
    expect(isPlain(await backtest({ ...rest, config: { ...config, risk }, wholeUpTo: Infinity }))).toBe(false);
  });

  it('is read once where the engine takes over', async () => {
    const { feed, reads } = slabbed();
    const [instrument] = specOf(feed).instruments;
    const spec = { ...specOf(feed), instruments: [{ ...instrument!, minNotional: 1e6 }] };
    const played = await backtest({ ...spec, wholeUpTo: Infinity });
    expect(isPlain(played)).toBe(false);
    expect(played.refusals['min-notional']).toBeGreaterThan(0);
    expect(reads()).toBe(1);
    expect(played).toEqual(await backtest({ ...spec, feed: slabbed().feed }));
  });
});
