import type { Symbol } from '../market/instrument.js';
import { timeframeMs, type Timeframe } from '../market/timeframe.js';
import type { ForecastRecipe } from '../models/recipe.js';
import type { Strategy } from '../strategies/strategy.js';
import type { Params } from './run-result.js';

/** What is asked how much history it needs. */
export interface HistoryScope {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly universe: readonly Symbol[];
  /** Of the run. */
  readonly timeframe: Timeframe;
  readonly recipe: ForecastRecipe | null;
}

/** Bars of the run's timeframe that a strategy must have seen before its first decision counts: for indicators, for its own memory, and for models to be trained on. */
export const historyNeeded = ({ strategy, params, universe, timeframe, recipe }: HistoryScope): number => {
  const declared = strategy.needs?.({ universe, timeframe, params }) ?? [];
  const needs = ('kind' in declared ? [declared] : declared).filter(({ kind }) => kind === 'bars');
  const indicators = Math.max(0, ...Object.values(strategy.indicators?.(params) ?? {}).map(({ warmup }) => warmup));
  const base = timeframeMs(timeframe);
  const ratios = needs.map(need => timeframeMs(need.timeframe) / base);
  const lines = needs.map((need, i) => (Math.max(need.warmup, indicators) + 1) * (ratios[i] ?? 1));
  // A training reads rows from `historyLimit` bars back, and its features need a past of their own; half as much again lets models be weighed and calibrated.
  const training = recipe === null ? 0 : Math.ceil(1.5 * (recipe.training.historyLimit + recipe.training.modelRetrainEveryNSteps));
  return Math.ceil(Math.max(indicators + 1, ...lines) + training);
};
