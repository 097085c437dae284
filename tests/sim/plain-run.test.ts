import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { Chunk } from '../../src/events/market.js';
import { donchian } from '../../src/features/trend/donchian.js';
import { sma } from '../../src/features/trend/sma.js';
import type { Instrument } from '../../src/market/instrument.js';
import { random } from '../../src/random.js';
import { backtest, type BacktestSpec } from '../../src/sim/backtest.js';
import { exchangeRules } from '../../src/sim/exchange-rules.js';
import { outcomeColumns } from '../../src/metrics/outcome-columns.js';
import { plainRun } from '../../src/sim/plain-run.js';
import { PlainScratch } from '../../src/sim/plain-scratch.js';
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

/** Holds one exposure from one bar that it sees on, the tenth unless stated, until another. */
const steady = (exposure: number, first = 10, end = Infinity): Strategy =>
  defineStrategy({
    name: 'steady',
    params: {},
    needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup: 3 }),
    memory: () => ({ seen: 0 }),
    decide: (bar, _, { memory }) => {
      const seen = ++memory.seen;
      return target(bar.symbol, seen < first || seen >= end ? 0 : exposure, { reason: 'steady' });
    },
  });

interface Case {
  readonly seed: number;
  readonly volatility: number;
  readonly volume: number;
  readonly gaps: boolean;
  /** By how much all settlements of funding are late, ms. */
  readonly offset: number;
  /** Settlements that are late by themselves: which, and by how many ms. */
  readonly late: readonly (readonly [number, number])[];
  readonly inverse: boolean;
  readonly kind: 'sma' | 'calm' | 'brief' | 'wild' | 'odd' | 'long' | 'short';
  readonly window: readonly [number, number];
  /** Whether the facts are wanted, and not only what came of the run. */
  readonly keepFacts: boolean;
  readonly config: Partial<RunConfig>;
  /** Bars of the market, `ROWS` when left out. */
  readonly rows?: number;
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

const dataOf = ({ seed, volatility, volume, gaps, offset, late, inverse, rows: count = ROWS }: Case): Chunk[] => {
  const draw = random(`plain/${seed}`);
  const rows: number[][] = [];
  let price = 40_000;
  for (let i = 0; i < count; i++) {
    const open = price;
    price = Math.max(100, Math.round(price * (1 + volatility * draw.normal()) * 2) / 2);
    const high = Math.max(open, price) + Math.floor(draw.next() * open * volatility * 2) / 2;
    const low = Math.max(50, Math.min(open, price) - Math.floor(draw.next() * open * volatility * 2) / 2);
    if (!gaps || draw.next() > 0.05) rows.push([START + i * HOUR, open, high, low, price, volume * (0.5 + draw.next())]);
  }
  const { symbol } = instrumentOf({ inverse } as Case);
  const column = (k: number): Float64Array => Float64Array.from(rows, row => row[k]!);
  const delays = new Map(late);
  const settlements = Array.from({ length: 60 }, (_, k) => START + (8 * k - 8) * HOUR + (delays.get(k) ?? offset));
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
      : kind === 'brief'
        ? fickle([0, 0, 0, 0.5], 0.9)
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
    keepFacts: each.keepFacts,
    chunks,
  };
};

/** Whether the run is one that `plainRun` plays to its end. */
const isPlain = async ({ strategy, params, config, instruments, feed, chunks = [] }: BacktestSpec): Promise<boolean> => {
  const data = plainTerms(strategy, config, instruments, chunks);
  const [instrument] = instruments;
  const rules = exchangeRules(config, instruments, feed.inputs);
  return (
    data !== null &&
    instrument !== undefined &&
    (await plainRun({
      strategy,
      params,
      config,
      instrument,
      data,
      inputs: feed.inputs.length,
      rules,
      cache: null,
      signal: null,
      scratch: null,
    })) !== null
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
    rebalanceBand: fc.constantFrom(null, null, null, null, null, null, null, 0.1),
    leverage: fc.constantFrom(3, 10),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<RunConfig>>;

/** A few settlements that are late while the others are not. */
const someLate = fc.array(fc.tuple(fc.nat(59), fc.constantFrom(3, 40, 1000)), { minLength: 1, maxLength: 4 });

/** Windows that end half an hour after a close; in two of the three, funding is settled at that close. */
const endInside = fc.constantFrom<[number, number][]>([0, 336.5], [5, 384.5], [1, ROWS - 0.5]);

const anyCase: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(1_000_000),
  volatility: fc.constantFrom(0.002, 0.01, 0.08),
  volume: fc.constantFrom(1e6, 1e6, 1e6, 1e6, 20),
  gaps: fc.constantFrom(false, false, false, false, true),
  offset: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, HOUR / 2),
  late: fc.oneof({ weight: 7, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: someLate }),
  inverse: fc.boolean(),
  kind: fc.constantFrom('sma', 'sma', 'calm', 'brief', 'wild', 'odd', 'long', 'short'),
  window: fc.oneof(
    { weight: 7, arbitrary: fc.constantFrom<[number, number][]>([0, ROWS], [50, ROWS], [1, ROWS - 60], [13, ROWS + 20], [0, 10]) },
    { weight: 1, arbitrary: endInside },
  ),
  keepFacts: fc.boolean(),
  config: anyConfig,
});

/** A run of the kind that searches are made of. */
const usual: Case = {
  seed: 1,
  volatility: 0.01,
  volume: 1e6,
  gaps: false,
  offset: 0,
  late: [],
  inverse: false,
  kind: 'sma',
  window: [0, ROWS],
  keepFacts: false,
  config: { atEnd: 'close' },
};

/** Runs that would be plain more often than not, but for late settlements or the end of their window. */
const offGrid: fc.Arbitrary<Case> = fc
  .record({
    seed: fc.nat(1_000_000),
    kind: fc.constantFrom<Case['kind'][]>('sma', 'brief', 'brief', 'long'),
    inverse: fc.boolean(),
    grid: fc.oneof(fc.record({ late: someLate }), fc.record({ window: endInside })),
    latency: fc.constantFrom<RunConfig['latency'][]>(
      { kind: 'constant', order: 1_500_000, cancel: 100, report: 0 },
      { kind: 'constant', order: 100, cancel: 100, report: 1_200_000 },
    ),
  })
  .map(({ grid, latency, ...each }) => ({ ...usual, ...each, ...grid, config: { ...usual.config, latency } }));

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
        if (typeof expected !== 'string' && (await isPlain({ ...engine, ...(chunks && { chunks }) }))) plain++;
      }),
      { numRuns: 120 },
    );
    // Otherwise the engine would have been compared with itself.
    expect(plain).toBeGreaterThan(runs / 5);
    expect(plain).toBeLessThan(runs);
  });

  it('has the very result and columns of the engine in memory that runs before it have used, whichever of them the engine had to play', async () => {
    const scratch = new PlainScratch();
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async each => {
        const spec = specOf({ ...each, volatility: Math.min(each.volatility, 0.01), gaps: false });
        const { chunks = [], ...engine } = spec;
        const expected = await outcome({ ...engine, feed: memoryFeed(chunks) });
        if (typeof expected === 'string') return;
        const played = await backtest({ ...spec, scratch });
        expect(played).toEqual(expected);
        expect(scratch.outcome !== null).toBe(await isPlain(spec));
        if (scratch.outcome === null) return;
        kept++;
        expect(scratch.outcome).toEqual(outcomeColumns(expected as RunResult));
      }),
      { numRuns: 80 },
    );
    expect(kept).toBeGreaterThan(15);
  });

  it('makes no lists of what the next run in its memory has written over', async () => {
    const scratch = new PlainScratch();
    const first = await backtest({ ...specOf(usual), scratch });
    const second = await backtest({ ...specOf({ ...usual, seed: 2 }), scratch });
    expect(() => first.fills).toThrow('used by another');
    expect(second.fills.length).toBeGreaterThan(20);
  });

  it('shows indicators of several numbers, and more than four of them, as the engine does', async () => {
    const looking = defineStrategy({
      name: 'looking',
      params: {},
      indicators: () => ({ a: sma(3), band: donchian(5), b: sma(4), c: sma(5), d: sma(6), e: sma(7), other: donchian(9) }),
      decide: (bar, values, context) => {
        const { a, b, c, d, e, band, other } = values;
        context.plot('sum', a + b + c + d + e + band.upper + band.lower + other.upper);
        if (bar.close > other.upper - 1)
          context.note(JSON.stringify([Object.entries(values), { ...context, memory: 0 }, context.funding(bar.symbol)]));
        return other.upper > 0 ? target(bar.symbol, a > e ? 0.5 : -0.25, { reason: `${band.upper}` }) : undefined;
      },
    });
    const spec = { ...specOf(usual), strategy: looking };
    const { chunks = [], ...engine } = spec;
    expect(await backtest(spec)).toEqual(await backtest({ ...engine, feed: memoryFeed(chunks) }));
    expect(await isPlain(spec)).toBe(true);
  });

  it('has the very result of the engine where settlements are late or the run ends inside a bar', async () => {
    await fc.assert(
      fc.asyncProperty(offGrid, async each => {
        const { chunks = [], ...engine } = specOf(each);
        expect(await outcome({ ...engine, chunks })).toEqual(await outcome({ ...engine, feed: memoryFeed(chunks) }));
        expect(await isPlain({ ...engine, chunks })).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('is what a search over one perpetual at a venue’s usual costs is made of', async () => {
    expect(await isPlain(specOf(usual))).toBe(true);
    expect((await backtest(specOf(usual))).fills.length).toBeGreaterThan(20);
  });

  const quick = { kind: 'constant', order: 100, cancel: 100, report: 50 } as const;
  it.each<[string, Strategy, number, Case['late'], number, Partial<RunConfig>]>([
    ['a closing order is on its way while funding is 3 ms late', steady(0.5, 10, 24), 48, [[4, 3]], 2, { latency: quick }],
    ['an order is on its way where the run ends inside a bar', steady(0.5, 24), 24.5, [], 0, { latency: { ...quick, order: 600_000 } }],
    [
      'funding of the last close is told of inside the bar in which the run ends',
      steady(0.5),
      24.5,
      [],
      2,
      { latency: { ...quick, report: 1_200_000 } },
    ],
  ])('is left to the engine where %s', async (_, strategy, to, late, payments, change) => {
    const spec = { ...specOf({ ...usual, late, window: [0, to], config: { ...usual.config, ...change } }), strategy };
    const { chunks, ...engine } = spec;
    const expected = await backtest(engine);
    expect(expected.fills).toHaveLength(2);
    expect(expected.funding).toHaveLength(payments);
    expect(await backtest({ ...engine, ...(chunks && { chunks }) })).toEqual(expected);
    expect(await isPlain(spec)).toBe(false);
  });

  it.each([
    ['a price near the liquidation of a long position', { volatility: 0.08, kind: 'long' }],
    ['a price near the liquidation of a short position', { volatility: 0.08, kind: 'short' }],
    ['a bar whose volume is too small', { volume: 0.1, kind: 'wild' }],
    ['a target that is denied', { kind: 'odd' }],
  ] as const)('is given up at %s', async (_, change) => {
    expect(await isPlain(specOf({ ...usual, seed: 5, config: {}, ...change }))).toBe(false);
  });

  it.each([
    ['long', 'low', 0.5],
    ['short', 'high', 1.6],
  ] as const)('is given up where a spike between two settlements of funding liquidates a %s position', async (kind, side, spike) => {
    const calm: Case = { ...usual, seed: 11, volatility: 0.002, kind, config: { atEnd: 'mark' } };
    const spec = specOf(calm);
    // Entered long before, settled last three hours before, and closed as if nothing had been.
    const [funding, chunk] = spec.chunks as [Chunk, Chunk];
    const columns = chunk.columns.map(column => Float64Array.from(column));
    const at = 8 * 25 + 2;
    columns[side === 'low' ? 2 : 1]![at]! *= spike;
    const spiked = [funding, { ...chunk, columns }];
    expect(await isPlain(spec)).toBe(true);
    expect(await isPlain({ ...spec, chunks: spiked })).toBe(false);
    const played = await backtest({ ...spec, feed: memoryFeed(spiked), chunks: spiked });
    const { chunks: _, ...engine } = { ...spec, feed: memoryFeed(spiked) };
    expect(played.liquidations).toHaveLength(1);
    expect(played.liquidations[0]?.ts).toBeGreaterThan(START + at * HOUR);
    expect(played.liquidations[0]?.ts).toBeLessThanOrEqual(START + (at + 1) * HOUR);
    expect(played).toEqual(await backtest(engine));
  });

  it('gives a note from a promise to the engine, which hears it before the run is over', async () => {
    const spec = specOf(usual);
    const late: Strategy = {
      ...spec.strategy,
      decide: (bar, values, context) => {
        void Promise.resolve().then(() => context.note('late'));
        return spec.strategy.decide!(bar, values, context);
      },
    };
    const { chunks, ...engine } = { ...spec, strategy: late };
    const played = await backtest({ ...engine, ...(chunks && { chunks }) });
    expect(played).toEqual(await backtest(engine));
    expect(played.notes.length).toBeGreaterThan(0);
  });

  it('begins anew, with nothing in the strategy of the run that was given up', async () => {
    const spec = specOf({ ...usual, seed: 5, config: {}, kind: 'odd' });
    const counting = (): Strategy => {
      let n = 0;
      return {
        ...spec.strategy,
        decide: (bar, values, context) => (++n % 37 === 0 ? undefined : spec.strategy.decide!(bar, values, context)),
      };
    };
    const { chunks, ...engine } = spec;
    const alone = await backtest({ ...engine, strategy: counting() });
    const after = await backtest({ ...engine, ...(chunks && { chunks }), strategy: counting(), fresh: () => Promise.resolve(counting()) });
    expect(after.fingerprint).toBe(alone.fingerprint);
  });

  it('hears an interrupt, and says how far it is, where somebody watches', async () => {
    const spec = specOf({ ...usual, rows: 70_000, window: [0, 70_000] });
    const seen: number[] = [];
    const stop = new AbortController();
    await expect(
      backtest({
        ...spec,
        signal: stop.signal,
        onProgress: (_, bars) => {
          seen.push(bars);
          setImmediate(() => stop.abort());
        },
      }),
    ).rejects.toThrow('aborted');
    expect(seen.length).toBeGreaterThan(0);
    await expect(backtest({ ...specOf(usual), signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });

  it('leaves a reason that is no text to the engine', async () => {
    const spec = specOf(usual);
    const script: Strategy = {
      ...spec.strategy,
      decide: (bar, values, context) => {
        const wanted = spec.strategy.decide!(bar, values, context);
        return wanted && ({ ...wanted, reason: 5 } as never);
      },
    };
    const { chunks, ...engine } = { ...spec, strategy: script };
    const played = await backtest({ ...engine, ...(chunks && { chunks }) });
    expect(played).toEqual(await backtest(engine));
  });

  it('dates the states of a warm-up as the engine does', async () => {
    const spec = specOf({ ...usual, window: [50, ROWS], keepFacts: true });
    const talking: Strategy = {
      ...spec.strategy,
      needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup: 30 }),
      decide: (bar, values, context) => {
        for (let i = 0; i < 1_000; i++) context.note('warm');
        // A target before the beginning would be refused, and the run the engine's.
        return bar.ts > spec.config.from + 40 * HOUR ? spec.strategy.decide!(bar, values, context) : undefined;
      },
    };
    const { chunks, ...engine } = { ...spec, strategy: talking };
    const played = await backtest({ ...engine, ...(chunks && { chunks }) });
    const expected = await backtest(engine);
    expect(expected.states!.some(({ ts }) => ts < spec.config.from)).toBe(true);
    expect(expected.states!.some(({ ts }) => ts < spec.config.from)).toBe(true);
    expect(played.states).toEqual(expected.states);
  });
});
