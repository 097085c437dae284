import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineMemory, type EngineState } from '../../../src/engine/engine-memory.js';
import type { RunConfig } from '../../../src/engine/run-config.js';
import type { Fact } from '../../../src/events/fact.js';
import type { Chunk } from '../../../src/events/market.js';
import { canonicalFact } from '../../../src/journal/fingerprint.js';
import { engineRunner } from '../../../src/live/runner/engine-runner.js';
import type { StrategyRunner } from '../../../src/live/runner/strategy-runner.js';
import { simulatedExchange } from '../../../src/sim/exchange-rules.js';
import { SimulatedExchange } from '../../../src/sim/simulated-exchange.js';
import { bracket } from '../../../src/strategies/execution-intent.js';
import { order, signal, target, type Intent } from '../../../src/strategies/intent.js';
import { defineStrategy, type Strategy } from '../../../src/strategies/strategy.js';
import { A, B, NO_RISK, play, stage, T0, type BarRow, type Scenario } from '../../engine/scenario.js';

const envelope = { seq: 0, version: 1, ts: T0, knownAt: T0, account: 'paper', strategy: 'drawn', correlationId: 0, causationId: -1 };
const HOUR = 3_600_000;
const BARS = 80;
const WARM = 20;
const FROM = T0 + WARM * HOUR;

/** What a strategy does at its n-th bar, drawn beforehand. */
const moves = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: BARS, maxLength: BARS });
const walk = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: BARS, maxLength: BARS }).map(steps => {
  let price = 200;
  return steps.map((step): BarRow => {
    const open = price;
    price = Math.max(20, price + step);
    return [open, Math.max(open, price) + 2, Math.min(open, price) - 2, price, 1_000];
  });
});

const intentOf = (move: number, symbol: string, close: number): Intent[] => {
  switch (move) {
    case 1:
      return [target(symbol, 1)];
    case 2:
      return [target(symbol, -0.5)];
    case 3:
      return [target(symbol, 0)];
    case 4:
      return [order({ symbol, side: 'buy', quantity: 3, limit: close - 2 })];
    case 5:
      return [order({ symbol, side: 'sell', quantity: 3, stop: close - 3 })];
    case 6:
      return [bracket({ symbol, side: 'buy', quantity: 2, entry: { limit: close - 1 }, stop: close - 6, target: close + 6 })];
    case 7:
      return [signal({ symbol, direction: 'long', confidence: 0.7, riskScore: 0.2, horizon: 5, mean: 0.05, sd: 0.02, reason: 'drawn' })];
    default:
      return [];
  }
};

const drawn = (plan: readonly number[]): Strategy =>
  defineStrategy({
    name: 'drawn',
    params: {},
    memory: () => ({ n: new Map<string, number>() }),
    decide: (bar, _, { memory }) => {
      const n = memory.n.get(bar.symbol) ?? 0;
      memory.n.set(bar.symbol, n + 1);
      return intentOf(plan[(n + (bar.symbol === A ? 0 : 3)) % plan.length] ?? 0, bar.symbol, bar.close);
    },
  }) as Strategy;

const GATES: RunConfig['risk'] = {
  ...NO_RISK,
  maxOrderNotional: 9_000,
  maxLeverage: 1.5,
  maxExposure: 0.9,
  priceCollar: 0.05,
  maxDrawdown: 0.1,
};
/** Those that are watched over time, near enough to be met. */
const WATCHED: RunConfig['risk'] = {
  ...NO_RISK,
  maxPosition: 8_000,
  maxGross: 14_000,
  maxNet: 1.2,
  maxConcentration: 0.8,
  maxCorrelated: 1.4,
  correlationWindow: 10,
  maxOrderRate: 6,
  rateWindow: 4 * HOUR,
  maxOpenOrders: 5,
  maxDailyLoss: 0.03,
  pauseAfterLosses: 2,
  lossPause: 6 * HOUR,
  maxVolatility: 3,
  volatilityWindow: 12,
  maxDataAge: 3,
  minMarginDistance: 0.2,
};

/** Rows of a chunk that are known at a moment, as they would arrive. */
const rowsOf = (chunk: Chunk, from: number, to: number): Chunk => ({
  ...chunk,
  rows: to - from,
  ts: chunk.ts.slice(from, to),
  columns: chunk.columns.map(column => column.slice(from, to)),
});

/** Plays the bars in one session, or in two with a restart before bar `restart`. */
const paper = (scenario: Scenario, config: RunConfig, strategy: Strategy, restart: number | null = null): readonly Fact[] => {
  const { chunks, instruments } = stage(scenario);
  const sorted = [...instruments].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const facts: Fact[] = [];
  const open = () =>
    engineRunner({
      tag: 'drawn',
      account: 'paper',
      strategy,
      params: {},
      config,
      instruments: sorted,
      manifestHash: '',
      inputs: [],
      venueOf: session => {
        const venue = simulatedExchange(session, sorted, []);
        return { venue, costs: venue.rules, feedLatency: () => 0 };
      },
      resume: (venue, state, working) => {
        if (!(venue instanceof SimulatedExchange)) return;
        venue.restore(state);
        for (const { ticket, remaining } of working) venue.submit({ ...ticket, lots: remaining });
      },
    });
  const hear = (output: { readonly facts: readonly Fact[]; readonly failure: string | null }): void => {
    expect(output.failure).toBeNull();
    facts.push(...output.facts);
  };
  const start = (at: number, epoch: number): StrategyRunner => {
    const memory = new EngineMemory(sorted, 0);
    memory.apply({ ...envelope, type: 'CashMoved', kind: 'opening', amount: 10_000 * 1e8, income: '', text: 'budget' });
    for (const fact of facts) memory.apply(fact);
    const runner = open();
    const history = chunks.map(chunk => rowsOf(chunk, 0, at));
    // What was folded goes the way of a snapshot.
    const state = JSON.parse(JSON.stringify(memory.state)) as EngineState;
    runner.start({ history, from: T0 + at * HOUR, state, epoch }, hear);
    return runner;
  };
  let runner = start(WARM, 1);
  for (let i = WARM; i < BARS; i++) {
    if (i === restart) runner = start(i, 2);
    runner.deliver({ input: 'market', chunks: chunks.map(chunk => rowsOf(chunk, i, i + 1)), now: T0 + (i + 1) * HOUR }, hear);
  }
  return facts;
};

const canonical = (facts: readonly Fact[]): string[] => {
  const orders = new Map<string, number>();
  // A backtest goes on to deliver what is on its way when its data ends; a session waits for the next bar.
  return facts.filter(({ ts }) => ts > FROM && ts < T0 + (BARS - 1) * HOUR).flatMap(fact => canonicalFact(fact, orders) ?? []);
};

describe('a paper session fed bar by bar', () => {
  it.each([
    ['no gates', NO_RISK],
    ['every gate of the pre-trade check', GATES],
    ['every gate that watches over time', WATCHED],
  ])('decides and fills as a backtest of the same bars, with %s', async (_, risk) => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(moves, walk, walk, fc.constantFrom(0, 250), async (plan, a, b, latency) => {
        const scenario: Scenario = {
          bars: { [A]: a, [B]: b },
          config: { from: FROM, risk, latency: { kind: 'constant', order: latency, cancel: latency, report: latency } },
        };
        const { config } = stage(scenario);
        const tested = await play({ ...scenario, strategy: drawn(plan) });
        for (const fact of tested.facts) if (fact.type === 'IntentDenied' || fact.type === 'RiskStateChanged') met.add(fact.code);
        expect(canonical(paper(scenario, config, drawn(plan)))).toEqual(canonical(tested.facts));
      }),
      { numRuns: 40 },
    );
    // Gates that nothing ever met would prove nothing.
    if (risk !== NO_RISK) expect(met.size, [...met].join(' ')).toBeGreaterThanOrEqual(4);
  });

  it('goes on after a restart as if there had been none, when what it does follows from the market and from what is open', () =>
    fc.assert(
      fc.property(moves, walk, walk, fc.integer({ min: WARM + 1, max: BARS - 2 }), (plan, a, b, restart) => {
        const scenario: Scenario = { bars: { [A]: a, [B]: b }, config: { from: FROM } };
        const { config } = stage(scenario);
        // By the bar's own number and without executions, whose progress is in no fact.
        const strategy = defineStrategy({
          name: 'drawn',
          params: {},
          decide: bar =>
            intentOf((plan[Math.round((bar.openTime - T0) / HOUR) + (bar.symbol === A ? 0 : 3)] ?? 0) % 6, bar.symbol, bar.close),
        });
        const whole = paper(scenario, config, strategy);
        const halves = paper(scenario, config, strategy, restart);
        const told = (facts: readonly Fact[]): string[] =>
          facts.flatMap(fact =>
            fact.type === 'OrderFilled' || fact.type === 'TargetSet' || fact.type === 'IntentDenied'
              ? (canonicalFact({ ...fact, ...('orderId' in fact && { orderId: '' }) }, new Map()) ?? [])
              : [],
          );
        expect(told(halves)).toEqual(told(whole));
      }),
      { numRuns: 60 },
    ));
});
