import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';
import type { BinRow } from '../rows/evidence-rows.js';

/** A line across the distribution. */
export interface SharpeLine {
  readonly at: number;
  readonly label: string;
  /** `pick` is a configuration, `luck` what chance would show. */
  readonly kind: 'pick' | 'luck';
}

/** Sharpe ratios of everything that was tried, the picks, and what the best of as many worthless ones would show: a peak left of the line of luck is no find. */
export const sharpeDistribution = (rows: readonly BinRow[], lines: readonly SharpeLine[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'No configuration has returns that vary.');
  const top = Math.max(...rows.map(({ count }) => count));
  const middle = (Math.min(...rows.map(({ from }) => from)) + Math.max(...rows.map(({ to }) => to))) / 2;
  const colour = { condition: { test: "datum.kind === 'pick'", value: { expr: 'accent' } }, value: { expr: 'loss' } } as const;
  const marks = lines.map((line, i) => ({ ...line, y: top * (1.36 - 0.14 * i), left: line.at > middle }));
  const x = { field: 'at', type: 'quantitative' } as const;
  const label = (left: boolean) => ({
    data: { name: 'lines' },
    transform: [{ filter: left ? 'datum.left' : '!datum.left' }],
    mark: { type: 'text', align: left ? 'right' : 'left', dx: left ? -5 : 5, fontSize: 11, tooltip: null } as const,
    encoding: { x, y: { field: 'y', type: 'quantitative' } as const, text: { field: 'label', type: 'nominal' } as const, color: colour },
  });
  const rule = {
    data: { name: 'lines' },
    mark: { type: 'rule', strokeWidth: 2 } as const,
    encoding: {
      x,
      color: colour,
      strokeDash: { condition: { test: "datum.kind === 'pick'", value: [1, 0] as number[] }, value: [5, 3] as number[] },
      tooltip: [
        { field: 'label', type: 'nominal', title: 'Line' } as const,
        { field: 'at', type: 'quantitative', title: 'Annual Sharpe ratio', format: '.2f' } as const,
      ],
    },
  };
  return {
    ...head(heading, { rows, ...(marks.length > 0 && { lines: marks }) }),
    ...FILL,
    data: { name: 'rows' },
    height: 230,
    layer: [
      {
        mark: { type: 'bar', binSpacing: 1, color: { expr: 'benchmark' } },
        encoding: {
          x: {
            field: 'from',
            bin: { binned: true },
            type: 'quantitative',
            axis: { title: 'Annual Sharpe ratio, in sample', tickCount: 6, grid: false },
          },
          x2: { field: 'to' },
          y: {
            field: 'count',
            type: 'quantitative',
            scale: { domain: [0, top * 1.45], nice: false },
            axis: { title: 'Configurations', tickCount: 4, format: ',d' },
          },
          tooltip: [
            { field: 'from', type: 'quantitative', title: 'From', format: '.2f' },
            { field: 'to', type: 'quantitative', title: 'To', format: '.2f' },
            { field: 'count', type: 'quantitative', title: 'Configurations', format: ',d' },
          ],
        },
      },
      ...(marks.length > 0 ? [rule] : []),
      // A layer without rows would have no scale.
      ...[true, false].filter(left => marks.some(mark => mark.left === left)).map(label),
    ],
  };
};
