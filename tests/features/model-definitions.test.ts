import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/events/market.js';
import type { Feature } from '../../src/features/feature.js';
import { distanceFromHigh } from '../../src/features/momentum/distance-from-high.js';
import { momentumAcceleration } from '../../src/features/momentum/momentum-acceleration.js';
import { riskAdjustedMomentum } from '../../src/features/momentum/risk-adjusted-momentum.js';
import { streak } from '../../src/features/momentum/streak.js';
import { timeSinceHigh, timeSinceLow } from '../../src/features/momentum/time-since-high.js';
import { wickShares } from '../../src/features/price/wick-shares.js';
import { hurst } from '../../src/features/regime/hurst.js';
import { returnAutocorrelation } from '../../src/features/regime/return-autocorrelation.js';
import { varianceRatio } from '../../src/features/regime/variance-ratio.js';
import { volatilityQuantile } from '../../src/features/regime/volatility-quantile.js';
import { distanceFromAverage } from '../../src/features/trend/distance-from-average.js';
import { donchianPosition } from '../../src/features/trend/donchian-position.js';
import { emaRatio } from '../../src/features/trend/ema-ratio.js';
import { normalisedMacd } from '../../src/features/trend/normalised-macd.js';
import { trendLine } from '../../src/features/trend/trend-line.js';
import { downsideShare } from '../../src/features/volatility/downside-share.js';
import { garch } from '../../src/features/volatility/garch.js';
import { jumpShare } from '../../src/features/volatility/jump-share.js';
import { relativeRange } from '../../src/features/volatility/relative-range.js';
import { returnShape } from '../../src/features/volatility/return-shape.js';
import { volatilityOfVolatility } from '../../src/features/volatility/volatility-of-volatility.js';
import { volatilityRatio } from '../../src/features/volatility/volatility-ratio.js';
import { chaikinMoneyFlow } from '../../src/features/volume/chaikin-money-flow.js';
import { distanceFromVwap } from '../../src/features/volume/distance-from-vwap.js';
import { obvSlope } from '../../src/features/volume/obv-slope.js';
import { priceVolumeCorrelation } from '../../src/features/volume/price-volume-correlation.js';
import { relativeIlliquidity } from '../../src/features/volume/relative-illiquidity.js';
import { relativeVolume } from '../../src/features/volume/relative-volume.js';
import { signedVolumeShare } from '../../src/features/volume/signed-volume-share.js';
import { barsOf, chunkOf, randomSeries, valuesOf } from './bar-series.js';

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const mean = (xs: readonly number[]): number => total(xs) / xs.length;
const squares = (xs: readonly number[]): number => total(xs.map(x => x * x));
const spread = (xs: readonly number[]): number => squares(xs.map(x => x - mean(xs)));
const products = (xs: readonly number[], ys: readonly number[]): number =>
  total(xs.map((x, i) => (x - mean(xs)) * ((ys[i] ?? NaN) - mean(ys))));
const correlation = (xs: readonly number[], ys: readonly number[]): number => products(xs, ys) / Math.sqrt(spread(xs) * spread(ys));
const closes = (bars: readonly Bar[]): number[] => bars.map(b => b.close);
const volumes = (bars: readonly Bar[]): number[] => bars.map(b => b.volume);
const moves = (bars: readonly Bar[], lag = 1): number[] =>
  bars.slice(lag).map((b, i) => Math.log(b.close) - Math.log(bars[i]?.close ?? NaN));
const root = (xs: readonly number[]): number => Math.sqrt(squares(xs) / xs.length);
const places = (xs: readonly unknown[]): number[] => xs.map((_, i) => i);
const slope = (xs: readonly number[]): number => products(places(xs), xs) / spread(places(xs));
const highs = (bars: readonly Bar[]): number => Math.max(...bars.map(b => b.high));
const lows = (bars: readonly Bar[]): number => Math.min(...bars.map(b => b.low));
const ema = (xs: readonly number[], n: number): number => xs.slice(n).reduce((y, x) => y + (2 / (n + 1)) * (x - y), mean(xs.slice(0, n)));
const wayOf = (bars: readonly Bar[]): number[] => bars.slice(1).map((b, i) => Math.sign(b.close - (bars[i]?.close ?? NaN)));
const trueRanges = (bars: readonly Bar[]): number[] =>
  bars.map((b, i) => {
    // The first bar has no close before it.
    const before = bars[i - 1]?.close ?? b.low;
    return Math.max(b.high - b.low, Math.abs(b.high - before), Math.abs(b.low - before));
  });
const last = <T>(xs: readonly T[], n: number): T[] => xs.slice(-n);

/** Feature, output, and its definition from scratch over all bars up to the one at hand. */
const DEFINITIONS: readonly (readonly [Feature, string, (bars: readonly Bar[]) => number])[] = [
  [riskAdjustedMomentum(9), 'value', bars => total(last(moves(bars), 9)) / (root(last(moves(bars), 9)) * 3)],
  [
    momentumAcceleration(7),
    'value',
    bars => {
      const r = last(moves(bars), 14);
      return (total(r.slice(7)) - total(r.slice(0, 7))) / Math.sqrt(squares(r));
    },
  ],
  [distanceFromHigh(11), 'value', bars => Math.log((bars.at(-1)?.close ?? NaN) / highs(last(bars, 11)))],
  [
    timeSinceHigh(11),
    'value',
    bars => {
      const window = last(bars, 11);
      return (10 - window.findIndex(b => b.high === highs(window))) / 10;
    },
  ],
  [
    timeSinceLow(11),
    'value',
    bars => {
      const window = last(bars, 11);
      return (10 - window.findIndex(b => b.low === lows(window))) / 10;
    },
  ],
  [
    streak(),
    'value',
    bars => {
      const way = wayOf(bars);
      let n = 0;
      while (n < way.length && way.at(-1 - n) === way.at(-1)) n++;
      return n * (way.at(-1) ?? NaN);
    },
  ],
  [emaRatio(5, 12), 'value', bars => Math.log(ema(closes(bars), 5) / ema(closes(bars), 12))],
  [
    normalisedMacd(4, 9, 5),
    'macd',
    bars => (ema(closes(bars), 4) - ema(closes(bars), 9)) / ((bars.at(-1)?.close ?? NaN) * root(last(moves(bars), 9))),
  ],
  [
    donchianPosition(8),
    'value',
    bars => ((bars.at(-1)?.close ?? NaN) - lows(last(bars, 8))) / (highs(last(bars, 8)) - lows(last(bars, 8))),
  ],
  [trendLine(10), 'slope', bars => (slope(last(bars, 10).map(b => Math.log(b.close))) * 9) / (root(moves(last(bars, 10))) * 3)],
  [
    trendLine(10),
    'r2',
    bars => {
      const c = correlation(
        places(last(bars, 10)),
        last(bars, 10).map(b => Math.log(b.close)),
      );
      return c * c;
    },
  ],
  [
    distanceFromAverage(16),
    'value',
    bars => Math.log((bars.at(-1)?.close ?? NaN) / mean(last(closes(bars), 16))) / (4 * root(last(moves(bars), 16))),
  ],
  [
    jumpShare(12),
    'value',
    bars => {
      const r = last(moves(bars), 12).map(Math.abs);
      const bipower = ((Math.PI / 2) * 12 * total(r.slice(1).map((x, i) => x * (r[i] ?? NaN)))) / 11;
      return Math.max(0, 1 - bipower / squares(r));
    },
  ],
  [
    volatilityOfVolatility(5, 9),
    'value',
    bars => {
      const r = moves(bars);
      const v = Array.from({ length: 9 }, (_, k) => root(r.slice(r.length - 5 - k, r.length - k)));
      return Math.sqrt(spread(v) / 9) / mean(v);
    },
  ],
  [downsideShare(9), 'value', bars => squares(last(moves(bars), 9).filter(r => r < 0)) / squares(last(moves(bars), 9))],
  [volatilityRatio(4, 13), 'value', bars => root(last(moves(bars), 4)) / root(last(moves(bars), 13))],
  [
    returnShape(14),
    'skewness',
    bars => {
      const r = last(moves(bars), 14);
      const s = Math.sqrt(spread(r) / 14);
      return mean(r.map(x => ((x - mean(r)) / s) * ((x - mean(r)) / s) * ((x - mean(r)) / s)));
    },
  ],
  [
    returnShape(14),
    'kurtosis',
    bars => {
      const r = last(moves(bars), 14);
      const z2 = r.map(x => ((x - mean(r)) * (x - mean(r)) * 14) / spread(r));
      return mean(z2.map(z => z * z)) - 3;
    },
  ],
  [relativeRange(6), 'value', bars => (trueRanges(bars).at(-1) ?? NaN) / mean(last(trueRanges(bars), 6))],
  [
    // Lo & MacKinlay (1988), equations 11 and 12a–b, in prices as they print them.
    varianceRatio(3, 15),
    'value',
    bars => {
      const x = last(bars, 16).map(b => Math.log(b.close));
      const drift = ((x[15] ?? NaN) - (x[0] ?? NaN)) / 15;
      let a = 0;
      for (let k = 1; k <= 15; k++) a += ((x[k] ?? NaN) - (x[k - 1] ?? NaN) - drift) ** 2;
      let c = 0;
      for (let k = 3; k <= 15; k++) c += ((x[k] ?? NaN) - (x[k - 3] ?? NaN) - 3 * drift) ** 2;
      return c / (3 * (15 - 3 + 1) * (1 - 3 / 15)) / (a / 14);
    },
  ],
  [
    hurst(40),
    'value',
    bars => {
      const lags = [1, 2, 4, 8, 16];
      const y = lags.map(lag => Math.log(mean(moves(last(bars, 41), lag).map(r => r * r))));
      const x = lags.map(Math.log);
      return products(x, y) / spread(x) / 2;
    },
  ],
  [
    volatilityQuantile(5, 30),
    'value',
    bars => {
      const r = moves(bars);
      const v = Array.from({ length: 30 }, (_, k) => squares(r.slice(r.length - 5 - k, r.length - k)));
      return v.filter(x => x < (v[0] ?? NaN)).length / 29;
    },
  ],
  [
    returnAutocorrelation(2, 20),
    'value',
    bars => {
      const r = moves(bars);
      return correlation(r.slice(-20), r.slice(-22, -2));
    },
  ],
  [relativeVolume(8), 'value', bars => Math.tanh(Math.log((bars.at(-1)?.volume ?? NaN) / mean(last(volumes(bars), 8))) / 2)],
  [
    obvSlope(9),
    'value',
    bars => {
      const way = [0, ...wayOf(bars)];
      const line = bars.map((_, i) => total(bars.slice(0, i + 1).map((b, k) => b.volume * (way[k] ?? NaN))));
      return slope(last(line, 9)) / mean(last(volumes(bars), 9));
    },
  ],
  [
    relativeIlliquidity(4, 12),
    'value',
    bars => {
      const of = (n: number) => total(last(moves(bars), n).map(Math.abs)) / total(last(bars, n).map(b => b.close * b.volume));
      return Math.log(of(4) / of(12));
    },
  ],
  [priceVolumeCorrelation(11), 'value', bars => correlation(last(moves(bars), 11), last(volumes(bars), 11))],
  [
    signedVolumeShare(9),
    'value',
    bars => total(last(bars, 9).map((b, i) => b.volume * (last(wayOf(bars), 9)[i] ?? NaN))) / total(last(volumes(bars), 9)),
  ],
  [
    chaikinMoneyFlow(9),
    'value',
    bars => total(last(bars, 9).map(b => ((2 * b.close - b.high - b.low) / (b.high - b.low)) * b.volume)) / total(last(volumes(bars), 9)),
  ],
  [
    distanceFromVwap(9),
    'value',
    bars =>
      Math.log(
        ((bars.at(-1)?.close ?? NaN) * total(last(volumes(bars), 9))) /
          total(last(bars, 9).map(b => ((b.high + b.low + b.close) / 3) * b.volume)),
      ),
  ],
  [
    wickShares(),
    'upper',
    bars => {
      const b = bars.at(-1) as Bar;
      return (b.high - Math.max(b.open, b.close)) / (b.high - b.low);
    },
  ],
  [
    wickShares(),
    'lower',
    bars => {
      const b = bars.at(-1) as Bar;
      return (Math.min(b.open, b.close) - b.low) / (b.high - b.low);
    },
  ],
  [
    garch({ alpha: 0.1, beta: 0.85, target: 20, periodsPerYear: 1 }),
    'value',
    bars => {
      const r = moves(bars);
      const target = (k: number) => squares(r.slice(k - 19, k + 1)) / 20;
      let h = target(19);
      for (let k = 20; k < r.length; k++) h = 0.05 * target(k) + 0.1 * (r[k] ?? NaN) * (r[k] ?? NaN) + 0.85 * h;
      return Math.sqrt(h);
    },
  ],
];

describe('features for models are what their definitions say, from scratch at every bar', () => {
  const chunk = chunkOf(randomSeries(11, 130), '1h');
  const bars = barsOf(chunk);
  for (const [feature, output, definition] of DEFINITIONS)
    it(`${feature.key}.${output}`, () => {
      const values = valuesOf(feature, chunk, output);
      for (let i = feature.warmup - 1; i < bars.length; i++) {
        const expected = definition(bars.slice(0, i + 1));
        expect(Math.abs((values[i] ?? NaN) - expected), `bar ${i}: ${values[i]} against ${expected}`).toBeLessThanOrEqual(
          1e-10 * Math.max(1, Math.abs(expected)),
        );
      }
    });

  it('the histogram of the normalised MACD is the line less its own average', () => {
    const line = valuesOf(normalisedMacd(4, 9, 1), chunk, 'macd').slice(9);
    const histogram = valuesOf(normalisedMacd(4, 9, 5), chunk, 'histogram');
    for (let i = 14; i < bars.length; i++) {
      const upTo = line.slice(0, i - 8);
      expect(histogram[i]).toBeCloseTo((upTo.at(-1) ?? NaN) - ema(upTo, 5), 10);
    }
  });
});
