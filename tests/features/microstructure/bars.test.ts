import { describe, expect, it } from 'vitest';
import { amihud } from '../../../src/features/microstructure/amihud.js';
import { barKylesLambda } from '../../../src/features/microstructure/bar-kyles-lambda.js';
import { bulkVpin } from '../../../src/features/microstructure/bulk-vpin.js';
import { corwinSchultz } from '../../../src/features/microstructure/corwin-schultz.js';
import { rollSpread } from '../../../src/features/microstructure/roll-spread.js';
import type { Feature } from '../../../src/features/feature.js';
import type { Bar } from '../../../src/events/market.js';
import { random } from '../../../src/random.js';
import { barsOf, chunkOf, randomSeries, valuesOf } from '../bar-series.js';

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const mean = (xs: readonly number[]): number => total(xs) / xs.length;
const covariance = (xs: readonly number[], ys: readonly number[]): number =>
  total(xs.map((x, i) => (x - mean(xs)) * ((ys[i] ?? NaN) - mean(ys)))) / (xs.length - 1);
const moves = (bars: readonly Bar[]): number[] => bars.slice(1).map((bar, i) => Math.log(bar.close / (bars[i]?.close ?? NaN)));

/** Φ by its series, Σ (−1)ᵏ x²ᵏ⁺¹ ÷ (k! 2ᵏ (2k + 1)). */
const phi = (x: number): number => {
  let term = x;
  let sum = x;
  for (let k = 1; k < 120; k++) {
    term *= (-x * x) / (2 * k);
    sum += term / (2 * k + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
};

const corwin = (a: Bar, b: Bar): number => {
  const sq = (x: number): number => x * x;
  const beta = sq(Math.log(a.high / a.low)) + sq(Math.log(b.high / b.low));
  const gamma = sq(Math.log(Math.max(a.high, b.high) / Math.min(a.low, b.low)));
  const k = 3 - 2 * Math.SQRT2;
  const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / k - Math.sqrt(gamma / k);
  return Math.max(0, (2 * (Math.exp(alpha) - 1)) / (1 + Math.exp(alpha)));
};

const DEFINITIONS: readonly (readonly [Feature, (bars: readonly Bar[]) => number])[] = [
  [
    amihud(6),
    bars => mean(moves(bars).map((move, i) => (Math.abs(move) * 1e10) / ((bars[i + 1]?.close ?? NaN) * (bars[i + 1]?.volume ?? NaN)))),
  ],
  [
    barKylesLambda(6),
    bars => {
      const ys = moves(bars).map(move => 1e4 * move);
      const xs = bars.slice(1).map((bar, i) => (Math.sign(ys[i] ?? NaN) * bar.close * bar.volume) / 1e6);
      return covariance(xs, ys) / covariance(xs, xs);
    },
  ],
  [
    bulkVpin(6),
    bars => {
      const changes = bars.slice(1).map((bar, i) => bar.close - (bars[i]?.close ?? NaN));
      const parts = changes.slice(-6).map((change, i) => {
        const window = changes.slice(changes.length - 11 + i, changes.length - 5 + i);
        return Math.abs(2 * phi(change / Math.sqrt(covariance(window, window))) - 1);
      });
      const volumes = bars.slice(-6).map(({ volume }) => volume);
      return total(parts.map((part, i) => part * (volumes[i] ?? NaN))) / total(volumes);
    },
  ],
  [corwinSchultz(6), bars => 1e4 * mean(bars.slice(1).map((bar, i) => corwin(bars[i] as Bar, bar)))],
  [
    rollSpread(6),
    bars => {
      const all = moves(bars);
      return 2e4 * Math.sqrt(Math.max(0, -covariance(all.slice(1), all.slice(0, -1))));
    },
  ],
];

describe('features of the microstructure from bars', () => {
  for (const [feature, definition] of DEFINITIONS)
    it(`${feature.key} is what its definition says`, () => {
      const chunk = chunkOf(randomSeries(3, 120));
      const bars = barsOf(chunk);
      const values = valuesOf(feature, chunk);
      for (let i = feature.warmup - 1; i < bars.length; i++) {
        const expected = definition(bars.slice(i + 1 - feature.warmup, i + 1));
        expect(Math.abs((values[i] ?? NaN) - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
      }
    });

  it('the bounce of closes between bid and ask gives the spread back', () => {
    const draw = random('closes');
    const close = Array.from({ length: 30_001 }, () => 100 * (1 + (draw.next() < 0.5 ? 5e-4 : -5e-4)));
    expect(Math.abs((valuesOf(rollSpread(29_000), { close }).at(-1) ?? NaN) / 10 - 1)).toBeLessThan(0.03);
  });

  it('highs at the ask and lows at the bid of a walk give the spread back', () => {
    // Corwin & Schultz's own experiment: many trades a bar, each at the ask or the bid, one per cent apart.
    const draw = random('ranges');
    let price = 100;
    const high: number[] = [];
    const low: number[] = [];
    for (let i = 0; i < 1_500; i++) {
      let [top, bottom] = [-Infinity, Infinity];
      for (let k = 0; k < 390; k++) {
        price *= 1 + (0.01 / Math.sqrt(390)) * draw.normal();
        const at = price * (draw.next() < 0.5 ? 1.005 : 0.995);
        top = Math.max(top, at);
        bottom = Math.min(bottom, at);
      }
      high.push(top);
      low.push(bottom);
    }
    const spread = valuesOf(corwinSchultz(1_400), { high, low, close: low }).at(-1) ?? NaN;
    // The range of a bar misses its true ends by a little, which costs a little of the spread, and cutting off at 0 adds some: within a fifth of one per cent.
    expect(spread).toBeGreaterThan(80);
    expect(spread).toBeLessThan(120);
  });

  it('a planted linear impact comes back', () => {
    const draw = random('bar impact');
    let last = 100;
    const close = [last];
    const volume = [1];
    for (let i = 0; i < 400; i++) {
      // 2 basis points a million.
      const money = (10 + 20 * draw.next()) * 1e6;
      last *= Math.exp((draw.next() < 0.5 ? 1 : -1) * (money / 1e6) * 2e-4);
      close.push(last);
      volume.push(money / last);
    }
    expect(valuesOf(barKylesLambda(300), { close, volume }).at(-1)).toBeCloseTo(2, 9);
    expect(valuesOf(amihud(300), { close, volume }).at(-1)).toBeCloseTo(2, 9);
  });
});
