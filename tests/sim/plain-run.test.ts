import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import type { Instrument } from '../../src/market/instrument.js';
import { random } from '../../src/random.js';
import { backtest, type BacktestSpec } from '../../src/sim/backtest.js';
import { exchangeRules } from '../../src/sim/exchange-rules.js';
import { plainRun } from '../../src/sim/plain-run.js';
import { plainTerms } from '../../src/sim/plain-terms.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import smaCross from '../../src/strategies/builtin/sma-cross.js';
import { target } from '../../src/strategies/intent.js';
import { bars, defineStrategy, type Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';

const START = Date.UTC(2021, 0, 1);

/** Asks for exposures drawn from a list, and looks at everything that a strategy may look at. */
const fickle = (exposures: readonly number[], chance: number): Strategy =>
  defineStrategy({
    name: 'fickle',
    params: {},
    needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup: 3 }),
    memory: () => ({ wanted: 0 }),
    decide: (bar, _, context) => {
      const { memory } = context;
      const held = context.position(bar.symbol);
      const rate = context.funding(bar.symbol)?.rate ?? 0;
      context.plot('equity', context.equity + held.quantity + rate + (held.quantity === 0 ? 0 : held.entryPrice));
      if (context.random() < chance) memory.wanted = exposures[Math.floor(context.random() * exposures.length)] ?? 0;
      if (context.random() < chance / 20) context.note(`equity ${context.equity}`);
      return target(bar.symbol, memory.wanted, { reason: `wants ${memory.wanted}` });
    },
  });

/** Holds one exposure from the tenth bar it sees. */
const steady = (exposure: number): Strategy =>
  defineStrategy({
    name: 'steady',
    params: {},
    needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup: 3 }),
    memory: () => ({ seen: 0 }),
    decide: (bar, _, { memory }) => target(bar.symbol, ++memory.seen < 10 ? 0 : exposure, { reason: 'steady' }),
  });

interface Case {
  readonly seed: number;
  readonly volatility: number;
  readonly volume: number;
  readonly gaps: boolean;
  readonly offset: number;
  readonly inverse: boolean;
  readonly kind: 'sma' | 'calm' | 'wild' | 'odd' | 'long' | 'short';
  readonly window: readonly [number, number];
  readonly config: Partial<RunConfig>;
}

const ROWS = 400;

const instrumentOf = ({ inverse }: Case): Instrument => ({
  symbol: inverse ? 'BTC/USD:BTC' : 'BTC/USDT:USDT',
  exchange: 'bybit',
  kind: inverse ? 'inverse-perpetual' : 'linear-perpetual',
  tickSize: 0.5,
  lotSize: inverse ? 1 : 0.001,
  minNotional: inverse ? 1 : 5,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.005,
  source: 'test',
});

const dataOf = ({ seed, volatility, volume, gaps, offset, inverse }: Case): Chunk[] => {
  const draw = random(`plain/${seed}`);
  const rows: number[][] = [];
  let price = 40_000;
  for (let i = 0; i < ROWS; i++) {
    const open = price;
    price = Math.max(100, Math.round(price * (1 + volatility * draw.normal()) * 2) / 2);
    const high = Math.max(open, price) + Math.floor(draw.next() * open * volatility * 2) / 2;
    const low = Math.max(50, Math.min(open, price) - Math.floor(draw.next() * open * volatility * 2) / 2);
    if (!gaps || draw.next() > 0.05) rows.push([START + i * HOUR, open, high, low, price, volume * (0.5 + draw.next())]);
  }
  const { symbol } = instrumentOf({ inverse } as Case);
  const column = (k: number): Float64Array => Float64Array.from(rows, row => row[k]!);
  const settlements = Array.from({ length: 60 }, (_, k) => START + (8 * k - 8) * HOUR + offset);
  return [
    {
      kind: 'funding',
      symbol,
      rows: settlements.length,
      ts: Float64Array.from(settlements),
      columns: [Float64Array.from(settlements, () => 0.001 * draw.normal()), Float64Array.from(settlements, () => 8 * HOUR)],
    },
    { kind: 'bars', symbol, timeframe: '1h', rows: rows.length, ts: column(0), columns: [1, 2, 3, 4, 5].map(column) },
  ];
};

const strategyOf = ({ kind }: Case): Strategy =>
  kind === 'sma'
    ? smaCross
    : kind === 'calm'
      ? fickle([0, 0.5, -0.5, 0.9, 0.25, 1e-9], 0.2)
      : kind === 'wild'
        ? fickle([0, 2.5, -2.5, 3, -1, 1], 0.3)
        : kind === 'long' || kind === 'short'
          ? steady(kind === 'long' ? 2.5 : -2.5)
          : fickle([0, NaN, 5, 0.0001, -0.3], 0.2);

const specOf = (each: Case): BacktestSpec => {
  const chunks = dataOf(each);
  const instrument = instrumentOf(each);
  const [first, last] = each.window;
  const config = runConfig({
    exchange: 'bybit',
    from: START + first * HOUR,
    to: START + last * HOUR,
    symbols: [instrument.symbol],
    timeframe: '1h',
    capital: each.inverse ? 3 : 100_000,
    ...each.config,
  });
  return {
    strategy: strategyOf(each),
    params: each.kind === 'sma' ? { fast: 3, slow: 8 } : {},
    bundle: 'test',
    config,
    instruments: [instrument],
    feed: memoryFeed(chunks),
    keepFacts: false,
    chunks,
  };
};

/** Whether the run is one that `plainRun` plays to its end. */
const isPlain = ({ strategy, params, config, instruments, feed, chunks = [] }: BacktestSpec): boolean => {
  const data = plainTerms(strategy, config, instruments, chunks);
  const [instrument] = instruments;
  const rules = exchangeRules(config, instruments, feed.inputs);
  return (
    data !== null &&
    instrument !== undefined &&
    plainRun({ strategy, params, config, instrument, data, inputs: feed.inputs.length, rules, cache: null, signal: null }) !== null
  );
};

/** The result, or what went wrong: an account that wins on and on grows beyond what can be booked exactly. */
const outcome = (spec: BacktestSpec): Promise<unknown> => backtest(spec).catch(String);

const anyConfig: fc.Arbitrary<Partial<RunConfig>> = fc.record(
  {
    atEnd: fc.constantFrom('close', 'mark'),
    latency: fc.constantFrom(
      { kind: 'constant', order: 100, cancel: 100, report: 50 },
      { kind: 'constant', order: 1_500_000, cancel: 100, report: 0 },
      { kind: 'constant', order: 3_000_000, cancel: 100, report: 500_000 },
      { kind: 'constant', order: 20, cancel: 100, report: 3_000_000 },
      { kind: 'constant', order: 0, cancel: 0, report: 0 },
    ),
    slippage: fc.constantFrom({ kind: 'none' }, { kind: 'sqrt-impact', spreadBps: 1, coefficient: 1 }, { kind: 'fixed-bps', bps: 3 }),
    funding: fc.constantFrom({ kind: 'settled' }, { kind: 'none' }),
    fills: fc
      .tuple(fc.constantFrom('pessimistic', 'adaptive', 'high-first', 'nearest-first'), fc.constantFrom(0.1, null))
      .map(([path, participation]) => ({ kind: 'bars' as const, path, limits: 'through' as const, participation })),
    rebalanceBand: fc.constantFrom(null, null, null, 0.1),
    leverage: fc.constantFrom(3, 10),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<RunConfig>>;

const anyCase: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(1_000_000),
  volatility: fc.constantFrom(0.002, 0.01, 0.08),
  volume: fc.constantFrom(1e6, 1e6, 20),
  gaps: fc.constantFrom(false, false, true),
  offset: fc.constantFrom(0, 0, 0, HOUR / 2),
  inverse: fc.boolean(),
  kind: fc.constantFrom('sma', 'sma', 'calm', 'wild', 'odd', 'long', 'short'),
  window: fc.constantFrom([0, ROWS], [50, ROWS], [1, ROWS - 60], [13, ROWS + 20], [0, 10]),
  config: anyConfig,
});

describe('a plain run', () => {
  it('has the very result of the engine, whatever the data, the strategy and the venue, and is given up where it is not plain', async () => {
    let plain = 0;
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async each => {
        const { chunks, ...engine } = specOf(each);
        const played = await outcome({ ...engine, ...(chunks && { chunks }) });
        const expected = await outcome({ ...engine, feed: memoryFeed(chunks ?? []) });
        expect(played).toEqual(expected);
        runs++;
        if (typeof expected !== 'string' && isPlain({ ...engine, ...(chunks && { chunks }) })) plain++;
      }),
      { numRuns: 120 },
    );
    // Otherwise the engine would have been compared with itself.
    expect(plain).toBeGreaterThan(runs / 5);
    expect(plain).toBeLessThan(runs);
  });

  it('is what a search over one perpetual at a venue’s usual costs is made of', async () => {
    const usual: Case = {
      seed: 1,
      volatility: 0.01,
      volume: 1e6,
      gaps: false,
      offset: 0,
      inverse: false,
      kind: 'sma',
      window: [0, ROWS],
      config: { atEnd: 'close' },
    };
    expect(isPlain(specOf(usual))).toBe(true);
    expect((await backtest(specOf(usual))).fills.length).toBeGreaterThan(20);
  });

  it.each([
    ['a price near the liquidation of a long position', { volatility: 0.08, kind: 'long' }],
    ['a price near the liquidation of a short position', { volatility: 0.08, kind: 'short' }],
    ['a bar whose volume is too small', { volume: 0.1, kind: 'wild' }],
    ['a target that is denied', { kind: 'odd' }],
  ] as const)('is given up at %s', (_, change) => {
    const base: Case = {
      seed: 5,
      volatility: 0.01,
      volume: 1e6,
      gaps: false,
      offset: 0,
      inverse: false,
      kind: 'sma',
      window: [0, ROWS],
      config: {},
    };
    expect(isPlain(specOf({ ...base, ...change }))).toBe(false);
  });

  it.each([
    ['long', 'low', 0.5],
    ['short', 'high', 1.6],
  ] as const)('is given up where a spike between two settlements of funding liquidates a %s position', async (kind, side, spike) => {
    const calm: Case = {
      seed: 11,
      volatility: 0.002,
      volume: 1e6,
      gaps: false,
      offset: 0,
      inverse: false,
      kind,
      window: [0, ROWS],
      config: { atEnd: 'mark' },
    };
    const spec = specOf(calm);
    // Entered long before, settled last three hours before, and closed as if nothing had been.
    const [funding, chunk] = spec.chunks as [Chunk, Chunk];
    const columns = chunk.columns.map(column => Float64Array.from(column));
    const at = 8 * 25 + 2;
    columns[side === 'low' ? 2 : 1]![at]! *= spike;
    const spiked = [funding, { ...chunk, columns }];
    expect(isPlain(spec)).toBe(true);
    expect(isPlain({ ...spec, chunks: spiked })).toBe(false);
    const played = await backtest({ ...spec, feed: memoryFeed(spiked), chunks: spiked });
    const { chunks: _, ...engine } = { ...spec, feed: memoryFeed(spiked) };
    expect(played.liquidations).toHaveLength(1);
    expect(played.liquidations[0]?.ts).toBeGreaterThan(START + at * HOUR);
    expect(played.liquidations[0]?.ts).toBeLessThanOrEqual(START + (at + 1) * HOUR);
    expect(played).toEqual(await backtest(engine));
  });
});
