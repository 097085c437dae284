import { usageError } from '../errors.js';
import { random } from '../random.js';
import { blockError } from './block-error.js';
import type { FunctionOfMeans } from './function-of-means.js';
import { lastingError } from './lasting-error.js';
import { mean } from './moments.js';
import { quantileOfSorted } from './quantile.js';

/** How to resample. */
export interface StudentisedOptions {
  /** Number of resamples; 1,000 or more for a 95 % interval. */
  readonly samples: number;
  /** Length of a block in rows, a whole number; `intervalBlockLength` of the returns. */
  readonly block: number;
  readonly seed: number | string;
  /** Probability mass of the interval; 0.95 when left out. */
  readonly level?: number;
  /** Gets the first row of every block of each resample, for figures that need the path; the array is reused. Rows wrap round the end, the last block is cut. */
  readonly onResample?: (starts: Int32Array) => void;
}

/** A figure with its standard error and the interval about it. */
export interface StudentisedInterval {
  readonly estimate: number;
  readonly error: number;
  /** NaN when the figure or its error is not defined on the rows or on most resamples. */
  readonly low: number;
  readonly high: number;
  /**
   * Two-sided p-value of a true figure of zero, by the same resamples: how often theirs strays from the estimate by as many of its own standard
   * errors as the estimate is from zero; never below 1 ÷ (samples + 1). NaN where the interval is. Meant for differences.
   * Source: Ledoit & Wolf, Robust Performance Hypothesis Testing with the Sharpe Ratio, Journal of Empirical Finance 15 (2008), remark 3.2.
   */
  readonly p: number;
}

/** Columns side by side, cumulated over the rows twice round: the sum over any block is the difference of two rows of it. */
const cumulate = (columns: readonly Float64Array[], means: Float64Array): Float64Array => {
  const width = columns.length;
  const n = columns[0]!.length;
  const table = new Float64Array((2 * n + 1) * width);
  for (let row = 0; row < 2 * n; row++)
    for (let k = 0; k < width; k++)
      table[(row + 1) * width + k] = table[row * width + k]! + (columns[k]![row < n ? row : row - n]! - means[k]!);
  return table;
};

/** Standard error of a figure at the rows' own means, by blocks of what each row moves it. */
const errorOf = (columns: readonly Float64Array[], slopes: Float64Array, block: number, lasting: boolean): number => {
  const moves = new Float64Array(columns[0]!.length);
  columns.forEach((column, k) => {
    const slope = slopes[k]!;
    if (slope !== 0) for (let i = 0; i < moves.length; i++) moves[i]! += slope * column[i]!;
  });
  return lasting ? lastingError(moves, block) : blockError(moves, block);
};

/** The columns of one resample: where its means are from those of all rows, and the covariance of the errors of its means by its own blocks. */
const resampler = (columns: readonly Float64Array[], means: Float64Array, block: number) => {
  const width = columns.length;
  const n = columns[0]!.length;
  const table = cumulate(columns, means);
  const part = new Float64Array(width);
  const shift = new Float64Array(width);
  const weighted = new Float64Array(width);
  const covariance = new Float64Array(width * width);
  const draw = (starts: Int32Array): void => {
    shift.fill(0);
    weighted.fill(0);
    covariance.fill(0);
    let lengths = 0;
    for (let b = 0; b < starts.length; b++) {
      const length = Math.min(block, n - b * block);
      const from = starts[b]! * width;
      const to = from + length * width;
      lengths += length * length;
      for (let k = 0; k < width; k++) {
        const x = table[to + k]! - table[from + k]!;
        part[k] = x;
        shift[k]! += x;
        weighted[k]! += length * x;
        for (let j = 0, at = k * width; j <= k; j++, at++) covariance[at]! += x * part[j]!;
      }
    }
    for (let k = 0; k < width; k++) shift[k]! /= n;
    for (let k = 0; k < width; k++)
      for (let j = 0; j <= k; j++) {
        const at = k * width + j;
        const squares = covariance[at]! - weighted[k]! * shift[j]! - weighted[j]! * shift[k]! + lengths * shift[k]! * shift[j]!;
        covariance[at] = squares / n / n;
        covariance[j * width + k] = covariance[at]!;
      }
  };
  return { shift, covariance, draw };
};

/** slopesᵀ · covariance · slopes. */
const quadratic = (slopes: Float64Array, covariance: Float64Array): number => {
  const width = slopes.length;
  let total = 0;
  for (let k = 0; k < width; k++) {
    if (slopes[k] === 0) continue;
    let row = 0;
    for (let j = 0; j < width; j++) if (slopes[j] !== 0) row += slopes[j]! * covariance[k * width + j]!;
    total += slopes[k]! * row;
  }
  return total;
};

/**
 * Intervals of functions of the means of `columns` (one row a day, say), all from the same resamples: estimate ± q × standard error, where q
 * is the level's quantile of |figure of a resample − estimate| ÷ the resample's own standard error. Days are drawn in blocks of one length
 * that wrap round the end; the errors come from the spread of blocks, so that what few blocks cannot know makes the interval wider.
 * A resample costs a visit to each block, not to each day.
 *
 * Throws a usage error for fewer than two rows, columns of different lengths or options out of range.
 * Sources: Götze & Künsch, Second-Order Correctness of the Blockwise Bootstrap for Stationary Observations, Annals of Statistics 24 (1996);
 * P. Hall, On Symmetric Bootstrap Confidence Intervals, Journal of the Royal Statistical Society B 50 (1988).
 */
export const studentisedBootstraps = <K extends string>(
  columns: readonly Float64Array[],
  functions: Readonly<Record<K, FunctionOfMeans>>,
  { samples, block, seed, level = 0.95, onResample }: StudentisedOptions,
): Record<K, StudentisedInterval> => {
  const n = columns[0]?.length ?? 0;
  if (n < 2 || columns.some(column => column.length !== n))
    throw usageError('too-few-samples', 'A bootstrap needs columns of one length with at least two values.');
  if (!(Number.isInteger(samples) && samples > 0))
    throw usageError('bad-bootstrap', `${samples} is not a number of resamples.`, 'Use 1000.');
  if (!(Number.isInteger(block) && block >= 1 && block <= n))
    throw usageError(
      'bad-bootstrap',
      `${block} is not a length of blocks of ${n} values.`,
      'Use a whole number from 1 to the number of values.',
    );
  if (!(level > 0 && level < 1)) throw usageError('bad-bootstrap', `${level} is not a level.`, 'Use a fraction such as 0.95.');

  const means = Float64Array.from(columns, mean);
  const slopes = new Float64Array(columns.length);
  const names = Object.keys(functions) as K[];
  const figures = names.map(name => {
    const { value, gradient, lasting = false } = functions[name];
    slopes.fill(0);
    gradient(means, slopes);
    return { value, gradient, estimate: value(means), error: errorOf(columns, slopes, block, lasting), ratios: new Float64Array(samples) };
  });

  const chance = random(seed).fork('studentised-bootstrap');
  const starts = new Int32Array(Math.ceil(n / block));
  const { shift, covariance, draw } = resampler(columns, means, block);
  const resampled = new Float64Array(columns.length);
  for (let s = 0; s < samples; s++) {
    for (let b = 0; b < starts.length; b++) starts[b] = chance.int(n);
    draw(starts);
    for (let k = 0; k < resampled.length; k++) resampled[k] = means[k]! + shift[k]!;
    for (const { value, gradient, estimate, ratios } of figures) {
      slopes.fill(0);
      gradient(resampled, slopes);
      ratios[s] = Math.abs(value(resampled) - estimate) / Math.sqrt(quadratic(slopes, covariance));
    }
    onResample?.(starts);
  }

  const interval = ({ estimate, error, ratios }: (typeof figures)[number]): StudentisedInterval => {
    const defined = ratios.filter(Number.isFinite).sort();
    const known = defined.length * 2 > samples && error > 0;
    const reach = known ? quantileOfSorted(defined, level) * error : NaN;
    const observed = Math.abs(estimate) / error;
    const p = known ? (1 + defined.reduce((reached, ratio) => reached + (ratio >= observed ? 1 : 0), 0)) / (1 + defined.length) : NaN;
    return { estimate, error, low: estimate - reach, high: estimate + reach, p };
  };
  return Object.fromEntries(names.map((name, i) => [name, interval(figures[i]!)])) as Record<K, StudentisedInterval>;
};
