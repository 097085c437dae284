import type { JobEngine } from '../cluster/job-engine.js';
import { usageError } from '../errors.js';
import { timeframeMs } from '../market/timeframe.js';
import type { ForecastRecipe } from '../models/recipe.js';
import { trainingKey, type TrainedModel } from '../models/trained-model.js';
import type { TrainedModels } from '../models/trainer.js';
import { allRows, plannedTrainings } from '../models/training-plan.js';
import { trainingSet } from '../models/training-set.js';
import { formatTime } from '../time.js';
import { panelOf } from './forecasting.js';
import { TRAIN, type TrainingShared, type TrainingTask } from './train.js';

/** Where trained models are kept between runs, by what they were made from. */
export interface TrainingCache {
  read(key: string): Promise<TrainedModel | undefined>;
  write(key: string, model: TrainedModel): Promise<void>;
  /** It is trained again by the next who asks. */
  remove(key: string): Promise<void>;
}

export interface PretrainOptions {
  readonly engine: JobEngine;
  readonly cache?: TrainingCache;
  /** One more moment to train at, epoch ms, with whatever the recipe: the last bar, whose models are to be saved. Throws a usage error when there are too few rows then. */
  readonly also?: number;
  /** Called with every training, also with one that was found done. */
  readonly onTrained?: (task: TrainingTask, model: TrainedModel) => void;
  readonly onProgress?: (done: number, total: number, reused: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Do all trainings that a walk over a history will ask for, side by side, before it is walked: what one learns from depends on no other. With warm starts each depends on
 * the one before, and none is done ahead. Trainings that only drift asks for are left to the walk itself. Returns them by key, for `inlineTrainer`.
 */
export const pretrain = async (
  recipe: ForecastRecipe,
  shared: TrainingShared,
  { engine, cache, also, onTrained, onProgress, signal }: PretrainOptions,
): Promise<TrainedModels> => {
  const finished = new Map<string, TrainedModel>();
  const foreseen = recipe.training.enableTraining && !recipe.training.warmStart;
  if (!foreseen && also === undefined) return finished;
  const { config, chunks } = shared;
  const walk = panelOf(config, chunks);
  const store = allRows(recipe, walk);
  const tasks: TrainingTask[] = [];
  const keys: string[] = [];
  let reused = 0;
  const planned = foreseen ? plannedTrainings(recipe, walk, store) : [];
  for (const at of also === undefined || planned.includes(also) ? planned : [...planned, also]) {
    signal?.throwIfAborted();
    const set = trainingSet(store, recipe, at, timeframeMs(config.timeframe));
    if (set.rows.count < recipe.training.minimumRows)
      throw usageError(
        'too-few-rows',
        `${set.rows.count} rows can be learned from at ${formatTime(at)}; the recipe wants ${recipe.training.minimumRows} at least.`,
        'Give it more history or more symbols, or lower minimumRows.',
      );
    for (const model of Object.keys(recipe.models)) {
      const key = trainingKey(recipe, model, set, config.seed, null);
      const known = await cache?.read(key);
      if (known) {
        finished.set(key, known);
        onTrained?.({ model, at }, known);
        reused++;
        continue;
      }
      tasks.push({ model, at });
      keys.push(key);
    }
  }
  const total = tasks.length + reused;
  let done = reused;
  onProgress?.(done, total, reused);
  const writes: Promise<void>[] = [];
  const doubtful: string[] = [];
  try {
    await engine.run<TrainingTask, TrainedModel, TrainingShared>(TRAIN, tasks, {
      shared,
      ...(signal ? { signal } : {}),
      name: index => `training of ${tasks[index]!.model} at ${new Date(tasks[index]!.at).toISOString()}`,
      onResult: (index, trained) => {
        finished.set(keys[index]!, trained);
        onTrained?.(tasks[index]!, trained);
        if (cache) writes.push(cache.write(keys[index]!, trained));
        onProgress?.(++done, total, reused);
      },
      onDoubt: index => void doubtful.push(keys[index]!),
    });
  } finally {
    await Promise.allSettled(writes);
    // Two models of one training are none.
    await Promise.all(doubtful.map(key => cache?.remove(key)));
  }
  await Promise.all(writes);
  return finished;
};
