import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../../src/engine/run-config.js';
import type { Fact } from '../../../src/events/fact.js';
import { canonicalFact } from '../../../src/journal/fingerprint.js';
import { defineStrategy, type Strategy } from '../../../src/strategies/strategy.js';
import { A, B, NO_RISK, play, stage, T0, type Scenario } from '../../engine/scenario.js';
import { BARS, FROM, HOUR, intentOf, moves, paper, walk } from './paper-session.js';

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
});
