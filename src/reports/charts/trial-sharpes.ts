import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading, Layer } from './chart.js';
import type { BinRow } from '../rows/evidence-rows.js';

/** Where a line of the chart stands and what it is. */
interface SharpeMark {
  readonly at: number;
  readonly label: string;
}

/** Sharpe ratios of everything that was tried, with what the best would show by luck alone and what was found. */
export const trialSharpes = (
  rows: readonly BinRow[],
  heading: Heading,
  { marks, reason }: { marks: readonly SharpeMark[]; reason: string },
): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, reason);
  const top = Math.max(...rows.map(({ count }) => count));
  const places = [...rows.flatMap(({ from, to }) => [from, to]), ...marks.map(({ at }) => at)];
  const [least, most] = [Math.min(...places), Math.max(...places)];
  const domain = [least, most + (most - least) * 0.02];
  const said = (side: 'left' | 'right'): Layer => ({
    data: { name: 'marks' },
    transform: [{ filter: `datum.side === '${side}'` }],
    mark: { type: 'text', align: side === 'left' ? 'right' : 'left', dx: side === 'left' ? -5 : 5, fontSize: 11, tooltip: null },
    encoding: {
      x: { field: 'at', type: 'quantitative' },
      y: { field: 'y', type: 'quantitative' },
      text: { field: 'label', type: 'nominal' },
      color: { condition: { test: "datum.label === 'this result'", value: { expr: 'accent' } }, value: { expr: 'loss' } },
    },
  });
  return {
    ...head(heading, {
      rows,
      marks: marks.map((mark, i) => ({
        ...mark,
        y: top * (1.28 - 0.13 * i),
        side: mark.at > (least + most) / 2 ? 'left' : 'right',
      })),
    }),
    ...FILL,
    data: { name: 'rows' },
    height: 220,
    layer: [
      {
        mark: { type: 'bar', binSpacing: 1, color: { expr: 'benchmark' } },
        encoding: {
          x: {
            field: 'from',
            bin: { binned: true },
            type: 'quantitative',
            scale: { domain, nice: false },
            axis: { title: 'Annual Sharpe ratio', tickCount: 6, grid: false },
          },
          x2: { field: 'to' },
          y: {
            field: 'count',
            type: 'quantitative',
            scale: { domain: [0, top * 1.35], nice: false },
            axis: { title: 'Trials', tickCount: 4, tickMinStep: 1, format: ',d' },
          },
          tooltip: [
            { field: 'from', type: 'quantitative', title: 'From', format: '.2f' },
            { field: 'to', type: 'quantitative', title: 'To', format: '.2f' },
            { field: 'count', type: 'quantitative', title: 'Trials', format: ',d' },
          ],
        },
      },
      {
        data: { name: 'marks' },
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: {
          x: { field: 'at', type: 'quantitative' },
          color: { condition: { test: "datum.label === 'this result'", value: { expr: 'accent' } }, value: { expr: 'loss' } },
          strokeDash: { condition: { test: "datum.label === 'this result'", value: [1, 0] }, value: [5, 3] },
          tooltip: [
            { field: 'label', type: 'nominal', title: 'Line' },
            { field: 'at', type: 'quantitative', title: 'Annual Sharpe ratio', format: '.2f' },
          ],
        },
      },
      said('left'),
      said('right'),
    ],
  };
};
