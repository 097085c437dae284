import { didYouMean, usageError } from '../../errors.js';
import type { FeatureSet } from '../feature-set.js';
import { core } from './core.js';
import { priceOnly } from './price-only.js';
import { small } from './small.js';

/** The named feature sets. */
export const FEATURE_SETS: readonly FeatureSet[] = [core, priceOnly, small];

/** The feature set of that name; throws a usage error for a name that is none. */
export const featureSetByName = (name: string): FeatureSet => {
  const set = FEATURE_SETS.find(candidate => candidate.name === name);
  if (set) return set;
  const names = FEATURE_SETS.map(candidate => candidate.name);
  throw usageError(
    'unknown-feature-set',
    `There is no feature set "${name}".${didYouMean(name, names)}`,
    `Choose one of ${names.join(', ')}.`,
  );
};
