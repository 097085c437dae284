import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { cusum } from '../../src/features/regime/cusum.js';
import { hmmRegime } from '../../src/features/regime/hmm-regime.js';
import { hurst } from '../../src/features/regime/hurst.js';
import { varianceRatio } from '../../src/features/regime/variance-ratio.js';
import { garch } from '../../src/features/volatility/garch.js';
import { jumpShare } from '../../src/features/volatility/jump-share.js';
import { random } from '../../src/random.js';
import { valuesOf } from './bar-series.js';

/** Closes with these log returns, the first at 100. */
const path = (returns: readonly number[]): number[] => {
  const close = [100];
  for (const r of returns) close.push((close.at(-1) ?? NaN) * Math.exp(r));
  return close;
};
const normals = (seed: string, n: number): number[] => {
  const draw = random(seed);
  return Array.from({ length: n }, () => draw.normal());
};
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/** Two states that swap with chance 0.02 a bar, quiet 0.5 % and wild 2 %. */
const twoStates = (n: number): { readonly state: number[]; readonly close: number[] } => {
  const draw = random('two states');
  let now = 0;
  const state: number[] = [];
  const returns: number[] = [];
  for (let i = 0; i < n; i++) {
    if (draw.next() < 0.02) now = 1 - now;
    state.push(now);
    returns.push((now === 0 ? 0.005 : 0.02) * draw.normal());
  }
  return { state, close: path(returns) };
};

describe('the hidden Markov filter', () => {
  const { state, close } = twoStates(4000);
  const returns = close.slice(1).map((x, i) => Math.log(x / (close[i] ?? NaN)));

  it('with known parameters is the forward algorithm', () => {
    for (const deviations of [
      [0.02, 0.005],
      [0.003, 0.03, 0.01],
    ]) {
      const count = deviations.length;
      const order = deviations.map((_, k) => k).sort((a, b) => (deviations[a] ?? 0) - (deviations[b] ?? 0));
      const feature = hmmRegime({ states: count as 2 | 3, stay: 0.97, deviations });
      const ours = feature.outputs.map(name => valuesOf(feature, { close }, name));
      let alpha = deviations.map(() => 1 / count);
      returns.forEach((r, t) => {
        const predicted = alpha.map((_, k) => alpha.reduce((sum, a, i) => sum + a * (i === k ? 0.97 : 0.03 / (count - 1)), 0));
        const joint = predicted.map((p, k) => {
          const d = deviations[k] ?? NaN;
          return (p * Math.exp((-r * r) / (2 * d * d))) / (d * Math.sqrt(2 * Math.PI));
        });
        const all = joint.reduce((a, b) => a + b, 0);
        alpha = joint.map(p => p / all);
        order.forEach((k, place) => expect(ours[place]?.[t + 1]).toBeCloseTo(alpha[k] ?? NaN, 9));
      });
    }
  });

  it('recovers the state of a simulated market, with known deviations and with learned ones', () => {
    for (const options of [{ deviations: [0.005, 0.02] }, { seed: 200 }]) {
      const wild = valuesOf(hmmRegime(options), { close }, 'wild');
      let right = 0;
      for (let t = 500; t < state.length; t++) if ((wild[t + 1] ?? NaN) > 0.5 === (state[t] === 1)) right++;
      expect(right / (state.length - 500)).toBeGreaterThan(0.85);
    }
  });

  it('gives probabilities: none below 0, all together 1, whatever the market does', () => {
    const wildest = path([...normals('tail', 300).map(z => 0.01 * z), 3, -3, 0, 0, 1e-9, ...normals('after', 50)]);
    for (const states of [2, 3] as const) {
      const feature = hmmRegime({ states, seed: 20 });
      const columns = feature.outputs.map(name => valuesOf(feature, { close: wildest }, name).slice(feature.warmup - 1));
      columns[0]?.forEach((_, i) => {
        expect(columns.every(column => (column[i] ?? NaN) >= 0)).toBe(true);
        expect(columns.reduce((sum, column) => sum + (column[i] ?? NaN), 0)).toBeCloseTo(1, 12);
      });
    }
  });

  it('refuses what is no chain', () => {
    expect(() => hmmRegime({ stay: 1 })).toThrow(UserError);
    expect(() => hmmRegime({ states: 4 as 3 })).toThrow(UserError);
    expect(() => hmmRegime({ deviations: [0.01, -0.02] })).toThrow(UserError);
    expect(() => hmmRegime({ learning: 1 })).toThrow(UserError);
  });
});

describe('jump share', () => {
  it('is near nothing on a diffusion and large where jumps are planted', () => {
    const quiet = normals('diffusion', 3000).map(z => 0.001 * z);
    const jumpy = quiet.map((r, i) => (i % 100 === 50 ? r + 0.03 : r));
    const level = (returns: readonly number[]): number => mean(valuesOf(jumpShare(200), { close: path(returns) }).slice(200));
    // The expectation of 1 − BV ÷ RV is 0; what is below 0 is cut off, and its deviation is √(0.609 ÷ 200) = 0.055 (Barndorff-Nielsen & Shephard 2004).
    expect(level(quiet)).toBeLessThan(0.06);
    expect(level(jumpy)).toBeGreaterThan(0.8);
  });
});

describe('measures of memory', () => {
  const noise = normals('memory', 6000).map(z => 0.01 * z);
  const trending: number[] = [];
  const turning: number[] = [];
  noise.forEach((e, i) => {
    trending.push(0.4 * (trending[i - 1] ?? 0) + e);
    turning.push(-0.4 * (turning[i - 1] ?? 0) + e);
  });
  const level = (feature: Parameters<typeof valuesOf>[0], returns: readonly number[]): number =>
    mean(valuesOf(feature, { close: path(returns) }).slice(feature.warmup - 1));

  it('the Hurst exponent is a half on a random walk, above where moves go on, below where they turn back', () => {
    expect(level(hurst(1000), noise)).toBeCloseTo(0.5, 1);
    expect(level(hurst(1000), trending)).toBeGreaterThan(0.57);
    expect(level(hurst(1000), turning)).toBeLessThan(0.43);
  });

  it('the variance ratio at 2 is 1 + the first autocorrelation', () => {
    expect(level(varianceRatio(2, 1000), noise)).toBeCloseTo(1, 1);
    expect(level(varianceRatio(2, 1000), trending)).toBeCloseTo(1.4, 1);
    expect(level(varianceRatio(2, 1000), turning)).toBeCloseTo(0.6, 1);
  });
});

describe('a cumulative sum of evidence', () => {
  it('stays low while nothing changes and passes five soon after a shift of two deviations', () => {
    const z = normals('cusum', 400);
    const close = path(z.map((x, i) => 0.01 * (x + (i >= 300 ? 2 : 0))));
    const up = valuesOf(cusum(100), { close }, 'up');
    const down = valuesOf(cusum(100), { close }, 'down');
    // Average run length to a false alarm at slack ½ and limit 5 is about 930 bars (D. Montgomery, Introduction to Statistical Quality Control, table 9.3).
    expect(Math.max(...up.slice(102, 300))).toBeLessThan(7);
    expect(up.slice(301, 312).some(x => x > 5)).toBe(true);
    expect(down[312]).toBe(0);
    expect(Math.max(...up.slice(102))).toBeLessThanOrEqual(10);
  });

  it('is the recursion of Page on standardised returns', () => {
    const close = path(normals('page', 80).map(z => 0.01 * z));
    const r = close.slice(1).map((x, i) => Math.log(x / (close[i] ?? NaN)));
    const ours = valuesOf(cusum(10, 0.25), { close }, 'down');
    let variance = mean(r.slice(0, 10).map(x => x * x));
    let down = 0;
    for (let t = 10; t < r.length; t++) {
      const x = r[t] ?? NaN;
      down = Math.max(0, down - x / Math.sqrt(variance) - 0.25);
      expect(ours[t + 1]).toBeCloseTo(down, 9);
      variance += (2 / 11) * (x * x - variance);
    }
  });
});

describe('GARCH', () => {
  it('refuses weights that leave nothing to the long run', () => {
    expect(() => garch({ alpha: 0.2, beta: 0.8 })).toThrow(UserError);
    expect(() => garch({ alpha: 0 })).toThrow(UserError);
  });

  it('rises with a shock and falls back at the rate of beta when the market is still', () => {
    const close = path([...Array.from({ length: 60 }, (_, i) => (i % 2 ? 0.01 : -0.01)), 0.1, 0, 0]);
    const h = valuesOf(garch({ alpha: 0.1, beta: 0.8, target: 50, periodsPerYear: 1 }), { close }).map(x => x * x);
    // Targets: the mean of 50 squares as they come.
    const usual = 0.0001;
    expect(h[60]).toBeCloseTo(usual, 12);
    const shocked = 0.1 * (usual + (0.01 - usual) / 50) + 0.1 * 0.01 + 0.8 * usual;
    expect(h[61]).toBeCloseTo(shocked, 12);
    expect(h[62]).toBeCloseTo(0.1 * (usual + (0.01 - 2 * usual) / 50) + 0.8 * shocked, 12);
  });
});
