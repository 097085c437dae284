import { didYouMean, usageError } from '../../errors.js';
import { adaHedge } from './ada-hedge.js';
import { bayesianAveraging } from './bayesian-averaging.js';
import type { EnsembleRule } from './ensemble-rule.js';
import { equalWeight } from './equal-weight.js';
import { hedge } from './hedge.js';
import { onlineStacking } from './online-stacking.js';
import { softmaxLogScore } from './softmax-log-score.js';

/** Every rule by name, with its defaults. */
export const ENSEMBLE_RULES: Readonly<Record<string, () => EnsembleRule>> = {
  'equal-weight': equalWeight,
  'softmax-log-score': softmaxLogScore,
  'bayesian-averaging': bayesianAveraging,
  hedge,
  'ada-hedge': adaHedge,
  'online-stacking': onlineStacking,
};

/** The rule of that name; throws a usage error for a name that is none. */
export const ensembleRule = (name: string): EnsembleRule => {
  const make = ENSEMBLE_RULES[name];
  if (make) return make();
  const names = Object.keys(ENSEMBLE_RULES);
  throw usageError(
    'unknown-ensemble',
    `There is no ensemble rule "${name}".${didYouMean(name, names)}`,
    `Choose one of ${names.join(', ')}.`,
  );
};
