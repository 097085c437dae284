import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import { backtest } from '../../src/sim/backtest.js';
import { pathSensitivity, type ReplayableSpec } from '../../src/sim/path-sensitivity.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { order } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';

const START = Date.UTC(2024, 0, 1);
const SYMBOL = 'A/USDT:USDT';
type Prices = readonly [open: number, high: number, low: number, close: number];

const barsOf = (rows: readonly Prices[]): Chunk => ({
  kind: 'bars',
  symbol: SYMBOL,
  timeframe: '1h',
  rows: rows.length,
  ts: Float64Array.from(rows, (_, i) => START + i * HOUR),
  columns: [...[0, 1, 2, 3].map(k => Float64Array.from(rows, row => row[k] ?? NaN)), new Float64Array(rows.length).fill(1000)],
});

/** Buys one at the second open, with a stop at 95 and a take-profit at 105 around it. */
const entryAndExits = defineStrategy({
  name: 'entry-and-exits',
  params: {},
  decide: bar => {
    if (bar.openTime !== START) return undefined;
    const exit = { symbol: bar.symbol, side: 'sell', quantity: 1, reduceOnly: true } as const;
    return [order({ symbol: bar.symbol, side: 'buy', quantity: 1 }), order({ ...exit, stop: 95 }), order({ ...exit, takeProfit: 105 })];
  },
});

const specOf = (rows: readonly Prices[], fills: Partial<Extract<RunConfig['fills'], { kind: 'bars' }>> = {}): ReplayableSpec => ({
  strategy: entryAndExits,
  params: {},
  bundle: 'test',
  instruments: [
    {
      symbol: SYMBOL,
      exchange: 'synthetic',
      kind: 'linear-perpetual',
      tickSize: 0.1,
      lotSize: 0.001,
      minNotional: 5,
      contractSize: 1,
      maxLeverage: 50,
      maintenanceMarginRate: 0.005,
      source: 'test',
    },
  ],
  config: {
    ...runConfig({ exchange: 'synthetic', from: START, to: START + rows.length * HOUR, symbols: [SYMBOL], timeframe: '1h', seed: 1 }),
    capital: 1000,
    fees: { kind: 'maker-taker', maker: 0, taker: 0 },
    slippage: { kind: 'none' },
    funding: { kind: 'none' },
    latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
    fills: { kind: 'bars', path: 'low-first', limits: 'through', participation: null, ...fills },
  },
  feed: async () => memoryFeed([barsOf(rows)]),
});

const assess = async (spec: ReplayableSpec, keepFacts = true) =>
  pathSensitivity(spec, await backtest({ ...spec, feed: await spec.feed(), keepFacts }));

const FLAT: Prices = [100, 100, 100, 100];
const BOTH: Prices = [100, 106, 94, 100];

describe('path sensitivity', () => {
  it('says that an exit depends on the path when its bar holds both stop and target, and what the other path earns', async () => {
    const verdict = await assess(specOf([FLAT, BOTH, FLAT]));
    expect(verdict).toEqual({
      fills: 2,
      dependent: 1,
      share: 0.5,
      outcomes: [
        { path: 'low-first', fills: 2, finalEquity: 995, totalReturn: 995 / 1000 - 1 },
        { path: 'high-first', fills: 2, finalEquity: 1005, totalReturn: 1005 / 1000 - 1 },
      ],
    });
  });

  it('finds nothing where only one of them is inside', async () => {
    const verdict = await assess(specOf([FLAT, [100, 106, 96, 100], FLAT]));
    expect(verdict?.dependent).toBe(0);
    expect(verdict?.outcomes.map(({ finalEquity }) => finalEquity)).toEqual([1005, 1005]);
  });

  it('tries both extremes first for the other assumptions', async () => {
    const verdict = await assess(specOf([FLAT, [100, 106, 94, 101], FLAT], { path: 'adaptive' }));
    // The bar rises, so its low came first: stopped at 95.
    expect(verdict?.outcomes.map(({ path, finalEquity }) => [path, finalEquity])).toEqual([
      ['adaptive', 995],
      ['high-first', 1005],
      ['low-first', 995],
    ]);
    expect(verdict?.dependent).toBe(1);
  });

  it('counts a fill at another price, but not one that is a tick away', async () => {
    // The order arrives where the first extreme is.
    const late = (high: number, low: number) => {
      const spec = specOf([FLAT, [100, high, low, 100], FLAT]);
      return assess({ ...spec, config: { ...spec.config, latency: { kind: 'constant', order: HOUR / 3, cancel: 0, report: 0 } } });
    };
    expect((await late(100.2, 100))?.dependent).toBe(1);
    expect((await late(100.1, 100))?.dependent).toBe(0);
  });

  it('plays a run again that kept no facts', async () => {
    expect(await assess(specOf([FLAT, BOTH, FLAT]), false)).toEqual(await assess(specOf([FLAT, BOTH, FLAT])));
  });

  it('has nothing to say without fills', async () => {
    const verdict = await assess(specOf([FLAT]));
    expect([verdict?.fills, verdict?.dependent, verdict?.share]).toEqual([0, 0, 0]);
  });
});
