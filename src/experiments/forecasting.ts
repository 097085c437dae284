import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { Chunk } from '../events/market.js';
import { recordTape, type ForecastTape } from '../models/forecast-tape.js';
import type { PanelWalk } from '../models/panel-walk.js';
import { recipeHash, type ForecastRecipe } from '../models/recipe.js';
import { inlineTrainer, type TrainedModels } from '../models/trainer.js';
import type { Strategy } from '../strategies/strategy.js';

/** The history of an experiment as models walk over it: all of it, whatever window is traded. */
export const panelOf = (config: RunConfig, chunks: readonly Chunk[]): PanelWalk => ({
  symbols: [...config.symbols].sort(),
  timeframe: config.timeframe,
  delays: config.delays,
  chunks,
  to: config.to,
});

/** Tapes by the hash of their recipe. */
export type ForecastTapes = Readonly<Record<string, ForecastTape>>;

/** Let the models of a recipe walk over an experiment's history, with trainings done before where they are at hand. */
export const forecastTape = async (
  recipe: ForecastRecipe,
  config: RunConfig,
  chunks: readonly Chunk[],
  finished?: TrainedModels,
  onInstant?: (now: number) => void,
): Promise<ForecastTape> => {
  for (const model of Object.values(recipe.models)) await model.prepare?.();
  return recordTape(recipe, panelOf(config, chunks), {
    seed: config.seed,
    trainer: inlineTrainer(finished),
    ...(onInstant ? { onInstant } : {}),
  });
};

/** The tape that a configuration needs, made once for all that share its recipe; undefined for a strategy without forecasts. */
export const tapeFor = async (
  strategy: Strategy,
  bundle: string,
  params: Params,
  config: RunConfig,
  chunks: readonly Chunk[],
  tapes: Map<string, ForecastTape>,
): Promise<ForecastTape | undefined> => {
  const recipe = forecastRecipe(strategy, params, config, bundle);
  if (recipe === null) return undefined;
  const hash = recipeHash(recipe);
  const known = tapes.get(hash);
  if (known) return known;
  const tape = await forecastTape(recipe, config, chunks);
  tapes.set(hash, tape);
  return tape;
};
