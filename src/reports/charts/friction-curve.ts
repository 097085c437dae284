import { emptyChart, FILL, head } from './chart.js';
import { ZERO_PLAIN } from './skill-over-time.js';
import type { ChartSpec, Heading } from './chart.js';

/** The strategy at one friction, the others as configured. */
export interface FrictionCurveRow {
  readonly x: number;
  /** The friction in words. */
  readonly label: string;
  /** Mean return per year. */
  readonly mean: number;
  /** 95 % interval; null where it is not known. */
  readonly low: number | null;
  readonly high: number | null;
  readonly sharpe: number | null;
  /** Fees and slippage, basis points of traded notional a side. */
  readonly cost: number | null;
  readonly trades: number;
  /** The run as configured. */
  readonly base: boolean;
}

export interface FrictionCurveOptions extends Heading {
  /** Title of the horizontal axis, with its unit. */
  readonly x: string;
  /** Places with a label on the axis. */
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** Close together near zero and apart beyond: for values that span decades. */
  readonly logarithmic: boolean;
  /** Where the edge ends, and in words. */
  readonly crossing: { readonly x: number; readonly label: string } | null;
}

/** One-way curve: mean return against one friction with its interval, the zero line, and where they meet. */
export const frictionCurve = (
  rows: readonly FrictionCurveRow[],
  { title, subtitle, x: axisTitle, ticks, logarithmic, crossing }: FrictionCurveOptions,
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length < 2) return emptyChart(heading, 'This friction was held at one value.');
  const smallest = Math.min(...rows.flatMap(({ x }) => (x > 0 ? [x] : [])));
  const labels = Object.fromEntries(ticks.map(({ value, label }) => [String(value), label]));
  const scale = logarithmic ? { type: 'symlog' as const, constant: smallest, nice: false } : { nice: false, zero: false };
  const dashes = [4, 3];
  const x = {
    type: 'quantitative',
    scale,
    axis: {
      title: axisTitle,
      values: ticks.map(({ value }) => value),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      labelOverlap: true,
    },
  } as const;
  const y = {
    type: 'quantitative',
    axis: { title: 'Mean return per year', format: '+,.0~%', labelExpr: ZERO_PLAIN, grid: true, tickCount: 5 },
  } as const;
  const tooltip = [
    { field: 'label', type: 'nominal', title: axisTitle } as const,
    { field: 'mean', type: 'quantitative', title: 'Mean per year', format: '+,.1%' } as const,
    { field: 'low', type: 'quantitative', title: '95% from', format: '+,.1%' } as const,
    { field: 'high', type: 'quantitative', title: '95% to', format: '+,.1%' } as const,
    { field: 'sharpe', type: 'quantitative', title: 'Sharpe', format: '.2f' } as const,
    { field: 'cost', type: 'quantitative', title: 'Fees and slippage, bp a side', format: '.2f' } as const,
    { field: 'trades', type: 'quantitative', title: 'Trades', format: ',d' } as const,
  ];
  const crossings = crossing === null ? [] : [crossing];
  return {
    ...head(heading, { rows, ...(crossings.length > 0 && { crossings }) }),
    ...FILL,
    data: { name: 'rows' },
    height: 190,
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'area', opacity: 0.16, tooltip: null },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      { mark: { type: 'rule', color: { expr: 'muted' }, tooltip: null }, encoding: { y: { datum: 0, type: 'quantitative' } } },
      { mark: { type: 'line' }, encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'mean' } } },
      {
        mark: { type: 'point', size: 46, opacity: 1 },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'mean' }, tooltip },
      },
      {
        transform: [{ filter: 'datum.base' }],
        mark: { type: 'point', filled: false, size: 150, strokeWidth: 1.5, opacity: 1, color: { expr: 'ink' } },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'mean' }, tooltip },
      },
      ...(crossings.length === 0
        ? []
        : [
            {
              data: { name: 'crossings' },
              mark: { type: 'rule', color: { expr: 'loss' }, strokeDash: dashes, strokeWidth: 1.5, tooltip: null } as const,
              encoding: { x: { ...x, field: 'x' } },
            },
            {
              data: { name: 'crossings' },
              mark: { type: 'text', align: 'left', baseline: 'top', dx: 6, y: 2, color: { expr: 'ink' }, tooltip: null } as const,
              encoding: { x: { ...x, field: 'x' }, text: { field: 'label', type: 'nominal' } as const },
            },
          ]),
    ],
  };
};
