import { describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import { friction } from '../../src/experiments/friction/friction.js';
import { runCapacity } from '../../src/experiments/friction/run-capacity.js';
import { dailyStrategy, plantedBars, plantedDays, plantedRun } from './friction-market.js';

const strategy = dailyStrategy();
const [gain, range, coefficient, price, volume] = [0.002, 0.01, 0.8, 10_000, 50] as const;
const days = plantedDays(60, { mean: gain, deviation: 0.0004 });
const bars = plantedBars(days, { price, volume, range });
const run = async (capital: number, slippage: 'impact' | 'none' = 'impact') => {
  const shared = plantedRun(strategy, [bars], {
    capital,
    slippage: slippage === 'impact' ? { kind: 'sqrt-impact', spreadBps: 0, coefficient } : { kind: 'none' },
  });
  const { atBase } = await friction({ shared, values: {}, engine: inProcessEngine(), refinements: 0, samples: 50 });
  return { atBase, config: shared.config };
};
const mean = days.reduce((sum, day) => sum + day.gain, 0) / days.length;

describe('the capacity of a run', () => {
  // Both sides of a trade pay c σ √(capital ÷ (price × volume)) of a notional of all capital; half the gain is eaten where they pay half of it.
  const sigma = Math.log(1 + range) / (2 * Math.sqrt(Math.LN2));
  const ratio = mean / (4 * coefficient * sigma);
  const truth = price * volume * ratio * ratio;

  test('is within a fifth of the analytic one for a planted edge under the square-root law', async () => {
    const capital = truth / 10;
    const { atBase, config } = await run(capital);
    const { result, impact } = runCapacity(config, [bars], atBase);
    expect(impact.charged).toBe(true);
    expect(result!.capital / truth).toBeGreaterThan(0.8);
    expect(result!.capital / truth).toBeLessThan(1.2);
    expect(result!.low).toBeLessThan(truth);
    expect(result!.high).toBeGreaterThan(truth);
    expect(result!.known).toBe(1);
    // At a tenth of it, √10 times less of the edge is eaten than a half.
    expect(result!.eatenNow).toBeCloseTo(0.5 / Math.sqrt(10), 2);
  });

  test('is the capital at which the simulated run itself keeps half of its edge', async () => {
    const { atBase, config } = await run(truth / 10);
    const { result } = runCapacity(config, [bars], atBase);
    const there = (await run(result!.capital)).atBase;
    const free = (await run(result!.capital, 'none')).atBase;
    expect(there.meanReturn / free.meanReturn).toBeGreaterThan(0.45);
    expect(there.meanReturn / free.meanReturn).toBeLessThan(0.55);
  });

  test('assumes the square-root law for a run that charges no impact, and says so', async () => {
    const { atBase, config } = await run(truth / 10, 'none');
    const { result, impact } = runCapacity(config, [bars], atBase);
    expect(impact.charged).toBe(false);
    expect(impact.source).toMatch(/coefficient 1/);
    // With coefficient 1 for 0.8.
    expect(result!.capital / (truth * coefficient * coefficient)).toBeCloseTo(1, 1);
  });

  test('is not defined without an edge or without volume, and says why', async () => {
    const losing = plantedBars(plantedDays(30, { mean: -0.001, deviation: 0.0001 }), { price, volume, range });
    const lost = await friction({ shared: plantedRun(strategy, [losing]), values: {}, engine: inProcessEngine(), samples: 50 });
    expect(runCapacity(plantedRun(strategy, [losing]).config, [losing], lost.atBase)).toMatchObject({
      result: null,
      reason: expect.stringMatching(/no edge/),
    });
    const blind = plantedBars(days, { price, volume: NaN, range });
    const { atBase, config } = await run(1_000);
    expect(runCapacity(config, [blind], atBase)).toMatchObject({ result: null, reason: expect.stringMatching(/no volume/) });
  });
});
