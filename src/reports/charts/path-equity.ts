import { emptyChart, FILL, head } from './chart.js';
import { timeX } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** Growth of one unit of capital on one path. */
export interface PathGrowthRow {
  readonly ts: number;
  readonly path: string;
  readonly growth: number;
}

/** All paths as thin lines and the median of them as a thick one: how far luck with the training pulls them apart. */
export const pathEquity = (rows: readonly PathGrowthRow[], heading: Heading): ChartSpec => {
  if (rows.length < 2) return emptyChart(heading, 'No returns in the period.');
  const y = {
    field: 'growth',
    type: 'quantitative',
    scale: { zero: false },
    axis: { title: 'Growth of 1', format: ',~r', tickCount: 6 },
  } as const;
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 320,
    layer: [
      { data: { values: [{ one: 1 }] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { field: 'one', type: 'quantitative' } } },
      {
        mark: { type: 'line', strokeWidth: 1, opacity: 0.45, color: { expr: 'accent' }, tooltip: null },
        encoding: { x: timeX, y, detail: { field: 'path', type: 'nominal' } },
      },
      {
        transform: [{ aggregate: [{ op: 'median', field: 'growth', as: 'growth' }], groupby: ['ts'] }],
        mark: { type: 'line', strokeWidth: 2.5, color: { expr: 'ink' }, tooltip: null },
        encoding: { x: timeX, y },
      },
    ],
  };
};
