import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kellyFraction } from '../../src/metrics/kelly.js';
import { METRICS, summarise } from '../../src/metrics/summary.js';
import { trackOf } from '../../src/metrics/track.js';
import { random } from '../../src/random.js';
import { DAY, HOUR } from '../../src/time.js';
import { curveOf, fill, flat, run, trip } from './sample-track.js';

describe('the summary of a run', () => {
  test('has the keys that the command line promises, and a label, unit and sentence for each', () => {
    const { values } = summarise(trackOf(run(curveOf([1000], DAY))));
    const promised = [
      'totalReturn',
      'cagr',
      'sharpe',
      'sortino',
      'calmar',
      'maxDrawdown',
      'volatility',
      'exposure',
      'turnover',
      'winRate',
      'profitFactor',
      'trades',
    ];
    expect(Object.keys(values)).toEqual(expect.arrayContaining(promised));
    expect(Object.keys(values)).toEqual(METRICS.map(m => m.name));
    expect(new Set(METRICS.map(m => m.label)).size).toBe(METRICS.length);
    for (const m of METRICS) expect(m.explanation.length).toBeGreaterThan(10);
  });
  test('of trades, by hand', () => {
    const trips = [trip(30, { exitTs: HOUR }), trip(-10, { exitTs: 3 * HOUR }), trip(20), trip(0)].map((t, i) =>
      i > 1 ? { ...t, exitTs: 2 * HOUR } : t,
    );
    const twoYears = flat(730, 1000);
    const fills = [fill({ price: 100, quantity: 5 }), fill({ side: 'sell', price: 120, quantity: 5 })];
    const gross = twoYears.map((_, i) => (i < 146 ? 0.5 : 0));
    const { values } = summarise(trackOf(run(curveOf(twoYears, DAY, 0, gross), { roundTrips: trips, fills })));
    expect(values).toMatchObject({
      trades: 4,
      winRate: 0.5,
      profitFactor: 5,
      expectancy: 10,
      averageTrade: 0.1,
      bestTrade: 0.3,
      worstTrade: -0.1,
    });
    expect(values.averageHoldingTime).toBe(2 * HOUR);
    // Outcomes 30 −10 20 0: sample deviation √(1000/3).
    expect(values.sqn).toBeCloseTo((2 * 10) / Math.sqrt(1000 / 3), 13);
    expect(values.kelly).toBeCloseTo(0.5 - 0.5 / (25 / 10), 14);
    expect(values.turnover).toBeCloseTo(0.55, 14);
    expect(values.exposure).toBeCloseTo(0.2, 14);
  });
  test("the Kelly fraction of an even bet won 60 % of the time is Kelly's 20 %", () => {
    expect(kellyFraction([1, 1, 1, -1, -1])).toBeCloseTo(0.2, 15);
  });
  test('of growth, by hand: a doubling in two years, halved on the way', () => {
    const equity = [...flat(365, 2000), ...flat(364, 1000), 2000];
    const { values } = summarise(trackOf(run(curveOf(equity, DAY))));
    expect(values.totalReturn).toBe(1);
    expect(values.cagr).toBeCloseTo(Math.SQRT2 - 1, 14);
    expect(values.maxDrawdown).toBe(-0.5);
    expect(values.calmar).toBeCloseTo((Math.SQRT2 - 1) / 0.5, 14);
    expect(values.drawdownDuration).toBe(365 * DAY);
    // Returns are +1, −0.5, +1 and zeros: gains 2, losses 0.5.
    expect(values.omega).toBeCloseTo(4, 14);
  });
  test('of tails, by hand on 0, 1 %, … 40 %', () => {
    const draw = Array.from({ length: 41 }, (_, i) => (i - 10) / 1000);
    let equity = 1000;
    const { values } = summarise(
      trackOf(
        run(
          curveOf(
            draw.map(r => (equity *= 1 + r)),
            DAY,
          ),
        ),
      ),
    );
    expect(values.valueAtRisk).toBeCloseTo(-0.008, 12);
    expect(values.conditionalValueAtRisk).toBeCloseTo(-0.009, 12);
    expect(values.tailRatio).toBeCloseTo(28 / 8, 9);
    expect(values.skew).toBeCloseTo(0, 9);
    // A discrete uniform law on n points: −6(n² + 1) ÷ 5(n² − 1).
    expect(values.kurtosis).toBeCloseTo((-6 / 5) * (1682 / 1680), 8);
  });
  test('against a benchmark: twice its return has beta 2 and no alpha', () => {
    const draw = random(4);
    const moves = Array.from({ length: 60 }, () => 0.01 * draw.normal());
    let [equity, price] = [1000, 100];
    const curve = curveOf(
      moves.map(m => (equity *= 1 + 2 * m)),
      DAY,
    );
    const benchmark = {
      ts: Float64Array.of(curve.ts[0]! - DAY, ...curve.ts),
      price: Float64Array.of(100, ...moves.map(m => (price *= 1 + m))),
    };
    const { values } = summarise(trackOf(run(curve, { benchmark })));
    expect(values.beta).toBeCloseTo(2, 10);
    expect(values.alpha).toBeCloseTo(0, 10);
    // Twice less once is once: the active return is the benchmark's own.
    expect(values.informationRatio).toBeCloseTo(values.sharpe!, 8);
  });
  test('gives a reason for every figure that is not defined, and never NaN or infinity', () => {
    const equity = fc.array(fc.oneof(fc.double({ min: -100, max: 5000, noNaN: true }), fc.constant(1000)), { maxLength: 60 });
    fc.assert(
      fc.property(equity, fc.constantFrom(1, HOUR, DAY), fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 5 }), (xs, step, pnl) => {
        const { values, reasons } = summarise(trackOf(run(curveOf(xs, step), { roundTrips: pnl.map(p => trip(p)) })));
        for (const { name } of METRICS) {
          if (values[name] === null) expect(reasons[name]?.length).toBeGreaterThan(5);
          else expect([name, Number.isFinite(values[name]), reasons[name]]).toEqual([name, true, undefined]);
        }
      }),
    );
  });
  test('of a run that never traded says so', () => {
    const { values, reasons } = summarise(trackOf(run(curveOf(flat(100, 1000), DAY))));
    expect(values).toMatchObject({
      totalReturn: 0,
      cagr: 0,
      volatility: 0,
      maxDrawdown: 0,
      exposure: 0,
      turnover: 0,
      trades: 0,
      sharpe: null,
      winRate: null,
    });
    expect(reasons.sharpe).toBe('the returns do not vary');
    expect(reasons.winRate).toBe('no closed trades');
    expect(reasons.alpha).toBe('no benchmark');
  });
});
