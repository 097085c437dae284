import { canonicalJson } from '../../datasets/canonical-json.js';
import { usageError } from '../../errors.js';
import type { Json } from '../forecaster.js';
import { recipeIdentity, type ForecastRecipe } from '../recipe.js';
import { identityDifferences, type IdentityDifference } from './identity-differences.js';
import type { ModelVersion } from './model-version.js';

/** Parts of a recipe without which a checkpoint means nothing: what it reads, what it says, and how it is read. */
const BINDING = ['features', 'label', 'models'];

const shown = (value: Json | undefined): string => (value === undefined ? 'none' : canonicalJson(value));

/**
 * Fields in which a recipe differs from the one that saved models were made by, when they can be used under it all the same: schedule, calibration, ensemble, code. Throws a
 * usage error when they cannot.
 */
export const checkCompatible = (version: ModelVersion, recipe: ForecastRecipe, timeframe: string): readonly IdentityDifference[] => {
  if (version.timeframe !== timeframe)
    throw usageError(
      'foreign-models',
      `The saved models forecast ${version.timeframe} bars, not ${timeframe} ones.`,
      `Use --timeframe ${version.timeframe}, or train a set on ${timeframe} bars.`,
    );
  const differences = identityDifferences(version.recipe.identity, recipeIdentity(recipe) as Json);
  const foreign = differences.find(({ path }) => BINDING.includes(path.split('.', 1)[0] ?? ''));
  if (foreign)
    throw usageError(
      'foreign-models',
      `The saved models were made by another recipe: ${foreign.path} was ${shown(foreign.left)}, and is ${shown(foreign.right)} now.`,
      'Give the parameters, fees and slippage that they were trained with, or train anew.',
    );
  return differences;
};
