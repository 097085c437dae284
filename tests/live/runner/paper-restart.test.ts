import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { canonicalFact } from '../../../src/journal/fingerprint.js';
import { amend, cancel, order, type Intent } from '../../../src/strategies/intent.js';
import { defineStrategy } from '../../../src/strategies/strategy.js';
import { A, B, stage, T0, type Scenario } from '../../engine/scenario.js';
import { BARS, FROM, HOUR, intentOf, moves, paper, walk, WARM } from './paper-session.js';

/** Order ids hold the epoch of the start, so that they differ; what they are about does not. */
const ORDER_FACTS = new Set([
  'OrderAccepted',
  'OrderTriggered',
  'OrderAmended',
  'OrderRejected',
  'OrderCancelled',
  'OrderExpired',
  'OrderFilled',
]);

/** What a strategy does with an order of a name at a bar, by a number: makes it, changes it, takes it back. */
const withOrder = (move: number, id: string, symbol: string, close: number): Intent[] => {
  const q = 4;
  switch (move) {
    case 0:
      return [order({ symbol, side: 'buy', quantity: q, limit: close - 3, id })];
    case 1:
      return [order({ symbol, side: 'sell', quantity: q, limit: close + 3, postOnly: true, id })];
    case 2:
      return [order({ symbol, side: 'sell', quantity: q, stop: close - 4, id })];
    case 3:
      return [order({ symbol, side: 'buy', quantity: q, stop: close + 2, limit: close + 1, id })];
    case 4:
      return [order({ symbol, side: 'sell', quantity: q, takeProfit: close + 4, id })];
    case 5:
      return [order({ symbol, side: 'buy', quantity: q, limit: close - 4, goodTill: T0 + Math.round((close % 7) + 60) * HOUR, id })];
    case 6:
      return [order({ symbol, side: 'sell', quantity: q, limit: close + 2, reduceOnly: true, id })];
    case 7:
      return [order({ symbol, side: 'buy', quantity: 40, id })];
    case 8:
      return [amend(id, { limit: close - 1 })];
    case 9:
      return [amend(id, { limit: close + 1, quantity: 6 })];
    case 10:
      return [amend(id, { stop: close + 5 })];
    case 11:
      return [amend(id, { quantity: 2 })];
    case 12:
      return [amend(id, { quantity: 9 })];
    case 13:
      return [cancel(id)];
    default:
      return [];
  }
};

describe('a paper session that restarts', () => {
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

  it('has its orders as they were last amended, in their turn, whatever their kind', () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 3 * BARS, maxLength: 3 * BARS }),
        walk,
        fc.integer({ min: WARM + 1, max: BARS - 2 }),
        fc.constantFrom(null, 0.004),
        fc.constantFrom(0, 250),
        (plan, bars, restart, participation, latency) => {
          const scenario: Scenario = {
            bars: { [A]: bars },
            config: {
              from: FROM,
              fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation },
              latency: { kind: 'constant', order: latency, cancel: latency / 2, report: 0 },
            },
          };
          const { config } = stage(scenario);
          const strategy = defineStrategy({
            name: 'drawn',
            params: {},
            decide: bar => {
              const n = Math.round((bar.openTime - T0) / HOUR);
              return ['x', 'y', 'z'].flatMap((id, k) => withOrder(plan[3 * n + k] ?? 20, id, A, bar.close));
            },
          });
          const told = (facts: readonly Fact[]): string[] =>
            facts.flatMap(fact => {
              if (!ORDER_FACTS.has(fact.type)) return [];
              met.set(fact.type, (met.get(fact.type) ?? 0) + 1);
              return canonicalFact({ ...fact, ...('orderId' in fact && { orderId: '' }) }, new Map()) ?? [];
            });
          const whole = paper(scenario, config, strategy);
          // A venue that has liquidated an account takes nothing from it any more, until it restarts.
          fc.pre(!whole.some(({ type }) => type === 'AccountLiquidated'));
          expect(told(paper(scenario, config, strategy, restart))).toEqual(told(whole));
        },
      ),
      { numRuns: 60 },
    );
    for (const type of ORDER_FACTS) expect([type, (met.get(type) ?? 0) > 20]).toEqual([type, true]);
  });
});
