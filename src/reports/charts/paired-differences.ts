import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** How far one run is from the first in one metric, with its interval. */
export interface DifferenceRow {
  readonly run: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** Differences from the first run in one metric: full strength where the whole interval is on one side of zero, pale where chance explains it. */
export const pairedDifferencesChart = (
  rows: readonly DifferenceRow[],
  { title, subtitle, format, reason }: Heading & { readonly format: string; readonly reason: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, reason);
  const y = {
    field: 'run',
    type: 'nominal',
    sort: null,
    axis: { title: null, labelLimit: { expr: 'width < 420 ? 110 : 200' }, labelColor: { expr: 'ink' } },
  } as const;
  const color = { condition: { test: 'datum.difference < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } };
  const opacity = { condition: { test: 'datum.low > 0 || datum.high < 0', value: 1 }, value: 0.5 };
  const x = {
    type: 'quantitative',
    axis: { title: null, format, labelExpr: "datum.value === 0 ? '0' : datum.label", tickCount: 5, grid: true },
  } as const;
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: Math.max(44, 26 * rows.length),
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { x: { datum: 0, type: 'quantitative' } } },
      {
        mark: { type: 'rule', strokeWidth: 2.5, tooltip: null },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' }, color, opacity },
      },
      {
        mark: { type: 'point', size: 80 },
        encoding: {
          y,
          x: { ...x, field: 'difference' },
          color,
          opacity,
          tooltip: [
            { field: 'run', type: 'nominal', title: 'Run' },
            { field: 'difference', type: 'quantitative', title: 'Difference', format },
            { field: 'low', type: 'quantitative', title: '95% from', format },
            { field: 'high', type: 'quantitative', title: '95% to', format },
          ],
        },
      },
    ],
  };
};
