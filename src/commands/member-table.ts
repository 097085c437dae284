import type { Json } from '../models/forecaster.js';
import type { ModelVersion } from '../models/registry/model-version.js';
import type { VersionScore } from '../models/registry/version-scores.js';
import { grouped, ratio } from './figures.js';
import { skillText } from './score-text.js';
import { table } from './table.js';

const field = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json })[key] : undefined;

/** Kind of the algorithm of a member, as the recipe of the version has it. */
export const algorithmOf = ({ recipe }: ModelVersion, member: string): string => {
  const kind = field(field(field(recipe.identity, 'models'), member), 'kind');
  return typeof kind === 'string' ? kind : '–';
};

/** Names of the features that the version's models read, in order. */
export const featuresOf = ({ recipe }: ModelVersion): readonly string[] => {
  const names = field(field(recipe.identity, 'features'), 'names');
  return Array.isArray(names) ? names.map(String) : [];
};

/** Members of a version with their checkpoints and what forecasts by their recipe were worth, the ensemble below them. */
export const memberTable = (version: ModelVersion): string => {
  const { members, scores } = version;
  const row = (name: string, algorithm: string, checkpoint: string, score: VersionScore | undefined): (string | number)[] => [
    name,
    algorithm,
    checkpoint,
    ratio(score?.logLoss, 4),
    ratio(score?.ece, 4),
    score ? skillText(score) : '–',
    grouped(score?.rows ?? 0),
  ];
  return table(
    [
      { title: 'model' },
      { title: 'algorithm' },
      { title: 'checkpoint' },
      { title: 'log loss', align: 'right' },
      { title: 'ECE', align: 'right' },
      { title: 'skill over climatology' },
      { title: 'scored', align: 'right' },
    ],
    [
      ...Object.entries(members).map(([name, hash]) =>
        row(
          name,
          algorithmOf(version, name),
          hash.slice(0, 12),
          scores.models.find(({ model }) => model === name),
        ),
      ),
      row('ensemble', '', '', scores.ensemble),
    ],
  );
};
