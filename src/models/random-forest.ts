import { random } from '../random.js';
import { momentsAt, requireCheckpoint } from './checkpoint-body.js';
import { classMoments, mixtureForecast } from './class-moments.js';
import { OUTCOMES } from './forecast.js';
import type { Checkpoint, Forecaster } from './forecaster.js';
import { requireLearnable } from './learnable-rows.js';
import { binRows } from './trees/binned-rows.js';
import { roundWeights } from './trees/exact-sums.js';
import { fitBins, MAXIMUM_BINS } from './trees/feature-bins.js';
import { growClassTree } from './trees/grow-class-tree.js';
import { checkRange, checkWidth } from './trees/option-ranges.js';
import { bootstrapCounts } from './trees/row-sample.js';
import { meanContributions, treeShap, type ShapExplainer } from './trees/tree-shap.js';
import { treeScorer } from './trees/tree-scorer.js';
import { DEEPEST_TREE, treesFromJson, treeToJson } from './trees/tree.js';

const KIND = 'random-forest';
const VERSION = 1;

/** How a forest is grown. What is left out has the value in brackets. */
export interface RandomForestOptions {
  /** (100) */
  readonly trees?: number;
  /** Splits between the root and the deepest leaf (10). */
  readonly depth?: number;
  /** Fewest rows in a leaf, a row counted as often as it was drawn (20). */
  readonly minLeaf?: number;
  /** Features drawn at each node: a share of all, or their square root ('sqrt'). */
  readonly featureFraction?: number | 'sqrt';
  /** Rows that each tree draws with replacement: as many as there are (true), a share of that, or no drawing at all (false). */
  readonly bootstrap?: boolean | number;
  /** Neighbours that are drawn together, such as the bars that a label spans times the symbols of a bar (1). */
  readonly block?: number;
  /** Rows of each class added to every leaf (1). */
  readonly smoothing?: number;
  /** Most bins of a feature, 2 to 255 (255). */
  readonly bins?: number;
}

const treesOf = (checkpoint: Checkpoint) => {
  requireCheckpoint(checkpoint, KIND, VERSION);
  return treesFromJson(checkpoint.body['trees'], checkpoint.width, OUTCOMES);
};

const explainer = (checkpoint: Checkpoint): ShapExplainer => {
  const trees = treesOf(checkpoint);
  const explain = treeShap(trees, checkpoint.width, [0, 0, 0], OUTCOMES);
  return (x, offset, out) => {
    explain(x, offset, out);
    for (let k = 0; k < out.length; k++) out[k]! /= trees.length;
  };
};

/**
 * What each feature adds to the probabilities for the row at `x[offset]`: by class (down, flat, up) the features' SHAP values and then the expectation; each class's add
 * up to its probability. Throws a usage error for another kind of checkpoint.
 */
export const forestShapValues = (checkpoint: Checkpoint, x: Float64Array, offset: number): Float64Array => {
  const out = new Float64Array(OUTCOMES * (checkpoint.width + 1));
  explainer(checkpoint)(x, offset, out);
  return out;
};

/**
 * Probabilities of a fall, of nothing and of a rise as the mean over trees, each grown on rows drawn anew and asking few features at a node (Breiman, Machine Learning
 * 45, 2001). Hard to overfit by more trees, and calmer than boosting where the signal is weak. Rows next to each other share most of their label's span: drawn in
 * blocks, trees differ by more than noise. A step of `stopAfter` is a tree; `warmStart` begins anew. `importance` is in probability, not in log-odds. Throws a usage
 * error for options out of range.
 */
export const randomForest = (options: RandomForestOptions = {}): Forecaster => {
  const {
    trees = 100,
    depth = 10,
    minLeaf = 20,
    featureFraction = 'sqrt',
    bootstrap = true,
    block = 1,
    smoothing = 1,
    bins = MAXIMUM_BINS,
  } = options;
  checkRange('trees', trees, 1, 100_000, true);
  checkRange('depth', depth, 1, DEEPEST_TREE, true);
  checkRange('minLeaf', minLeaf, 1, Infinity, true);
  if (featureFraction !== 'sqrt') checkRange('featureFraction', featureFraction, 0.01, 1, false);
  if (typeof bootstrap === 'number') checkRange('bootstrap', bootstrap, 0.01, 1, false);
  checkRange('block', block, 1, Infinity, true);
  checkRange('smoothing', smoothing, 0, Infinity, false);
  checkRange('bins', bins, 2, MAXIMUM_BINS, true);
  return {
    kind: KIND,
    options: { trees, depth, minLeaf, featureFraction, bootstrap, block, smoothing, bins },
    lookback: 1,
    fit: (rows, seed, { resume, stopAfter = trees, onProgress, signal } = {}) => {
      const { count, width, x, label } = rows;
      requireLearnable(KIND, label.subarray(0, count));
      checkWidth(width);
      if (resume) requireCheckpoint(resume, KIND, VERSION, width);
      const grown = resume ? treesOf(resume) : [];
      const binned = binRows(x, count, fitBins(x, count, width, bins));
      const weight = roundWeights(rows.weight, count);
      const features = Math.max(1, Math.round(featureFraction === 'sqrt' ? Math.sqrt(width) : featureFraction * width));
      const draws = Math.max(1, Math.floor((typeof bootstrap === 'number' ? bootstrap : 1) * count));
      const total = Math.min(trees, stopAfter);
      while (grown.length < total) {
        signal?.throwIfAborted();
        const draw = random(seed).fork(`tree/${grown.length}`);
        const drawn = bootstrap === false ? new Int32Array(count).fill(1) : bootstrapCounts(count, draws, block, draw.fork('rows'));
        grown.push(growClassTree(binned, label, weight, drawn, { depth, minLeaf, features, smoothing }, draw));
        onProgress?.(grown.length, trees);
      }
      return { kind: KIND, version: VERSION, width, body: { trees: grown.map(treeToJson), moments: { ...classMoments(rows) } } };
    },
    predictor: checkpoint => {
      const forest = treesOf(checkpoint);
      const moments = momentsAt(checkpoint.body, 'moments');
      const score = treeScorer(forest, checkpoint.width, OUTCOMES, OUTCOMES);
      const share = new Float64Array(OUTCOMES);
      const count = forest.length;
      return (x, offset, scale, out) => {
        share.fill(0);
        score(x, offset, share);
        mixtureForecast(share[0]! / count, share[1]! / count, share[2]! / count, moments, scale, out);
      };
    },
    importance: (checkpoint, { x, count, width }) => meanContributions(explainer(checkpoint), x, count, width, OUTCOMES),
  };
};
