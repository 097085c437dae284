import { canonicalJson } from '../datasets/canonical-json.js';
import { modelRegistry } from '../models/registry/model-registry.js';
import type { TrainedModel } from '../models/trained-model.js';
import { formatDate, formatTime } from '../time.js';
import { grouped, percent } from './figures.js';
import { featuresOf, memberTable } from './member-table.js';
import { coverageText, missingText } from './score-text.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** Features that are named of each model. */
const TOP = 10;

/** The features that a model leans on most, as shares of all that it leans on; equal ones by name. */
const topFeatures = (
  { importance }: TrainedModel,
  names: readonly string[],
): readonly { readonly name: string; readonly share: number }[] => {
  if (importance === null) return [];
  const total = importance.reduce((sum, value) => sum + value, 0);
  return importance
    .map((value, k) => ({ name: names[k] ?? `column ${k}`, share: total > 0 ? value / total : 0 }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
    .slice(0, TOP);
};

/** Print everything about one version of a set. */
export const showModels = async (args: { readonly workspace: string; readonly json: boolean; readonly set: string }): Promise<void> => {
  const registry = modelRegistry(workspaceAt(args.workspace).models);
  const saved = await registry.find(args.set);
  const trained = await registry.models(saved.version);
  const features = trained.map(model => ({ model: model.model, features: topFeatures(model, featuresOf(saved.version)) }));
  const told = features.filter(({ features: top }) => top.length > 0);
  const history = (await registry.history(saved.set)).filter(({ version }) => version === saved.hash);
  present(args, { ...saved, importance: told, history }, ({ set, hash, current, version }) => {
    const { strategy, dataset, training, scores, symbols, timeframe, seed, platform, params, recipe } = version;
    return [
      `${set}@${hash}${current ? ', current' : ''}`,
      `Strategy ${strategy.name} ${canonicalJson(params)}, code ${strategy.bundle}`,
      `Dataset ${dataset.id}@${dataset.version.slice(0, 16)}, ${timeframe} bars of ${symbols.join(', ')}`,
      `Trained at ${formatTime(training.at)} on ${grouped(training.rows)} rows, ${formatDate(training.from)} to ${formatDate(training.to)}; seed ${seed}, ${platform}`,
      `Recipe ${recipe.hash.slice(0, 16)}: ${scores.label}`,
      '',
      memberTable(version),
      '',
      `Interval held ${coverageText(scores.ensemble)}`,
      ...missingText([...scores.models, scores.ensemble], ['logLoss', 'skill.logLoss']),
      '',
      told.length === 0
        ? 'No model of the set tells which features it leans on.'
        : table(
            told.flatMap(({ model }) => [{ title: model }, { title: 'share', align: 'right' as const }]),
            Array.from({ length: Math.max(...told.map(({ features: top }) => top.length)) }, (_, k) =>
              told.flatMap(({ features: top }) => [top[k]?.name ?? '', top[k] === undefined ? '' : percent(top[k].share)]),
            ),
          ),
      '',
      ...history.map(({ time, event }) => `${formatTime(time)}  ${event}`),
    ].join('\n');
  });
};
