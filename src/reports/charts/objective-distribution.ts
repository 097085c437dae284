import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** The in-sample objective of one configuration in one fold. */
export interface ObjectiveRow {
  readonly fold: number;
  readonly objective: number;
  readonly chosen: boolean;
}

/** What all tried configurations scored, fold by fold: a winner far from the crowd is more likely luck. */
export const objectiveDistribution = (
  rows: readonly ObjectiveRow[],
  { title, subtitle, objective }: Heading & { objective: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: no configuration has a defined objective.');
  const x = {
    field: 'objective',
    type: 'quantitative',
    scale: { zero: false },
    axis: { title: `In-sample ${objective}`, grid: true },
  } as const;
  const y = { field: 'fold', type: 'ordinal', axis: { title: 'Fold' } } as const;
  const tooltip = [
    { field: 'fold', type: 'nominal', title: 'Fold' } as const,
    { field: 'objective', type: 'quantitative', title: `In-sample ${objective}`, format: '.3f' } as const,
  ];
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: Math.max(120, 26 * new Set(rows.map(row => row.fold)).size),
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { x: { datum: 0, type: 'quantitative' } } },
      { mark: { type: 'tick', thickness: 1.5, opacity: 0.4, color: { expr: 'muted' }, bandSize: 14 }, encoding: { x, y, tooltip } },
      {
        transform: [{ aggregate: [{ op: 'median', field: 'objective', as: 'median' }], groupby: ['fold'] }],
        mark: { type: 'tick', thickness: 2, bandSize: 18, color: { expr: 'ink' }, opacity: 1 },
        encoding: {
          x: { ...x, field: 'median' },
          y,
          tooltip: [
            { field: 'fold', type: 'nominal', title: 'Fold' },
            { field: 'median', type: 'quantitative', title: `Median in-sample ${objective}`, format: '.3f' },
          ],
        },
      },
      {
        transform: [{ filter: 'datum.chosen' }],
        mark: { type: 'point', size: 70, opacity: 1 },
        encoding: { x, y, tooltip: [...tooltip, { field: 'chosen', type: 'nominal', title: 'Chosen' }] },
      },
    ],
  };
};
