import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** One configuration by two objectives. */
export interface TradeOffRow {
  readonly x: number;
  readonly y: number;
  readonly front: boolean;
  readonly params: string;
}

/** What can be had of one objective for how much of another: nothing that was tried lies beyond the front. */
export const tradeOffs = (
  rows: readonly TradeOffRow[],
  {
    title,
    subtitle,
    x: xTitle,
    y: yTitle,
    formats,
  }: Heading & { readonly x: string; readonly y: string; readonly formats: readonly [string, string] },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'No configuration has all objectives defined.');
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { zero: false },
    axis: { title: xTitle, format: formats[0], tickCount: 6 },
  } as const;
  const y = {
    field: 'y',
    type: 'quantitative',
    scale: { zero: false },
    axis: { title: yTitle, format: formats[1], tickCount: 5 },
  } as const;
  const tooltip = [
    { field: 'params', type: 'nominal', title: 'Configuration' } as const,
    { field: 'x', type: 'quantitative', title: xTitle, format: formats[0] } as const,
    { field: 'y', type: 'quantitative', title: yTitle, format: formats[1] } as const,
  ];
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 280,
    layer: [
      {
        transform: [{ filter: '!datum.front' }],
        mark: { type: 'point', filled: true, size: 16, opacity: 0.4, color: { expr: 'benchmark' } },
        encoding: { x, y, tooltip },
      },
      {
        transform: [{ filter: 'datum.front' }],
        mark: { type: 'line', strokeWidth: 1.5, opacity: 0.6, tooltip: null },
        encoding: { x, y, order: { field: 'x', type: 'quantitative' } },
      },
      { transform: [{ filter: 'datum.front' }], mark: { type: 'point', filled: true, size: 44, opacity: 1 }, encoding: { x, y, tooltip } },
    ],
  };
};
