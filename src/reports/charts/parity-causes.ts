import { money } from '../number-text.js';
import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** One cause of a gap, in the order in which they are shown. */
export interface CauseRow {
  readonly cause: string;
  /** Settlement asset; negative is what the session earned less. */
  readonly amount: number;
}

const labelOf = (amount: number): string => (amount > 0 ? `+${money(amount)}` : money(amount));

/** From nothing through each cause to the whole gap, one under the other, so that it reads as well on a narrow page. */
export const parityCauses = (rows: readonly CauseRow[], { title, subtitle, unit }: Heading & { readonly unit: string }): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.every(({ amount }) => amount === 0))
    return emptyChart(heading, 'There is no gap: the session did to the unit what the backtest does.');
  let level = 0;
  const steps = rows.map(row => {
    const start = level;
    level += row.amount;
    return { ...row, start, end: level, kind: row.amount < 0 ? 'less' : 'more' };
  });
  const all = [...steps, { cause: 'Whole gap', amount: level, start: 0, end: level, kind: 'level' }];
  const y = {
    field: 'cause',
    type: 'nominal',
    sort: null,
    axis: { title: null, labelColor: { expr: 'ink' }, labelLimit: { expr: 'width < 420 ? 110 : 200' }, ticks: false },
    scale: { paddingInner: 0.35 },
  } as const;
  const low = steps.reduce((least, { end }) => Math.min(least, end), 0);
  const high = steps.reduce((most, { end }) => Math.max(most, end), 0);
  const room = (high - low) * 0.28;
  return {
    ...head(heading, { rows: all.map(row => ({ ...row, edge: Math.max(row.start, row.end), label: labelOf(row.amount) })) }),
    ...FILL,
    data: { name: 'rows' },
    height: 30 * all.length,
    layer: [
      {
        mark: { type: 'bar', cornerRadius: 1 },
        encoding: {
          y,
          x: {
            field: 'start',
            type: 'quantitative',
            scale: { domain: [low, high + room], nice: false },
            axis: { title: unit, format: '~s', tickCount: 5, grid: true },
          },
          x2: { field: 'end' },
          color: {
            condition: [
              { test: "datum.kind === 'level'", value: { expr: 'accent' } },
              { test: "datum.kind === 'less'", value: { expr: 'loss' } },
            ],
            value: { expr: 'gain' },
          },
          tooltip: [
            { field: 'cause', type: 'nominal', title: 'Cause' },
            { field: 'amount', type: 'quantitative', title: `Session less backtest, ${unit}`, format: '+,.4~f' },
          ],
        },
      },
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { x: { datum: 0, type: 'quantitative' } } },
      {
        mark: { type: 'text', align: 'left', dx: 5, fontSize: 12, fontWeight: 600, color: { expr: 'ink' }, tooltip: null },
        encoding: {
          y,
          x: { field: 'edge', type: 'quantitative' },
          text: { field: 'label', type: 'nominal' },
        },
      },
    ],
  };
};
