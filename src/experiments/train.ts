import type { JobHandler } from '../cluster/job-engine.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { Chunk } from '../events/market.js';
import { timeframeMs } from '../market/timeframe.js';
import type { RowStore } from '../models/row-store.js';
import type { ForecastRecipe } from '../models/recipe.js';
import { trainModel, type TrainedModel } from '../models/trained-model.js';
import { allRows } from '../models/training-plan.js';
import { trainingSet, type TrainingSet } from '../models/training-set.js';
import { loadStrategy, type StrategyRef } from '../strategies/load.js';
import { panelOf } from './forecasting.js';

/** What all trainings of an experiment read. */
export interface TrainingShared {
  readonly strategy: StrategyRef;
  /** SHA-256 of the strategy's code. */
  readonly bundle: string;
  readonly params: Params;
  readonly config: RunConfig;
  readonly chunks: readonly Chunk[];
}

/** One member to be trained as it would be at a moment of the history. */
export interface TrainingTask {
  readonly model: string;
  /** When the training is requested, epoch ms. */
  readonly at: number;
}

/** Module whose `handle` does a TrainingTask, in this thread or a worker. */
export const TRAIN = 'experiments/train';

interface Prepared {
  readonly recipe: ForecastRecipe;
  readonly store: RowStore;
  last: { readonly at: number; readonly set: TrainingSet } | null;
}

const prepared = new WeakMap<TrainingShared, Promise<Prepared>>();

const prepare = async (shared: TrainingShared): Promise<Prepared> => {
  const strategy = await loadStrategy(shared.strategy);
  const recipe = forecastRecipe(strategy, shared.params, shared.config, shared.bundle);
  if (recipe === null) throw new TypeError(`${strategy.name} has no forecasts to train`);
  for (const model of Object.values(recipe.models)) await model.prepare?.();
  return { recipe, store: allRows(recipe, panelOf(shared.config, shared.chunks)), last: null };
};

/** Makes the rows of the history once, then trains what is asked for. */
export const handle: JobHandler<TrainingTask, TrainedModel, TrainingShared> = async ({ model, at }, shared, signal) => {
  let work = prepared.get(shared);
  if (work === undefined) prepared.set(shared, (work = prepare(shared)));
  const ready = await work;
  const { recipe, store } = ready;
  if (ready.last?.at !== at) ready.last = { at, set: trainingSet(store, recipe, at, timeframeMs(shared.config.timeframe)) };
  return trainModel(recipe, model, ready.last.set, shared.config.seed, null, signal ? { signal } : {});
};
