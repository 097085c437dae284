import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makerTaker } from '../../src/costs/fees.js';
import { fixedBps, noSlippage, sqrtImpact } from '../../src/costs/slippage.js';
import type { Signal } from '../../src/events/forecast.js';
import { isRefusal, planTrade, type PlanRules, type PlanView, type TradePlan } from '../../src/execution/trade-plan.js';
import { units } from '../../src/market/units.js';
import { fixedFraction } from '../../src/portfolio/sizing/fixed-fraction.js';
import { fractionalKelly } from '../../src/portfolio/sizing/fractional-kelly.js';
import { HOUR } from '../../src/time.js';
import { A, perpetual } from '../engine/scenario.js';
import { heldBySeries } from './exit-series.js';
import { evenly } from '../arbitraries/evenly.js';

const NOW = Date.UTC(2024, 0, 1);

const signal = (more: Partial<Signal> = {}): Signal => ({
  symbol: A,
  direction: 'long',
  confidence: 0.6,
  riskScore: 0,
  horizon: 10,
  mean: 0.01,
  sd: 0.02,
  reason: '',
  ...more,
});

const view = (more: Partial<PlanView> = {}): PlanView => {
  const instrument = more.instrument ?? perpetual(A, { tickSize: 0.1, lotSize: 0.001, minNotional: 5 });
  return {
    now: NOW,
    barMs: HOUR,
    instrument,
    units: units(instrument),
    price: 100,
    bar: { high: 101, low: 99, volume: 1000 },
    equity: 10_000,
    fees: makerTaker({ maker: 0, taker: 0.0005 }),
    slippage: noSlippage(),
    funding: null,
    sizeFactor: 1,
    ...more,
  };
};

const rules = (more: Partial<PlanRules> = {}): PlanRules => ({
  stopMultiple: 1.5,
  targetMultiple: 2.5,
  maxExposure: 1,
  minConfidence: 0.4,
  sizer: fixedFraction({ risk: 0.01 }),
  ...more,
});

const made = (answer: ReturnType<typeof planTrade>): TradePlan => {
  if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.text}`);
  return answer;
};
const refused = (answer: ReturnType<typeof planTrade>): string => (isRefusal(answer) ? answer.code : 'a plan');

describe('a trade plan', () => {
  it('for a rise: prices, size and expected value by hand', () => {
    const plan = made(planTrade(signal(), view(), rules()));
    // Stop 1.5 × 2 % below, target 2.5 × 2 % above, a hundredth of equity lost at the stop and the round trip of 0.1 %: 0.01 ÷ 0.031 × 10,000 ÷ 100 = 32.258 units.
    expect(plan).toMatchObject({ side: 'buy', entry: 100, stopLoss: 97, takeProfit: 105, lots: 32_258, quantity: 32.258 });
    expect(plan.rewardToRisk).toBeCloseTo(5 / 3, 12);
    expect(plan.expectedValue).toBeCloseTo(3225.8 * (0.01 * heldBySeries(0.5, 1.5, 2.5) - 0.001), 2);
    expect(plan.expiresAt).toBe(NOW + 10 * HOUR);
  });

  it('for a fall is its mirror image', () => {
    const rise = made(planTrade(signal(), view(), rules()));
    const fall = made(planTrade(signal({ direction: 'short', mean: -0.01 }), view(), rules()));
    expect(fall).toMatchObject({ side: 'sell', stopLoss: 103, takeProfit: 95, lots: rise.lots });
    expect(fall.expectedValue).toBeCloseTo(rise.expectedValue, 9);
  });

  it('rounds its exits to ticks towards the entry, so that it never risks more or hopes for more than forecast', () => {
    const coarse = perpetual(A, { tickSize: 2, lotSize: 1 });
    // 97 and 105 lie between ticks of 2.
    const at = view({ instrument: coarse, price: 100 });
    expect(made(planTrade(signal(), at, rules()))).toMatchObject({ stopLoss: 98, takeProfit: 104 });
    expect(made(planTrade(signal({ direction: 'short', mean: -0.01 }), at, rules()))).toMatchObject({ stopLoss: 102, takeProfit: 96 });
  });

  it('is smaller the higher the risk score and the lower the size factor, and capped', () => {
    const lots = (s: Partial<Signal>, v: Partial<PlanView> = {}, r: Partial<PlanRules> = {}) =>
      made(planTrade(signal(s), view(v), rules(r))).lots;
    expect(lots({ riskScore: 0.5 })).toBe(16_129);
    expect(lots({}, { sizeFactor: 0.25 })).toBe(8064);
    expect(lots({}, {}, { maxExposure: 0.1 })).toBe(10_000);
  });

  it('costs what the run says: slippage both ways, and funding for as long as it is expected to be held', () => {
    const held = heldBySeries(0.5, 1.5, 2.5);
    const value = (v: Partial<PlanView>, direction: 'long' | 'short' = 'long'): number => {
      const sign = direction === 'long' ? 1 : -1;
      const plan = made(planTrade(signal({ direction, mean: 0.01 * sign }), view({ fees: () => 0, ...v }), rules()));
      return plan.expectedValue / (plan.quantity * 100);
    };
    expect(value({})).toBeCloseTo(0.01 * held, 6);
    expect(value({ slippage: fixedBps({ bps: 10 }) })).toBeCloseTo(0.01 * held - 0.002, 6);
    const funding = { symbol: A, ts: NOW, rate: 0.0004, interval: 8 * HOUR };
    // Ten hours are 1.25 settlements; a long pays a positive rate and a short receives it.
    expect(value({ funding })).toBeCloseTo(held * (0.01 - 1.25 * 0.0004), 6);
    expect(value({ funding }, 'short')).toBeCloseTo(held * (0.01 + 1.25 * 0.0004), 6);
  });

  it('is as large as its own market impact allows: a little more would no longer be wanted', () => {
    const sizer = fractionalKelly({ fraction: 1, law: 'moments' });
    const at = view({ slippage: sqrtImpact({ spreadBps: 1, coefficient: 1 }), bar: { high: 102, low: 98, volume: 10_000 } });
    const plan = made(planTrade(signal(), at, rules({ sizer, maxExposure: 100 })));
    const held = heldBySeries(0.5, 1.5, 2.5);
    const exposure = (plan.quantity * 100) / 10_000;
    const sigma = Math.log(102 / 98) / (2 * Math.sqrt(Math.log(2)));
    const costs = 2 * (0.0005 + 0.00005 + sigma * Math.sqrt(plan.quantity / 10_000));
    expect((0.01 * held - costs) / (0.0004 * held)).toBeCloseTo(exposure, 2);
    expect(exposure).toBeLessThan((0.01 * held - 0.0011) / (0.0004 * held));
  });
});

describe('what the planner refuses', () => {
  it('numbers that are none or out of range', () => {
    const bad: Partial<Signal>[] = [
      { confidence: NaN },
      { confidence: 1.01 },
      { confidence: -0.1 },
      { riskScore: 2 },
      { riskScore: NaN },
      { horizon: 0 },
      { horizon: 1.5 },
      { horizon: NaN },
      { mean: NaN },
      { mean: Infinity },
      { sd: 0 },
      { sd: -1 },
      { sd: NaN },
      { sd: Infinity },
    ];
    for (const more of bad) expect(refused(planTrade(signal(more), view(), rules())), JSON.stringify(more)).toBe('bad-forecast');
  });

  it('a forecast that costs eat, with a sentence that has the figures', () => {
    const answer = planTrade(signal({ mean: 0.0009 }), view(), rules());
    expect(refused(answer)).toBe('no-edge');
    if (isRefusal(answer)) expect(answer.text).toMatch(/0\.090 % over 10 bars.*3\.000 %.*5\.000 %.*3225\.80.*cost 3\.2/);
  });

  it('confidence below the least, exits less than a tick or more than the whole price away, and sizes of nothing', () => {
    const code = (s: Partial<Signal>, v: Partial<PlanView> = {}, r: Partial<PlanRules> = {}) =>
      refused(planTrade(signal(s), view(v), rules(r)));
    expect(code({ confidence: 0.39 })).toBe('low-confidence');
    expect(code({ confidence: 0.4 })).toBe('a plan');
    expect(code({ sd: 0.0004 })).toBe('too-narrow');
    expect(code({ sd: 0.7 })).toBe('too-wide');
    expect(code({ direction: 'short', mean: -0.1, sd: 0.5 })).toBe('too-wide');
    expect(code({ riskScore: 1 })).toBe('no-size');
    expect(code({}, { sizeFactor: 0 })).toBe('no-size');
    expect(code({}, { equity: 1 })).toBe('below-minimum');
    expect(code({}, { equity: 0 })).toBe('no-equity');
    expect(code({}, { price: NaN })).toBe('no-price');
    expect(code({}, { instrument: perpetual(A, { lotSize: 100 }) })).toBe('below-minimum');
  });

  it('every forecast without drift, whatever its exits: a stop makes no edge', () => {
    fc.assert(
      fc.property(
        evenly(0.3, 5),
        evenly(0.3, 5),
        evenly(0.005, 0.05),
        fc.constantFrom('long' as const, 'short' as const),
        (stopMultiple, targetMultiple, sd, direction) => {
          const at = view({ fees: () => 0 });
          expect(refused(planTrade(signal({ direction, mean: 0, sd, confidence: 1 }), at, rules({ stopMultiple, targetMultiple })))).toBe(
            'no-edge',
          );
        },
      ),
    );
  });
});

describe('any plan', () => {
  it('has its exits on either side of the entry, on ticks, whole lots within the cap, and something to gain', () => {
    let plans = 0;
    fc.assert(
      fc.property(
        fc.record({
          price: evenly(1, 50_000),
          tick: fc.constantFrom(0.01, 0.1, 0.5, 1),
          lot: fc.constantFrom(0.001, 0.1, 1),
          sd: evenly(0.001, 0.2),
          ratio: evenly(-2, 2),
          riskScore: evenly(0, 1),
          confidence: evenly(0, 1),
          horizon: fc.integer({ min: 1, max: 200 }),
          rate: evenly(-0.003, 0.003),
          cap: evenly(0.01, 5),
          taker: evenly(0, 0.002),
          law: fc.constantFrom('payoff' as const, 'moments' as const, 'lesser' as const),
          direction: fc.constantFrom('long' as const, 'short' as const),
        }),
        p => {
          const sign = p.direction === 'long' ? 1 : -1;
          const instrument = perpetual(A, { tickSize: p.tick, lotSize: p.lot, minNotional: 5 });
          const at = view({
            instrument,
            price: Math.max(1, Math.round(p.price / p.tick)) * p.tick,
            equity: 100_000,
            funding: { symbol: A, ts: NOW, rate: p.rate, interval: 8 * HOUR },
            fees: makerTaker({ maker: 0, taker: p.taker }),
          });
          const given = signal({ ...p, mean: sign * p.sd * p.ratio });
          const answer = planTrade(given, at, rules({ maxExposure: p.cap, sizer: fractionalKelly({ fraction: 0.25, law: p.law }) }));
          if (isRefusal(answer)) return;
          plans++;
          const { entry, stopLoss, takeProfit, quantity, lots } = answer;
          expect(sign * (entry - stopLoss)).toBeGreaterThan(0);
          expect(sign * (takeProfit - entry)).toBeGreaterThan(0);
          expect(Math.abs(stopLoss / p.tick - Math.round(stopLoss / p.tick))).toBeLessThan(1e-6);
          expect(Math.abs(takeProfit / p.tick - Math.round(takeProfit / p.tick))).toBeLessThan(1e-6);
          expect(sign * (entry - stopLoss)).toBeLessThanOrEqual(1.5 * p.sd * entry * (1 + 1e-9) + 1e-9 * p.tick);
          expect(Number.isInteger(lots) && lots > 0).toBe(true);
          expect(quantity * entry).toBeLessThanOrEqual(p.cap * 100_000 * (1 + 1e-9));
          expect(quantity * entry).toBeGreaterThanOrEqual(5);
          expect(answer.expectedValue).toBeGreaterThan(0);
          const held = Math.min(
            1,
            heldBySeries(
              sign * (given.mean / p.sd),
              (sign * (entry - stopLoss)) / entry / p.sd,
              (sign * (takeProfit - entry)) / entry / p.sd,
            ),
          );
          const net = held * (sign * given.mean - (sign * p.rate * p.horizon) / 8) - 2 * p.taker;
          expect(answer.expectedValue / (quantity * entry)).toBeCloseTo(net, 3);
        },
      ),
      { numRuns: 1000 },
    );
    expect(plans).toBeGreaterThan(50);
  });
});
