import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import { correlationMatrix, dotProduct, standardised } from './correlation-matrix.js';
import { requireReturns } from './resampled-means.js';
import { symmetricEigenvalues } from './symmetric-eigenvalues.js';
import { numberedByFirst, trialClusters } from './trial-clusters.js';

/** How many independent trials many correlated ones amount to. */
export interface EffectiveTrials {
  /** By the eigenvalues of their correlations, 1 to the number of trials; cautious. */
  readonly byEigenvalues: number;
  /** Number of clusters of alike trials. */
  readonly byClusters: number;
  /** Cluster of each trial, 0 to `byClusters` − 1, numbered in the order of their first trials. */
  readonly cluster: Int32Array;
}

export interface EffectiveTrialsOptions {
  /** Trials that are compared pair by pair, 500 when left out; the others are judged by these. */
  readonly most?: number;
}

/** A trial outside the sample joins the cluster whose mean it correlates with by at least this. */
const ALIKE = 0.5;

/** Li & Ji, Adjusting Multiple Testing in Multilocus Analyses Using the Eigenvalues of a Correlation Matrix, Heredity 95 (2005), eq. 5. */
export const liJi = (eigenvalues: Float64Array): number => {
  let count = 0;
  for (const eigenvalue of eigenvalues) {
    // Just below a whole number by rounding is that number.
    const x = Math.abs(eigenvalue) + 1e-8;
    count += (x >= 1 ? 1 : 0) + (x - Math.floor(x));
  }
  return Math.max(1, Math.min(count, eigenvalues.length));
};

const eigenvalueCount = (columns: readonly Float64Array[]): number =>
  liJi(symmetricEigenvalues(correlationMatrix(columns), columns.length));

/** Trials in a seeded order: an even stride through a grid would meet the same values of its inner axis again and again. */
const shuffled = (count: number): number[] => {
  const draw = random('effective-trials');
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = draw.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
};

/** Rows for each trial compared: with fewer, noise alone makes large eigenvalues and unrelated trials count for less (3 % less at 4, 12 % at 2). */
const ROWS_A_TRIAL = 4;

/**
 * Each trial outside the sample counts as much as one of the second half of the sample added: a whole one among unrelated trials, nothing once every
 * idea has been met. New ideas get rarer, so this is rather too many.
 */
const byEigenvalues = (columns: readonly Float64Array[], order: readonly number[], most: number): number => {
  const size = Math.min(columns.length, most, Math.max(2, Math.floor(columns[0]!.length / ROWS_A_TRIAL)));
  if (size === columns.length) return eigenvalueCount(columns);
  const count = eigenvalueCount(order.slice(0, size).map(k => columns[k]!));
  const half = Math.floor(size / 2);
  const countOfHalf = eigenvalueCount(order.slice(0, half).map(k => columns[k]!));
  const each = Math.max(0, Math.min(1, (count - countOfHalf) / (size - half)));
  return count + each * (columns.length - size);
};

/** Clusters of the sample; the other trials, in their own order, each join the nearest mean that is alike, or start a cluster. */
const clustersOf = (columns: readonly Float64Array[], order: readonly number[], most: number): Int32Array => {
  const sample = order.slice(0, most).sort((a, b) => a - b);
  const found = trialClusters(correlationMatrix(sample.map(k => columns[k]!)), sample.length);
  const cluster = new Int32Array(columns.length).fill(-1);
  const sums: Float64Array[] = [];
  sample.forEach((k, i) => {
    const c = found[i]!;
    cluster[k] = c;
    const unit = standardised(columns[k]!);
    const sum = (sums[c] ??= new Float64Array(unit.length));
    unit.forEach((value, t) => (sum[t]! += value));
  });
  // Where the sample has nothing alike, neither have the others: each gets a cluster of its own.
  const isAlike = sums.length < sample.length;
  const centres = sums.map(standardised);
  for (let k = 0; k < columns.length; k++) {
    if (cluster[k]! >= 0) continue;
    const unit = standardised(columns[k]!);
    const isFlat = unit.every(value => value === 0);
    let nearest = -1;
    let highest = -Infinity;
    for (let c = 0; isAlike && c < centres.length; c++) {
      const likeness = isFlat && centres[c]!.every(value => value === 0) ? 1 : dotProduct(unit, centres[c]!);
      if (likeness > highest) {
        nearest = c;
        highest = likeness;
      }
    }
    if (highest < ALIKE) nearest = centres.push(unit) - 1;
    cluster[k] = nearest;
  }
  return cluster;
};

/**
 * Effective number of trials behind a selection, from the trials' returns per period on the same dates, one column each: a thousand neighbouring
 * parameters are not a thousand ideas. Eigenvalues (Li & Ji 2005) count shades, clusters (López de Prado & Lewis 2019) count ideas; the truth for a
 * deflated Sharpe ratio lies between them, and the larger is the cautious choice. More than `most` trials are judged by a seeded sample of that
 * size, so that thousands take seconds.
 * Throws a usage error for no columns, columns of different length, too few rows, returns that are not finite or `most` below 2.
 */
export const effectiveTrials = (columns: readonly Float64Array[], { most = 500 }: EffectiveTrialsOptions = {}): EffectiveTrials => {
  requireReturns(columns);
  if (!(Number.isInteger(most) && most >= 2)) throw usageError('bad-trials', `${most} is not a number of trials.`, 'Use 500.');
  const order = shuffled(columns.length);
  const cluster = numberedByFirst(clustersOf(columns, order, most));
  return {
    byEigenvalues: byEigenvalues(columns, order, most),
    byClusters: cluster.reduce((highest, c) => Math.max(highest, c + 1), 0),
    cluster,
  };
};
