import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** Growth of 1 after a day: quantiles of what was expected, outermost first and last, and what came; null on days that are not over. */
export interface ConeRow {
  readonly day: number;
  readonly lowest: number;
  readonly low: number;
  readonly lowMiddle: number;
  readonly median: number;
  readonly highMiddle: number;
  readonly high: number;
  readonly highest: number;
  readonly live: number | null;
}

const BANDS = [
  { low: 'lowest', high: 'highest' },
  { low: 'low', high: 'high' },
  { low: 'lowMiddle', high: 'highMiddle' },
] as const;

/** The cone of expected growth as three bands round its median, and the live path on it. */
export const growthCone = (rows: readonly ConeRow[], heading: Heading): ChartSpec => {
  if (rows.length < 2) return emptyChart(heading, 'The horizon is too short for a cone.');
  const x = { field: 'day', type: 'quantitative', scale: { nice: false }, axis: { title: 'Day of the horizon', tickMinStep: 1 } } as const;
  const y = (field: string) =>
    ({ field, type: 'quantitative', scale: { zero: false }, axis: { title: 'Growth of 1', format: '.3~f', tickCount: 6 } }) as const;
  const told = (field: string, title: string) => ({ field, title, type: 'quantitative', format: '.4f' }) as const;
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 300,
    layer: [
      ...BANDS.map(({ low, high }): Layer => ({
        mark: { type: 'area', opacity: 0.14, color: { expr: 'accent' }, tooltip: null },
        encoding: { x, y: y(low), y2: { field: high } },
      })),
      { mark: { type: 'line', strokeDash: [5, 4], strokeWidth: 1.25, tooltip: null }, encoding: { x, y: y('median') } },
      {
        transform: [{ filter: 'isValid(datum.live)' }],
        mark: { type: 'line', strokeWidth: 2.25, color: { expr: 'ink' }, tooltip: null },
        encoding: { x, y: y('live') },
      },
      {
        transform: [
          { filter: 'isValid(datum.live)' },
          { window: [{ op: 'row_number', as: 'back' }], sort: [{ field: 'day', order: 'descending' }] },
          { filter: 'datum.back === 1' },
        ],
        mark: { type: 'point', filled: true, size: 60, opacity: 1, color: { expr: 'ink' }, tooltip: null },
        encoding: { x, y: y('live') },
      },
      {
        params: [{ name: 'coneDay', select: { type: 'point', on: 'pointerover', clear: 'pointerout', nearest: true, encodings: ['x'] } }],
        mark: { type: 'point', size: 30, filled: true, color: { expr: 'accent' } },
        encoding: {
          x,
          y: y('median'),
          opacity: { condition: { param: 'coneDay', empty: false, value: 1 }, value: 0 },
          tooltip: [
            { field: 'day', title: 'Day', type: 'quantitative' },
            told('live', 'Live'),
            told('highest', '99%'),
            told('high', '95%'),
            told('median', 'Median'),
            told('low', '5%'),
            told('lowest', '1%'),
          ],
        },
      },
    ],
  };
};
