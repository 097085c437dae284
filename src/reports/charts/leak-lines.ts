import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** An indicator after so many bars of history. */
export interface SettlingRow {
  readonly indicator: string;
  readonly bars: number;
  /** Standard deviations of the indicator. */
  readonly difference: number;
}

/** How indicators settle: how far each is from its value on all history, against the bars that it has seen, and where the first order may come. */
export const leakLines = (
  rows: readonly SettlingRow[],
  { title, subtitle, x, y, mark }: Heading & { x: string; y: string; mark: { readonly x: number; readonly label: string } | null },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length < 2) return emptyChart(heading, 'No indicator to follow.');
  const across = { type: 'quantitative', scale: { type: 'log', nice: false }, axis: { title: x, tickCount: 6, format: '~s' } } as const;
  const up = {
    type: 'quantitative',
    scale: { type: 'log', domainMin: 1e-10 },
    axis: { title: y, grid: true, tickCount: 6, format: '~g' },
  } as const;
  const dashes = [4, 3];
  const names = [...new Set(rows.map(({ indicator }) => indicator))];
  const color = {
    field: 'indicator',
    type: 'nominal',
    scale: { domain: names },
    legend: names.length > 1 ? { title: null } : null,
  } as const;
  return {
    ...head(heading, { rows, ...(mark !== null && { mark: [mark] }) }),
    ...FILL,
    data: { name: 'rows' },
    height: 200,
    layer: [
      {
        mark: { type: 'line', interpolate: 'monotone', tooltip: null },
        encoding: { x: { ...across, field: 'bars' }, y: { ...up, field: 'difference' }, color },
      },
      {
        mark: { type: 'point', size: 60, opacity: 0 },
        encoding: {
          x: { ...across, field: 'bars' },
          y: { ...up, field: 'difference' },
          tooltip: [
            { field: 'indicator', type: 'nominal', title: 'Indicator' },
            { field: 'bars', type: 'quantitative', title: 'Bars of history', format: ',d' },
            { field: 'difference', type: 'quantitative', title: 'Difference, sd', format: '.2~e' },
          ],
        },
      },
      ...(mark === null
        ? []
        : [
            {
              data: { name: 'mark' },
              mark: { type: 'rule', color: { expr: 'ink' }, strokeDash: dashes, tooltip: null } as const,
              encoding: { x: { ...across, field: 'x' } },
            },
            {
              data: { name: 'mark' },
              mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 5, y: 196, color: { expr: 'ink' }, tooltip: null } as const,
              encoding: { x: { ...across, field: 'x' }, text: { field: 'label', type: 'nominal' } as const },
            },
          ]),
    ],
  };
};
