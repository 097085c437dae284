import type { JobHandler } from '../cluster/job-engine.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import { trainModel, type TrainedModel } from '../models/trained-model.js';
import type { TrainingSet } from '../models/training-set.js';
import { loadStrategy, type StrategyRef } from '../strategies/load.js';

/** What all fits of a session share. */
export interface FitShared {
  readonly strategy: StrategyRef;
  readonly bundle: string;
  readonly params: Params;
  readonly config: RunConfig;
}

/** One member to be trained on rows that are handed over. */
export interface FitTask {
  readonly model: string;
  readonly set: TrainingSet;
  readonly previous: TrainedModel | null;
}

/** Module whose `handle` does a FitTask, in this thread or a worker. */
export const FIT = 'experiments/fit';

export const handle: JobHandler<FitTask, TrainedModel, FitShared> = async ({ model, set, previous }, shared, signal) => {
  const { strategy, bundle, params, config } = shared;
  const recipe = forecastRecipe(await loadStrategy(strategy), params, config, bundle);
  if (recipe === null) throw new TypeError('the strategy has no forecasts to train');
  await recipe.models[model]?.prepare?.();
  return trainModel(recipe, model, set, config.seed, previous, signal ? { signal } : {});
};
