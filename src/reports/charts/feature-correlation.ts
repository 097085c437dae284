import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** How two columns go together. */
export interface CorrelationCell {
  readonly row: string;
  readonly column: string;
  readonly rho: number;
}

/** Spearman's ρ of each column with each, alike ones together: a block along the diagonal is one thing said several times. `names` is the order. */
export const featureCorrelation = (cells: readonly CorrelationCell[], names: readonly string[], heading: Heading): ChartSpec => {
  if (cells.length === 0) return emptyChart(heading, 'Not enough samples: no two columns vary together.');
  const cell = Math.max(9, Math.min(26, Math.floor(760 / names.length)));
  const fontSize = Math.min(10, cell);
  return {
    ...head(heading, { cells }),
    ...FILL,
    data: { name: 'cells' },
    height: cell * names.length,
    mark: { type: 'rect' },
    encoding: {
      x: { field: 'column', type: 'ordinal', sort: [...names], scale: { domain: [...names] }, axis: null },
      y: {
        field: 'row',
        type: 'ordinal',
        sort: [...names],
        scale: { domain: [...names] },
        axis: { title: null, labelFontSize: fontSize, labelOverlap: false, labelLimit: { expr: 'width < 420 ? 110 : 190' }, ticks: false },
      },
      color: {
        field: 'rho',
        type: 'quantitative',
        scale: {
          domain: [-1, -0.5, 0, 0.5, 1],
          range: [{ expr: 'loss' }, { expr: 'lossTint' }, { expr: 'shade' }, { expr: 'gainTint' }, { expr: 'gain' }],
          interpolate: 'rgb',
        },
        legend: {
          title: 'Spearman’s ρ',
          gradientLength: 160,
          gradientThickness: 8,
          values: [-1, -0.5, 0, 0.5, 1],
          format: '.1f',
          titleFontSize: 11,
          titleFontWeight: 'normal',
        },
      },
      tooltip: [
        { field: 'row', type: 'nominal', title: 'Column' },
        { field: 'column', type: 'nominal', title: 'With' },
        { field: 'rho', type: 'quantitative', title: 'Spearman’s ρ', format: '+.3f' },
      ],
    },
  };
};
