import { FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** Correlation of the returns of two runs; null where one of them did not move. */
export interface RunCorrelationCell {
  readonly row: string;
  readonly column: string;
  readonly rho: number | null;
}

/** Correlations of daily returns of all pairs of runs, numbers in the cells. `names` is the order. */
export const runCorrelation = (cells: readonly RunCorrelationCell[], names: readonly string[], heading: Heading): ChartSpec => {
  const axis = { title: null, labelOverlap: false, ticks: false, labelLimit: 130, labelColor: { expr: 'ink' } } as const;
  const x = { field: 'column', type: 'ordinal', sort: [...names], axis: { ...axis, labelAngle: -30, labelLimit: 90 } } as const;
  const y = { field: 'row', type: 'ordinal', sort: [...names], axis: { ...axis, labelLimit: { expr: 'width < 420 ? 90 : 150' } } } as const;
  return {
    ...head(heading, { cells }),
    ...FILL,
    data: { name: 'cells' },
    height: 30 * names.length,
    layer: [
      {
        mark: { type: 'rect' },
        encoding: {
          x,
          y,
          color: {
            field: 'rho',
            type: 'quantitative',
            scale: {
              domain: [-1, -0.5, 0, 0.5, 1],
              range: [{ expr: 'loss' }, { expr: 'lossTint' }, { expr: 'shade' }, { expr: 'gainTint' }, { expr: 'gain' }],
              interpolate: 'rgb',
            },
            legend: null,
          },
          tooltip: [
            { field: 'row', type: 'nominal', title: 'Run' },
            { field: 'column', type: 'nominal', title: 'With' },
            { field: 'rho', type: 'quantitative', title: 'Correlation', format: '+.3f' },
          ],
        },
      },
      {
        transform: [{ filter: 'isValid(datum.rho)' }],
        mark: { type: 'text', tooltip: null, fontSize: { expr: 'width < 420 ? 9 : 11' } },
        encoding: {
          x,
          y,
          text: { field: 'rho', type: 'quantitative', format: '.2f' },
          color: { condition: { test: 'abs(datum.rho) > 0.75', value: { expr: 'paper' } }, value: { expr: 'ink' } },
        },
      },
    ],
  };
};
