import { featureNames, featureSetId, featureSetNeeds, featureSetWarmup, type FeatureSet } from '../features/feature-set.js';
import { familyOf } from './feature-families.js';
import { grouped } from './figures.js';
import { table } from './table.js';

/** One feature set as `--list` has it. */
export interface ListedSet {
  readonly featureSet: string;
  readonly description: string;
  readonly scaler: string;
  /** Futures data it looks at, where a dataset has them. */
  readonly needs: readonly string[];
  /** Bars until every column has a value. */
  readonly warmup: number;
  readonly columns: readonly { readonly name: string; readonly family: string }[];
}

/** A feature set in words. */
export const listedSet = (set: FeatureSet): ListedSet => ({
  featureSet: featureSetId(set),
  description: set.description,
  scaler: set.scaler,
  needs: featureSetNeeds(set),
  warmup: featureSetWarmup(set),
  columns: featureNames(set).map(name => ({ name, family: familyOf(name) })),
});

/** All sets, a line each. */
export const setsText = (sets: readonly ListedSet[]): string =>
  [
    table(
      [
        { title: 'set' },
        { title: 'columns', align: 'right' },
        { title: 'warm-up, bars', align: 'right' },
        { title: 'scaler' },
        { title: 'needs besides bars' },
      ],
      sets.map(({ featureSet, columns, warmup, scaler, needs }) => [featureSet, columns.length, grouped(warmup), scaler, needs.join(', ')]),
    ),
    '',
    ...sets.map(({ featureSet, description }) => `${featureSet}: ${description}`),
  ].join('\n');

/** One set with its columns by family. */
export const setText = ({ featureSet, description, scaler, needs, warmup, columns }: ListedSet): string => {
  const families = [...new Set(columns.map(({ family }) => family))];
  return [
    `${featureSet}: ${description}`,
    `${columns.length} columns, warm after ${grouped(warmup)} bars, scaler ${scaler}${needs.length === 0 ? '' : `, needs ${needs.join(', ')}`}`,
    '',
    table(
      [{ title: 'family' }, { title: 'column' }],
      families.flatMap(family => columns.filter(column => column.family === family).map(({ name }, i) => [i === 0 ? family : '', name])),
    ),
  ].join('\n');
};
