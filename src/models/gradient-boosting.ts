import { momentsAt, numbersAt, requireCheckpoint } from './checkpoint-body.js';
import { classMoments, mixtureForecast } from './class-moments.js';
import { OUTCOMES } from './forecast.js';
import type { Checkpoint, Forecaster } from './forecaster.js';
import { requireLearnable } from './learnable-rows.js';
import { boost, type BoostedTrees } from './trees/boost.js';
import { completeBoostingOptions, type BoostingOptions } from './trees/boosting-options.js';
import { multinomialLogLoss, softmax } from './trees/losses/multinomial.js';
import { meanContributions, treeShap } from './trees/tree-shap.js';
import { treeScorer } from './trees/tree-scorer.js';
import { treesFromJson, treeToJson } from './trees/tree.js';

const KIND = 'gradient-boosting';
const VERSION = 1;

const boostedFrom = (checkpoint: Checkpoint, width = checkpoint.width): BoostedTrees => {
  requireCheckpoint(checkpoint, KIND, VERSION, width);
  const { body } = checkpoint;
  return {
    outputs: OUTCOMES,
    base: Array.from(numbersAt(body, 'base', OUTCOMES)),
    trees: treesFromJson(body['trees'], width, 1),
    finished: body['finished'] === true,
    heldOutLoss: body['heldOutLoss'] as readonly number[],
  };
};

const explainer = (checkpoint: Checkpoint) => {
  const { trees, base } = boostedFrom(checkpoint);
  return treeShap(trees, checkpoint.width, base, 1);
};

/**
 * What each feature adds to the log-odds of the classes for the row at `x[offset]`: by class (down, flat, up) the features' SHAP values and then the expectation; each
 * class's add up to its margin, whose softmax is the probability. Throws a usage error for another kind of checkpoint.
 */
export const boostingShapValues = (checkpoint: Checkpoint, x: Float64Array, offset: number): Float64Array => {
  const out = new Float64Array(OUTCOMES * (checkpoint.width + 1));
  explainer(checkpoint)(x, offset, out);
  return out;
};

/**
 * Probabilities of a fall, of nothing and of a rise from boosted trees: each round grows a tree a class on the log loss's first and second derivatives (Friedman 2001;
 * Chen & Guestrin 2016; Ke et al. 2017). Finds thresholds and interactions that linear models do not see, takes missing values as they are, and does not mind how a
 * feature is scaled. A step of `stopAfter` is a round. `warmStart` begins anew: trees of other rows cannot be carried on. Throws a usage error for options out of range.
 */
export const gradientBoosting = (options: BoostingOptions = {}): Forecaster => {
  const complete = completeBoostingOptions(options);
  const loss = multinomialLogLoss(OUTCOMES);
  return {
    kind: KIND,
    options: { ...complete, earlyStopping: complete.earlyStopping && { ...complete.earlyStopping } },
    lookback: 1,
    fit: (rows, seed, { resume, ...run } = {}) => {
      requireLearnable(KIND, rows.label.subarray(0, rows.count));
      const { count, width, names, x, weight, ts } = rows;
      const grown = boost(
        { count, width, names, x, target: Float64Array.from(rows.label.subarray(0, rows.count)), weight, ts },
        loss,
        complete,
        seed,
        resume ? { ...run, resume: boostedFrom(resume, width) } : run,
      );
      return {
        kind: KIND,
        version: VERSION,
        width,
        body: {
          base: grown.base,
          trees: grown.trees.map(treeToJson),
          finished: grown.finished,
          heldOutLoss: grown.heldOutLoss,
          moments: { ...classMoments(rows) },
        },
      };
    },
    predictor: checkpoint => {
      const { trees, base } = boostedFrom(checkpoint);
      const moments = momentsAt(checkpoint.body, 'moments');
      const score = treeScorer(trees, checkpoint.width, OUTCOMES, 1);
      const start = Float64Array.from(base);
      const margin = new Float64Array(OUTCOMES);
      const p = new Float64Array(OUTCOMES);
      return (x, offset, scale, out) => {
        margin.set(start);
        score(x, offset, margin);
        softmax(margin, 0, OUTCOMES, p);
        mixtureForecast(p[0]!, p[1]!, p[2]!, moments, scale, out);
      };
    },
    importance: (checkpoint, { x, count, width }) => meanContributions(explainer(checkpoint), x, count, width, OUTCOMES),
  };
};
