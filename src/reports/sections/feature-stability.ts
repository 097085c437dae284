import { featureDistributions, HALVES, type DistributionCell } from '../charts/feature-distributions.js';
import { featureDriftMonths } from '../charts/feature-drift-months.js';
import { byInformation } from '../feature-ranking.js';
import { count, NONE, percent, quantity } from '../number-text.js';
import type { Section } from '../document.js';
import type { ColumnStudy, FeatureStudy, Figure } from '../feature-study.js';

/** Rows of the heat map, and panels of distributions. */
const WANDERERS = 30;
const PANELS = 12;

const value = (figure: Figure): string => (figure === null ? NONE : quantity(Number(figure.toPrecision(4))));

const byDrift = (columns: readonly ColumnStudy[]): readonly ColumnStudy[] =>
  columns.filter(({ drift }) => drift.psi !== null).sort((a, b) => (b.drift.psi ?? 0) - (a.drift.psi ?? 0) || (a.name < b.name ? -1 : 1));

const cellsOf = ({ name, histogram: { edges, first, second } }: ColumnStudy): DistributionCell[] =>
  [first, second].flatMap((shares, h) =>
    shares.map((share, k) => ({ feature: name, half: HALVES[h] ?? HALVES[0], from: edges[k] ?? 0, to: edges[k + 1] ?? 0, share })),
  );

/** Whether columns stayed where they were: a model meets what it was not taught where they did not. */
export const featureStabilitySection = (study: FeatureStudy, period: string): Section => {
  const wanderers = byDrift(study.columns).slice(0, WANDERERS);
  const drawn = byInformation(study.columns)
    .filter(({ histogram }) => histogram.edges.length > 0)
    .slice(0, PANELS);
  return {
    id: 'stability',
    title: 'Stability',
    lead: 'A population stability index below 0.1 is stable by custom, above 0.25 moved. Slow columns pass that in a month without anything being wrong; what counts is a column that does not come back.',
    blocks: [
      {
        kind: 'chart',
        id: 'feature-drift-months',
        spec: featureDriftMonths(
          wanderers.flatMap(({ name, drift }) =>
            drift.months.flatMap((psi, k) =>
              psi === null ? [] : [{ feature: name, month: study.months[k] ?? '', psi: Number(psi.toFixed(4)) }],
            ),
          ),
          wanderers.map(({ name }) => name),
          {
            title: `Drift by month, ${wanderers.length === study.columns.length ? 'all columns' : `the ${count(wanderers.length)} columns that moved most`}`,
            subtitle: `Population stability index of a month against the whole window, in ten bins of equal count · ${period}`,
          },
        ),
      },
      {
        kind: 'chart',
        id: 'feature-distributions',
        spec: featureDistributions(drawn.flatMap(cellsOf), {
          title: `Where values lie, the ${drawn.length} columns that tell most`,
          subtitle: `Shares between the 1% and the 99% point; grey: first half of the rows, line: second half · ${period}`,
        }),
      },
      {
        kind: 'table',
        id: 'spread-table',
        caption: 'Where values lie, before any scaling',
        columns: [
          { title: 'Column', kind: 'text' },
          { title: 'Missing', kind: 'number' },
          { title: 'Mean', kind: 'number' },
          { title: 'Deviation', kind: 'number' },
          ...['1%', '5%', '25%', 'Median', '75%', '95%', '99%'].map(title => ({ title, kind: 'number' as const })),
        ],
        rows: study.columns.map(({ name, missing, spread }) => [
          name,
          percent(missing),
          value(spread.mean),
          value(spread.standardDeviation),
          ...spread.quantiles.map(value),
        ]),
        empty: 'The set has no columns.',
      },
    ],
  };
};
