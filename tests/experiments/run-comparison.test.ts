import { describe, expect, test } from 'vitest';
import { compareTracks } from '../../src/experiments/run-comparison.js';
import { portfolioStudy } from '../../src/experiments/portfolio-study.js';
import { trackOf } from '../../src/metrics/track.js';
import { random } from '../../src/random.js';
import { DAY } from '../../src/time.js';

const START = Date.UTC(2022, 0, 1);

const trackOfReturns = (returns: Float64Array, from = START) => {
  let equity = 1000;
  const n = returns.length;
  return trackOf({
    initialCapital: 1000,
    curve: {
      length: n,
      ts: Float64Array.from(returns, (_, i) => from + (i + 1) * DAY),
      equity: returns.map(r => (equity *= 1 + r)),
      exposure: new Float64Array(n),
      gross: new Float64Array(n),
    },
    fills: [],
    roundTrips: [],
    funding: [],
  });
};

const noise = (days: number, seed: number, drift = 0.0003, deviation = 0.01): Float64Array => {
  const draw = random(seed);
  return Float64Array.from({ length: days }, () => drift + deviation * draw.normal());
};

describe('a comparison of runs', () => {
  test('corrects for the number of runs compared: never a smaller p, at most times their number', () => {
    const first = noise(300, 1);
    const tracks = [first, ...[2, 3, 4].map(seed => first.map((r, i) => r + noise(300, seed, 0.0003 * seed, 0.004)[i]!))].map(returns =>
      trackOfReturns(returns),
    );
    const { pairs } = compareTracks(tracks, { samples: 400, portfolio: null });
    const ps = pairs.map(({ figures: { sharpe }, adjusted }) => {
      if ('undefined' in sharpe) throw new Error(sharpe.undefined);
      return { p: sharpe.p!, corrected: adjusted.sharpe! };
    });
    for (const { p, corrected } of ps) {
      expect(corrected).toBeGreaterThanOrEqual(p);
      expect(corrected).toBeLessThanOrEqual(Math.min(1, 3 * p));
    }
    const least = ps.reduce((a, b) => (b.p < a.p ? b : a));
    expect(least.corrected).toBeCloseTo(Math.min(1, 3 * least.p), 12);
  });

  test('of two runs corrects nothing', () => {
    const { pairs } = compareTracks([trackOfReturns(noise(200, 1)), trackOfReturns(noise(200, 2))], { samples: 300, portfolio: null });
    const { figures, adjusted } = pairs[0]!;
    expect('undefined' in figures.sharpe ? null : figures.sharpe.p).toBe(adjusted.sharpe);
  });

  test('is of the days that all have', () => {
    const returns = noise(400, 5);
    const early = trackOfReturns(returns.slice(0, 300));
    const late = trackOfReturns(
      returns.slice(100).map((r, i) => r + (i % 2 === 0 ? 0.0002 : 0)),
      START + 100 * DAY,
    );
    const { common, own, pairs, portfolio } = compareTracks([early, late], {
      samples: 200,
      portfolio: { lookback: 180, every: 30, moveCost: 0 },
    });
    expect([common.ts.length, common.from, own]).toEqual([200, START + 100 * DAY, [300, 300]]);
    const { meanReturn } = pairs[0]!.figures;
    expect('undefined' in meanReturn ? NaN : meanReturn.difference).toBeCloseTo(0.0001 * 365, 9);
    expect(portfolio).toEqual({ undefined: 'only 200 common periods of the 240 that a portfolio walked forward needs' });
  });
});

describe('portfolios of runs', () => {
  test('give most to the calm run when risk is what is divided, and least to none', () => {
    const { portfolios, alone, best } = portfolioStudy([noise(500, 1, 0.0005, 0.005), noise(500, 2, 0.0005, 0.02)], 365, {
      lookback: 180,
      every: 30,
      moveCost: 0.001,
      samples: 200,
    });
    for (const { name, reweightings } of portfolios) {
      const [calm, wild] = reweightings[3]!.weights;
      if (name === 'equal-weight') expect(calm).toBe(wild);
      else if (name !== 'past-best') expect(calm).toBeGreaterThan(2 * wild!);
      else expect([calm, wild].sort()).toEqual([0, 1]);
    }
    expect(alone).toHaveLength(2);
    const sharpes = alone.map(({ figures: { sharpe } }) => ('undefined' in sharpe ? NaN : sharpe.estimate));
    expect(best).toBe(sharpes[0]! > sharpes[1]! ? 0 : 1);
  });

  test('make nothing of the difference of equal weights from themselves', () => {
    const { portfolios } = portfolioStudy([noise(300, 1), noise(300, 2)], 365, { lookback: 100, every: 30, moveCost: 0, samples: 100 });
    expect(portfolios[0]).toMatchObject({
      name: 'equal-weight',
      adjustedP: null,
      overEqual: { undefined: 'the two do not differ on any day' },
    });
  });

  test('are rarely called better than equal weights when no weighting can be', () => {
    // Runs of one law, unrelated: equal weights are the best there is.
    let called = 0;
    const seeds = 20;
    for (let seed = 0; seed < seeds; seed++) {
      const columns = [1, 2, 3].map(k => noise(360, 10 * seed + k));
      const { portfolios } = portfolioStudy(columns, 365, { lookback: 120, every: 30, moveCost: 0.001, samples: 100 });
      if (
        portfolios.some(
          ({ adjustedP, overEqual }) => adjustedP !== null && adjustedP <= 0.05 && !('undefined' in overEqual) && overEqual.difference > 0,
        )
      )
        called++;
    }
    // 5 % of 20 and two standard errors.
    expect(called).toBeLessThanOrEqual(3);
  });
});
