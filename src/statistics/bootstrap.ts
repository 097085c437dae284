import { usageError } from '../errors.js';
import { random } from '../random.js';
import type { Random } from '../random.js';
import type { Vector } from '../numeric/vector.js';
import { optimalBlockLength } from './block-length.js';
import { quantileOfSorted } from './quantile.js';

/** How to resample. */
export interface BootstrapOptions {
  /** Number of resamples; 1,000 or more for a 95 % interval. */
  readonly samples: number;
  /** Mean length of a block in observations, at least 1; chosen from the data by `optimalBlockLength` when left out. */
  readonly meanBlock?: number;
  readonly seed: number | string;
  /** Probability mass of the interval; 0.95 when left out. */
  readonly level?: number;
}

/** A figure with the interval that its sampling error allows. */
export interface BootstrapInterval {
  /** The statistic of the values as they are. */
  readonly estimate: number;
  /** Percentile interval at the level asked for; NaN when no resample had a defined value. */
  readonly low: number;
  readonly high: number;
  /** The statistic of each resample in the order drawn; resamples on which it is not defined are left out. */
  readonly samples: Float64Array;
  readonly meanBlock: number;
}

/** Fills `out` with one stationary resample of `values`: blocks of geometric length from random starts, wrapping round the end. */
export const resampleBlocks = (values: Vector, meanBlock: number, draw: Random, out: Float64Array): void => {
  const n = values.length;
  const renew = 1 / meanBlock;
  let position = draw.int(n);
  for (let i = 0; i < out.length; i++) {
    out[i] = values[position]!;
    position = draw.next() < renew ? draw.int(n) : position + 1 === n ? 0 : position + 1;
  }
};

/** The middle `level` of a set of bootstrap values. */
export const percentileInterval = (values: Vector, level: number): { readonly low: number; readonly high: number } => {
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - level) / 2;
  return { low: quantileOfSorted(sorted, tail), high: quantileOfSorted(sorted, 1 - tail) };
};

/** Fills `out` with one resample of `values` in blocks whose mean length is `block`. */
export type Resample = (values: Vector, block: number, draw: Random, out: Float64Array) => void;

/** Percentile intervals of several statistics over the resamples of one scheme, whose draws are the stream `name` of the seed. */
export const percentileBootstraps = <K extends string>(
  { name: scheme, resample }: { readonly name: string; readonly resample: Resample },
  values: Vector,
  statistics: Readonly<Record<K, (sample: Float64Array) => number>>,
  { samples, meanBlock, seed, level = 0.95 }: BootstrapOptions & { readonly meanBlock: number },
): Record<K, BootstrapInterval> => {
  if (values.length < 2) throw usageError('too-few-samples', `A bootstrap needs at least two values, not ${values.length}.`);
  if (!(Number.isInteger(samples) && samples > 0))
    throw usageError('bad-bootstrap', `${samples} is not a number of resamples.`, 'Use 1000.');
  if (!(meanBlock >= 1)) throw usageError('bad-bootstrap', `A mean block of ${meanBlock} is too short.`, 'Use 1 or more observations.');
  if (!(level > 0 && level < 1)) throw usageError('bad-bootstrap', `${level} is not a level.`, 'Use a fraction such as 0.95.');
  const names = Object.keys(statistics) as K[];
  const drawn = names.map((): number[] => []);
  const draw = random(seed).fork(scheme);
  const sample = new Float64Array(values.length);
  for (let s = 0; s < samples; s++) {
    resample(values, meanBlock, draw, sample);
    names.forEach((name, k) => {
      const value = statistics[name](sample);
      if (!Number.isNaN(value)) drawn[k]!.push(value);
    });
  }
  const original = Float64Array.from(values);
  const interval = (name: K, k: number): BootstrapInterval => ({
    estimate: statistics[name](original),
    ...percentileInterval(drawn[k]!, level),
    samples: Float64Array.from(drawn[k]!),
    meanBlock,
  });
  return Object.fromEntries(names.map((name, k) => [name, interval(name, k)])) as Record<K, BootstrapInterval>;
};

/**
 * Several statistics of the same resamples at once; see `stationaryBootstrap`. Draws depend only on the seed, the length and the block
 * length, so a statistic has the same interval whichever others stand beside it.
 */
export const stationaryBootstraps = <K extends string>(
  values: Vector,
  statistics: Readonly<Record<K, (sample: Float64Array) => number>>,
  options: BootstrapOptions,
): Record<K, BootstrapInterval> =>
  percentileBootstraps({ name: 'stationary-bootstrap', resample: resampleBlocks }, values, statistics, {
    ...options,
    meanBlock: options.meanBlock ?? optimalBlockLength(values),
  });

/**
 * How far a statistic of a return series could be off by chance: percentile interval of the stationary block bootstrap, which keeps the
 * memory of the series inside blocks of random length. `statistic` gets one buffer that is reused: it must not keep or change it; NaN from
 * it means "not defined on this resample". Throws a usage error for fewer than two values or options out of range.
 * Source: Politis & Romano, The Stationary Bootstrap, Journal of the American Statistical Association 89 (1994).
 */
export const stationaryBootstrap = (
  values: Vector,
  statistic: (sample: Float64Array) => number,
  options: BootstrapOptions,
): BootstrapInterval => stationaryBootstraps(values, { statistic }, options).statistic;
