import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import { optimalBlockLength } from '../../statistics/block-length.js';
import { resampleBlocks } from '../../statistics/bootstrap.js';
import { mean } from '../../statistics/moments.js';
import { quantile } from '../../statistics/quantile.js';
import { stationaryVariance } from './stationary-variance.js';

/** Fewest rows that a bootstrap of the mean can say anything about. */
const FEWEST = 10;
/** Columns that the block length is chosen from; more would not change their median by much. */
const MEASURED = 100;

/** How to resample the returns of many strategies at once. */
export interface ResampleOptions {
  /** Number of resamples; 1,000 or more for a test at 5 %. */
  readonly samples: number;
  /** Mean length of a block in rows, at least 1; the median of what `optimalBlockLength` says of (up to 100 of) the columns when left out. */
  readonly meanBlock?: number;
  readonly seed: number | string;
}

/** Many return series and how far the mean of each could be off. */
export interface ResampledMeans {
  readonly rows: number;
  readonly means: Float64Array;
  /** Variance of √rows × mean of each column over all resamples, in closed form. */
  readonly variances: Float64Array;
  readonly meanBlock: number;
  /**
   * Calls `visit` once per resample with the mean of each column less its own mean. The buffer is reused. The same resamples in the same order
   * at each call.
   */
  readonly each: (visit: (deviations: Float64Array) => void) => void;
}

/** Throws a usage error for no columns, columns of different length, too few rows, or returns that are not finite. */
export const requireReturns = (columns: readonly Float64Array[]): void => {
  const rows = columns[0]?.length ?? 0;
  if (columns.length === 0) throw usageError('too-few-configurations', 'There are no returns to test.');
  if (columns.some(column => column.length !== rows))
    throw usageError('ragged-returns', 'The configurations have returns of different length.', 'Evaluate all of them on the same dates.');
  if (rows < FEWEST) throw usageError('too-few-samples', `${rows} returns are too few to test.`, `Use ${FEWEST} or more.`);
  columns.forEach((column, c) => {
    const row = column.findIndex(value => !Number.isFinite(value));
    if (row >= 0)
      throw usageError('bad-returns', `Return ${row} of configuration ${c} is ${column[row]!}.`, 'Leave out runs without returns.');
  });
};

const typicalBlockLength = (columns: readonly Float64Array[]): number => {
  const count = Math.min(columns.length, MEASURED);
  const measured = Array.from({ length: count }, (_, i) => columns[Math.floor((i * columns.length) / count)]!);
  return quantile(measured.map(optimalBlockLength), 0.5);
};

/** Row t holds, for every column side by side, the sum of its first t + 1 values. */
const runningSums = (columns: readonly Float64Array[]): Float64Array => {
  const rows = columns[0]!.length;
  const sums = new Float64Array(rows * columns.length);
  columns.forEach((column, k) => {
    let total = 0;
    for (let t = 0; t < rows; t++) {
      total += column[t]!;
      sums[t * columns.length + k] = total;
    }
  });
  return sums;
};

/**
 * Stationary bootstrap of the means of all `columns`, returns per period on the same dates: each resample draws its rows once for all columns, so
 * that what moves together stays together. A sum over a block is a difference of two running sums; only rows where the number of times a row was
 * drawn changes cost anything, two per block. Columns are centred first: their running sums stay near 0 and differences keep their digits.
 * Throws a usage error as `requireReturns` does, and for options out of range.
 * Source: Politis & Romano, The Stationary Bootstrap, Journal of the American Statistical Association 89 (1994).
 */
export const resampledMeans = (columns: readonly Float64Array[], { samples, seed, meanBlock: asked }: ResampleOptions): ResampledMeans => {
  requireReturns(columns);
  if (!(Number.isInteger(samples) && samples > 0))
    throw usageError('bad-bootstrap', `${samples} is not a number of resamples.`, 'Use 1000.');
  if (asked !== undefined && !(asked >= 1))
    throw usageError('bad-bootstrap', `A mean block of ${asked} is too short.`, 'Use 1 or more rows.');
  const meanBlock = asked ?? typicalBlockLength(columns);
  const rows = columns[0]!.length;
  const width = columns.length;
  const means = Float64Array.from(columns, mean);
  const centred = columns.map((column, k) => column.map(value => value - means[k]!));
  const sums = runningSums(centred);

  const each = (visit: (deviations: Float64Array) => void): void => {
    const draw = random(seed).fork('resampled-means');
    const everyRow = Float64Array.from({ length: rows }, (_, t) => t);
    const drawn = new Float64Array(rows);
    const times = new Int32Array(rows + 1);
    const deviations = new Float64Array(width);
    // Rows at which the count changes, and by how much ÷ rows; padded with rows of no weight to a whole number of fours.
    const starts = new Int32Array(rows + 3);
    const weights = new Float64Array(rows + 3);
    for (let s = 0; s < samples; s++) {
      resampleBlocks(everyRow, meanBlock, draw, drawn);
      times.fill(0);
      for (let t = 0; t < rows; t++) times[drawn[t]!]!++;
      let changes = 0;
      for (let t = 0; t < rows; t++) {
        const change = times[t]! - times[t + 1]!;
        if (change === 0) continue;
        starts[changes] = t * width;
        weights[changes++] = change / rows;
      }
      for (let pad = changes; pad < changes + 3; pad++) {
        starts[pad] = 0;
        weights[pad] = 0;
      }
      deviations.fill(0);
      for (let c = 0; c < changes; c += 4) {
        const [a, b, d, e] = [starts[c]!, starts[c + 1]!, starts[c + 2]!, starts[c + 3]!];
        const [u, v, w, x] = [weights[c]!, weights[c + 1]!, weights[c + 2]!, weights[c + 3]!];
        for (let k = 0; k < width; k++) deviations[k]! += u * sums[a + k]! + v * sums[b + k]! + (w * sums[d + k]! + x * sums[e + k]!);
      }
      visit(deviations);
    }
  };
  return { rows, means, variances: Float64Array.from(centred, column => stationaryVariance(column, meanBlock)), meanBlock, each };
};
