import { PLATFORM } from '../engine/platform.js';
import { modelRegistry, checkSetName } from '../models/registry/model-registry.js';
import { versionScores } from '../models/registry/version-scores.js';
import { recipeHash, recipeIdentity } from '../models/recipe.js';
import { verify } from '../models/scores/verification.js';
import type { Json } from '../models/forecaster.js';
import type { TrainedModel } from '../models/trained-model.js';
import { formatDate, formatTime } from '../time.js';
import { grouped } from './figures.js';
import { setUpForecast } from './forecast-setup.js';
import { walkForecasts } from './forecast-walk.js';
import { memberTable } from './member-table.js';
import { trainPlanned } from './pretrained.js';
import { coverageText, missingText } from './score-text.js';
import { present, say } from './terminal.js';
import type { TrainArguments } from './train.js';

/** Train a strategy's models at the last bar, score its recipe by a walk over the history, and save both as the current version of a set. */
export const runTrain = async (args: TrainArguments): Promise<void> => {
  const { setup, params, recipe: own, chunks, now, engine } = await setUpForecast(args);
  const { workspace, strategy, dataset, config } = setup;
  const { name } = strategy.strategy;
  // A strategy that only uses saved models has to get them from somewhere, and its recipe is scored by training it.
  const recipe = { ...own, training: { ...own.training, enableTraining: true } };
  const latest = new Map<string, TrainedModel>();
  try {
    const set = checkSetName(args.set ?? `${name}-${dataset.id}`);
    const finished = await trainPlanned(args, setup, recipe, params, chunks, engine, {
      also: now,
      onTrained: ({ model, at }, trained) => {
        if (at === now) latest.set(model, trained);
      },
    });
    const { record } = await walkForecasts(args, name, { recipe, config, chunks, finished });
    const models = Object.keys(recipe.models).map(model => latest.get(model)!);
    const { from, to, rows, data } = models[0]!.training;
    const saved = await modelRegistry(workspace.models).save(
      set,
      models,
      {
        format: 1,
        platform: PLATFORM,
        strategy: { name, bundle: strategy.hash },
        params,
        recipe: { hash: recipeHash(own), identity: recipeIdentity(own) as Json },
        dataset: { id: dataset.id, version: dataset.manifest.version },
        symbols: config.symbols,
        timeframe: config.timeframe,
        seed: config.seed,
        training: { at: now, from, to, rows, data },
        scores: versionScores(verify(record)),
      },
      Date.now(),
    );
    if (dataset.manifest.synthetic) say('Synthetic data: no evidence about any market.');
    present(args, { ...saved, synthetic: dataset.manifest.synthetic }, ({ hash, version }) => {
      const { scores, training } = version;
      return [
        `${name} on ${dataset.id}: ${models.length} models trained on ${grouped(training.rows)} rows, ${formatDate(training.from)} to ${formatDate(training.to)}`,
        '',
        memberTable(version),
        '',
        scores.from === null || scores.to === null
          ? 'Not scored: the history is too short for a model to have forecast anything whose outcome is known.'
          : `Scored out of sample on a walk from ${formatTime(scores.from)} to ${formatTime(scores.to)}, with models retrained on the way; the saved ones have forecast nothing yet.`,
        `Interval held ${coverageText(scores.ensemble)}`,
        ...missingText([...scores.models, scores.ensemble], ['logLoss', 'skill.logLoss']),
        `Saved as ${set}@${hash.slice(0, 12)}, now the current version of ${set}`,
      ].join('\n');
    });
  } finally {
    await engine.close();
  }
};
