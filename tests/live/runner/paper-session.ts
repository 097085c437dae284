import fc from 'fast-check';
import { expect } from 'vitest';
import { EngineMemory, type EngineState } from '../../../src/engine/engine-memory.js';
import type { RunConfig } from '../../../src/engine/run-config.js';
import type { Fact } from '../../../src/events/fact.js';
import type { Chunk } from '../../../src/events/market.js';
import type { StrategyRunner } from '../../../src/live/runner/strategy-runner.js';
import { restoreExchange } from '../../../src/sim/restore-exchange.js';
import { SimulatedExchange } from '../../../src/sim/simulated-exchange.js';
import { bracket } from '../../../src/strategies/execution-intent.js';
import { order, signal, target, type Intent } from '../../../src/strategies/intent.js';
import type { Strategy } from '../../../src/strategies/strategy.js';
import { paperRunner } from './paper-runner.js';
import { stage, T0, type BarRow, type Scenario } from '../../engine/scenario.js';

const envelope = { seq: 0, version: 1, ts: T0, knownAt: T0, account: 'paper', strategy: 'drawn', correlationId: 0, causationId: -1 };
export const HOUR = 3_600_000;
export const BARS = 80;
export const WARM = 20;
export const FROM = T0 + WARM * HOUR;

/** What a strategy does at its n-th bar, drawn beforehand. */
export const moves = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: BARS, maxLength: BARS });
/** Prices that wander, a bar each. */
export const walk = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: BARS, maxLength: BARS }).map(steps => {
  let price = 200;
  return steps.map((step): BarRow => {
    const open = price;
    price = Math.max(20, price + step);
    return [open, Math.max(open, price) + 2, Math.min(open, price) - 2, price, 1_000];
  });
});

/** What a move is at this close. */
export const intentOf = (move: number, symbol: string, close: number): Intent[] => {
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

/** Rows of a chunk that are known at a moment, as they would arrive. */
const rowsOf = (chunk: Chunk, from: number, to: number): Chunk => ({
  ...chunk,
  rows: to - from,
  ts: chunk.ts.slice(from, to),
  columns: chunk.columns.map(column => column.slice(from, to)),
});

/** Plays the bars in one session, or in two with a restart before bar `restart`. */
export const paper = (scenario: Scenario, config: RunConfig, strategy: Strategy, restart: number | null = null): readonly Fact[] => {
  const { chunks, instruments } = stage(scenario);
  const sorted = [...instruments].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const facts: Fact[] = [];
  const open = () =>
    paperRunner(strategy, config, sorted, (venue, state, working) => {
      if (venue instanceof SimulatedExchange) restoreExchange(venue, state, working);
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
