import { emptyChart, FILL, head } from './chart.js';
import { timeX } from './time.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** One window of one fold. */
export interface FoldWindowRow {
  /** 1-based. */
  readonly fold: number;
  readonly from: number;
  readonly to: number;
  readonly window: 'Train' | 'Test';
  /** Net return of the chosen parameters in this window, a fraction, or null. */
  readonly result: number | null;
}

/** Which time each fold learnt from and which it was judged on; what it earned there stands beside the judged window. */
export const foldTimeline = (rows: readonly FoldWindowRow[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'No folds: the period is shorter than one training and one test window.');
  const y = { field: 'fold', type: 'ordinal', axis: { title: 'Fold', tickCount: 30 }, scale: { paddingInner: 0.35 } } as const;
  const times = [
    { calculate: "utcFormat(datum.from, '%d %b %Y %H:%M')", as: 'starts' },
    { calculate: "utcFormat(datum.to, '%d %b %Y %H:%M')", as: 'ends' },
  ];
  const judged = rows.filter(row => row.window === 'Test' && row.result !== null);
  const judgedLayer: Layer = {
    data: { name: 'judged' },
    mark: { type: 'text', align: 'left', dx: 6, fontSize: 11, tooltip: null },
    encoding: {
      x: { ...timeX, field: 'to' },
      y,
      text: { field: 'result', type: 'quantitative', format: '+.1%' },
      color: { condition: { test: 'datum.result < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } },
    },
  };
  return {
    ...head(heading, { rows, ...(judged.length > 0 && { judged }) }),
    ...FILL,
    data: { name: 'rows' },
    height: 19 * new Set(rows.map(row => row.fold)).size + 12,
    layer: [
      {
        transform: times,
        mark: { type: 'bar', cornerRadius: 1 },
        encoding: {
          x: { ...timeX, field: 'from' },
          x2: { field: 'to' },
          y,
          color: {
            field: 'window',
            type: 'nominal',
            scale: { domain: ['Train', 'Test'], range: [{ expr: 'trainBar' }, { expr: 'accent' }] },
            legend: { symbolType: 'square' },
          },
          tooltip: [
            { field: 'fold', type: 'nominal', title: 'Fold' },
            { field: 'window', type: 'nominal', title: 'Window' },
            { field: 'starts', type: 'nominal', title: 'From (UTC)' },
            { field: 'ends', type: 'nominal', title: 'To (UTC)' },
            { field: 'result', type: 'quantitative', title: 'Net return', format: '+.1%' },
          ],
        },
      },
      ...(judged.length === 0 ? [] : [judgedLayer]),
    ],
  };
};
