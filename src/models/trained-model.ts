import { createHash } from 'node:crypto';
import { canonicalJson } from '../datasets/canonical-json.js';
import { featureSetId } from '../features/feature-set.js';
import type { ScalerState } from '../features/scalers/scaler.js';
import { classMoments, type ClassMoments } from './class-moments.js';
import type { Checkpoint, Json } from './forecaster.js';
import { fitNovelty, type NoveltyState } from './novelty.js';
import { memberIdentity, type ForecastRecipe } from './recipe.js';
import type { TrainingSet } from './training-set.js';
import { random } from '../random.js';

/** A member model as trained once: the checkpoint, and what rows must go through before it. Content-addressed: see `trainedHash`. */
export interface TrainedModel {
  readonly model: string;
  /** What it was made by: feature set, label, algorithm with its options, scaler, seed. */
  readonly recipe: { readonly [key: string]: Json };
  /** What it was made of. `data` is the hash of the rows. Times are epoch ms. */
  readonly training: { readonly from: number; readonly to: number; readonly rows: number; readonly data: string };
  readonly scaler: ScalerState;
  readonly novelty: NoveltyState;
  readonly moments: ClassMoments;
  readonly checkpoint: Checkpoint;
  /** Mean |SHAP| by feature over the training rows; null where the algorithm has none. */
  readonly importance: readonly number[] | null;
}

/** SHA-256 of a trained model's canonical JSON: its name. */
export const trainedHash = (model: TrainedModel): string => createHash('sha256').update(canonicalJson(model)).digest('hex');

const seedOf = (seed: number, model: string): number => random(`${seed}/model/${model}`).int(0x7fffffff);

/** What a training depends on, as a hash known before it is done: under it a finished one can be found again. */
export const trainingKey = (recipe: ForecastRecipe, model: string, set: TrainingSet, seed: number, previous: TrainedModel | null): string =>
  createHash('sha256')
    .update(
      canonicalJson({
        ...recipePart(recipe, model, seed),
        data: set.hash,
        scaler: createHash('sha256').update(canonicalJson(set.scaler)).digest('hex'),
        previous: recipe.training.warmStart && previous ? trainedHash(previous) : null,
      }),
    )
    .digest('hex');

const recipePart = (recipe: ForecastRecipe, model: string, seed: number): { readonly [key: string]: Json } => ({
  code: recipe.code,
  features: featureSetId(recipe.features),
  label: recipe.label.key,
  scaler: recipe.scaler.kind,
  model,
  forecaster: memberIdentity(recipe, model) as { readonly [key: string]: Json },
  seed: seedOf(seed, model),
});

/** Train one member on a set of rows. Pure: the same recipe, rows, seed and predecessor give the same bytes. */
export const trainModel = (
  recipe: ForecastRecipe,
  model: string,
  set: TrainingSet,
  seed: number,
  previous: TrainedModel | null,
  options: { readonly onProgress?: (done: number, total: number) => void; readonly signal?: AbortSignal } = {},
): TrainedModel => {
  const forecaster = recipe.models[model]!;
  const warm = recipe.training.warmStart && previous ? { warmStart: previous.checkpoint } : {};
  const checkpoint = forecaster.fit(set.rows, seedOf(seed, model), { ...warm, ...options });
  const importance = forecaster.importance?.(checkpoint, set.rows);
  return {
    model,
    recipe: recipePart(recipe, model, seed),
    training: { from: set.from, to: set.to, rows: set.rows.count, data: set.hash },
    scaler: set.scaler,
    novelty: fitNovelty(set.rows),
    moments: classMoments(set.rows),
    checkpoint,
    importance: importance ? Array.from(importance) : null,
  };
};
