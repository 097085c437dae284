import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { Engine } from '../../src/engine/engine.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { Feed } from '../../src/events/feed.js';
import type { Bar, Chunk } from '../../src/events/market.js';
import type { Feature } from '../../src/features/feature.js';
import type { Instrument } from '../../src/market/instrument.js';
import { timeframeMs, type Timeframe } from '../../src/market/timeframe.js';
import { backtest } from '../../src/sim/backtest.js';
import { simulatedExchange } from '../../src/sim/exchange-rules.js';
import type { SimulatedExchange } from '../../src/sim/simulated-exchange.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import type { Decision } from '../../src/strategies/intent.js';
import { defineStrategy, type Context, type Strategy } from '../../src/strategies/strategy.js';

/** Midnight UTC on a Monday: every timeframe starts a bar here. */
export const T0 = Date.UTC(2024, 0, 1);
export const A = 'AAA/USDT:USDT';
export const B = 'BBB/USDT:USDT';

/** Open, high, low, close and, if stated, volume; null is a hole in the data. */
export type BarRow = readonly [number, number, number, number, number?] | null;

/** A bar in which the price does not move. */
export const still = (price: number, volume?: number): BarRow =>
  volume === undefined ? [price, price, price, price] : [price, price, price, price, volume];

/** One unit is one lot, one tick is one unit of money: figures that can be worked by hand. */
export const perpetual = (symbol: string, overrides: Partial<Instrument> = {}): Instrument => ({
  symbol,
  exchange: 'test',
  kind: 'linear-perpetual',
  tickSize: 1,
  lotSize: 1,
  minNotional: 0,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0,
  source: 'test',
  ...overrides,
});

export interface Scenario {
  /** Bars by symbol, one a period from `T0` on. */
  readonly bars: Readonly<Record<string, readonly BarRow[]>>;
  readonly timeframe?: Timeframe;
  /** What the strategy does at the close of bar `i` (0 is the first) of a symbol. */
  readonly decide?: (i: number, bar: Bar, context: Context) => Decision;
  /** A whole strategy instead of `decide`. */
  readonly strategy?: Strategy;
  readonly indicators?: Readonly<Record<string, Feature>>;
  readonly config?: Partial<RunConfig>;
  readonly instruments?: Readonly<Record<string, Partial<Instrument>>>;
  /** Symbol, time, rate. */
  readonly funding?: readonly (readonly [string, number, number])[];
  /** Symbol, time, price. */
  readonly mark?: readonly (readonly [string, number, number])[];
  /** Symbol, time, 1 when listed and 0 when delisted. */
  readonly universe?: readonly (readonly [string, number, number])[];
  /** More chunks, as they are. */
  readonly chunks?: readonly Chunk[];
}

const barChunk = (symbol: string, timeframe: Timeframe, rows: readonly BarRow[]): Chunk => {
  const ms = timeframeMs(timeframe);
  const present = rows.flatMap((row, i) => (row === null ? [] : [{ ts: T0 + i * ms, row }]));
  const column = (k: number): Float64Array => Float64Array.from(present, ({ row }) => row[k] ?? NaN);
  return {
    kind: 'bars',
    symbol,
    timeframe,
    rows: present.length,
    ts: Float64Array.from(present, ({ ts }) => ts),
    columns: [column(0), column(1), column(2), column(3), column(4)],
  };
};

const sparse = (kind: 'funding' | 'mark' | 'universe', rows: Scenario['funding'] = [], more: readonly number[] = []): Chunk[] =>
  [...new Set(rows.map(([symbol]) => symbol))].map(symbol => {
    const own = rows.filter(row => row[0] === symbol);
    return {
      kind,
      symbol,
      rows: own.length,
      ts: Float64Array.from(own, row => row[1]),
      columns: [Float64Array.from(own, row => row[2]), ...more.map(value => new Float64Array(own.length).fill(value))],
    };
  });

/** A free, instant, flawless venue: each test adds the one assumption that it is about. */
export const FREE = {
  fees: { kind: 'maker-taker', maker: 0, taker: 0 },
  slippage: { kind: 'none' },
  latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
  fills: { kind: 'bars', path: 'nearest-first', limits: 'touch', participation: null },
} as const satisfies Partial<RunConfig>;

/** Every limit of the gate switched off. */
export const NO_RISK: RunConfig['risk'] = {
  maxOrderNotional: null,
  maxLeverage: null,
  maxExposure: null,
  priceCollar: null,
  maxDrawdown: null,
};

/** The data and the configuration of a scenario, for tests that run it in a way of their own. */
export const stage = (scenario: Scenario): { chunks: Chunk[]; config: RunConfig; instruments: Instrument[] } => {
  const timeframe = scenario.timeframe ?? '1h';
  const symbols = Object.keys(scenario.bars);
  const chunks = [
    ...symbols.map(symbol => barChunk(symbol, timeframe, scenario.bars[symbol] ?? [])),
    ...sparse('funding', scenario.funding, [8 * 3_600_000]),
    ...sparse('mark', scenario.mark),
    ...sparse('universe', scenario.universe),
    ...(scenario.chunks ?? []),
  ];
  const length = Math.max(...symbols.map(symbol => scenario.bars[symbol]?.length ?? 0));
  const config: RunConfig = {
    ...runConfig({
      exchange: 'synthetic',
      from: T0,
      to: T0 + length * timeframeMs(timeframe),
      symbols,
      timeframe,
      capital: 10_000,
      leverage: 100,
      funding: scenario.funding ? { kind: 'settled' } : { kind: 'none' },
      ...FREE,
      risk: NO_RISK,
    }),
    ...scenario.config,
  };
  return { chunks, config, instruments: symbols.map(symbol => perpetual(symbol, scenario.instruments?.[symbol])) };
};

/** An engine and its venue over chunks, for tests that look into them. */
export const engineOver = (
  strategy: Strategy,
  { chunks, config, instruments }: ReturnType<typeof stage>,
): { engine: Engine; venue: SimulatedExchange; feed: Feed } => {
  const feed = memoryFeed(chunks);
  const venue = simulatedExchange(config, instruments, feed.inputs);
  const engine = new Engine(
    {
      strategy,
      params: {},
      config,
      instruments,
      venue,
      costs: venue.rules,
      feedLatency: () => 0,
      manifestHash: '',
      keepFacts: true,
      cache: null,
      forecasts: null,
      until: Infinity,
      onProgress: null,
      signal: null,
      observe: null,
    },
    feed.inputs,
  );
  return { engine, venue, feed };
};

/** Play a scenario. */
export const play = (scenario: Scenario): Promise<RunResult> => {
  const { chunks, config, instruments } = stage(scenario);
  const ms = timeframeMs(config.timeframe);
  const strategy =
    scenario.strategy ??
    defineStrategy({
      name: 'scripted',
      params: {},
      indicators: () => scenario.indicators ?? {},
      decide: (bar, _, context) => scenario.decide?.(Math.round((bar.openTime - T0) / ms), bar, context),
    });
  return backtest({
    strategy,
    params: {},
    bundle: 'test',
    config,
    instruments,
    feed: memoryFeed(chunks, { from: -Infinity, to: Infinity }),
  });
};

/** `buy 2@100 taker h3`: side, quantity, price, liquidity, hours after `T0`. */
export const told = (result: RunResult): string[] =>
  result.fills.map(
    f => `${f.side} ${f.quantity}@${f.price} ${f.liquidity} h${(f.ts - T0) / 3_600_000}${f.symbol === A ? '' : ` ${f.symbol.slice(0, 3)}`}`,
  );

/** Facts of one type. */
export const factsOf = <T extends RunResult['facts'][number]['type']>(
  result: RunResult,
  type: T,
): Extract<RunResult['facts'][number], { type: T }>[] =>
  result.facts.filter((fact): fact is Extract<RunResult['facts'][number], { type: T }> => fact.type === type);
