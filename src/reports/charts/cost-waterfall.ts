import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** One step from the signal's profit to what was left. */
export interface CostRow {
  readonly step: string;
  /** Settlement asset; negative takes away. */
  readonly amount: number;
  /** First and last step: a level, not a change. */
  readonly total: boolean;
}

/** From the signal's gross profit through fees, slippage and funding to the net: what trading cost. */
export const costWaterfall = (rows: readonly CostRow[], { title, subtitle, unit }: Heading & { unit: string }): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.every(row => row.amount === 0)) return emptyChart(heading, 'Nothing was traded, so nothing was paid.');
  let level = 0;
  const steps = rows.map(row => {
    const start = row.total ? 0 : level;
    level = row.total ? row.amount : level + row.amount;
    return { ...row, start, end: level, top: Math.max(start, level), kind: row.total ? 'level' : row.amount < 0 ? 'cost' : 'income' };
  });
  const order = steps.map(row => row.step);
  const x = { field: 'step', type: 'nominal', sort: order, axis: { title: null, labelAngle: 0, labelFontSize: 12, ticks: false } } as const;
  return {
    ...head(heading, { rows: steps }),
    ...FILL,
    data: { name: 'rows' },
    height: 240,
    encoding: { x: { ...x, sort: [...order], scale: { paddingInner: 0.35, paddingOuter: 0.2 } } },
    layer: [
      {
        mark: { type: 'bar', cornerRadius: 1 },
        encoding: {
          y: { field: 'start', type: 'quantitative', axis: { title: unit, format: ',~s', tickCount: 5 } },
          y2: { field: 'end' },
          color: {
            condition: [
              { test: "datum.kind === 'level'", value: { expr: 'accent' } },
              { test: "datum.kind === 'cost'", value: { expr: 'loss' } },
            ],
            value: { expr: 'gain' },
          },
          tooltip: [
            { field: 'step', type: 'nominal', title: 'Step' },
            { field: 'amount', type: 'quantitative', title: `Amount, ${unit}`, format: '+,.2f' },
            { field: 'end', type: 'quantitative', title: `Left after it, ${unit}`, format: ',.2f' },
          ],
        },
      },
      {
        data: { values: [{}] },
        mark: { type: 'rule', tooltip: null },
        encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { datum: 0 } },
      },
      {
        mark: { type: 'text', baseline: 'bottom', dy: -4, fontSize: 12, fontWeight: 600, color: { expr: 'ink' }, tooltip: null },
        encoding: { y: { field: 'top', type: 'quantitative' }, text: { field: 'amount', type: 'quantitative', format: ',.0f' } },
      },
    ],
  };
};
