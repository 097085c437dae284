import { timeframe } from '../market/timeframe.js';
import type { ForecastRecipe } from '../models/recipe.js';
import type { ParamValues } from '../strategies/params.js';
import type { Strategy } from '../strategies/strategy.js';
import { PLATFORM } from './platform.js';
import { roundTripCost } from './round-trip-cost.js';
import type { RunConfig } from './run-config.js';
import type { Params } from './run-result.js';

/**
 * The forecasts that a strategy asks for under a run's configuration, which may overrule its training schedule; null when it asks for none. `bundle` is the hash of the strategy's code: with the
 * platform's version it names the code that models are made by, and is needed wherever models are trained.
 */
export const forecastRecipe = (strategy: Strategy, params: Params, config: RunConfig, bundle = ''): ForecastRecipe | null => {
  const recipe = strategy.forecasts?.({
    universe: [...config.symbols].sort(),
    timeframe: timeframe(config.timeframe),
    params: params as ParamValues<Strategy['params']>,
    roundTripCost: roundTripCost(config),
  });
  if (recipe === undefined) return null;
  const given = Object.fromEntries(Object.entries(config.training ?? {}).filter(([, value]) => value !== null));
  return { ...recipe, code: `${PLATFORM} ${bundle}`, training: { ...recipe.training, ...given } };
};
