import { returnIntervals } from '../../src/metrics/intervals.js';
import type { ReturnIntervalName } from '../../src/metrics/intervals.js';
import { omegaRatio } from '../../src/metrics/omega.js';
import { sharpeRatio } from '../../src/metrics/sharpe.js';
import { sortinoRatio } from '../../src/metrics/sortino.js';
import { expectedShortfall } from '../../src/metrics/conditional-value-at-risk.js';
import { tailRatioOf } from '../../src/metrics/tail-ratio.js';
import { historicalValueAtRisk } from '../../src/metrics/value-at-risk.js';
import { random } from '../../src/random.js';
import { stationaryBootstraps } from '../../src/statistics/bootstrap.js';
import { intervalBlockLength } from '../../src/statistics/interval-block-length.js';
import { mean, standardDeviation } from '../../src/statistics/moments.js';
import { movingBlockBootstrap } from '../../src/statistics/moving-block-bootstrap.js';
import { normalCdf, normalDensity, normalQuantile } from '../../src/statistics/normal.js';
import { studentisedBootstraps } from '../../src/statistics/studentised-bootstrap.js';

/** Metrics that have a true value, per day. */
export type Covered = 'mean' | Exclude<ReturnIntervalName, 'maxDrawdown' | 'calmar'>;

/** A law of daily returns whose figures are known. */
export interface Law {
  readonly name: string;
  readonly series: (days: number, seed: string) => Float64Array;
  readonly truth: Readonly<Record<Covered, number>>;
}

/** Daily mean and deviation of both laws: a Sharpe ratio of 1.5 a year. */
const MEAN = 0.0008;
const DEVIATION = 0.01;
const TAIL = 0.05;

/** Figures of normal returns in closed form; the growth by Simpson's rule. */
const normalTruth = (): Record<Covered, number> => {
  const m = MEAN / DEVIATION;
  const gain = m * normalCdf(m) + normalDensity(m);
  const downside = (m * m + 1) * normalCdf(-m) - m * normalDensity(m);
  const z = normalQuantile(TAIL);
  const [steps, reach] = [800, 8];
  let growth = 0;
  for (let i = 0; i <= steps; i++) {
    const x = -reach + (2 * reach * i) / steps;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    growth += ((weight * 2 * reach) / steps / 3) * normalDensity(x) * Math.log(1 + MEAN + DEVIATION * x);
  }
  return {
    mean: MEAN,
    volatility: DEVIATION,
    sharpe: m,
    sortino: m / Math.sqrt(downside),
    omega: gain / (gain - m),
    skew: 0,
    cagr: Math.exp(growth) - 1,
    valueAtRisk: MEAN + DEVIATION * z,
    conditionalValueAtRisk: MEAN - (DEVIATION * normalDensity(z)) / TAIL,
    tailRatio: (m - z) / -(m + z),
  };
};

/** Returns that remember the day before: r(t) − μ = φ(r(t−1) − μ) + e(t), normal. */
export const autoregression = (phi: number): Law => ({
  name: `AR(1) ${phi}`,
  truth: normalTruth(),
  series: (days, seed) => {
    const draw = random(seed);
    const fresh = Math.sqrt(1 - phi * phi);
    let x = draw.normal();
    return Float64Array.from({ length: days }, () => MEAN + DEVIATION * (x = phi * x + fresh * draw.normal()));
  },
});

/** Returns without memory whose variance has one: v(t) = ω + α e(t−1)² + β v(t−1), normal. What has no closed form is of `simulated` days. */
export const garch = (alpha: number, beta: number, simulated: number): Law => {
  const series = (days: number, seed: string): Float64Array => {
    const draw = random(seed);
    const out = new Float64Array(days);
    let [variance, e] = [1, 0];
    for (let i = -2000; i < days; i++) {
      variance = 1 - alpha - beta + alpha * e * e + beta * variance;
      e = Math.sqrt(variance) * draw.normal();
      if (i >= 0) out[i] = MEAN + DEVIATION * e;
    }
    return out;
  };
  const long = series(simulated, 'long');
  return {
    name: `GARCH ${alpha} ${beta}`,
    series,
    truth: {
      mean: MEAN,
      volatility: DEVIATION,
      sharpe: MEAN / DEVIATION,
      skew: 0,
      sortino: (sortinoRatio(long, 1) / sharpeRatio(long, 1)) * (MEAN / DEVIATION),
      omega: omegaRatio(long),
      cagr: Math.exp(mean(long.map(r => Math.log(1 + r)))) - 1,
      valueAtRisk: historicalValueAtRisk(long, TAIL),
      conditionalValueAtRisk: expectedShortfall(long, TAIL),
      tailRatio: tailRatioOf(long),
    },
  };
};

/** How often an interval held, and how wide it was on average. */
export interface Held {
  readonly share: number;
  readonly width: number;
}

/** The variants of intervals that are compared, each with the metrics it is measured on. */
export interface Coverage {
  /** What `metricIntervals` gives. */
  readonly studentised: Readonly<Record<Covered, Held>>;
  /** Percentiles of the stationary bootstrap and of moving blocks, at the length with the least error of the variance of the mean. */
  readonly stationary: Readonly<Record<'mean' | 'sharpe' | 'volatility', Held>>;
  readonly moving: Readonly<Record<'mean' | 'sharpe' | 'volatility', Held>>;
  /** Mean length of the blocks of the studentised ones. */
  readonly block: number;
}

/** The percentile intervals, slow and only there for comparison, are measured on every fifth series. */
const EVERY = 5;

/** Measures the coverage of 95 % intervals over `seeds` series of `days` returns, `samples` resamples each. */
export const coverage = (law: Law, { days, seeds, samples }: { days: number; seeds: number; samples: number }): Coverage => {
  const counts = new Map<string, { held: number; width: number; series: number }>();
  const count = (variant: string, name: Covered, { low, high }: { low: number; high: number }): void => {
    const key = `${variant} ${name}`;
    const entry = counts.get(key) ?? { held: 0, width: 0, series: 0 };
    counts.set(key, entry);
    if (low <= law.truth[name] && law.truth[name] <= high) entry.held++;
    entry.width += high - low;
    entry.series++;
  };
  const identity = { value: (m: Float64Array) => m[0]!, gradient: (_: Float64Array, out: Float64Array) => void (out[0] = 1) };
  const plain = { mean, sharpe: (xs: Float64Array) => sharpeRatio(xs, 1), volatility: (xs: Float64Array) => standardDeviation(xs) };
  let blocks = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const returns = law.series(days, `${law.name}/${days}/${seed}`);
    const block = intervalBlockLength(returns);
    blocks += block / seeds;
    const { maxDrawdown: _, calmar: __, ...intervals } = returnIntervals(returns, 1, { seed, samples, block });
    for (const [name, interval] of Object.entries(intervals)) count('studentised', name as Covered, interval);
    count('studentised', 'mean', studentisedBootstraps([returns], { identity }, { seed, samples, block }).identity);
    if (seed % EVERY > 0) continue;
    const stationary = stationaryBootstraps(returns, plain, { seed, samples });
    for (const name of ['mean', 'sharpe', 'volatility'] as const) {
      count('stationary', name, stationary[name]);
      count('moving', name, movingBlockBootstrap(returns, plain[name], { seed, samples }));
    }
  }
  const of = <K extends Covered>(variant: string, names: readonly K[]): Record<K, Held> =>
    Object.fromEntries(
      names.map(name => {
        const { held, width, series } = counts.get(`${variant} ${name}`) ?? { held: NaN, width: NaN, series: NaN };
        return [name, { share: held / series, width: width / series }];
      }),
    ) as Record<K, Held>;
  return {
    studentised: of('studentised', Object.keys(law.truth) as Covered[]),
    stationary: of('stationary', ['mean', 'sharpe', 'volatility']),
    moving: of('moving', ['mean', 'sharpe', 'volatility']),
    block: blocks,
  };
};
