import { sharpeRatio } from '../../metrics/sharpe.js';
import { random } from '../../random.js';
import { optimalBlockLength } from '../../statistics/block-length.js';
import { resampleBlocks } from '../../statistics/bootstrap.js';
import { mean } from '../../statistics/moments.js';
import type { FrictionAxis } from './friction-point.js';
import type { FrictionOutcome } from './friction-outcome.js';
import { trendOf, zeroCrossing, type Trend } from './monotone-crossing.js';

/** What breaks even: the mean return per period, or the Sharpe ratio. */
export const MEASURES = ['meanReturn', 'sharpe'] as const;
export type Measure = (typeof MEASURES)[number];

/**
 * What happens to the edge along one axis: it `dies` at a friction, was `dead` at the lowest one, is `alive` at the highest one, or `revives` at one, as funding
 * that is received may bring about. `idle` is a strategy that never traded.
 */
export type Verdict = 'dies' | 'dead' | 'alive' | 'revives' | 'idle';

/** Where the edge ends along one axis, all other frictions as configured. */
export interface BreakEven {
  readonly axis: FrictionAxis;
  readonly measure: Measure;
  readonly verdict: Verdict;
  /** In the axis's own unit; null when it does not cross zero within the range. */
  readonly at: number | null;
  /** Interval of `at`; −Infinity below the lowest friction swept, Infinity beyond the highest, NaN where there are too few returns. */
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Share of resamples with an edge left at the friction of the run; NaN where there are too few returns. */
  readonly aliveAtBase: number;
  /** Fees and slippage in basis points of traded notional a side at `at`, or null. */
  readonly costBps: number | null;
  /** Fees alone, likewise. */
  readonly feeBps: number | null;
  /** Lowest and highest friction swept. */
  readonly from: number;
  readonly to: number;
}

/** How the uncertainty is drawn. */
export interface BreakEvenOptions {
  readonly seed: number | string;
  /** Resamples; 1,000 when left out. */
  readonly samples?: number;
  /** Probability mass of the interval; 0.95 when left out. */
  readonly level?: number;
}

/** Fewer returns than this say nothing about their own spread. */
const FEWEST = 20;

const figure = (returns: Float64Array, periodsPerYear: number, measure: Measure): number => {
  if (measure === 'meanReturn') return mean(returns);
  const ratio = sharpeRatio(returns, periodsPerYear);
  // Returns that do not vary have no Sharpe ratio, but they have its sign.
  return Number.isNaN(ratio) ? mean(returns) : ratio;
};

/** Basis points of traded notional. */
export const bpsOf = (cost: number, notional: number): number => (notional > 0 ? (cost / notional) * 10_000 : NaN);

/** A figure of the outcomes at a place between them, linear; NaN outside. */
const between = (places: readonly number[], values: readonly number[], at: number): number => {
  for (let i = 1; i < places.length; i++)
    if (at >= places[i - 1]! && at <= places[i]!)
      return values[i - 1]! + (values[i]! - values[i - 1]!) * ((at - places[i - 1]!) / (places[i]! - places[i - 1]!));
  return NaN;
};

const verdictOf = (at: number, trend: Trend): Verdict =>
  Number.isFinite(at) ? (trend === 'falling' ? 'dies' : 'revives') : (at === Infinity) === (trend === 'falling') ? 'alive' : 'dead';

/** Interval of the crossing, and how often an edge is left at the base, by resampling all outcomes alike: the same days come together at every friction. */
const uncertainty = (
  axis: FrictionAxis,
  outcomes: readonly FrictionOutcome[],
  { measure, trend, base, at }: { measure: Measure; trend: Trend; base: number; at: number },
  { seed, samples = 1_000, level = 0.95 }: BreakEvenOptions,
): { low: number; high: number; aliveAtBase: number } => {
  const n = outcomes[0]?.returns.length ?? 0;
  if (n < FEWEST || outcomes.some(({ returns }) => returns.length !== n)) return { low: NaN, high: NaN, aliveAtBase: NaN };
  const places = outcomes.map(({ point }) => point[axis]);
  const nearest = outcomes.reduce((best, next) => (Math.abs(next.point[axis] - at) < Math.abs(best.point[axis] - at) ? next : best));
  const meanBlock = optimalBlockLength(nearest.returns);
  const draw = random(seed).fork('break-even');
  const indices = Float64Array.from({ length: n }, (_, i) => i);
  const drawn = new Float64Array(n);
  const sample = new Float64Array(n);
  const values = new Float64Array(outcomes.length);
  const crossings = new Float64Array(samples);
  let alive = 0;
  for (let s = 0; s < samples; s++) {
    resampleBlocks(indices, meanBlock, draw, drawn);
    for (let p = 0; p < outcomes.length; p++) {
      const { returns, periodsPerYear } = outcomes[p]!;
      for (let i = 0; i < n; i++) sample[i] = returns[drawn[i]!]!;
      values[p] = figure(sample, periodsPerYear, measure);
    }
    const crossing = zeroCrossing(places, values, trend);
    crossings[s] = crossing;
    if (trend === 'falling' ? crossing > base : crossing < base) alive++;
  }
  crossings.sort();
  const tail = (1 - level) / 2;
  // The next rank outwards: some resamples cross beyond the range, and between a number and an infinity there is nothing to interpolate.
  const low = crossings[Math.floor(tail * (samples - 1))]!;
  const high = crossings[Math.ceil((1 - tail) * (samples - 1))]!;
  return { low, high, aliveAtBase: alive / samples };
};

/**
 * Where the strategy stops earning along one axis. `outcomes` are ascending in it and alike in all other frictions; the figure is made monotone and is linear
 * between them. The interval comes from the stationary block bootstrap of the returns (Politis & Romano 1994), with the same days drawn at every friction,
 * since what differs between two frictions is known far better than either.
 */
export const breakEven = (
  axis: FrictionAxis,
  outcomes: readonly FrictionOutcome[],
  measure: Measure,
  base: number,
  options: BreakEvenOptions,
): BreakEven => {
  const places = outcomes.map(({ point }) => point[axis]);
  const values = outcomes.map(({ returns, periodsPerYear }) => figure(returns, periodsPerYear, measure));
  const range = { axis, measure, level: options.level ?? 0.95, from: places[0] ?? NaN, to: places[places.length - 1] ?? NaN };
  if (outcomes.every(({ tradedNotional }) => tradedNotional === 0))
    return { ...range, verdict: 'idle', at: null, low: NaN, high: NaN, aliveAtBase: NaN, costBps: null, feeBps: null };
  const trend = trendOf(values);
  const at = zeroCrossing(places, values, trend);
  const crosses = Number.isFinite(at);
  const bps = (cost: (outcome: FrictionOutcome) => number): number | null => {
    const each = outcomes.map(outcome => bpsOf(cost(outcome), outcome.tradedNotional));
    const value = crosses ? between(places, each, at) : NaN;
    return Number.isFinite(value) ? value : null;
  };
  return {
    ...range,
    verdict: verdictOf(at, trend),
    at: crosses ? at : null,
    ...uncertainty(axis, outcomes, { measure, trend, base, at: crosses ? at : base }, options),
    costBps: bps(({ fees, slippage }) => fees + slippage),
    feeBps: bps(({ fees }) => fees),
  };
};
