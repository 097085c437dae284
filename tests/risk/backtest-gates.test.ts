import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import { overridesOf } from '../../src/commands/run-options.js';
import { RISK_OPTIONS } from '../../src/commands/risk-options.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { riskLimitsText } from '../../src/sim/risk-limits-text.js';
import { cancel, order, target, type Intent } from '../../src/strategies/intent.js';
import { random } from '../../src/random.js';
import { A, B, FREE, NO_RISK, T0, factsOf, play, still, told, type BarRow, type Scenario } from '../engine/scenario.js';

const HOUR = 3_600_000;
const C = 'CCC/USDT:USDT';
const flat = (n: number, price = 100): BarRow[] => Array.from({ length: n }, () => still(price));

const buy = (symbol: string, quantity: number, limit?: number): Intent =>
  order({ symbol, side: 'buy', quantity, ...(limit !== undefined && { limit }) });

/** Run a scenario under limits that the command line states. */
const under = (risk: string, scenario: Scenario) =>
  play({ ...scenario, config: { ...scenario.config, risk: { ...NO_RISK, ...overridesOf({ risk }).risk } as RunConfig['risk'] } });

/** What was refused, under limits that the command line states. */
const refusals = async (risk: string, scenario: Scenario) => (await under(risk, scenario)).refusals;

const quotes = (symbol: string, rows: readonly (readonly [number, number, number])[]): Chunk => ({
  kind: 'quotes',
  symbol,
  rows: rows.length,
  ts: Float64Array.from(rows, ([ts]) => ts),
  columns: [
    Float64Array.from(rows, r => r[1]),
    new Float64Array(rows.length).fill(1),
    Float64Array.from(rows, r => r[2]),
    new Float64Array(rows.length).fill(1),
  ],
});

describe('each gate, stated on the command line of a backtest, denies beyond its limit and not at it', () => {
  /** Capital is 10,000 and a lot costs 100. */
  const one = (quantity: number): Scenario => ({ bars: { [A]: flat(4) }, decide: i => (i === 0 ? buy(A, quantity) : undefined) });

  it.each([
    ['position=5000', 'max-position', one(50), one(51)],
    ['gross=5000', 'max-gross', one(50), one(51)],
    ['net=0.5', 'max-net', one(50), one(51)],
    ['leverage=0.5', 'max-leverage', one(50), one(51)],
    ['concentration=0.9/0.5', 'concentration', one(50), one(51)],
    // No maintenance margin: equity ÷ gross.
    ['margin-distance=0.5', 'margin-distance', one(200), one(201)],
  ] as const)('%s', async (risk, code, within, beyond) => {
    expect(await refusals(risk, within)).toEqual({});
    expect(await refusals(risk, beyond)).toEqual({ [code]: 1 });
  });

  it('correlated=0.5/0.9: symbols that move together count as one', async () => {
    const walk = (seed: number, from: number): BarRow[] => {
      const r = random(seed);
      let price = 100;
      return Array.from({ length: 30 }, (_, i) => still(i < from ? (price += Math.round(r.normal() * 2)) : price));
    };
    const scenario = (other: number): Scenario => ({
      bars: { [A]: walk(1, 24), [B]: walk(other, 24) },
      decide: (i, { symbol }) => (i === 24 ? target(symbol, 0.3) : undefined),
    });
    expect(await refusals('correlated=0.5/0.9,correlation-bars=20', scenario(1))).toEqual({ correlated: 1 });
    expect(await refusals('correlated=0.5/0.9,correlation-bars=20', scenario(2))).toEqual({});
    expect(await refusals('correlated=0.6/0.9,correlation-bars=20', scenario(1))).toEqual({});
  });

  it('order-rate=3/1h: orders and cancels per window of market time, counted as they are let through', async () => {
    const scenario = (more: readonly Intent[]): Scenario => ({
      bars: { [A]: flat(5) },
      decide: i =>
        i === 0 ? [1, 2, 3].map(k => order({ symbol: A, side: 'buy', quantity: 1, limit: 50, id: `${k}` })) : i === 1 ? more : undefined,
    });
    const more = [buy(A, 1, 50), buy(A, 1, 50), buy(A, 1, 50)];
    expect(await refusals('order-rate=3/1h', scenario(more))).toEqual({});
    expect(await refusals('order-rate=3/1h', scenario([...more, buy(A, 1, 50)]))).toEqual({ 'order-rate': 1 });
    expect(await refusals('order-rate=3/61m', scenario(more.slice(1)))).toEqual({ 'order-rate': 2 });
    const cancelled = await under('order-rate=3/1h', scenario([cancel('1'), cancel('2')]));
    expect(factsOf(cancelled, 'OrderCancelled').length).toBe(2);
  });

  it('open-orders=2', async () => {
    const scenario = (n: number): Scenario => ({
      bars: { [A]: flat(4) },
      decide: i => (i === 0 ? Array.from({ length: n }, () => buy(A, 1, 50)) : undefined),
    });
    expect(await refusals('open-orders=2', scenario(2))).toEqual({});
    expect(await refusals('open-orders=2', scenario(3))).toEqual({ 'open-orders': 1 });
  });

  it('daily-loss=0.1: only reductions up to the next UTC day; working entries are taken back', async () => {
    const bars = (low: number): BarRow[] => [still(100), still(100), still(low), ...flat(25, low)];
    const scenario = (low: number): Scenario => ({
      bars: { [A]: bars(low) },
      decide: i =>
        i === 0
          ? [target(A, 1), buy(A, 1, 40)]
          : i === 3
            ? [buy(A, 1), order({ symbol: A, side: 'sell', quantity: 1 })]
            : i === 24
              ? buy(A, 2)
              : undefined,
    });
    expect(await refusals('daily-loss=0.1', scenario(90))).toEqual({});
    const result = await under('daily-loss=0.1', scenario(89));
    expect(result.refusals).toEqual({ reducing: 1 });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 1@89 taker h4', 'buy 2@89 taker h25']);
    expect(factsOf(result, 'RiskStateChanged').map(f => [(f.ts - T0) / HOUR, f.state, f.code])).toEqual([
      [3, 'REDUCING', 'daily-loss'],
      [24, 'ACTIVE', 'calm'],
    ]);
    expect(factsOf(result, 'OrderCancelled').map(f => f.orderId)).toEqual(['o2']);
    const halted = await under('daily-loss=0.1,daily-loss-halts=true', scenario(89));
    expect(halted.halted?.code).toBe('daily-loss');
    expect(halted.curve.gross.at(-1)).toBe(0);
    const left = await under('daily-loss=0.1,daily-loss-halts=true,halt-flattens=false', scenario(89));
    expect(left.halted?.code).toBe('daily-loss');
    expect(told(left)).toEqual(['buy 100@100 taker h1']);
  });

  it('is judged at the prices of the moment, before the strategy decides', async () => {
    const result = await under('daily-loss=0.1', {
      bars: { [A]: [still(100), still(100), still(80), still(80)] },
      decide: i => (i === 0 ? target(A, 1) : i === 2 ? buy(A, 1) : undefined),
    });
    expect(result.refusals).toEqual({ reducing: 1 });
  });

  it('pause-after-losses=2/3h', async () => {
    // Bought at one open and sold at the next, a unit lower each time: losses at 2 h and 4 h, and after the pause at 8 h and 10 h.
    const bars = Array.from({ length: 14 }, (_, i) => still(100 - i));
    const scenario: Scenario = { bars: { [A]: bars }, decide: i => target(A, i % 2 === 0 ? 0.1 : 0) };
    const result = await under('pause-after-losses=2/3h', scenario);
    expect(factsOf(result, 'RiskStateChanged').map(f => [(f.ts - T0) / HOUR, f.state])).toEqual([
      [4, 'REDUCING'],
      [7, 'ACTIVE'],
      [10, 'REDUCING'],
      [13, 'ACTIVE'],
    ]);
    expect(await refusals('pause-after-losses=8/3h', scenario)).toEqual({});
  });

  it('volatility=0.5/4: a wild symbol is not opened, and is closed', async () => {
    const scenario = (move: number): Scenario => ({
      bars: { [A]: [1000, 1000, 1000 + move, 1000, 1000 + move, 1000, 1000].map(price => still(price)) },
      decide: i => (i === 0 ? target(A, 0.5) : i === 5 ? [buy(A, 1), order({ symbol: A, side: 'sell', quantity: 1 })] : undefined),
    });
    // An hour’s move of 0.5 ÷ √8,760 = 0.534 %.
    expect(await refusals('volatility=0.5/4', scenario(5))).toEqual({});
    const result = await under('volatility=0.5/4', scenario(6));
    expect(result.refusals).toEqual({ volatility: 1 });
    expect(told(result).length).toBe(2);
  });

  it('spread=100: the quoted spread, bp', async () => {
    const scenario = (ask: number): Scenario => ({
      bars: { [A]: flat(4) },
      chunks: [quotes(A, [[T0 + HOUR / 2, 99.5, ask]])],
      decide: i => (i === 0 ? buy(A, 1) : undefined),
    });
    expect(await refusals('spread=100', scenario(100.5))).toEqual({});
    expect(await refusals('spread=100', scenario(100.6))).toEqual({ spread: 1 });
  });

  it('data-age=2: a symbol without new bars is not opened', async () => {
    const scenario = (i: number): Scenario => ({
      bars: { [A]: flat(8), [B]: [still(100), still(100), null, null, null, null, null, still(100)] },
      decide: (k, { symbol }) => (symbol === A && k === i ? buy(B, 1) : undefined),
    });
    expect(await refusals('data-age=2', scenario(3))).toEqual({});
    expect(await refusals('data-age=2', scenario(4))).toEqual({ 'stale-data': 1 });
  });

  it('a drawdown halt may leave positions to their protective orders', async () => {
    const result = await under('halt-flattens=false', {
      bars: { [A]: [still(100), still(100), still(70), still(70), still(50), still(50)] },
      decide: i =>
        i === 0
          ? target(A, 1)
          : i === 1
            ? [order({ symbol: A, side: 'sell', quantity: 100, stop: 60, reduceOnly: true }), buy(A, 1, 40)]
            : i === 3
              ? buy(A, 1)
              : undefined,
      config: { risk: NO_RISK },
    });
    expect(told(result)[0]).toBe('buy 100@100 taker h1');
    const halting = await play({
      bars: { [A]: [still(100), still(100), still(70), still(70), still(50), still(50)] },
      decide: i =>
        i === 0
          ? target(A, 1)
          : i === 1
            ? [order({ symbol: A, side: 'sell', quantity: 100, stop: 60, reduceOnly: true }), buy(A, 1, 40)]
            : i === 3
              ? buy(A, 1)
              : undefined,
      config: { risk: { ...NO_RISK, maxDrawdown: 0.2, haltFlattens: false } },
    });
    expect(halting.halted?.code).toBe('max-drawdown');
    expect(told(halting)).toEqual(['buy 100@100 taker h1', 'sell 100@50 taker h4']);
    expect(factsOf(halting, 'OrderCancelled').map(f => f.orderId)).toEqual(['o3']);
    expect(halting.refusals).toEqual({ halted: 1 });
  });
});

describe('a run with all gates on', () => {
  const wide: Partial<RunConfig['risk']> = {
    maxOrderNotional: 1e12,
    maxLeverage: 1e6,
    maxExposure: 1e6,
    priceCollar: 1e6,
    maxDrawdown: 1,
    maxPosition: 1e12,
    maxGross: 1e12,
    maxNet: 1e6,
    maxConcentration: 1,
    maxCorrelated: 1e6,
    maxOrderRate: 1e9,
    maxOpenOrders: 1e9,
    maxDailyLoss: 1,
    pauseAfterLosses: 1e9,
    maxVolatility: 1e9,
    maxSpread: 1e9,
    maxDataAge: 1e9,
    minMarginDistance: 1e-12,
  };
  const tight: Partial<RunConfig['risk']> = {
    maxPosition: 4000,
    maxGross: 7000,
    maxNet: 0.5,
    maxConcentration: 0.6,
    concentrationFrom: 0.2,
    maxCorrelated: 0.4,
    correlationAt: 0.05,
    correlationWindow: 20,
    maxOrderRate: 6,
    rateWindow: 4 * HOUR,
    maxOpenOrders: 3,
    maxDailyLoss: 0.01,
    pauseAfterLosses: 3,
    lossPause: 6 * HOUR,
    maxVolatility: 1.2,
    volatilityWindow: 10,
    maxDataAge: 2,
    minMarginDistance: 1.2,
  };
  const scenario = (seed: number, risk: Partial<RunConfig['risk']>): Scenario => {
    const r = random(seed);
    const walk = (): BarRow[] => {
      let price = 1000;
      return Array.from({ length: 150 }, (): BarRow => {
        const open = price;
        price = Math.max(100, Math.round(price * Math.exp(r.normal() * 0.012)));
        return r.next() < 0.05 ? null : [open, Math.max(open, price) + 2, Math.min(open, price) - 2, price];
      });
    };
    const choices = random(seed).fork('choices');
    const pick = <T>(values: readonly T[]): T => values[choices.int(values.length)] as T;
    return {
      bars: { [A]: walk(), [B]: walk(), [C]: walk() },
      decide: (_, { close }) => {
        const symbol = pick([A, B, C]);
        const side = pick(['buy', 'sell'] as const);
        return pick<() => Intent | undefined>([
          () => undefined,
          () => target(symbol, pick([-0.4, 0, 0.2, 0.5])),
          () => order({ symbol, side, quantity: 1 + choices.int(4), limit: Math.max(1, close - 5), reduceOnly: choices.next() < 0.2 }),
          () => order({ symbol, side, quantity: 1 + choices.int(4) }),
        ])();
      },
      config: { ...FREE, risk: { ...NO_RISK, ...risk } },
    };
  };

  it('that are very wide is, fact for fact, one with none', async () => {
    for (const seed of [1, 2, 3]) {
      const without = await play(scenario(seed, {}));
      const gated = await play(scenario(seed, wide));
      expect(gated.facts.length).toBeGreaterThan(200);
      // The manifest names the limits, and the last fact the manifest.
      const said = ({ facts }: typeof gated) => facts.filter(({ type }) => type !== 'RunStarted' && type !== 'RunFinished');
      expect(said(gated)).toEqual(said(without));
      expect(gated.facts.length).toBe(without.facts.length);
    }
  });

  it('that are tight is the same twice, and meets every gate', async () => {
    const codes = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      // One of two gates that stand in each other's way.
      const risk = { ...tight, ...(seed % 2 === 0 ? { maxNet: null } : { maxCorrelated: null }) };
      const first = await play(scenario(seed, risk));
      const again = await play(scenario(seed, risk));
      expect(again.fingerprint).toBe(first.fingerprint);
      for (const code of Object.keys(first.refusals)) codes.add(code);
      for (const { code } of factsOf(first, 'RiskStateChanged')) codes.add(code);
    }
    for (const code of ['max-position', 'max-net', 'concentration', 'correlated', 'order-rate', 'volatility', 'reducing', 'daily-loss'])
      expect([...codes]).toContain(code);
  });
});

describe('limits in words', () => {
  it('say each that is on, and none where none is', () => {
    expect(riskLimitsText(NO_RISK)).toBe('none');
    const plain = runConfig({ exchange: 'binance', from: 0, to: 1, symbols: [A], timeframe: '1h' }).risk;
    const values: Readonly<Record<string, string>> = { 'daily-loss-halts': 'true', 'halt-flattens': 'false', 'margin-distance': '0.1' };
    for (const option of RISK_OPTIONS) {
      const limits = overridesOf({
        risk: `daily-loss=0.02,correlated=1,pause-after-losses=2,volatility=3,${option}=${values[option] ?? '0.5'}`,
      }).risk;
      const before = overridesOf({ risk: 'daily-loss=0.02,correlated=1,pause-after-losses=2,volatility=3' }).risk;
      const text = (more: typeof limits): string => riskLimitsText({ ...plain, maxDrawdown: 0.5, ...more } as RunConfig['risk']);
      expect(text(limits), option).not.toBe(text(before));
    }
  });

  it('are refused in words when they are none', () => {
    expect(() => overridesOf({ risk: 'dayly-loss=1' })).toThrow(/Did you mean "daily-loss"/);
    expect(() => overridesOf({ risk: 'net=x' })).toThrow(/--risk net takes a number, not "x"/);
    expect(() => overridesOf({ risk: 'net' })).toThrow(/name=value/);
    expect(() => overridesOf({ risk: 'halt-flattens=maybe' })).toThrow(/true or false/);
    expect(overridesOf({ risk: 'leverage=2,price=1'.replace(',price=1', ''), 'max-drawdown': 0.3 }).risk).toEqual({
      maxLeverage: 2,
      maxDrawdown: 0.3,
    });
    expect(overridesOf({ risk: 'leverage=none,order-rate=30/1m' }).risk).toEqual({
      maxLeverage: null,
      maxOrderRate: 30,
      rateWindow: 60_000,
    });
  });
});
