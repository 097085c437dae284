import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineMemory, type EngineState } from '../../src/engine/engine-memory.js';
import type { OrderDesk } from '../../src/engine/order-desk.js';
import type { Fact } from '../../src/events/fact.js';
import type { Chunk } from '../../src/events/market.js';
import type { RunnerOutput } from '../../src/live/runner/strategy-runner.js';
import { amend, cancel, order, signal, target, type Intent } from '../../src/strategies/intent.js';
import { defineStrategy, type Strategy } from '../../src/strategies/strategy.js';
import { paperRunner } from '../live/runner/paper-runner.js';
import { A, B, NO_RISK, perpetual, stage, T0, type BarRow, type Scenario } from './scenario.js';

const HOUR = 3_600_000;
const envelope = { seq: 0, version: 1, ts: T0, knownAt: T0, account: 'paper', strategy: 'drawn', correlationId: 0, causationId: -1 };
const opening = { ...envelope, type: 'CashMoved', kind: 'opening', amount: 10_000 * 1e8, income: '', text: 'budget' } as const;
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const BARS = 60;
const WARM = 10;
const moves = fc.array(fc.integer({ min: 0, max: 11 }), { minLength: BARS, maxLength: BARS });
const walk = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: BARS, maxLength: BARS }).map(steps => {
  let price = 200;
  return steps.map((step): BarRow => {
    const open = price;
    price = Math.max(20, price + step);
    return [open, Math.max(open, price) + 2, Math.min(open, price) - 2, price, 1_000];
  });
});

const intentsOf = (move: number, symbol: string, close: number): Intent[] => {
  switch (move) {
    case 1:
      return [target(symbol, 1)];
    case 2:
      return [target(symbol, -0.5)];
    case 3:
      return [target(symbol, 0)];
    case 4:
      return [order({ symbol, side: 'buy', quantity: 3, limit: close - 2, id: `l-${symbol}` })];
    case 5:
      return [order({ symbol, side: 'sell', quantity: 3, stop: close - 3, id: `s-${symbol}` })];
    case 6:
      return [cancel(`l-${symbol}`)];
    case 7:
      return [signal({ symbol, direction: 'long', confidence: 0.7, riskScore: 0.2, horizon: 5, mean: 0.05, sd: 0.02, reason: 'drawn' })];
    case 8:
      return [signal({ symbol, direction: 'flat', confidence: 1, horizon: 1, mean: 0, sd: 1, reason: 'drawn' })];
    case 9:
      return [amend(`l-${symbol}`, { quantity: 5 })];
    case 10:
      // Twice the same that no gate lets pass.
      return [order({ symbol, side: 'buy', quantity: 5_000 }), order({ symbol, side: 'buy', quantity: 5_000 })];
    default:
      return [];
  }
};

const drawn = (plan: readonly number[]): Strategy =>
  defineStrategy({
    name: 'drawn',
    params: {},
    decide: bar => intentsOf(plan[Math.round((bar.openTime - T0) / HOUR) + (bar.symbol === A ? 0 : 3)] ?? 0, bar.symbol, bar.close),
  }) as Strategy;

const rowsOf = (chunk: Chunk, from: number, to: number): Chunk => ({
  ...chunk,
  rows: to - from,
  ts: chunk.ts.slice(from, to),
  columns: chunk.columns.map(column => column.slice(from, to)),
});

/** An engine of a paper session that has seen `WARM` bars. */
const session = (scenario: Scenario, strategy: Strategy, state: EngineState, at = WARM) => {
  const { chunks, config, instruments } = stage(scenario);
  const sorted = [...instruments].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const outputs: RunnerOutput[] = [];
  const hear = (output: RunnerOutput): void => void outputs.push(output);
  const runner = paperRunner(strategy, config, sorted);
  runner.start({ history: chunks.map(chunk => rowsOf(chunk, 0, at)), from: T0 + at * HOUR, state, epoch: 2 }, hear);
  const play = (i: number): void =>
    runner.deliver({ input: 'market', chunks: chunks.map(chunk => rowsOf(chunk, i, i + 1)), now: T0 + (i + 1) * HOUR }, hear);
  return { runner, outputs, sorted, play };
};

/** Orders at work, as a restart must know them. */
const working = (desk: OrderDesk): readonly unknown[] =>
  [...desk.orders.all()]
    .map(({ ticket, terms: { lots, limit, stop }, filled, remaining, fromTarget, name, isSent }) => ({
      id: ticket.orderId,
      terms: { lots, limit, stop },
      filled,
      remaining,
      fromTarget,
      name,
      isSent,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const scenarioOf = (a: readonly BarRow[], b: readonly BarRow[], latency: number): Scenario => ({
  bars: { [A]: a, [B]: b },
  config: {
    risk: { ...NO_RISK, maxOrderNotional: 30_000, maxLeverage: 3 },
    latency: { kind: 'constant', order: latency, cancel: latency, report: latency },
  },
});

describe('what a strategy has left open, folded from its facts', () => {
  it('gives an engine that takes over the orders at work that the first one had, at any bar', () =>
    fc.assert(
      fc.property(
        moves,
        walk,
        walk,
        fc.constantFrom(0, 250, HOUR),
        fc.integer({ min: WARM, max: BARS - 1 }),
        (plan, a, b, latency, cut) => {
          const scenario = scenarioOf(a, b, latency);
          const memory = new EngineMemory([perpetual(A), perpetual(B)], 0);
          memory.apply(opening);
          const first = session(scenario, drawn(plan), json(memory.state));
          for (let i = WARM; i <= cut; i++) first.play(i);
          expect(first.outputs.at(-1)?.failure).toBeNull();
          for (const fact of first.outputs.flatMap(({ facts }) => facts)) memory.apply(fact);
          const desk = first.runner.engine!.desk;
          const had = working(desk);
          // What has left no trace at the venue is over after a restart.
          const second = session(scenario, drawn([]), json(memory.state), cut + 1);
          expect(
            working(second.runner.engine!.desk).filter(order =>
              had.some(each => (each as { id: string }).id === (order as { id: string }).id),
            ),
          ).toEqual(had);
          const books = (engine: typeof desk) => [...engine.orders.symbols];
          expect(books(second.runner.engine!.desk)).toEqual(books(desk));
          expect(second.runner.engine!.fold.account.cash).toBe(first.runner.engine!.fold.account.cash);
          expect([...second.runner.engine!.fold.account.lots]).toEqual([...first.runner.engine!.fold.account.lots]);
        },
      ),
      { numRuns: 60 },
    ));

  it('is the same folded at once and in two halves through JSON, and does not grow with what has ended', () =>
    fc.assert(
      fc.property(moves, walk, walk, fc.double({ min: 0, max: 1, noNaN: true }), (plan, a, b, share) => {
        const scenario = scenarioOf(a, b, 250);
        const whole = new EngineMemory([perpetual(A), perpetual(B)], 0);
        whole.apply(opening);
        const run = session(scenario, drawn(plan), json(whole.state));
        for (let i = WARM; i < BARS; i++) run.play(i);
        const facts: readonly Fact[] = run.outputs.flatMap(output => output.facts);
        let half = new EngineMemory([perpetual(A), perpetual(B)], 0);
        half.apply(opening);
        facts.forEach((fact, i) => {
          whole.apply(fact);
          half.apply(fact);
          if (i === Math.floor(share * facts.length)) half = new EngineMemory([perpetual(A), perpetual(B)], 0, false, json(half.state));
        });
        expect(half.state).toEqual(whole.state);
        const open = [...run.runner.engine!.desk.orders.all()].length;
        // A target and a signal a symbol, a plan's own, and for each order at work its request and what was said of it.
        expect(whole.state.open.length).toBeLessThanOrEqual(2 * 40 + open * 12);
      }),
      { numRuns: 40 },
    ));

  it('forgets a signal that closed a plan, and requests that were refused, once they have had their effect', () => {
    const memory = new EngineMemory([perpetual(A)], 0);
    memory.apply(opening);
    let seq = 1;
    const say = (words: object, correlationId?: number): number => {
      memory.apply({ ...envelope, ...words, ts: T0 + seq, knownAt: T0 + seq, seq, correlationId: correlationId ?? seq } as Fact);
      return seq++;
    };
    const requested = {
      type: 'OrderRequested',
      symbol: A,
      side: 'buy',
      orderType: 'market',
      quantity: 1,
      limit: null,
      stop: null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: false,
      name: null,
      reason: '',
    };
    for (let i = 0; i < 1_000; i++) {
      const root = say({ type: 'SignalGiven', symbol: A, direction: 'long', reason: '' });
      say({ type: 'TradePlanned', plan: `plan-${i}`, symbol: A }, root);
      say({ type: 'SignalGiven', symbol: A, direction: 'flat', reason: '' });
      say({ type: 'PlanClosed', plan: `plan-${i}`, symbol: A, code: 'flat' }, root);
      // Denied, and because the desk had said so a moment before, in silence.
      say(requested);
    }
    expect(memory.state.open.length).toBeLessThan(5);
  });

  it('keeps a target that is rebalanced for weeks as its own fact and the latest order', () => {
    const memory = new EngineMemory([perpetual(A)], 0);
    memory.apply(opening);
    let seq = 1;
    const say = (words: object, correlationId?: number): number => {
      memory.apply({ ...envelope, ...words, seq, correlationId: correlationId ?? seq } as Fact);
      return seq++;
    };
    const root = say({ type: 'TargetSet', symbol: A, exposure: 1, reason: '' });
    for (let i = 0; i < 1_000; i++) {
      const orderId = `o${i}`;
      say({ type: 'OrderApproved', ticket: { orderId, symbol: A, lots: 1, side: 'buy' } }, root);
      say({ type: 'OrderSubmitted', orderId, symbol: A }, root);
      say({ type: 'OrderFilled', orderId, symbol: A, side: 'buy', price: 100, lots: 1, fee: 0 }, root);
    }
    expect(memory.state.open.length).toBeLessThan(5);
    expect(memory.account.lots[0]).toBe(1_000);
  });

  it('is narrowed to the symbols of a session, in their order', () => {
    const memory = new EngineMemory([perpetual(A), perpetual(B)], 0);
    memory.apply(opening);
    memory.apply({ ...envelope, seq: 1, type: 'TargetSet', symbol: A, exposure: 0, reason: '' });
    memory.apply({ ...envelope, seq: 2, correlationId: 2, type: 'TargetSet', symbol: B, exposure: 1, reason: '' });
    memory.apply({ ...envelope, seq: 3, type: 'PositionAdopted', symbol: B, before: 0, after: 7, price: 100, code: 'start' } as Fact);
    expect(memory.inUse).toEqual([B]);
    const state = memory.stateOf([B]);
    expect(state.lots).toEqual([7]);
    expect(state.open.map(({ seq }) => seq)).toEqual([2]);
  });
});
