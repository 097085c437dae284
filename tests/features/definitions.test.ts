import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../../src/features/feature.js';
import { logReturn } from '../../src/features/momentum/log-return.js';
import { momentum } from '../../src/features/momentum/momentum.js';
import { roc } from '../../src/features/momentum/roc.js';
import { rsi } from '../../src/features/momentum/rsi.js';
import { cci } from '../../src/features/oscillators/cci.js';
import { mfi } from '../../src/features/oscillators/mfi.js';
import { stochastic } from '../../src/features/oscillators/stochastic.js';
import { williamsR } from '../../src/features/oscillators/williams-r.js';
import { highest, lowest } from '../../src/features/price/highest.js';
import { choppiness } from '../../src/features/regime/choppiness.js';
import { efficiencyRatio } from '../../src/features/regime/efficiency-ratio.js';
import { aroon } from '../../src/features/trend/aroon.js';
import { donchian } from '../../src/features/trend/donchian.js';
import { ema } from '../../src/features/trend/ema.js';
import { linearRegression, linearRegressionSlope } from '../../src/features/trend/linear-regression.js';
import { sma } from '../../src/features/trend/sma.js';
import { trima } from '../../src/features/trend/trima.js';
import { lwma, wma } from '../../src/features/trend/wma.js';
import { atr } from '../../src/features/volatility/atr.js';
import { bollinger } from '../../src/features/volatility/bollinger.js';
import { ewmaVolatility } from '../../src/features/volatility/ewma-volatility.js';
import { garmanKlass } from '../../src/features/volatility/garman-klass.js';
import { keltner } from '../../src/features/volatility/keltner.js';
import { parkinson } from '../../src/features/volatility/parkinson.js';
import { realisedVolatility } from '../../src/features/volatility/realised-volatility.js';
import { rogersSatchell } from '../../src/features/volatility/rogers-satchell.js';
import { standardDeviation, variance } from '../../src/features/volatility/standard-deviation.js';
import { yangZhang } from '../../src/features/volatility/yang-zhang.js';
import { zScore } from '../../src/features/volatility/z-score.js';
import { rollingVwap, vwap, vwma } from '../../src/features/volume/vwap.js';
import { barsOf, chunkOf, randomSeries, valuesOf } from './bar-series.js';
import type { Bar } from '../../src/events/market.js';

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const mean = (xs: readonly number[]): number => total(xs) / xs.length;
const closes = (bars: readonly Bar[]): number[] => bars.map(b => b.close);
const typical = (b: Bar): number => (b.high + b.low + b.close) / 3;
const squares = (xs: readonly number[]): number => total(xs.map(x => (x - mean(xs)) * (x - mean(xs))));
const steps = (xs: readonly number[]): number[] => xs.slice(1).map((x, i) => x - (xs[i] ?? NaN));
const logs = (xs: readonly number[]): number[] => steps(xs.map(Math.log));
const ranges = (bars: readonly Bar[]): number[] =>
  bars.map((b, i) => {
    const last = bars[i - 1]?.close ?? b.close;
    return Math.max(b.high - b.low, Math.abs(b.high - last), Math.abs(b.low - last));
  });
const weights = (xs: readonly number[]): number => total(xs.map((x, i) => x * (i + 1))) / total(xs.map((_, i) => i + 1));
const slopeOf = (ys: readonly number[]): number => {
  const middle = (ys.length - 1) / 2;
  return total(ys.map((y, i) => (i - middle) * (y - mean(ys)))) / total(ys.map((_, i) => (i - middle) * (i - middle)));
};
const exponential = (xs: readonly number[], n: number, weight: number): number =>
  xs.slice(n).reduce((y, x) => weight * x + (1 - weight) * y, mean(xs.slice(0, n)));
/** Hours in a year of 365 days. */
const HOURS = 8760;
const yearly = (varianceOfABar: number): number => Math.sqrt(varianceOfABar * HOURS);

interface Definition {
  readonly feature: (n: number) => Feature;
  readonly output?: string;
  /** Bars of history that the definition is given, ending with the bar at hand; all when absent. */
  readonly window?: (n: number) => number;
  readonly value: (bars: readonly Bar[], n: number) => number;
}

/** Each feature as its textbook has it, from scratch at every bar. */
const DEFINITIONS: readonly Definition[] = [
  { feature: n => sma(n), window: n => n, value: bars => mean(closes(bars)) },
  { feature: n => sma(n, { source: 'hl2' }), window: n => n, value: bars => mean(bars.map(b => (b.high + b.low) / 2)) },
  { feature: n => ema(n), value: (bars, n) => exponential(closes(bars), n, 2 / (n + 1)) },
  { feature: n => wma(n), window: n => n, value: bars => weights(closes(bars)) },
  { feature: n => lwma(n), window: n => n, value: bars => weights(closes(bars)) },
  {
    feature: n => trima(n),
    window: n => n,
    value: bars => {
      const w = bars.map((_, i) => Math.min(i + 1, bars.length - i));
      return total(bars.map((b, i) => b.close * (w[i] ?? 0))) / total(w);
    },
  },
  { feature: n => highest(n, { source: 'high' }), window: n => n, value: bars => Math.max(...bars.map(b => b.high)) },
  { feature: n => lowest(n), window: n => n, value: bars => Math.min(...closes(bars)) },
  { feature: n => donchian(n), output: 'upper', window: n => n, value: bars => Math.max(...bars.map(b => b.high)) },
  {
    feature: n => donchian(n, { previous: true }),
    output: 'lower',
    window: n => n + 1,
    value: bars => Math.min(...bars.slice(0, -1).map(b => b.low)),
  },
  {
    feature: n => aroon(n),
    output: 'up',
    window: n => n + 1,
    value: (bars, n) => {
      const highs = bars.map(b => b.high);
      return (100 * highs.lastIndexOf(Math.max(...highs))) / n;
    },
  },
  { feature: n => linearRegressionSlope(n), window: n => n, value: bars => slopeOf(closes(bars)) },
  {
    feature: n => linearRegression(n),
    output: 'forecast',
    window: n => n,
    value: bars => mean(closes(bars)) + (slopeOf(closes(bars)) * (bars.length + 1)) / 2,
  },
  { feature: n => momentum(n), window: n => n + 1, value: bars => total(steps(closes(bars))) },
  { feature: n => roc(n), window: n => n + 1, value: (bars, n) => (bars[n]?.close ?? NaN) / (bars[0]?.close ?? NaN) - 1 },
  { feature: n => logReturn(n), window: n => n + 1, value: bars => total(logs(closes(bars))) },
  {
    feature: n => rsi(n),
    value: (bars, n) => {
      const moves = steps(closes(bars));
      const up = exponential(
        moves.map(x => Math.max(x, 0)),
        n,
        1 / n,
      );
      const down = exponential(
        moves.map(x => Math.max(-x, 0)),
        n,
        1 / n,
      );
      return 100 - 100 / (1 + up / down);
    },
  },
  { feature: n => atr(n), value: (bars, n) => exponential(ranges(bars), n, 1 / n) },
  {
    feature: n => keltner(n, 1.5),
    output: 'lower',
    value: (bars, n) => exponential(closes(bars), n, 2 / (n + 1)) - 1.5 * exponential(ranges(bars), n, 1 / n),
  },
  {
    feature: n => stochastic(n, 1, 1),
    output: 'k',
    window: n => n,
    value: bars => {
      const low = Math.min(...bars.map(b => b.low));
      return (100 * ((bars.at(-1)?.close ?? NaN) - low)) / (Math.max(...bars.map(b => b.high)) - low);
    },
  },
  {
    feature: n => williamsR(n),
    window: n => n,
    value: bars => {
      const high = Math.max(...bars.map(b => b.high));
      return (-100 * (high - (bars.at(-1)?.close ?? NaN))) / (high - Math.min(...bars.map(b => b.low)));
    },
  },
  {
    feature: n => cci(n),
    window: n => n,
    value: bars => {
      const prices = bars.map(typical);
      return ((prices.at(-1) ?? NaN) - mean(prices)) / (0.015 * mean(prices.map(p => Math.abs(p - mean(prices)))));
    },
  },
  {
    feature: n => mfi(n),
    window: n => n + 1,
    value: bars => {
      const flows = bars.slice(1).map((b, i) => ({ up: typical(b) > typical(bars[i] ?? b), flow: typical(b) * b.volume }));
      return (100 * total(flows.map(f => (f.up ? f.flow : 0)))) / total(flows.map(f => f.flow));
    },
  },
  { feature: n => variance(n), window: n => n, value: bars => squares(closes(bars)) / bars.length },
  {
    feature: n => standardDeviation(n, { deviation: 'sample' }),
    window: n => n,
    value: bars => Math.sqrt(squares(closes(bars)) / (bars.length - 1)),
  },
  {
    feature: n => bollinger(n, 2.5),
    output: 'upper',
    window: n => n,
    value: bars => mean(closes(bars)) + 2.5 * Math.sqrt(squares(closes(bars)) / bars.length),
  },
  {
    feature: n => zScore(n),
    window: n => n,
    value: bars => ((bars.at(-1)?.close ?? NaN) - mean(closes(bars))) / Math.sqrt(squares(closes(bars)) / bars.length),
  },
  {
    feature: n => realisedVolatility(n),
    window: n => n + 1,
    value: (bars, n) => yearly(squares(logs(closes(bars))) / (n - 1)),
  },
  {
    feature: n => realisedVolatility(n, { deviation: 'zero-mean', periodsPerYear: 1 }),
    window: n => n + 1,
    value: bars => Math.sqrt(mean(logs(closes(bars)).map(r => r * r))),
  },
  {
    feature: n => ewmaVolatility(0.9, { seedLength: n }),
    value: (bars, n) =>
      yearly(
        exponential(
          logs(closes(bars)).map(r => r * r),
          n,
          0.1,
        ),
      ),
  },
  {
    feature: n => parkinson(n),
    window: n => n,
    value: bars => yearly(mean(bars.map(b => Math.log(b.high / b.low)).map(r => r * r)) / (4 * Math.log(2))),
  },
  {
    feature: n => garmanKlass(n),
    window: n => n,
    value: bars =>
      yearly(
        mean(
          bars.map(b => {
            const [u, c] = [Math.log(b.high / b.low), Math.log(b.close / b.open)];
            return 0.5 * u * u - (2 * Math.log(2) - 1) * c * c;
          }),
        ),
      ),
  },
  { feature: n => rogersSatchell(n), window: n => n, value: bars => yearly(mean(bars.map(rs))) },
  {
    feature: n => yangZhang(n),
    window: n => n + 1,
    value: (bars, n) => {
      const inside = bars.slice(1);
      const gaps = inside.map((b, i) => Math.log(b.open) - Math.log(bars[i]?.close ?? NaN));
      const bodies = inside.map(b => Math.log(b.close) - Math.log(b.open));
      const k = 0.34 / (1.34 + (n + 1) / (n - 1));
      return yearly(squares(gaps) / (n - 1) + (k * squares(bodies)) / (n - 1) + (1 - k) * mean(inside.map(rs)));
    },
  },
  { feature: n => vwma(n), window: n => n, value: bars => total(bars.map(b => b.close * b.volume)) / total(bars.map(b => b.volume)) },
  {
    feature: n => rollingVwap(n),
    window: n => n,
    value: bars => total(bars.map(b => typical(b) * b.volume)) / total(bars.map(b => b.volume)),
  },
  {
    feature: () => vwap(),
    value: bars => {
      const today = bars.filter(b => new Date(b.openTime).getUTCDate() === new Date(bars.at(-1)?.openTime ?? 0).getUTCDate());
      return total(today.map(b => typical(b) * b.volume)) / total(today.map(b => b.volume));
    },
  },
  {
    feature: n => efficiencyRatio(n),
    window: n => n + 1,
    value: bars => Math.abs(total(steps(closes(bars)))) / total(steps(closes(bars)).map(Math.abs)),
  },
  {
    feature: n => choppiness(n),
    // The true range of the oldest bar needs the close before it.
    value: (bars, n) => {
      const window = bars.slice(-n);
      const span = Math.max(...window.map(b => b.high)) - Math.min(...window.map(b => b.low));
      return (100 * Math.log10(total(ranges(bars).slice(-n)) / span)) / Math.log10(n);
    },
  },
];

function rs(b: Bar): number {
  const [h, l, c] = [Math.log(b.high / b.open), Math.log(b.low / b.open), Math.log(b.close / b.open)];
  return h * (h - c) + l * (l - c);
}

describe('features agree with their definitions computed from scratch', () => {
  for (const { feature, output, window, value } of DEFINITIONS)
    it(`${feature(20).key}${output ? `.${output}` : ''}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 31 }), (seed, n) => {
          const chunk = chunkOf(randomSeries(seed, 120), '1h');
          const bars = barsOf(chunk);
          const built = feature(n);
          const ours = valuesOf(built, chunk, output);
          for (let i = built.warmup - 1; i < bars.length; i++) {
            const span = window?.(n) ?? i + 1;
            const expected = value(bars.slice(i + 1 - span, i + 1), n);
            expect(Math.abs((ours[i] ?? NaN) - expected), `bar ${i}, n ${n}: ${ours[i]} against ${expected}`).toBeLessThanOrEqual(
              1e-9 * Math.max(1, Math.abs(expected)),
            );
          }
        }),
        { numRuns: 12 },
      );
    });
});
