import { emptyChart, head, WIDTH } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** Halves of the window, in time order. */
export const HALVES = ['First half', 'Second half'] as const;

/** Share of the values of one half in one cell. */
export interface DistributionCell {
  readonly feature: string;
  readonly half: (typeof HALVES)[number];
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Where the values of each column lie in either half, between the 1% and the 99% point: what differs has drifted. */
export const featureDistributions = (cells: readonly DistributionCell[], heading: Heading): ChartSpec => {
  if (cells.length === 0) return emptyChart(heading, 'Not enough samples: a hundred values are the fewest.');
  const features = [...new Set(cells.map(({ feature }) => feature))];
  const columns = Math.min(4, features.length);
  return {
    ...head(heading, { cells }),
    data: { name: 'cells' },
    usermeta: { columns, gutter: 26 },
    columns,
    resolve: { scale: { x: 'independent', y: 'independent' } },
    facet: { field: 'feature', type: 'nominal', sort: features, header: { labelFontSize: 11, labelLimit: 200 } },
    spec: {
      width: Math.floor(WIDTH / columns) - 26,
      height: 84,
      layer: [
        {
          transform: [{ filter: `datum.half === '${HALVES[0]}'` }],
          mark: { type: 'bar', binSpacing: 0, color: { expr: 'trainBar' } },
          encoding: {
            x: {
              field: 'from',
              type: 'quantitative',
              bin: { binned: true },
              scale: { zero: false, nice: false },
              axis: { title: null, tickCount: 3, format: '.3~g', labelFlush: false },
            },
            x2: { field: 'to' },
            y: { field: 'share', type: 'quantitative', axis: null },
            tooltip: [
              { field: 'feature', type: 'nominal', title: 'Column' },
              { field: 'half', type: 'nominal', title: 'Half' },
              { field: 'from', type: 'quantitative', title: 'From', format: '.4~g' },
              { field: 'to', type: 'quantitative', title: 'To', format: '.4~g' },
              { field: 'share', type: 'quantitative', title: 'Share', format: '.1%' },
            ],
          },
        },
        {
          transform: [{ filter: `datum.half === '${HALVES[1]}'` }, { calculate: '(datum.from + datum.to) / 2', as: 'middle' }],
          mark: { type: 'line', interpolate: 'step', strokeWidth: 1.5, color: { expr: 'accent' }, tooltip: null },
          encoding: {
            x: { field: 'middle', type: 'quantitative', scale: { zero: false, nice: false } },
            y: { field: 'share', type: 'quantitative', axis: null },
          },
        },
      ],
    },
  };
};
