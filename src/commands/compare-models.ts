import { canonicalJson } from '../datasets/canonical-json.js';
import type { Json } from '../models/forecaster.js';
import { identityDifferences } from '../models/registry/identity-differences.js';
import { modelRegistry, type SavedVersion } from '../models/registry/model-registry.js';
import type { ModelVersion } from '../models/registry/model-version.js';
import { formatTime } from '../time.js';
import { ratio } from './figures.js';
import { skillText } from './score-text.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** What a version was made by and of, as fields that can be held against one another. */
const fieldsOf = ({ platform, strategy, params, recipe, dataset, symbols, timeframe, seed, training }: ModelVersion): Json => ({
  platform,
  strategy,
  params,
  dataset,
  symbols,
  timeframe,
  seed,
  training,
  recipe: recipe.identity,
});

const nameOf = ({ set, hash }: SavedVersion): string => `${set}@${hash.slice(0, 12)}`;

const shown = (value: Json | undefined): string => {
  const text = value === undefined ? '–' : typeof value === 'string' ? value : canonicalJson(value);
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
};

/** Put two versions side by side. */
export const compareModels = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly left: string;
  readonly right: string;
}): Promise<void> => {
  const registry = modelRegistry(workspaceAt(args.workspace).models);
  const left = await registry.find(args.left);
  const right = await registry.find(args.right);
  const [a, b] = [left.version, right.version];
  const names = [...new Set([...Object.keys(a.members), ...Object.keys(b.members)])];
  const scoreOf = (version: ModelVersion, model: string) =>
    (model === 'ensemble' ? version.scores.ensemble : version.scores.models.find(score => score.model === model)) ?? null;
  const document = {
    left: nameOf(left),
    right: nameOf(right),
    differences: identityDifferences(fieldsOf(a), fieldsOf(b)),
    // Only figures over the same rows can be held against one another.
    sameForecasts: a.scores.from === b.scores.from && a.scores.to === b.scores.to && a.scores.ensemble.rows === b.scores.ensemble.rows,
    models: [...names, 'ensemble'].map(model => ({
      model,
      left: scoreOf(a, model),
      right: scoreOf(b, model),
      ...(model === 'ensemble' ? {} : { sameCheckpoint: a.members[model] !== undefined && a.members[model] === b.members[model] }),
    })),
  };
  present(args, document, ({ differences, models, sameForecasts }) =>
    [
      differences.length === 0
        ? 'Made by the same recipe from the same data.'
        : table(
            [{ title: 'field' }, { title: document.left }, { title: document.right }],
            differences.map(({ path, left: one, right: other }) => [
              path,
              path.startsWith('training.') && typeof one === 'number' && one > 1e11 ? formatTime(one) : shown(one),
              path.startsWith('training.') && typeof other === 'number' && other > 1e11 ? formatTime(other) : shown(other),
            ]),
          ),
      '',
      table(
        [
          { title: 'model' },
          { title: 'log loss', align: 'right' },
          { title: '', align: 'right' },
          { title: 'skill over climatology' },
          { title: '' },
          { title: 'checkpoint' },
        ],
        models.map(({ model, left: one, right: other, sameCheckpoint }) => [
          model,
          ratio(one?.logLoss, 4),
          ratio(other?.logLoss, 4),
          one ? skillText(one) : '–',
          other ? skillText(other) : '–',
          sameCheckpoint === undefined ? '' : sameCheckpoint ? 'the same' : 'another',
        ]),
      ),
      ...(sameForecasts ? [] : ['', 'The scores are of different stretches of history: a difference may be the time’s, not the models’.']),
    ].join('\n'),
  );
};
