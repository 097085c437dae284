import { beforeAll, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { Chunk } from '../../src/events/market.js';
import type { BreakEven, Measure } from '../../src/experiments/friction/break-even.js';
import { friction, type FrictionResult } from '../../src/experiments/friction/friction.js';
import type { FrictionAxis } from '../../src/experiments/friction/friction-point.js';
import { HOUR, MINUTE } from '../../src/time.js';
import { dailyStrategy, plantedBars, plantedDays, plantedRun, START, SYMBOL } from './friction-market.js';

const strategy = dailyStrategy();
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const found = ({ breakEvens }: FrictionResult, axis: FrictionAxis, measure: Measure = 'meanReturn'): BreakEven => {
  const one = breakEvens.find(b => b.axis === axis && b.measure === measure);
  if (!one) throw new Error(`no ${axis}`);
  return one;
};

/** One trade a day of gain g on a notional of all equity, at a cost c a side: g − c − c(1 + g). Its mean over the days is zero at c = ḡ ÷ (2 + ḡ). */
const analytic = (gains: readonly number[]): number => meanOf(gains) / (2 + meanOf(gains));

describe('the friction surface on a planted edge', () => {
  const days = plantedDays(40, { mean: 0.002, deviation: 0.003 });
  const bars = plantedBars(days);
  const truth = analytic(days.map(({ gain }) => gain));
  let costs: FrictionResult;

  beforeAll(async () => {
    const fees = { kind: 'maker-taker', maker: 0.0002, taker: 0.0005 } as const;
    costs = await friction({
      shared: plantedRun(strategy, [bars], { fees }),
      values: { fee: [0, 2, 4], slippage: [0, 5, 10, 20] },
      engine: inProcessEngine(),
      samples: 400,
    });
  });

  test('finds the fees at which the edge is gone, to a part in a thousand', () => {
    const { verdict, at, feeBps, costBps } = found(costs, 'fee');
    expect(verdict).toBe('dies');
    expect((at! * 0.0005) / truth).toBeCloseTo(1, 3);
    expect(feeBps! / (truth * 10_000)).toBeCloseTo(1, 3);
    expect(costBps).toBeCloseTo(feeBps!, 9);
  });

  test('finds the slippage at which it is gone beside the fees of the run', () => {
    // A side costs the fee on the slipped price: (1 + s)(1 + f) in, (1 − s)(1 − f) out.
    const f = 0.0005;
    const g = meanOf(days.map(({ gain }) => gain));
    const s = ((1 + g) * (1 - f) - (1 + f)) / (1 + f + (1 + g) * (1 - f));
    const { verdict, at } = found(costs, 'slippage');
    expect(verdict).toBe('dies');
    expect(at! / (s * 10_000)).toBeCloseTo(1, 2);
  });

  test('gives the mean return and the Sharpe ratio the same place, because they have the same sign', () => {
    for (const axis of ['fee', 'slippage'] as const) expect(found(costs, axis, 'sharpe').at! / found(costs, axis).at!).toBeCloseTo(1, 2);
  });

  test('draws an interval about it as wide as the standard error of the mean gain says', () => {
    const gains = days.map(({ gain }) => gain);
    const m = meanOf(gains);
    const error = Math.sqrt(meanOf(gains.map(g => (g - m) * (g - m))) / gains.length);
    const { low, high } = found(costs, 'fee');
    // Two sides are paid a trade, and ± 1.96 standard errors is 95 %.
    const half = (1.96 * error) / 2 / 0.0005;
    expect((high - low) / 2 / half).toBeGreaterThan(0.7);
    expect((high - low) / 2 / half).toBeLessThan(1.3);
    expect(low * 0.0005).toBeLessThan(truth);
    expect(high * 0.0005).toBeGreaterThan(truth);
  });

  test('has every combination once, and the run itself among them', () => {
    expect(costs.grid).toHaveLength(4 * 4);
    expect(costs.atBase.point).toEqual({ fee: 1, slippage: 0, latency: 0, funding: 1 });
    expect(costs.atBase.whole!.fills.length).toBe(2 * days.length);
    expect(costs.grid.filter(({ whole }) => whole !== null)).toHaveLength(1);
    // The axes of one value are not swept.
    expect(new Set(costs.breakEvens.map(({ axis }) => axis))).toEqual(new Set(['fee', 'slippage']));
  });

  test('finds the latency at which an edge that decays inside the bar is gone', async () => {
    const [gain, overshoot] = [0.002, 0.006];
    const noisy = plantedDays(40, { mean: gain, deviation: 0.0002, overshoot });
    const late = await friction({
      shared: plantedRun(strategy, [plantedBars(noisy)]),
      values: { latency: [0, 2 * MINUTE, 10 * MINUTE, 15 * MINUTE] },
      engine: inProcessEngine(),
      samples: 200,
    });
    // Price rises by the overshoot over the first third of the bar, evenly; the entry gives up the gain when it has risen as far.
    const truthMs = (meanOf(noisy.map(day => day.gain)) / overshoot) * (HOUR / 3);
    const { verdict, at } = found(late, 'latency');
    expect(verdict).toBe('dies');
    expect(at! / truthMs).toBeCloseTo(1, 2);
  });

  test('finds how much funding the edge can pay, and how little it needs when it is received', async () => {
    // One settlement a day, at 12:00, while the position is held and price has not moved.
    const settlements = (rate: number): Chunk => ({
      kind: 'funding',
      symbol: SYMBOL,
      rows: days.length,
      ts: Float64Array.from(days, (_, d) => START + d * 24 * HOUR + 12 * HOUR),
      columns: [new Float64Array(days.length).fill(rate), new Float64Array(days.length).fill(24 * HOUR)],
    });
    const sweep = (rate: number, gains: Chunk) =>
      friction({
        shared: plantedRun(strategy, [gains, settlements(rate)], { funding: { kind: 'settled' } }),
        values: { funding: [0, 3, 8] },
        engine: inProcessEngine(),
        samples: 200,
      });
    const paid = found(await sweep(0.0005, bars), 'funding');
    expect(paid.verdict).toBe('dies');
    expect(paid.at! / (meanOf(days.map(({ gain }) => gain)) / 0.0005)).toBeCloseTo(1, 2);
    const losing = plantedDays(40, { mean: -0.001, deviation: 0.001 });
    const received = found(await sweep(-0.0005, plantedBars(losing)), 'funding');
    expect(received.verdict).toBe('revives');
    expect(received.at! / (-meanOf(losing.map(({ gain }) => gain)) / 0.0005)).toBeCloseTo(1, 2);
  });

  test('says that an edge is never lost within the range, or was gone before any cost', async () => {
    const never = await friction({
      shared: plantedRun(strategy, [bars]),
      values: { slippage: [0, 1] },
      engine: inProcessEngine(),
      samples: 200,
    });
    expect(found(never, 'slippage')).toMatchObject({ verdict: 'alive', at: null, high: Infinity });
    const losing = plantedBars(plantedDays(40, { mean: -0.003, deviation: 0.001 }));
    const dead = await friction({
      shared: plantedRun(strategy, [losing]),
      values: { slippage: [0, 1] },
      engine: inProcessEngine(),
      samples: 200,
    });
    expect(found(dead, 'slippage')).toMatchObject({ verdict: 'dead', at: null, low: -Infinity, aliveAtBase: 0 });
  });
});
