// Put into tests/sim/. Each case fails on d255b02 and passes with lane-differences.diff.
import { finalize, ignoreElements, map, merge, mergeMap, concatMap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import { random } from '../../src/random.js';
import { backtest, type BacktestSpec } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { target } from '../../src/strategies/intent.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';
import { perpetual } from '../engine/scenario.js';

const SYMBOL = 'BTC/USDT:USDT';
const T0 = Date.UTC(2021, 0, 4);

const market = (rows: number): Chunk[] => {
  const draw = random('lane-differences');
  const prices = [40_000];
  for (let i = 0; i < rows; i++) prices.push(Math.max(1000, Math.round(prices[i]! * (1 + 0.003 * draw.normal()))));
  const column = (of: (i: number) => number, n = rows): Float64Array => Float64Array.from({ length: n }, (_, i) => of(i));
  const payments = Math.floor(rows / 8);
  return [
    {
      kind: 'funding',
      symbol: SYMBOL,
      rows: payments,
      ts: column(i => T0 + 8 * (i + 1) * HOUR, payments),
      columns: [column(() => 1e-4 * draw.normal(), payments), column(() => 8 * HOUR, payments)],
    },
    {
      kind: 'bars',
      symbol: SYMBOL,
      timeframe: '1h',
      rows,
      ts: column(i => T0 + i * HOUR),
      columns: [
        column(i => prices[i]!),
        column(i => Math.max(prices[i]!, prices[i + 1]!) + 10),
        column(i => Math.min(prices[i]!, prices[i + 1]!) - 10),
        column(i => prices[i + 1]!),
        column(() => 1e6),
      ],
    },
  ];
};

const specOf = (strategy: Strategy, chunks: readonly Chunk[], config: Partial<RunConfig> = {}): BacktestSpec => ({
  strategy,
  params: {},
  bundle: 'test',
  config: runConfig({ exchange: 'bybit', from: T0, to: T0 + chunks[1]!.rows * HOUR, symbols: [SYMBOL], timeframe: '1h', ...config }),
  instruments: [perpetual(SYMBOL, { lotSize: 0.001, minNotional: 5, maintenanceMarginRate: 0.005 })],
  feed: memoryFeed(chunks),
});

/** Targets that change every third bar. */
const wanted = (i: number): number => (Math.floor(i / 3) % 2 === 0 ? 0.5 : -0.3);

describe('the lane and the engine', () => {
  it('1. agree where a promise of the strategy writes what it remembers, watched or not', async () => {
    const chunks = market(40_000);
    const strategy = (): Strategy => ({
      name: 'late',
      params: {},
      memory: () => ({ heard: false }),
      decide: (bar, _, context) => {
        const memory = context.memory as { heard: boolean };
        void Promise.resolve().then(() => (memory.heard = true));
        return target(bar.symbol, memory.heard ? 0.5 : -0.5);
      },
    });
    const spec = specOf(strategy(), chunks);
    const engine = await backtest(spec);
    const sweep = await backtest({ ...spec, chunks });
    const watched = await backtest({ ...spec, chunks, onProgress: () => {} });
    expect(sweep.fingerprint).toBe(engine.fingerprint);
    // Turns around in the middle of the run, when the lane lets the event loop have its turn after bar 32,768.
    expect(watched.fingerprint).toBe(engine.fingerprint);
  });

  it('2. agree on whether a run is over well or fails, where an operator works by promises', async () => {
    const chunks = market(100);
    const strategy: Strategy = {
      name: 'late',
      params: {},
      run: ({ bars$ }) =>
        bars$.pipe(
          concatMap(async each => each),
          mergeMap(({ bar }, i) => (i < 30 ? [] : [target(bar.symbol, wanted(i))])),
        ),
    };
    const spec = specOf(strategy, chunks);
    const outcome = (run: BacktestSpec): Promise<unknown> =>
      backtest(run).then(
        ({ fingerprint }) => fingerprint,
        (error: unknown) => String(error),
      );
    expect(await outcome({ ...spec, chunks })).toBe(await outcome(spec));
  });

  it.each<[string, (context: { note(text: string): void; plot(name: string, value: number): void; readonly now: number }) => void]>([
    ['3. leaves a note', context => context.note('done')],
    ['4. draws', context => context.plot('done', context.now)],
  ])('%s as its stream is torn down', async (_, say) => {
    const chunks = market(100);
    const strategy: Strategy = {
      name: 'tidy',
      params: {},
      run: ({ bars$, context }) =>
        bars$.pipe(
          map(({ bar }, i) => target(bar.symbol, wanted(i))),
          finalize(() => say(context)),
        ),
    };
    const spec = specOf(strategy, chunks, { atEnd: 'close' });
    const engine = await backtest(spec);
    const lane = await backtest({ ...spec, chunks });
    expect(lane.notes).toEqual(engine.notes);
    expect(lane.plots).toEqual(engine.plots);
    expect(lane.events).toBe(engine.events);
    expect(lane.facts).toEqual(engine.facts);
  });

  it.each([
    ['5. an order', HOUR - 1e-5, 0],
    ['5. an answer', 1, HOUR - 1 - 1e-4],
  ])('agree where %s takes less than a bar by less than the clock can tell', async (_, order, report) => {
    const chunks = market(200);
    let i = 0;
    const strategy: Strategy = {
      name: 'slow',
      params: {},
      memory: () => (i = 0),
      decide: (bar, __, context) => target(bar.symbol, wanted(i++), { reason: `${context.equity}` }),
    };
    const spec = specOf(strategy, chunks, { latency: { kind: 'constant', order, cancel: 100, report } });
    const engine = await backtest(spec);
    expect((await backtest({ ...spec, chunks })).curve).toEqual(engine.curve);
    expect((await backtest({ ...spec, chunks })).fingerprint).toBe(engine.fingerprint);
  });

  it('6. let go of every stream that they subscribed to, also of a run that is given up before its first bar', async () => {
    const chunks = market(100);
    let [begun, ended] = [0, 0];
    const strategy: Strategy = {
      name: 'listening',
      params: {},
      run: ({ bars$, orders$ }) => {
        begun++;
        return merge(bars$.pipe(map(({ bar }, i) => target(bar.symbol, wanted(i)))), orders$.pipe(ignoreElements())).pipe(
          finalize(() => ended++),
        );
      },
    };
    await backtest({ ...specOf(strategy, chunks), chunks });
    expect(ended).toBe(begun);
  });

  it('0. liquidate where the venue does, whose path goes in whole ticks, on data that is finer than the tick', async () => {
    // A market whose tick has grown since: 99.4 is 100 to the venue.
    const rows = 12;
    const flat = new Float64Array(rows).fill(99.4);
    const chunks: Chunk[] = [
      {
        kind: 'funding',
        symbol: SYMBOL,
        rows: 1,
        ts: Float64Array.of(T0 + 4 * HOUR),
        columns: [Float64Array.of(-0.002), Float64Array.of(8 * HOUR)],
      },
      {
        kind: 'bars',
        symbol: SYMBOL,
        timeframe: '1h',
        rows,
        ts: Float64Array.from({ length: rows }, (_, i) => T0 + i * HOUR),
        columns: [flat, flat, flat, flat, new Float64Array(rows).fill(1e9)],
      },
    ];
    const strategy: Strategy = { name: 'short', params: {}, decide: bar => target(bar.symbol, bar.ts > T0 + HOUR ? -85 : 0) };
    const spec: BacktestSpec = {
      ...specOf(strategy, chunks, {
        leverage: 100,
        capital: 10_000,
        fees: { kind: 'maker-taker', maker: 0, taker: 0 },
        slippage: { kind: 'none' },
        margin: {
          mode: 'cross',
          positions: 'one-way',
          leverage: {},
          tiers: {},
          liquidation: { price: 'auto', fee: 0, partial: false },
          spotCollateral: 0,
          fundingTolerance: 0,
        },
        fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null },
      }),
      instruments: [perpetual(SYMBOL, { exchange: 'test', tickSize: 2, lotSize: 0.001, maintenanceMarginRate: 0.01 })],
    };
    const engine = await backtest(spec);
    const lane = await backtest({ ...spec, chunks });
    expect(engine.liquidations).toHaveLength(1);
    expect(lane.liquidations).toEqual(engine.liquidations);
    expect(lane.finalEquity).toBe(engine.finalEquity);
  });

  it.each(['mark', 'close'] as const)('7. look at no bar that opens as the run ends (%s)', async atEnd => {
    // In memory the data goes on, and crashes at the very open of the next bar.
    const rows = 12;
    const column = (price: number, after: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => (i < 10 ? price : after));
    const chunks: Chunk[] = [
      {
        kind: 'funding',
        symbol: SYMBOL,
        rows: 1,
        ts: Float64Array.of(T0 + 4 * HOUR),
        columns: [Float64Array.of(1e-4), Float64Array.of(8 * HOUR)],
      },
      {
        kind: 'bars',
        symbol: SYMBOL,
        timeframe: '1h',
        rows,
        ts: Float64Array.from({ length: rows }, (_, i) => T0 + i * HOUR),
        columns: [column(100, 50), column(100.5, 50), column(99.5, 40), column(100, 45), column(1e6, 1e6)],
      },
    ];
    const strategy: Strategy = { name: 'long', params: {}, decide: bar => target(bar.symbol, bar.ts > T0 + HOUR ? 2.5 : 0) };
    const spec: BacktestSpec = {
      ...specOf(strategy, chunks, { to: T0 + 10 * HOUR, capital: 10_000, atEnd }),
      instruments: [perpetual(SYMBOL, { exchange: 'test', tickSize: 0.01, lotSize: 0.001, maintenanceMarginRate: 0.005 })],
    };
    const engine = await backtest(spec);
    const lane = await backtest({ ...spec, chunks });
    const known = await backtest({ ...spec, feed: memoryFeed(chunks, { to: spec.config.to }) });
    // What the engine has when the bars after the run are not there.
    expect(engine.finalEquity).toBe(known.finalEquity);
    expect(lane.finalEquity).toBe(engine.finalEquity);
  });
});
