import { featureInformationDrift } from '../charts/feature-information-drift.js';
import { featureMonths } from '../charts/feature-months.js';
import { byInformation, LEVEL } from '../feature-ranking.js';
import { decimal, NONE, percent } from '../number-text.js';
import type { Section } from '../document.js';
import type { ColumnStudy, FeatureStudy, Figure } from '../feature-study.js';

/** Panels of small multiples, and points that are named. */
const PANELS = 12;
const NAMED = 6;

const monthStart = (month: string): number => Date.parse(`${month}-01T00:00Z`);

const text = (value: Figure, digits = 2): string => (value === null ? NONE : decimal(value, digits));

const monthsChart = (columns: readonly ColumnStudy[], study: FeatureStudy, period: string) => {
  const shown = columns.filter(({ information }) => information.icT !== null).slice(0, PANELS);
  return featureMonths(
    shown.flatMap(({ name, information }) =>
      study.months.flatMap((month, k) => {
        const ic = information.months[k] ?? null;
        return ic === null ? [] : [{ feature: name, ts: monthStart(month), ic }];
      }),
    ),
    shown.map(({ name, information: { ic, icError } }) => {
      const [mean, error] = [ic ?? 0, icError ?? 0];
      return {
        feature: name,
        mean,
        low: mean - 2 * error,
        high: mean + 2 * error,
      };
    }),
    {
      title: `Information coefficient by month, the ${shown.length} largest by t`,
      subtitle: `Spearman’s ρ with the return ${study.horizon} bars ahead; line and band: mean ± two errors · ${period}`,
    },
  );
};

/** What tells something and stays where it was, at a glance; and that this is not a test. */
export const explorationSection = (study: FeatureStudy, period: string): Section => {
  const columns = byInformation(study.columns);
  const byMonths = columns.some(({ information }) => information.icT !== null);
  const sizeOf = ({ information }: ColumnStudy): Figure => (byMonths ? information.icT : information.rho);
  return {
    id: 'exploration',
    title: 'Exploration',
    blocks: [
      {
        kind: 'chart',
        id: 'feature-information-drift',
        spec: featureInformationDrift(
          columns.flatMap((column, place) => {
            const size = sizeOf(column);
            if (size === null || column.drift.psi === null) return [];
            const { familyChance } = column.information;
            return [
              {
                feature: column.name,
                family: column.family,
                psi: column.drift.psi,
                size: Math.abs(size),
                chance: familyChance !== null && familyChance <= LEVEL ? ('beyond chance' as const) : ('within chance' as const),
                named: place < NAMED,
              },
            ];
          }),
          {
            title: 'Information against drift',
            subtitle: `Of use is what tells something and stays where it was: up and to the left · ${period}`,
            measure: byMonths ? 'Size of t of the IC' : 'Size of ρ over all rows',
          },
        ),
      },
      {
        kind: 'text',
        paragraphs: [
          'Exploration: the outcomes of all rows were looked at. Whoever chooses features by this page has seen the data that a later test of them would be made on; keep a window after it for that.',
        ],
      },
    ],
  };
};

/** What columns tell of what came after, and whether chance explains it. */
export const informationSection = (study: FeatureStudy, period: string): Section => {
  const columns = byInformation(study.columns);
  const explained = columns.some(({ reasons }) => Object.keys(reasons).length > 0);
  return {
    id: 'information',
    title: 'Information',
    lead:
      `IC is the mean of monthly rank correlations with the forward return. Chance is how often ${study.shifts} histories of outcomes, turned against the features, reach as much: ` +
      'for the column alone, and for the best of all columns. The latter allows for having looked at many.',
    blocks: [
      { kind: 'chart', id: 'feature-months', spec: monthsChart(columns, study, period) },
      {
        kind: 'table',
        id: 'feature-table',
        caption: 'All columns',
        columns: [
          { title: 'Column', kind: 'text' },
          { title: 'Family', kind: 'text' },
          { title: 'IC', kind: 'number', signed: true },
          { title: 't', kind: 'number', signed: true },
          { title: 'ρ, all rows', kind: 'number', signed: true },
          { title: 'Chance', kind: 'number' },
          { title: 'Chance, best of all', kind: 'number' },
          { title: 'MI, nats', kind: 'number' },
          { title: 'MI by chance', kind: 'number' },
          { title: 'Chance of MI', kind: 'number' },
          { title: 'PSI', kind: 'number' },
          { title: 'KS', kind: 'number' },
          { title: 'Autocorr., 1 bar', kind: 'number' },
          { title: `Autocorr., ${study.horizon}`, kind: 'number' },
          { title: 'Missing', kind: 'number' },
          ...(explained ? [{ title: 'Not defined because', kind: 'text' as const, wide: true }] : []),
        ],
        rows: columns.map(({ name, family, information: i, drift, autocorrelation, missing, reasons }) => [
          name,
          family,
          text(i.ic, 3),
          text(i.icT, 1),
          text(i.rho, 3),
          text(i.chance, 3),
          text(i.familyChance, 3),
          text(i.mutual, 4),
          text(i.mutualByChance, 4),
          text(i.mutualChance, 3),
          text(drift.psi, 3),
          text(drift.ks, 3),
          text(autocorrelation.bar),
          text(autocorrelation.horizon),
          percent(missing),
          ...(explained ? [[...new Set(Object.values(reasons))].join('; ')] : []),
        ]),
        empty: 'The set has no columns.',
      },
    ],
  };
};
