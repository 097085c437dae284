import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';
import type { BinRow } from '../rows/evidence-rows.js';

/**
 * Where the best in one half of the time ranked in the other half, over all splits: log odds of its rank, 0 is the middle. The shaded share below 0 is the probability of backtest
 * overfitting. Source: Bailey, Borwein, López de Prado & Zhu, The Probability of Backtest Overfitting, Journal of Computational Finance 20 (2017).
 */
export const logitHistogram = (rows: readonly BinRow[], heading: Heading, reason: string): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, `Not computed: ${reason}.`);
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return {
    ...head(heading, { rows: rows.map(row => ({ ...row, share: row.count / total })) }),
    ...FILL,
    data: { name: 'rows' },
    height: 220,
    layer: [
      {
        mark: { type: 'bar', binSpacing: 1 },
        encoding: {
          x: {
            field: 'from',
            bin: { binned: true },
            type: 'quantitative',
            axis: { title: 'Log odds of the rank out of sample', tickCount: 6, grid: false },
          },
          x2: { field: 'to' },
          y: { field: 'share', type: 'quantitative', axis: { title: 'Share of splits', format: '.0%', tickCount: 4 } },
          color: { condition: { test: 'datum.from < -1e-9', value: { expr: 'loss' } }, value: { expr: 'benchmark' } },
          tooltip: [
            { field: 'from', type: 'quantitative', title: 'From', format: '.2f' },
            { field: 'to', type: 'quantitative', title: 'To', format: '.2f' },
            { field: 'share', type: 'quantitative', title: 'Share of splits', format: '.1%' },
            { field: 'side', type: 'nominal', title: 'Ranked' },
          ],
        },
      },
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: { expr: 'ink' }, tooltip: null },
        encoding: { x: { datum: 0, type: 'quantitative' } },
      },
    ],
  };
};
