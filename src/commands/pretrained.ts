import { setImmediate } from 'node:timers/promises';
import type { JobEngine } from '../cluster/job-engine.js';
import { findSeries } from '../datasets/catalogue.js';
import { loadAllSeries } from '../datasets/load-series.js';
import { readingEnd } from '../datasets/range.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { Params } from '../engine/run-result.js';
import { UserError } from '../errors.js';
import type { Chunk } from '../events/market.js';
import { forecastTape, type ForecastTapes } from '../experiments/forecasting.js';
import { pretrain, type PretrainOptions } from '../experiments/pretrain.js';
import { recipeHash, type ForecastRecipe } from '../models/recipe.js';
import type { TrainedModels } from '../models/trainer.js';
import { resolveParams } from '../strategies/params.js';
import { engineFor, type EngineArguments } from './engine-for.js';
import { startProgress } from './progress.js';
import { finerBars } from './run-depth.js';
import type { RunSetup } from './run-setup.js';
import { terminal } from './terminal.js';
import { trainingCache } from './training-cache.js';

/** All series that a run of this set-up reads, in memory that workers share. */
export const loadRun = async ({ dataset, config, kinds, optionalKinds }: RunSetup) => {
  const { finer } = finerBars(config);
  const has = (symbol: string, kind: string): boolean => dataset.entries.some(entry => entry.symbol === symbol && entry.kind === kind);
  const selections = config.symbols.flatMap(symbol => [
    ...[...new Set([...kinds.filter(kind => kind !== 'bars'), ...optionalKinds])]
      .filter(kind => has(symbol, kind))
      .map(kind => ({ symbol, kind, to: readingEnd(kind, config.to) })),
    { symbol, kind: 'bars' as const, timeframe: config.timeframe, to: config.to },
    ...(finer === undefined ? [] : [{ symbol, kind: 'bars' as const, timeframe: finer, to: config.to }]),
  ]);
  for (const selection of selections) findSeries(dataset, selection);
  return loadAllSeries(dataset, selections, { shared: true });
};

/** The trainings that a walk over the history will ask for, on all cores, with those done before left out. Interrupted, it says what is kept. */
export const trainPlanned = async (
  args: { readonly progress: boolean },
  setup: RunSetup,
  recipe: ForecastRecipe,
  params: Params,
  chunks: readonly Chunk[],
  engine: JobEngine,
  more: Pick<PretrainOptions, 'also' | 'onTrained'> = {},
): Promise<TrainedModels> => {
  const { workspace, strategy, config } = setup;
  const { signal } = terminal();
  const bar = await startProgress(args, `${strategy.strategy.name}: training`, 1, 'models');
  let seen = { done: 0, total: 0 };
  try {
    return await pretrain(
      recipe,
      { strategy: strategy.ref, bundle: strategy.hash, params, config, chunks },
      {
        engine,
        cache: trainingCache(workspace.trainings),
        signal,
        ...more,
        onProgress: (done, total, reused) => {
          seen = { done, total };
          bar.update(done, undefined, Math.max(1, total), reused);
        },
      },
    );
  } catch (error) {
    throw signal.aborted
      ? new UserError(
          'interrupted',
          `${seen.done} of ${seen.total} trainings are done and kept.`,
          130,
          'Run the same command again: it goes on from there.',
        )
      : error;
  } finally {
    bar.stop();
  }
};

/** The trainings that a backtest will ask for, done on all cores before it begins; undefined for a strategy without models. */
export const trainedBefore = async (
  args: { readonly progress: boolean } & EngineArguments,
  setup: RunSetup,
  params: Params,
): Promise<TrainedModels | undefined> => {
  const recipe = forecastRecipe(setup.strategy.strategy, params, setup.config, setup.strategy.hash);
  if (recipe === null) return undefined;
  const chunks = (await loadRun(setup)).map(({ chunk }) => chunk);
  const engine = await engineFor(args, setup.settings, setup.workspace, `${setup.strategy.strategy.name} training`);
  try {
    return await trainPlanned(args, setup, recipe, params, chunks, engine);
  } finally {
    await engine.close();
  }
};

/** The forecasts that all windows of a walk-forward share: models trained on all cores, then walked over the history once. Undefined for a strategy without models. */
export const tapesBefore = async (
  args: { readonly progress: boolean },
  setup: RunSetup,
  chunks: readonly Chunk[],
  engine: JobEngine,
): Promise<ForecastTapes | undefined> => {
  const { strategy, config } = setup;
  const params: Params = resolveParams(strategy.strategy.params, setup.params);
  const recipe = forecastRecipe(strategy.strategy, params, config, strategy.hash);
  if (recipe === null) return undefined;
  const finished = await trainPlanned(args, setup, recipe, params, chunks, engine);
  const bar = await startProgress(args, `${strategy.strategy.name}: forecasting`, config.to - config.from, 'ms');
  bar.update(0);
  await setImmediate();
  const tape = await forecastTape(recipe, config, chunks, finished).finally(() => bar.stop());
  return { [recipeHash(recipe)]: tape };
};
