import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** One bin of a histogram of returns. */
export interface BinRow {
  /** Fractions: the bin holds from ≤ return < to. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** How many the normal distribution of the same mean and deviation would put here. */
  readonly normal: number;
}

/** A return marked on the axis, such as the mean. */
export interface MarkRow {
  readonly value: number;
  readonly label: string;
}

/** How the returns are spread, with the normal curve of the same mean and deviation for comparison: fat tails stand above it. */
export const returnDistribution = (
  rows: readonly BinRow[],
  marks: readonly MarkRow[],
  { title, subtitle, each }: Heading & { each: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: a distribution needs at least ten returns.');
  const x = { type: 'quantitative', scale: { nice: false, zero: false } } as const;
  const markLayers: Layer[] = [
    {
      data: { name: 'marks' },
      mark: { type: 'rule', color: { expr: 'ink' } },
      encoding: {
        x: { ...x, field: 'value' },
        tooltip: [
          { field: 'label', type: 'nominal', title: 'Mark' },
          { field: 'value', type: 'quantitative', title: 'Return', format: '.2%' },
        ],
      },
    },
    {
      data: { name: 'marks' },
      // Away from each other: the mean and the worst returns are often close.
      mark: {
        type: 'text',
        align: { expr: "datum.label === 'mean' ? 'left' : 'right'" },
        dx: { expr: "datum.label === 'mean' ? 4 : -4" },
        baseline: 'top',
        fontSize: 10,
        color: { expr: 'ink' },
        tooltip: null,
      },
      encoding: { x: { ...x, field: 'value' }, y: { value: 0 }, text: { field: 'label', type: 'nominal' } },
    },
  ];
  return {
    ...head(heading, { rows, ...(marks.length > 0 && { marks }) }),
    ...FILL,
    data: { name: 'rows' },
    height: 220,
    layer: [
      {
        mark: { type: 'bar', binSpacing: 1 },
        encoding: {
          x: { ...x, field: 'from', bin: { binned: true }, axis: { title: `Net return of one ${each}`, format: '~%', tickCount: 8 } },
          x2: { field: 'to' },
          y: { field: 'count', type: 'quantitative', axis: { title: `Number of ${each}s`, tickCount: 4, tickMinStep: 1 } },
          color: { condition: { test: 'datum.from + datum.to < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } },
          tooltip: [
            { field: 'from', type: 'quantitative', title: 'From', format: '.2%' },
            { field: 'to', type: 'quantitative', title: 'To', format: '.2%' },
            { field: 'count', type: 'quantitative', title: 'Observed' },
            { field: 'normal', type: 'quantitative', title: 'Normal would give', format: '.1f' },
          ],
        },
      },
      {
        transform: [{ calculate: '(datum.from + datum.to) / 2', as: 'middle' }],
        mark: { type: 'line', interpolate: 'monotone', color: { expr: 'muted' }, strokeDash: [4, 3], strokeWidth: 1.25, tooltip: null },
        encoding: { x: { ...x, field: 'middle' }, y: { field: 'normal', type: 'quantitative' } },
      },
      ...(marks.length === 0 ? [] : markLayers),
    ],
  };
};
