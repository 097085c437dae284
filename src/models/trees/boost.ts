import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import type { FitOptions } from '../forecaster.js';
import { binRows, type BinnedRows } from './binned-rows.js';
import { monotoneSigns, type CompleteBoostingOptions } from './boosting-options.js';
import { roundForExactSums } from './exact-sums.js';
import { fitBins } from './feature-bins.js';
import { treeGrower, type GrownTree } from './grow-tree.js';
import { holdOut } from './held-out-rows.js';
import type { Loss } from './losses/loss.js';
import { checkWidth } from './option-ranges.js';
import { sampleWithout } from './row-sample.js';
import { cutsOf, leafOf, type Tree } from './tree.js';
import { weightedQuantile } from './weighted-quantile.js';

/** Rows with a number to be learned from each. */
export interface BoostingRows {
  readonly count: number;
  readonly width: number;
  readonly names: readonly string[];
  /** count × width, row-major; NaN is missing. */
  readonly x: Float64Array;
  /** Class from 0, or a value, as the loss wants it. */
  readonly target: Float64Array;
  readonly weight: Float64Array;
  /** Ascending, epoch ms. */
  readonly ts: Float64Array;
}

/** Boosted trees: margins of a row are `base` plus the leaf values of its trees. */
export interface BoostedTrees {
  readonly outputs: number;
  readonly base: readonly number[];
  /** Round by round, in each one tree for every output. */
  readonly trees: readonly Tree[];
  /** Nothing is left to be done: all rounds are, or the held-out rows stopped it. Trees after the best round are dropped then. */
  readonly finished: boolean;
  /** Loss on the held-out rows after each round; empty without early stopping. */
  readonly heldOutLoss: readonly number[];
}

/** How boosting goes on. */
export interface BoostingRun extends Pick<FitOptions, 'stopAfter' | 'onProgress' | 'signal'> {
  /** Trees grown so far by the same rows, loss, options and seed. */
  readonly resume?: BoostedTrees;
}

/** Sets each leaf to the quantile of what its rows are still wrong by, within the bounds of monotone constraints. */
const refitLeaves = (
  { tree, rows, start, end, low, high }: GrownTree,
  level: number,
  margin: Float64Array,
  { target, weight }: BoostingRows,
): void => {
  tree.feature.forEach((f, node) => {
    if (f >= 0) return;
    const inLeaf = rows.subarray(start[node], end[node]);
    const residual = Float64Array.from(inLeaf, row => target[row]! - margin[row]!);
    const q = weightedQuantile(
      residual,
      Float64Array.from(inLeaf, row => weight[row]!),
      level,
    );
    tree.value[node] = Math.min(high[node]!, Math.max(low[node]!, q));
  });
};

/** Adds one tree to the margins of rows from `from` to before `to`. */
const addTree = (tree: Tree, binned: BinnedRows, margin: Float64Array, output: number, outputs: number, from: number, to: number): void => {
  const cuts = cutsOf(tree, binned.bins);
  for (let row = from; row < to; row++) margin[row * outputs + output]! += tree.value[leafOf(tree, cuts, binned, row)]!;
};

/** The same for a tree just grown on all rows it was told to learn from: they stand by leaf. */
const addGrown = ({ tree, rows, start, end }: GrownTree, margin: Float64Array, output: number, outputs: number): void => {
  for (let node = 0; node < tree.feature.length; node++) {
    if (tree.feature[node]! >= 0) continue;
    const value = tree.value[node]!;
    for (let k = start[node]!; k < end[node]!; k++) margin[rows[k]! * outputs + output]! += value;
  }
};

const bestRound = (losses: readonly number[]): number => {
  let best = 0;
  for (let k = 1; k < losses.length; k++) if (losses[k]! < losses[best]!) best = k;
  return best;
};

/**
 * Gradient boosting of trees on quantile bins with second-order steps (Friedman 2001; Chen & Guestrin 2016; Ke et al. 2017). A pure function of rows, loss, options
 * and seed; every round draws from a stream of its own, so that stopping and going on changes nothing. Throws a usage error when there are too few rows.
 */
export const boost = (
  rows: BoostingRows,
  loss: Loss,
  options: CompleteBoostingOptions,
  seed: number,
  run: BoostingRun = {},
): BoostedTrees => {
  const { count, width, target, weight } = rows;
  const { trees: rounds, minLeaf, learningRate, subsample, featureFraction, earlyStopping } = options;
  const { outputs } = loss;
  checkWidth(width);
  const { trained, heldOut } = earlyStopping ? holdOut(rows.ts, count, earlyStopping) : { trained: count, heldOut: count };
  const sampled = Math.max(1, Math.floor(subsample * trained));
  if (sampled < 2 * minLeaf || (earlyStopping && heldOut === count))
    throw usageError(
      'too-few-rows',
      `There are ${count} rows, of which ${trained} can be learned from; a split needs ${2 * minLeaf}.`,
      'Give it more history, or lower minLeaf, the gap or the held-out fraction.',
    );
  const binned = binRows(rows.x, count, fitBins(rows.x, trained, width, options.bins));
  const signs = monotoneSigns(options.monotone, rows.names);
  const grow = treeGrower(binned, sampled, { ...options, signs });
  const every = Int32Array.from({ length: trained }, (_, i) => i);
  const everyFeature = Int32Array.from({ length: width }, (_, f) => f);
  const chosen = Math.max(1, Math.round(featureFraction * width));
  const pairs = Array.from({ length: outputs }, () => new Float64Array(2 * trained));
  const base = loss.base(target, weight, trained);
  const margin = Float64Array.from({ length: count * outputs }, (_, k) => base[k % outputs]!);
  const trees: Tree[] = [];
  const heldOutLoss: number[] = [];

  const judge = (): void => {
    if (earlyStopping) heldOutLoss.push(loss.mean(margin, target, weight, heldOut, count));
  };
  const isOver = (): boolean => {
    const done = trees.length / outputs;
    return done >= rounds || (earlyStopping !== null && done > 0 && done - 1 - bestRound(heldOutLoss) >= earlyStopping.rounds);
  };
  const round = (index: number): void => {
    const draw = random(seed).fork(`round/${index}`);
    const sample = sampled < trained ? sampleWithout(trained, sampled, draw.fork('rows')) : every;
    loss.derivatives(margin, target, weight, trained, pairs);
    for (let output = 0; output < outputs; output++) {
      const features = chosen < width ? sampleWithout(width, chosen, draw.fork(`features/${output}`)) : everyFeature;
      const unit = roundForExactSums(pairs[output]!, trained);
      const grown = grow(pairs[output]!, unit, sample, features);
      const { tree } = grown;
      if (loss.refit !== null) refitLeaves(grown, loss.refit, margin, rows);
      for (let node = 0; node < tree.value.length; node++) tree.value[node]! *= learningRate;
      trees.push(tree);
      if (sampled < trained) addTree(tree, binned, margin, output, outputs, 0, trained);
      else addGrown(grown, margin, output, outputs);
      if (earlyStopping) addTree(tree, binned, margin, output, outputs, heldOut, count);
    }
    judge();
  };

  for (const [k, tree] of (run.resume?.trees ?? []).entries()) {
    trees.push(tree);
    addTree(tree, binned, margin, k % outputs, outputs, 0, trained);
    if (earlyStopping) addTree(tree, binned, margin, k % outputs, outputs, heldOut, count);
    if ((k + 1) % outputs === 0) judge();
  }
  if (run.resume?.finished) return run.resume;
  while (!isOver() && trees.length / outputs < (run.stopAfter ?? Infinity)) {
    run.signal?.throwIfAborted();
    round(trees.length / outputs);
    run.onProgress?.(trees.length / outputs, rounds);
  }
  const finished = isOver();
  const kept = finished && earlyStopping ? (bestRound(heldOutLoss) + 1) * outputs : trees.length;
  return { outputs, base: Array.from(base), trees: trees.slice(0, kept), finished, heldOutLoss };
};
