import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** One bin of probability integral transforms: where outcomes fell in the distribution that was forecast. */
export interface PitRow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** What a right forecast would put here, and the range of 95 % of such counts. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Where the outcome fell in the forecast distribution. Flat is right; a hill says that the forecasts are too wide, a bowl too narrow, a slope that they lean.
 * Source: Diebold, Gunther & Tay, Evaluating Density Forecasts (1998).
 */
export const pitHistogram = (rows: readonly PitRow[], heading: Heading): ChartSpec => {
  const first = rows[0];
  if (!first) return emptyChart(heading, 'Not enough samples: too few known outcomes.');
  const x = { type: 'quantitative', scale: { zero: true, nice: false } } as const;
  const y = { type: 'quantitative', axis: { title: 'Forecasts', tickCount: 4, format: ',d' } } as const;
  const tooltip = [
    { field: 'from', type: 'quantitative', title: 'From', format: '.0%' } as const,
    { field: 'to', type: 'quantitative', title: 'To', format: '.0%' } as const,
    { field: 'count', type: 'quantitative', title: 'Forecasts', format: ',d' } as const,
    { field: 'expected', type: 'quantitative', title: 'Expected', format: ',.0f' } as const,
    { field: 'low', type: 'quantitative', title: '95% from', format: ',.0f' } as const,
    { field: 'high', type: 'quantitative', title: '95% to', format: ',.0f' } as const,
  ];
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 300,
    layer: [
      {
        data: { values: [{ low: first.low, high: first.high }] },
        mark: { type: 'rect', color: { expr: 'ink' }, opacity: 0.12, tooltip: null },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'bar', binSpacing: 1, opacity: 0.7 },
        encoding: {
          x: {
            ...x,
            field: 'from',
            bin: { binned: true },
            axis: { title: 'Quantile of the forecast that the outcome hit', format: '.0%', tickCount: 5 },
          },
          x2: { field: 'to' },
          y: { ...y, field: 'count' },
          color: {
            condition: { test: 'datum.count >= datum.low && datum.count <= datum.high', value: { expr: 'benchmark' } },
            value: { expr: 'accent' },
          },
          tooltip,
        },
      },
      {
        data: { values: [{ expected: first.expected }] },
        mark: { type: 'rule', color: { expr: 'ink' }, strokeDash: [4, 3], tooltip: null },
        encoding: { y: { ...y, field: 'expected' } },
      },
    ],
  };
};
