import { forecastRecipe } from '../../engine/forecast-recipe.js';
import type { RunConfig } from '../../engine/run-config.js';
import { recipeHash } from '../../models/recipe.js';
import type { ForecastTape } from '../../models/forecast-tape.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { EvaluationShared } from '../evaluation.js';
import { tapeFor, type ForecastTapes } from '../forecasting.js';
import type { CheckSubject, Probe, Step } from './check.js';

/** Whether models see other data than in the subject. Funding that is scaled for a stress of costs changes what is paid, not what is forecast. */
const changesForecasts = ({ change, config }: Pick<Probe, 'change' | 'config'>): boolean =>
  (change !== undefined && change.kind !== 'scaled-funding') || config?.delays !== undefined || config?.seed !== undefined;

const recipeOf = (strategy: Strategy, { bundle, config }: EvaluationShared, params: Step['params']): string | null => {
  const recipe = params && forecastRecipe(strategy, params, config, bundle);
  return recipe ? recipeHash(recipe) : null;
};

/** Whether a probe asks for models that the subject did not: on other data, or by another recipe. Never for a strategy without forecasts. */
export const needsTraining = ({ strategy, shared, steps }: CheckSubject, probe: Probe): boolean => {
  if (strategy.forecasts === undefined) return false;
  if (changesForecasts(probe)) return true;
  const known = new Set(steps.map(({ params }) => recipeOf(strategy, shared, params)));
  return (probe.steps ?? []).some(({ params }) => params !== null && !known.has(recipeOf(strategy, shared, params)));
};

const made = new WeakMap<EvaluationShared, Map<string, ForecastTape>>();

/**
 * The forecasts that a probe trades on: those of the subject, under the name that they have in the probe's configuration, because costs are part of a recipe's name and a stress of costs
 * changes what is done with a forecast and not the forecast. None where the data are changed: models are trained anew there.
 */
export const probeTapes = async (
  strategy: Strategy,
  shared: EvaluationShared,
  probe: Pick<Probe, 'change' | 'config'>,
  config: RunConfig,
  steps: readonly Step[],
): Promise<ForecastTapes> => {
  if (strategy.forecasts === undefined || changesForecasts(probe)) return {};
  const known = made.get(shared) ?? new Map(Object.entries(shared.tapes ?? {}));
  made.set(shared, known);
  const tapes: Record<string, ForecastTape> = {};
  for (const { params } of steps) {
    const recipe = params && forecastRecipe(strategy, params, config, shared.bundle);
    if (!params || !recipe) continue;
    const tape = await tapeFor(strategy, shared.bundle, params, shared.config, shared.chunks, known);
    if (tape !== undefined) tapes[recipeHash(recipe)] = tape;
  }
  return tapes;
};
