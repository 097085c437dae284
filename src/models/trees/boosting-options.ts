import { usageError } from '../../errors.js';
import { MAXIMUM_BINS } from './feature-bins.js';
import { DEEPEST_TREE, LARGEST_TREE } from './tree.js';
import type { EarlyStopping } from './held-out-rows.js';
import { checkRange } from './option-ranges.js';

/** How trees are boosted. What is left out has the value in brackets. */
export interface BoostingOptions {
  /** Rounds; each grows one tree for every output (100). */
  readonly trees?: number;
  /** Splits between the root and the deepest leaf (6). */
  readonly depth?: number;
  /** Leaves of a tree, grown where the gain is highest; null for all that the depth allows (null). */
  readonly maxLeaves?: number | null;
  /** Share of each tree's answer that is believed (0.1). */
  readonly learningRate?: number;
  /** Fewest rows in a leaf (20). */
  readonly minLeaf?: number;
  /** Weight of squared leaf values in the objective: takes values of small leaves towards 0 (1). */
  readonly l2?: number;
  /** Gain that a split must exceed (0). */
  readonly minGain?: number;
  /** Share of the rows that each round learns from (1). */
  readonly subsample?: number;
  /** Share of the features that each tree may ask for (1). */
  readonly featureFraction?: number;
  /** Most bins of a feature, 2 to 255 (255). */
  readonly bins?: number;
  /** Stop by the last rows (null: all rows are learned from and all trees kept). */
  readonly earlyStopping?: EarlyStopping | null;
  /** By feature name: 1 where the answer may only rise with the feature, −1 where it may only fall ({}). */
  readonly monotone?: Readonly<Record<string, 1 | -1>>;
}

/** Every option with a value. */
export type CompleteBoostingOptions = Required<BoostingOptions>;

/** Fills in what is left out. Throws a usage error for a value out of range. */
export const completeBoostingOptions = (options: BoostingOptions): CompleteBoostingOptions => {
  const complete: CompleteBoostingOptions = {
    trees: options.trees ?? 100,
    depth: options.depth ?? 6,
    maxLeaves: options.maxLeaves ?? null,
    learningRate: options.learningRate ?? 0.1,
    minLeaf: options.minLeaf ?? 20,
    l2: options.l2 ?? 1,
    minGain: options.minGain ?? 0,
    subsample: options.subsample ?? 1,
    featureFraction: options.featureFraction ?? 1,
    bins: options.bins ?? MAXIMUM_BINS,
    earlyStopping: options.earlyStopping ?? null,
    monotone: options.monotone ?? {},
  };
  checkRange('trees', complete.trees, 1, 100_000, true);
  checkRange('depth', complete.depth, 1, DEEPEST_TREE, true);
  if (complete.maxLeaves !== null) checkRange('maxLeaves', complete.maxLeaves, 2, (LARGEST_TREE + 1) / 2, true);
  checkRange('learningRate', complete.learningRate, 1e-6, 1, false);
  checkRange('minLeaf', complete.minLeaf, 1, Infinity, true);
  checkRange('l2', complete.l2, 0, Infinity, false);
  checkRange('minGain', complete.minGain, 0, Infinity, false);
  checkRange('subsample', complete.subsample, 0.01, 1, false);
  checkRange('featureFraction', complete.featureFraction, 0.01, 1, false);
  checkRange('bins', complete.bins, 2, MAXIMUM_BINS, true);
  if (complete.earlyStopping !== null) {
    checkRange('earlyStopping.fraction', complete.earlyStopping.fraction, 0.01, 0.9, false);
    checkRange('earlyStopping.rounds', complete.earlyStopping.rounds, 1, Infinity, true);
    checkRange('earlyStopping.gap', complete.earlyStopping.gap, 0, Infinity, true);
  }
  for (const [name, sign] of Object.entries(complete.monotone))
    if (sign !== 1 && sign !== -1)
      throw usageError('bad-tree-option', `monotone.${name} is ${String(sign)}.`, 'It is 1 (rising) or -1 (falling).');
  return complete;
};

/** The constraints by feature. Throws a usage error for a name that is no feature. */
export const monotoneSigns = (monotone: CompleteBoostingOptions['monotone'], names: readonly string[]): Int8Array => {
  const signs = new Int8Array(names.length);
  for (const [name, sign] of Object.entries(monotone)) {
    const at = names.indexOf(name);
    if (at < 0)
      throw usageError('unknown-feature', `monotone names "${name}", which is no feature.`, `There are: ${names.slice(0, 20).join(', ')}.`);
    signs[at] = sign;
  }
  return signs;
};
