import type { Fact } from '../events/fact.js';
import type { ForecastRecipe } from './recipe.js';
import { trainingKey, trainModel, type TrainedModel } from './trained-model.js';
import type { TrainingSet } from './training-set.js';

/** One member to be trained. `set` is made once for all members of a request, when first asked for. */
export interface TrainingJob {
  readonly request: number;
  readonly model: string;
  readonly recipe: ForecastRecipe;
  readonly seed: number;
  readonly previous: TrainedModel | null;
  readonly set: () => TrainingSet;
}

/**
 * Who trains. A trainer that works elsewhere begins at `request` and answers null from `take` until it is done; the caller then goes on with the model that it has.
 * A backtest's trainer always has the answer: it trains in `take` if it must.
 */
export interface Trainer {
  request(job: TrainingJob): void;
  /** The finished model, or null while it is not ready at `now`, epoch ms of the clock fact. */
  take(job: TrainingJob, now: number): TrainedModel | null;
}

/** Finished trainings by their key. */
export interface TrainedModels {
  get(key: string): TrainedModel | undefined;
  set(key: string, model: TrainedModel): void;
}

/** Trains in this thread when the model is due, unless it is among the finished ones. */
export const inlineTrainer = (finished?: TrainedModels, signal?: AbortSignal): Trainer => ({
  request: () => undefined,
  take: ({ recipe, model, set, seed, previous }) => {
    const key = trainingKey(recipe, model, set(), seed, previous);
    const known = finished?.get(key);
    if (known) return known;
    const trained = trainModel(recipe, model, set(), seed, previous, signal ? { signal } : {});
    finished?.set(key, trained);
    return trained;
  },
});

/** Obeys a record: a model that came late then comes at the same moment again, one that never came does not. Other models come when they are due. */
export const recordedTrainer = (trainer: Trainer, facts: readonly Fact[]): Trainer => {
  const name = ({ request, model }: { readonly request: number; readonly model: string }): string => `${request}/${model}`;
  const late = new Map<string, number>();
  for (const fact of facts)
    if (fact.type === 'ModelLate') late.set(name(fact), Infinity);
    else if (fact.type === 'ModelActivated' && late.has(name(fact))) late.set(name(fact), fact.ts);
  return {
    request: job => trainer.request(job),
    take: (job, now) => (now >= (late.get(name(job)) ?? -Infinity) ? trainer.take(job, now) : null),
  };
};
