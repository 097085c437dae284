import type { ColumnStudy, FeatureStudy, Figure } from '../reports/feature-study.js';
import { byInformation, passing } from '../reports/feature-ranking.js';
import { formatTime } from '../time.js';
import { grouped, percent, ratio } from './figures.js';
import { table } from './table.js';

/** Columns that are shown; the report and `--json` have all. */
const SHOWN = 20;

const thousandths = (value: Figure): string => (value === null ? '–' : (value * 1000).toFixed(2).replace(/^-(0\.0+)$/, '$1'));

const rowOf = ({ name, family, missing, drift, information }: ColumnStudy): string[] => [
  name,
  family,
  ratio(information.ic, 3),
  ratio(information.icT, 1),
  ratio(information.chance, 3),
  ratio(information.familyChance, 3),
  thousandths(information.mutual),
  thousandths(information.mutualByChance),
  ratio(drift.psi),
  percent(missing),
];

/** The study of a feature set in a table and what to make of it. */
export const studyText = (study: FeatureStudy & { readonly table: { readonly file: string }; readonly report: string }): string => {
  const { featureSet, dataset, symbols, timeframe, columns, rows, labelled, from, to, label, alike } = study;
  const ranked = byInformation(columns);
  const empty = columns.filter(({ missing }) => missing === 1).length;
  return [
    `${featureSet} on ${dataset.id}@${dataset.version.slice(0, 12)}${dataset.synthetic ? '  SYNTHETIC' : ''}: ${grouped(rows)} rows of ${symbols.length} symbol${symbols.length === 1 ? '' : 's'}, ` +
      `${timeframe}, ${formatTime(from)} to ${formatTime(to)}; ${grouped(labelled)} with ${label}`,
    '',
    table(
      [
        { title: 'column' },
        { title: 'family' },
        { title: 'IC', align: 'right' },
        { title: 't', align: 'right' },
        { title: 'chance', align: 'right' },
        { title: 'of any', align: 'right' },
        { title: 'MI, mnat', align: 'right' },
        { title: 'by chance', align: 'right' },
        { title: 'PSI', align: 'right' },
        { title: 'missing', align: 'right' },
      ],
      ranked.slice(0, SHOWN).map(rowOf),
    ),
    ...(ranked.length > SHOWN ? [`… and ${ranked.length - SHOWN} more columns; the report and --json have all.`] : []),
    '',
    `${passing(columns).length} of ${columns.length} columns go with the forward return more than the best of all does by chance (5%); ` +
      `${alike.length} pair${alike.length === 1 ? ' is' : 's are'} alike (|ρ| above 0.95)${empty > 0 ? `; ${empty} columns are empty` : ''}.`,
    'All rows of the window were looked at: features chosen by this must be tested on data after it.',
    `Table    ${study.table.file}  (quantai sql: feature_data)`,
    `Report   ${study.report}`,
  ].join('\n');
};
