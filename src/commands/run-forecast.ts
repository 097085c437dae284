import { usageError } from '../errors.js';
import { timeframeMs } from '../market/timeframe.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import { checkCompatible } from '../models/registry/compatibility.js';
import { modelRegistry } from '../models/registry/model-registry.js';
import { versionScores } from '../models/registry/version-scores.js';
import { verify } from '../models/scores/verification.js';
import { resolveStrategy } from '../strategies/load.js';
import { formatTime } from '../time.js';
import { grouped } from './figures.js';
import type { ForecastArguments } from './forecast.js';
import { setUpForecast } from './forecast-setup.js';
import { forecastText } from './forecast-text.js';
import { walkForecasts } from './forecast-walk.js';
import { modelsInForce, nextForecasts } from './next-forecast.js';
import { trainPlanned } from './pretrained.js';
import { checkOwn, checkPast, optionsOfSaved } from './saved-forecast.js';
import { present, say } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** How the latest forecasts made in [from, to) came out, at most `last` of them. */
const trackRecord = (record: ForecastRecord, of: string, last: number, from: number, to: number) => {
  let first = record.length;
  for (let i = record.length - 1, left = last; i >= 0 && record.ts[i]! >= from && left > 0; i--)
    if (record.ts[i]! < to && record.outcome[i]! >= 0) {
      first = i;
      left--;
    }
  const scores = verify(record, { from: record.ts[first] ?? Infinity, to });
  const kept = versionScores(scores);
  return { of, rows: scores.ensemble.rows, from: kept.from, to: kept.to, ensemble: kept.ensemble, models: kept.models };
};

const forecastNext = async (args: ForecastArguments) => {
  if (args.last !== undefined && !(Number.isInteger(args.last) && args.last > 0))
    throw usageError('bad-option', `--last is a whole number above 0, not ${args.last}.`);
  const workspace = workspaceAt(args.workspace);
  const registry = modelRegistry(workspace.models);
  const saved = args.models === undefined ? null : await registry.find(args.models);
  // Before its parameters are asked for, which another strategy would not know.
  if (saved) checkOwn(saved, (await resolveStrategy(args.strategy, { cacheDir: workspace.bundles })).strategy.name);
  const { setup, params, recipe: own, chunks, now, engine } = await setUpForecast(saved ? optionsOfSaved(args, saved) : args);
  try {
    const { strategy, dataset, config } = setup;
    const { name } = strategy.strategy;
    const barMs = timeframeMs(config.timeframe);
    if (saved) checkPast(saved, now);
    const differences = saved ? checkCompatible(saved.version, own, config.timeframe) : [];
    const takeOver = saved ? { at: saved.version.training.at, models: await registry.models(saved.version) } : undefined;
    // What is saved says nothing of calibrations, weights and intervals: they are learned from models that are trained on the way to it.
    const recipe = takeOver ? { ...own, training: { ...own.training, enableTraining: true } } : own;
    const until = takeOver ? { ...setup, config: { ...config, to: takeOver.at } } : setup;
    const finished = await trainPlanned(args, until, recipe, params, chunks, engine);
    const tape = await walkForecasts(args, name, { recipe, config, chunks, finished, ...(takeOver && { takeOver }) });
    const models = modelsInForce(tape, now, barMs);
    const wanted = args.symbols?.split(',').map(symbol => symbol.trim());
    const last = args.last ?? recipe.calibration.limit;
    const late = args.to === undefined ? 0 : Math.floor((config.to - now) / barMs);
    const expired = models.filter(model => model.expired);
    return {
      strategy: name,
      dataset: `${dataset.id}@${dataset.manifest.version.slice(0, 16)}`,
      synthetic: dataset.manifest.synthetic,
      timeframe: config.timeframe,
      now,
      horizon: recipe.label.horizon,
      label: recipe.label.key,
      level: recipe.calibration.coverage,
      saved: saved && { set: saved.set, version: saved.hash, trainedOnDataUntil: saved.version.training.at },
      symbols: nextForecasts(tape, models, now).filter(({ symbol }) => wanted === undefined || wanted.includes(symbol)),
      models,
      record: takeOver
        ? [
            trackRecord(tape.record, 'The saved models, since their training', last, takeOver.at, Infinity),
            trackRecord(tape.record, 'Their recipe before, retrained over the history', last, -Infinity, takeOver.at),
          ]
        : [trackRecord(tape.record, 'Forecasts so far', last, -Infinity, Infinity)],
      staleBars: late,
      expired: expired.length > 0,
      notes: [
        ...(late > 0 ? [`Stale: the data ends ${grouped(late)} bars before ${formatTime(config.to)}.`] : []),
        ...(expired.length > 0
          ? [`Expired: ${expired.map(({ model }) => model).join(', ')}. Train anew: quantai train ${args.strategy}`]
          : []),
        ...(differences.length > 0
          ? [`The recipe differs from the saved one in ${differences.map(({ path }) => path).join(', ')}; what was saved is used as it is.`]
          : []),
      ],
    };
  } finally {
    await engine.close();
  }
};

/** What `forecast --json` prints. */
export type ForecastOutcome = Awaited<ReturnType<typeof forecastNext>>;

/** Forecast what comes after the last bar and print it with the record of such forecasts. */
export const runForecast = async (args: ForecastArguments): Promise<void> => {
  const outcome = await forecastNext(args);
  if (outcome.synthetic) say('Synthetic data: no evidence about any market.');
  present(args, outcome, forecastText);
};
