import { appendFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countNoise, mostByChance, NOMINAL, TRIED, type NoiseCount } from './noise.js';

/** Where a soak collects what it saw, a line a model; without it a tenth of the seeds is run. Set by `npm run soak:models`. */
const soak = process.env['SOAK_MODELS'];

describe('on pure noise', () => {
  test.each(Object.entries(TRIED))(
    'skill intervals of %s lie above 0, or miss the true skill, no more often than they may',
    async (name, { seeds }) => {
      const counted: NoiseCount = await countNoise(name, soak === undefined ? seeds / 10 : seeds);
      if (soak !== undefined) appendFileSync(soak, `${JSON.stringify({ ...counted, nominal: NOMINAL })}\n`);
      expect(counted.above).toBeLessThanOrEqual(counted.mostAbove);
      expect(counted.missed).toBeLessThanOrEqual(counted.mostMissed);
    },
    600_000,
  );
});

describe('the tolerance', () => {
  test('is the 99.9 % quantile of the binomial law', () => {
    // P(X ≤ 18) = 0.9928…, by summing the law of 200 trials at 5 % term by term: the quantile is where 0.999 is first reached.
    const cumulative = (k: number): number => {
      let sum = 0;
      for (let j = 0; j <= k; j++) {
        let log = j * Math.log(0.05) + (200 - j) * Math.log(0.95);
        for (let i = 0; i < j; i++) log += Math.log((200 - i) / (i + 1));
        sum += Math.exp(log);
      }
      return sum;
    };
    const most = mostByChance(200, 0.05);
    expect(cumulative(most)).toBeGreaterThanOrEqual(0.999);
    expect(cumulative(most - 1)).toBeLessThan(0.999);
    expect(mostByChance(2, 0.05)).toBe(2);
  });
});
