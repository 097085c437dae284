import { sum } from '../../numeric/sum.js';
import { stationaryBootstraps } from '../../statistics/bootstrap.js';
import { optimalBlockLength } from '../../statistics/block-length.js';
import { usageError } from '../../errors.js';
import { overlapWidening } from './overlap-widening.js';

/** Losses of a model and of the baseline by row; NaN where there is none. */
export interface LossPair {
  readonly losses: Float64Array;
  readonly baseline: Float64Array;
}

/** How much better than the baseline. */
export interface Skill {
  /** 1 − loss ÷ loss of the baseline: 1 is perfect, 0 no better, below 0 worse. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Rows that both spoke on. */
  readonly rows: number;
  /** Mean length of a block, in moments. */
  readonly meanBlock: number;
}

/** How to resample. */
export interface SkillOptions {
  /** When each row was known, epoch ms, ascending; rows of one moment are drawn together. */
  readonly ts: Float64Array;
  /** Bars that an outcome spans: losses closer than that share bars. */
  readonly horizon: number;
  readonly seed: number | string;
  /** Resamples; 400 when left out. */
  readonly samples?: number;
  /** 0.95 when left out. */
  readonly level?: number;
}

interface Moments {
  readonly loss: Float64Array;
  readonly baseline: Float64Array;
  readonly rows: number;
}

const byMoment = ({ losses, baseline }: LossPair, moment: Int32Array, moments: number): Moments => {
  const out = { loss: new Float64Array(moments), baseline: new Float64Array(moments), rows: 0 };
  moment.forEach((m, i) => {
    if (m < 0 || Number.isNaN(losses[i]! + baseline[i]!)) return;
    out.loss[m]! += losses[i]!;
    out.baseline[m]! += baseline[i]!;
    out.rows++;
  });
  return out;
};

const ratio = (loss: Float64Array, baseline: Float64Array, drawn: Float64Array): number => {
  let [a, b] = [0, 0];
  for (let i = 0; i < drawn.length; i++) {
    a += loss[drawn[i]!]!;
    b += baseline[drawn[i]!]!;
  }
  return b > 0 ? 1 - a / b : NaN;
};

/**
 * Skill over the baseline by several scores, on the rows where both have a loss, with percentile intervals of the stationary block bootstrap over moments. Pairs are
 * drawn together, so that what makes both err at once cancels; symbols of one moment are drawn together, since they move together. Blocks are twice the horizon on
 * average, or longer where the differences of the losses remember longer, and `overlapWidening` gives back what overlapping outcomes lose in them. The scores share
 * the draws, hence the longest block. Throws a usage error for fewer than two moments.
 * Sources: A. H. Murphy, Monthly Weather Review 116 (1988), for skill; Politis & Romano, JASA 89 (1994), for the intervals.
 */
export const skillOver = <K extends string>(
  pairs: Readonly<Record<K, LossPair>>,
  { ts, horizon, seed, samples = 400, level = 0.95 }: SkillOptions,
): Record<K, Skill> => {
  const names = Object.keys(pairs) as K[];
  const spoken = (i: number): boolean => names.some(name => !Number.isNaN(pairs[name].losses[i]! + pairs[name].baseline[i]!));
  const moment = new Int32Array(ts.length).fill(-1);
  let moments = 0;
  let last = NaN;
  for (let i = 0; i < ts.length; i++) {
    if (!spoken(i)) continue;
    if (ts[i] !== last) moments++;
    last = ts[i]!;
    moment[i] = moments - 1;
  }
  if (moments < 2) throw usageError('too-few-samples', `Skill needs forecasts of two moments at least, not ${moments}.`);
  const columns = names.map(name => byMoment(pairs[name], moment, moments));
  const blocks = columns.map(({ loss, baseline }) => optimalBlockLength(loss.map((l, i) => l - baseline[i]!)));
  const meanBlock = Math.max(2 * horizon, ...blocks);
  const statistics = Object.fromEntries(
    names.map((name, k) => [name, (drawn: Float64Array): number => ratio(columns[k]!.loss, columns[k]!.baseline, drawn)]),
  ) as Record<K, (drawn: Float64Array) => number>;
  const index = Float64Array.from({ length: moments }, (_, i) => i);
  const intervals = stationaryBootstraps(index, statistics, { samples, seed, level, meanBlock });
  const widening = overlapWidening({ moments, horizon, meanBlock, level });
  const skill = (name: K, k: number): Skill => {
    const { loss, baseline, rows } = columns[k]!;
    const estimate = 1 - sum(loss) / sum(baseline);
    const edge = (drawn: number): number => estimate + widening * (drawn - estimate);
    return { estimate, low: edge(intervals[name].low), high: edge(intervals[name].high), rows, meanBlock };
  };
  return Object.fromEntries(names.map((name, k) => [name, skill(name, k)])) as Record<K, Skill>;
};
