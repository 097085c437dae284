import { canonicalJson } from '../../datasets/canonical-json.js';
import { forecastRecipe } from '../../engine/forecast-recipe.js';
import type { RunConfig } from '../../engine/run-config.js';
import type { Params } from '../../engine/run-result.js';
import type { Json } from '../../models/forecaster.js';
import { recipeHash, recipeIdentity } from '../../models/recipe.js';
import type { ResolvedStrategy } from '../../strategies/load.js';
import type { PinSubject } from './pin-subject.js';

/** The recipe of a strategy's forecasts under a configuration; null for one without forecasts. */
export const recipePin = ({ strategy, hash }: ResolvedStrategy, params: Params, config: RunConfig): PinSubject['recipe'] => {
  const recipe = forecastRecipe(strategy, params, config, hash);
  if (recipe === null) return null;
  return { hash: recipeHash(recipe), seed: config.seed, identity: JSON.parse(canonicalJson(recipeIdentity(recipe))) as Json };
};
