import { emptyChart, FILL, head } from './chart.js';
import { bands, inWindow, pointedAt, SPAN, timeX } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** How many realised returns fell into their interval over a stretch of time. */
export interface CoverageRow {
  readonly ts: number;
  /** Share inside; null where no outcome is known. */
  readonly coverage: number | null;
  /** Wilson interval of that share, 95 %. */
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
}

/** Whether an interval holds what it promises all along, not only on average. */
export const intervalCoverage = (
  rows: readonly CoverageRow[],
  { title, subtitle, promised }: Heading & { promised: number },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.filter(row => row.coverage !== null).length < 2) return emptyChart(heading, 'Not enough samples: too few known outcomes.');
  const transform = [inWindow('span')];
  const y = { type: 'quantitative', scale: { zero: false }, axis: { title: 'Inside the interval', format: '.0%', tickCount: 5 } } as const;
  return {
    ...head(heading, { rows, bands: bands(rows) }),
    ...FILL,
    data: { name: 'rows' },
    params: [SPAN],
    height: 180,
    layer: [
      {
        transform,
        mark: { type: 'area', opacity: 0.18, tooltip: null },
        encoding: { x: timeX, y: { ...y, field: 'low', stack: null }, y2: { field: 'high' } },
      },
      {
        data: { values: [{ promised }] },
        mark: { type: 'rule', color: { expr: 'ink' }, strokeDash: [4, 3], tooltip: null },
        encoding: { y: { ...y, field: 'promised' } },
      },
      { transform, mark: { type: 'line', point: { size: 22 }, tooltip: null }, encoding: { x: timeX, y: { ...y, field: 'coverage' } } },
      pointedAt('onCoverage', 'span', [
        { field: 'coverage', title: 'Inside', format: '.1%' },
        { field: 'low', title: '95% from', format: '.1%' },
        { field: 'high', title: '95% to', format: '.1%' },
        { field: 'count', title: 'Forecasts', format: ',d' },
      ]),
    ],
  };
};
