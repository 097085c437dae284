import type { JobEngine } from '../cluster/job-engine.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import type { Chunk } from '../events/market.js';
import { panelOf } from '../experiments/forecasting.js';
import { lastInstant } from '../models/panel-slices.js';
import type { ForecastRecipe } from '../models/recipe.js';
import { BUILT_IN } from '../strategies/built-in.js';
import { resolveParams } from '../strategies/params.js';
import { formatTime } from '../time.js';
import { engineFor } from './engine-for.js';
import type { ForecastOptions } from './forecast-options.js';
import { loadRun } from './pretrained.js';
import { setUpRun, type RunSetup } from './run-setup.js';

/** Everything that `train` and `forecast` begin with. */
export interface ForecastSetup {
  readonly setup: RunSetup;
  readonly params: Params;
  readonly recipe: ForecastRecipe;
  readonly chunks: readonly Chunk[];
  /** When the last bars are known, epoch ms. */
  readonly now: number;
  readonly engine: JobEngine;
}

/** Built-in strategies that forecast, by name. */
const forecasting = async (): Promise<readonly string[]> => {
  const loaded = await Promise.all(Object.entries(BUILT_IN).map(async ([name, load]) => ({ name, strategy: (await load()).default })));
  return loaded.filter(({ strategy }) => strategy.forecasts !== undefined).map(({ name }) => name);
};

/** Resolve strategy, data and recipe, and start the threads; the caller closes the engine. Throws a usage error for a strategy without models and for a window without bars. */
export const setUpForecast = async (args: ForecastOptions): Promise<ForecastSetup> => {
  // Nothing is traded: a hole in the funding is a missing feature, and no charge that would be forgotten.
  const setup = await setUpRun({ ...args, funding: 'none' });
  const { strategy, config, settings } = setup;
  const params = resolveParams(strategy.strategy.params, setup.params, values => strategy.strategy.constraint?.(values) ?? true);
  const recipe = forecastRecipe(strategy.strategy, params, config, strategy.hash);
  if (recipe === null)
    throw usageError(
      'no-forecasts',
      `${strategy.strategy.name} has no models: it decides without forecasts.`,
      `Give it \`forecasts: () => defineForecasts(…)\`, or use one that has: ${(await forecasting()).join(', ')}.`,
    );
  const chunks = (await loadRun(setup)).map(({ chunk }) => chunk);
  const now = lastInstant(panelOf(config, chunks));
  if (now === -Infinity) throw usageError('no-bars', `No bar is known by ${formatTime(config.to)}.`, 'Choose a later --to.');
  const engine = await engineFor(args, settings, setup.workspace, `${strategy.strategy.name} training`);
  return { setup, params, recipe, chunks, now, engine };
};
