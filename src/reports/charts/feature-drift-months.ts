import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** How far one month of one column is from the whole. */
export interface MonthlyDrift {
  readonly feature: string;
  /** E.g. `2023-01`. */
  readonly month: string;
  readonly psi: number;
}

/** Population stability index by month against the whole window: a dark column is a month in which the market was another, a dark row a feature that wanders. */
export const featureDriftMonths = (rows: readonly MonthlyDrift[], features: readonly string[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: no month has a hundred values.');
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 16 * features.length,
    mark: { type: 'rect', cornerRadius: 1 },
    encoding: {
      x: {
        field: 'month',
        type: 'ordinal',
        scale: { paddingInner: 0.04 },
        axis: { title: null, labelAngle: 0, labelOverlap: true, ticks: false, domain: false, labelFlush: false },
      },
      y: {
        field: 'feature',
        type: 'ordinal',
        sort: [...features],
        scale: { domain: [...features], paddingInner: 0.08 },
        axis: { title: null, labelFontSize: 10, labelOverlap: false, labelLimit: { expr: 'width < 420 ? 110 : 190' } },
      },
      color: {
        field: 'psi',
        type: 'quantitative',
        scale: {
          domain: [0, 0.25, 1],
          range: [{ expr: 'shade' }, { expr: 'lossTint' }, { expr: 'loss' }],
          clamp: true,
          interpolate: 'rgb',
        },
        legend: {
          title: 'PSI',
          gradientLength: 160,
          gradientThickness: 8,
          values: [0, 0.25, 1],
          format: '.2f',
          titleFontSize: 11,
          titleFontWeight: 'normal',
        },
      },
      tooltip: [
        { field: 'feature', type: 'nominal', title: 'Column' },
        { field: 'month', type: 'nominal', title: 'Month' },
        { field: 'psi', type: 'quantitative', title: 'PSI against the whole', format: '.3f' },
      ],
    },
  };
};
