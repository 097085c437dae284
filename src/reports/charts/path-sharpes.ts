import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** The Sharpe ratio of one whole out-of-sample history. */
export interface PathRow {
  /** E.g. `path 3`. */
  readonly path: string;
  readonly sharpe: number;
  readonly totalReturn: number;
  readonly maxDrawdown: number;
}

/** One dot a path, ranked, with zero ruled: how much does the result depend on which history it was judged on? */
export const pathSharpes = (rows: readonly PathRow[], median: number | null, heading: Heading): ChartSpec => {
  if (rows.length === 0 || median === null) return emptyChart(heading, 'No path has returns that vary.');
  const sorted = rows.toSorted((a, b) => a.sharpe - b.sharpe).map((row, i) => ({ ...row, rank: i + 1 }));
  const x = { type: 'quantitative' } as const;
  const domain = [0, rows.length + 1];
  const y = {
    field: 'rank',
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: { title: 'Paths, worst first', tickCount: 4, tickMinStep: 1, format: 'd' },
  } as const;
  return {
    ...head(heading, { rows: sorted, marks: [{ value: 0 }], median: [{ value: median, label: 'median' }] }),
    ...FILL,
    height: Math.min(320, 90 + 9 * rows.length),
    layer: [
      { data: { name: 'marks' }, mark: { type: 'rule', color: { expr: 'ink' }, tooltip: null }, encoding: { x: { ...x, field: 'value' } } },
      {
        data: { name: 'median' },
        mark: { type: 'rule', color: { expr: 'muted' }, strokeDash: [4, 3], tooltip: null },
        encoding: { x: { ...x, field: 'value' } },
      },
      {
        data: { name: 'median' },
        mark: { type: 'text', align: 'left', dx: 4, baseline: 'top', fontSize: 10, color: { expr: 'muted' }, tooltip: null },
        encoding: { x: { ...x, field: 'value' }, y: { value: 0 }, text: { field: 'label', type: 'nominal' } },
      },
      {
        data: { name: 'rows' },
        mark: { type: 'point', filled: true, size: 60 },
        encoding: {
          x: { ...x, field: 'sharpe', scale: { zero: true }, axis: { title: 'Sharpe ratio of the path, annual', tickCount: 8 } },
          y,
          color: { condition: { test: 'datum.sharpe < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } },
          tooltip: [
            { field: 'path', type: 'nominal', title: 'Path' },
            { field: 'sharpe', type: 'quantitative', title: 'Sharpe', format: '.2f' },
            { field: 'totalReturn', type: 'quantitative', title: 'Net return', format: '+.1%' },
            { field: 'maxDrawdown', type: 'quantitative', title: 'Maximum drawdown', format: '.1%' },
          ],
        },
      },
    ],
  };
};
