import type { JobEngine } from '../cluster/job-engine.js';
import type { TrainedModel } from '../models/trained-model.js';
import type { Trainer } from '../models/trainer.js';
import { FIT, type FitShared, type FitTask } from './fit.js';

/**
 * Trains on a job engine while the caller goes on: what a live session uses, whose loop must not wait. A model that is not ready when it is due is late, and is taken at the first
 * bar after it is done. A training that fails is told to `onFailure`, once, and never arrives: the models in force go on until they expire.
 */
export const backgroundTrainer = (engine: JobEngine, shared: FitShared, onFailure: (model: string, error: unknown) => void): Trainer => {
  const done = new Map<string, TrainedModel>();
  return {
    request: ({ request, model, set, previous }) => {
      // The rows are fixed now: later ones are another training's.
      const task: FitTask = { model, set: set(), previous };
      const train = async (): Promise<void> => {
        const [trained] = await engine.run<FitTask, TrainedModel, FitShared>(FIT, [task], {
          shared,
          name: () => `training ${request} of ${model}`,
        });
        if (trained) done.set(`${request}/${model}`, trained);
      };
      train().catch((error: unknown) => onFailure(model, error));
    },
    take: ({ request, model }) => {
      const key = `${request}/${model}`;
      const trained = done.get(key) ?? null;
      done.delete(key);
      return trained;
    },
  };
};
