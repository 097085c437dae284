import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../../src/events/market.js';
import { historyBootstrap } from '../../../src/experiments/synthetic-history.js';
import { random } from '../../../src/random.js';
import { autocorrelation } from '../../../src/statistics/autocorrelation.js';
import { mean, standardDeviation } from '../../../src/statistics/moments.js';
import { quantile } from '../../../src/statistics/quantile.js';
import { hasSharedData, sharedColumns } from '../../datasets/shared-data.js';
import { barsFrom, closeReturns, garchPair, instrument, rowsWhere } from './recorded-market.js';

const [A, B] = ['A/USDT:USDT', 'B/USDT:USDT'] as const;
const instruments = [instrument(A), instrument(B)];
const LAGS = [1, 2, 5, 10, 20];

/** Correlation of two series of equal length. */
const correlation = (xs: Float64Array, ys: Float64Array): number => {
  const [mx, my] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    xy += (xs[i]! - mx) * (ys[i]! - my);
    xx += (xs[i]! - mx) * (xs[i]! - mx);
    yy += (ys[i]! - my) * (ys[i]! - my);
  }
  return xy / Math.sqrt(xx * yy);
};

/** A figure of each of many histories: its mean and the standard error of that. */
const over = (values: readonly number[]): { mean: number; error: number } => ({
  mean: mean(values),
  error: standardDeviation(values) / Math.sqrt(values.length),
});

const absolute = (returns: Float64Array): Float64Array => returns.map(Math.abs);

/** What is measured on a pair of series of bars. */
const figures = ([a, b]: readonly [Float64Array, Float64Array]) => ({
  clustering: LAGS.map(lag => autocorrelation(absolute(a), lag)),
  together: correlation(a, b),
  sizesTogether: correlation(absolute(a), absolute(b)),
  scale: standardDeviation(a),
  quantiles: [0.01, 0.1, 0.5, 0.9, 0.99].map(p => quantile(a, p) / standardDeviation(a)),
});

const returnsOf = (chunks: readonly Chunk[]): readonly [Float64Array, Float64Array] => [closeReturns(chunks[0]!), closeReturns(chunks[1]!)];

/**
 * Politis & Romano (1994): over resamples the autocovariance at lag k is (1 − 1/L)^k of the recorded one, and what has no lag is that recorded. Figures of one
 * history scatter around that; `width` allows for the bias of a ratio in a finite sample.
 */
const agree = (
  recorded: ReturnType<typeof figures>,
  made: readonly ReturnType<typeof figures>[],
  meanBlock: number,
  width: number,
): void => {
  const near = (read: (each: ReturnType<typeof figures>) => number, expected: number, allowed = width): void => {
    const { mean: centre, error } = over(made.map(read));
    expect(Math.abs(centre - expected)).toBeLessThan(allowed + 4 * error);
  };
  LAGS.forEach((lag, k) => near(({ clustering }) => clustering[k]!, recorded.clustering[k]! * Math.exp(lag * Math.log(1 - 1 / meanBlock))));
  near(({ together }) => together, recorded.together);
  near(({ sizesTogether }) => sizesTogether, recorded.sizesTogether);
  near(({ scale }) => scale / recorded.scale, 1);
  recorded.quantiles.forEach((expected, k) => near(({ quantiles }) => quantiles[k]!, expected));
};

describe('synthetic histories of a GARCH market', () => {
  const chunks = garchPair(4000, 0.7, 21).map((returns, s) => barsFrom(s === 0 ? A : B, returns));
  const recorded = figures(returnsOf(chunks));
  const bootstrap = historyBootstrap({ chunks, instruments });
  const made = Array.from({ length: 40 }, (_, seed) => figures(returnsOf(bootstrap.draw(seed).chunks)));

  test('cluster, move together and spread as the recorded one, but for what the ends of blocks cost', () => {
    expect(recorded.clustering[0]).toBeGreaterThan(0.15);
    agree(recorded, made, bootstrap.meanBlock, 0.01);
  });

  test('keep three quarters of the clustering five bars on, with blocks chosen from the data', () => {
    expect(bootstrap.meanBlock).toBeGreaterThan(20);
    expect(over(made.map(({ clustering }) => clustering[2]!)).mean).toBeGreaterThan(0.75 * recorded.clustering[2]!);
  });

  test('lose their clustering with blocks of one bar, and keep the correlation even then', () => {
    const single = historyBootstrap({ chunks, instruments, meanBlock: 1 });
    const loose = Array.from({ length: 20 }, (_, seed) => figures(returnsOf(single.draw(seed).chunks)));
    for (const [k] of LAGS.entries()) expect(Math.abs(over(loose.map(({ clustering }) => clustering[k]!)).mean)).toBeLessThan(0.02);
    expect(Math.abs(over(loose.map(({ together }) => together)).mean - recorded.together)).toBeLessThan(0.02);
  });
});

test('a trend longer than a block is broken: what trend following earns falls to what blocks still hold of it', () => {
  // Drift that changes sign every 400 bars; the signal is the mean return of the last hundred. E[signal × return] ∝ Σ autocovariance over lags 1 to 100.
  const draw = random(4);
  const returns = Float64Array.from({ length: 8000 }, (_, i) => (Math.floor(i / 400) % 2 === 0 ? 0.002 : -0.002) + 0.005 * draw.normal());
  const earned = (values: Float64Array): number => {
    let [signal, total] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      if (i >= 100) {
        total += signal * values[i]!;
        signal -= values[i - 100]!;
      }
      signal += values[i]!;
    }
    return total / (values.length - 100);
  };
  const chunks = [barsFrom(A, returns)];
  const meanBlock = 10;
  const { draw: history } = historyBootstrap({ chunks, instruments, meanBlock });
  const recorded = closeReturns(chunks[0]!);
  const centre = mean(recorded);
  let kept = 0;
  let whole = 0;
  for (let lag = 1; lag <= 100; lag++) {
    let covariance = 0;
    for (let i = 0; i + lag < recorded.length; i++) covariance += (recorded[i]! - centre) * (recorded[i + lag]! - centre);
    whole += covariance;
    kept += covariance * Math.exp(lag * Math.log(1 - 1 / meanBlock));
  }
  const before = earned(recorded);
  const { mean: after, error } = over(Array.from({ length: 60 }, (_, seed) => earned(closeReturns(history(seed).chunks[0]!))));
  expect(kept / whole).toBeLessThan(0.15);
  expect(Math.abs(after / before - kept / whole)).toBeLessThan(0.03 + (4 * error) / before);
});

test('the hours of the day keep their character with a period of a day, and lose it without', () => {
  // Four times the volatility in the last eight hours of each day: the root mean squares of the thirds stand 1 : 1 : 4.
  const draw = random(9);
  const isLoud = (bar: number): boolean => bar % 24 >= 16;
  const chunks = [
    barsFrom(
      A,
      Float64Array.from({ length: 24 * 200 }, (_, i) => (isLoud(i) ? 0.008 : 0.002) * draw.normal()),
    ),
  ];
  const loudness = (period?: string): number => {
    const { draw: history } = historyBootstrap({ chunks, instruments, meanBlock: 30, ...(period === undefined ? {} : { period }) });
    const returns = closeReturns(history(1).chunks[0]!);
    const part = (loud: boolean): number => standardDeviation(returns.filter((_, i) => isLoud(i + 1) === loud));
    return part(true) / part(false);
  };
  // A ratio of deviations of 1,600 and 3,200 normal returns: standard error 4 × √(1 ÷ 3,200 + 1 ÷ 6,400), doubled as blocks repeat days.
  expect(Math.abs(loudness('1d') - 4)).toBeLessThan(4 * 4 * 2 * 0.0217);
  expect(loudness()).toBeLessThan(1.5);
});

describe.skipIf(!hasSharedData)('synthetic histories of two recorded coins (needs ../shared/data)', () => {
  const recordedBars = (symbol: string, name: string): Chunk => {
    const columns = sharedColumns(name);
    const column = (key: string): Float64Array => Float64Array.from(columns[key]!, Number);
    const ts = column('ts');
    const chunk: Chunk = {
      kind: 'bars',
      symbol,
      timeframe: '1h',
      rows: ts.length,
      ts,
      columns: ['open', 'high', 'low', 'close', 'volume'].map(column),
    };
    return rowsWhere(chunk, row => ts[row]! < Date.UTC(2022, 3, 1));
  };

  test('cluster, move together and spread as a year of hourly bars with holes did', () => {
    const chunks = [recordedBars(A, 'binance-spot_BTCUSDT_1h'), recordedBars(B, 'binance-spot_ETHUSDT_1h')];
    const bootstrap = historyBootstrap({ chunks, instruments });
    const recorded = figures(returnsOf(chunks));
    const made = Array.from({ length: 25 }, (_, seed) => figures(returnsOf(bootstrap.draw(seed).chunks)));
    expect(recorded.clustering[0]).toBeGreaterThan(0.2);
    expect(recorded.together).toBeGreaterThan(0.7);
    agree(recorded, made, bootstrap.meanBlock, 0.015);
  });
});
