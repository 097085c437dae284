import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunFold } from '../../src/engine/run-fold.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { PlanClosed, TradePlanned } from '../../src/events/forecast.js';
import { verifyCausality } from '../../src/sim/verify-causality.js';
import { resolveParams } from '../../src/strategies/params.js';
import { HOUR } from '../../src/time.js';
import { anyMarket, type SmallMarket } from '../arbitraries/market.js';
import { run } from '../arbitraries/run.js';
import { signallingStrategy } from '../arbitraries/signalling-strategy.js';

/** Whole runs under venues of every speed and depth, some with a halt, some with little leverage. */
const anyPlannedMarket: fc.Arbitrary<SmallMarket> = fc
  .record({
    order: fc.constantFrom(0, 100, 0.5 * HOUR, 1.5 * HOUR),
    cancel: fc.constantFrom(0, 100, 0.5 * HOUR, 2.5 * HOUR),
    report: fc.constantFrom(0, 50, 0.7 * HOUR),
    participation: fc.constantFrom(0.002, 0.05, null),
    limits: fc.constantFrom('through' as const, 'touch' as const),
    maxDrawdown: fc.constantFrom(null, null, 0.02),
    leverage: fc.constantFrom(0.3, 3),
    kind: fc.constantFrom('fractional-kelly' as const, 'fixed-fraction' as const),
    stopMultiple: fc.constantFrom(0.3, 1, 2),
    targetMultiple: fc.constantFrom(0.3, 1, 3),
    atEnd: fc.constantFrom('mark' as const, 'close' as const),
  })
  .chain(p => {
    const overrides: Partial<RunConfig> = {
      latency: { kind: 'constant', order: p.order, cancel: p.cancel, report: p.report },
      fills: { kind: 'bars', path: 'pessimistic', limits: p.limits, participation: p.participation },
      slippage: { kind: 'sqrt-impact', spreadBps: 1, coefficient: 0.1 },
      leverage: p.leverage,
      risk: { maxOrderNotional: null, maxLeverage: null, maxExposure: 2, priceCollar: 0.2, maxDrawdown: p.maxDrawdown },
      plan: {
        stopMultiple: p.stopMultiple,
        targetMultiple: p.targetMultiple,
        maxExposure: 1,
        minConfidence: 0.4,
        sizing: p.kind === 'fixed-fraction' ? { kind: p.kind, risk: 0.01 } : { kind: p.kind, fraction: 0.25, law: 'moments' },
      },
      atEnd: p.atEnd,
    };
    return anyMarket(overrides);
  });

const RUNS = { numRuns: 40, seed: 17 };

interface Life {
  readonly planned: TradePlanned;
  readonly ends: PlanClosed[];
}

const lives = ({ facts }: RunResult): Life[] => {
  const byPlan = new Map<string, Life>();
  for (const fact of facts)
    if (fact.type === 'TradePlanned') {
      expect(byPlan.has(fact.plan)).toBe(false);
      byPlan.set(fact.plan, { planned: fact, ends: [] });
    } else if (fact.type === 'PlanClosed') byPlan.get(fact.plan)?.ends.push(fact);
  return [...byPlan.values()];
};

const WITH_ACCOUNT = new Set(['halted', 'end-of-data']);

describe('plans in any market', () => {
  it('end exactly once each, one at a time in a symbol, flat and without an order at work', async () => {
    const codes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(anyPlannedMarket, async market => {
        const result = await run(market, signallingStrategy);
        for (const { ends } of lives(result)) {
          expect(ends).toHaveLength(1);
          const [end] = ends;
          if (end) codes[end.code] = (codes[end.code] ?? 0) + 1;
        }
        const held = new Map<string, number>();
        const left = new Map<string, { symbol: string; lots: number }>();
        const open = new Set<string>();
        for (const fact of result.facts) {
          if (fact.type === 'TradePlanned') {
            expect(open.has(fact.symbol)).toBe(false);
            open.add(fact.symbol);
          } else if (fact.type === 'OrderApproved') left.set(fact.ticket.orderId, { symbol: fact.ticket.symbol, lots: fact.ticket.lots });
          else if (fact.type === 'OrderFilled') {
            held.set(fact.symbol, (held.get(fact.symbol) ?? 0) + (fact.side === 'buy' ? fact.lots : -fact.lots));
            const order = left.get(fact.orderId);
            if (order) order.lots -= fact.lots;
          } else if (fact.type === 'OrderCancelled' || fact.type === 'OrderExpired' || fact.type === 'OrderRejected')
            left.delete(fact.orderId);
          else if (fact.type === 'PlanClosed') {
            open.delete(fact.symbol);
            if (WITH_ACCOUNT.has(fact.code)) continue;
            expect(held.get(fact.symbol) ?? 0).toBe(0);
            expect([...left.values()].filter(order => order.symbol === fact.symbol && order.lots > 0)).toEqual([]);
          }
        }
      }),
      RUNS,
    );
    // The property is about something: every way to end came about.
    for (const code of ['stop-loss', 'take-profit', 'expired', 'reversed', 'flat', 'not-entered', 'halted', 'end-of-data'])
      expect(codes[code] ?? 0, code).toBeGreaterThan(0);
  });

  it('never hold more than their entry, nor on the other side of it, whatever fills in which order', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlannedMarket, async market => {
        const result = await run(market, signallingStrategy);
        const plan = new Map<string, TradePlanned>();
        const held = new Map<string, number>();
        const requested = new Map<string, TradePlanned>();
        for (const fact of result.facts) {
          if (fact.type === 'TradePlanned') plan.set(fact.symbol, fact);
          if (fact.type === 'OrderApproved' && !fact.ticket.reduceOnly)
            requested.set(fact.ticket.symbol, plan.get(fact.ticket.symbol) as TradePlanned);
          if (fact.type !== 'OrderFilled') continue;
          const now = (held.get(fact.symbol) ?? 0) + (fact.side === 'buy' ? fact.lots : -fact.lots);
          held.set(fact.symbol, now);
          const own = requested.get(fact.symbol);
          const sign = own?.side === 'buy' ? 1 : -1;
          expect(now * sign).toBeGreaterThanOrEqual(0);
          expect(now * sign * 0.001).toBeLessThanOrEqual((own?.quantity ?? 0) + 1e-9);
        }
      }),
      { numRuns: 20, seed: 18 },
    );
  });

  it('protect all that they hold once the answers have arrived', async () => {
    let looked = 0;
    await fc.assert(
      fc.asyncProperty(anyPlannedMarket, async market => {
        const { facts } = await run(market, signallingStrategy);
        const held = new Map<string, number>();
        const exits = new Map<string, { symbol: string; type: string; lots: number }>();
        const open = new Set<string>();
        for (const [k, fact] of facts.entries()) {
          if (fact.type === 'RiskStateChanged' || fact.type === 'AccountLiquidated' || fact.knownAt >= market.config.to) return;
          if (fact.type === 'TradePlanned') open.add(fact.symbol);
          else if (fact.type === 'PlanClosed') open.delete(fact.symbol);
          else if (fact.type === 'OrderApproved' && fact.ticket.reduceOnly) exits.set(fact.ticket.orderId, { ...fact.ticket });
          else if (fact.type === 'OrderFilled') {
            held.set(fact.symbol, (held.get(fact.symbol) ?? 0) + (fact.side === 'buy' ? fact.lots : -fact.lots));
            const exit = exits.get(fact.orderId);
            if (exit) exit.lots -= fact.lots;
          } else if (fact.type === 'OrderCancelled' || fact.type === 'OrderExpired' || fact.type === 'OrderRejected')
            exits.delete(fact.orderId);
          // Only between instants: what follows from a fact is not out while its instant lasts.
          if ((facts[k + 1]?.knownAt ?? 0) <= fact.knownAt) continue;
          for (const symbol of open) {
            const lots = (type: string): number =>
              [...exits.values()].reduce((sum, exit) => sum + (exit.symbol === symbol && exit.type === type ? exit.lots : 0), 0);
            const bare = Math.abs(held.get(symbol) ?? 0);
            if (bare > 0) looked++;
            expect(Math.max(lots('stop'), lots('market'))).toBeGreaterThanOrEqual(bare);
            expect(Math.max(lots('limit'), lots('market'))).toBeGreaterThanOrEqual(bare);
          }
        }
      }),
      { numRuns: 25, seed: 19 },
    );
    expect(looked).toBeGreaterThan(100);
  });

  it('end once and leave no order behind also when the strategy trades by hand what they hold', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlannedMarket, async market => {
        const result = await run(market, signallingStrategy, { meddles: true });
        const own = new Set<number>();
        const orders = new Map<string, string>();
        const closed = new Set<string>();
        const planOf = new Map<number, string>();
        for (const { ends } of lives(result)) expect(ends).toHaveLength(1);
        for (const fact of result.facts) {
          if (fact.type === 'SignalGiven') own.add(fact.seq);
          else if (fact.type === 'TradePlanned') planOf.set(fact.correlationId, fact.plan);
          else if (fact.type === 'OrderRequested' && own.has(fact.correlationId))
            planOf.set(fact.seq, planOf.get(fact.correlationId) as string);
          else if (fact.type === 'OrderApproved' && planOf.has(fact.correlationId)) {
            const plan = planOf.get(fact.correlationId) as string;
            // Nothing is sent for a plan that is over, but for what was asked for in the very moment of a halt and is not sent any more.
            orders.set(fact.ticket.orderId, plan);
          } else if (fact.type === 'OrderSubmitted') expect(closed.has(orders.get(fact.orderId) ?? '')).toBe(false);
          else if (fact.type === 'OrderCancelled' || fact.type === 'OrderExpired' || fact.type === 'OrderRejected')
            orders.delete(fact.orderId);
          else if (fact.type === 'PlanClosed') closed.add(fact.plan);
        }
      }),
      RUNS,
    );
  });
});

describe('the laws, with plans', () => {
  it('order, replay and conservation hold', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlannedMarket, async market => {
        const { facts, fills } = await run(market, signallingStrategy, { meddles: true });
        let known = -Infinity;
        const disorder = facts.filter((fact, i) => {
          const wrong = fact.seq !== i || fact.causationId >= fact.seq || fact.knownAt < known || fact.knownAt < fact.ts;
          known = fact.knownAt;
          return wrong;
        });
        expect(disorder).toEqual([]);
        const fold = new RunFold(market.instruments, market.config.capital);
        facts.forEach(fact => fold.apply(fact));
        expect(fold.fills).toEqual(fills);
        expect(fold.ledger.balance('cash')).toBe(fold.account.cash);
        const sum = (['capital', 'cash', 'trading', 'fees', 'funding'] as const).reduce(
          (total, name) => total + fold.ledger.balance(name),
          0,
        );
        expect(sum).toBe(0);
      }),
      { numRuns: 15, seed: 20 },
    );
  });

  it('one run gives one fingerprint and the same facts, another seed others', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlannedMarket, async market => {
        const first = await run(market, signallingStrategy);
        const again = await run(market, signallingStrategy);
        expect(again.facts).toEqual(first.facts);
        const other = await run({ ...market, config: { ...market.config, seed: market.config.seed + 1 } }, signallingStrategy);
        expect(other.fingerprint).not.toBe(first.fingerprint);
      }),
      { numRuns: 6, seed: 21 },
    );
  });

  it('causality holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlannedMarket, async market => {
        const verdict = await verifyCausality({
          strategyOn: () => signallingStrategy,
          params: resolveParams(signallingStrategy.params, {}),
          config: market.config,
          instruments: market.instruments,
          chunks: market.chunks,
        });
        expect(verdict.leaks).toEqual([]);
      }),
      { numRuns: 3, seed: 22 },
    );
  });
});
