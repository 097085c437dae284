import { emptyChart, FILL, head } from './chart.js';
import { ZERO_PLAIN } from './skill-over-time.js';
import type { ChartSpec, Heading } from './chart.js';

/** What the subject made at one place of a check. */
export interface CheckPointRow {
  readonly label: string;
  readonly x: number;
  readonly value: number;
  readonly sharpe: number | null;
  readonly trades: number | null;
  /** The subject as it is. */
  readonly base: boolean;
}

export interface CheckPointsOptions extends Heading {
  /** Title of the horizontal axis, with its unit. */
  readonly x: string;
  /** What a value is, a fraction. */
  readonly value: string;
  /** What has no place on the axis, as a line across. */
  readonly beside: readonly { readonly label: string; readonly value: number }[];
  /** Whether points belong to one curve. */
  readonly curve: boolean;
}

/** So few places each have their own mark on the axis. */
const FEW = 5;

/** What was changed against what was left: below the zero line nothing is; ringed is the subject as it is. */
export const checkPoints = (
  rows: readonly CheckPointRow[],
  { title, subtitle, x: axisTitle, value, beside, curve }: CheckPointsOptions,
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length < 2) return emptyChart(heading, 'Nothing was measured beside the run as it is.');
  const places = [...new Set(rows.map(row => row.x))];
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { nice: false, zero: false, padding: 14 },
    axis: { title: axisTitle, tickCount: 6, ...(places.length <= FEW && { values: places }) },
  } as const;
  const y = {
    type: 'quantitative',
    axis: { title: value, format: '+,.0~%', labelExpr: ZERO_PLAIN, grid: true, tickCount: 5 },
  } as const;
  const tooltip = [
    { field: 'label', type: 'nominal', title: 'Changed' } as const,
    { field: 'value', type: 'quantitative', title: value, format: '+,.1%' } as const,
    { field: 'sharpe', type: 'quantitative', title: 'Sharpe', format: '.2f' } as const,
    { field: 'trades', type: 'quantitative', title: 'Trades', format: ',d' } as const,
  ];
  const at = { x, y: { ...y, field: 'value' } };
  const dash = { strokeDash: [4, 3] };
  return {
    ...head(heading, { rows, ...(beside.length > 0 && { beside }) }),
    ...FILL,
    data: { name: 'rows' },
    height: 150,
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0, type: 'quantitative' } } },
      ...(beside.length === 0
        ? []
        : [
            {
              data: { name: 'beside' },
              mark: { type: 'rule', color: { expr: 'muted' }, ...dash, tooltip: null } as const,
              encoding: { y: { ...y, field: 'value' } },
            },
            {
              data: { name: 'beside' },
              mark: {
                type: 'text',
                align: 'right',
                baseline: 'bottom',
                x: { expr: 'width' },
                dx: -2,
                dy: -3,
                color: { expr: 'muted' },
                tooltip: null,
              } as const,
              encoding: { y: { ...y, field: 'value' }, text: { field: 'label', type: 'nominal' } as const },
            },
          ]),
      ...(curve ? [{ mark: { type: 'line', opacity: 0.5, tooltip: null } as const, encoding: at }] : []),
      {
        transform: [{ filter: '!datum.base' }],
        mark: { type: 'point', size: 60, opacity: 0.85 },
        encoding: {
          ...at,
          color: { condition: { test: 'datum.value <= 0', value: { expr: 'loss' } }, value: { expr: 'gain' } },
          shape: { condition: { test: 'datum.value <= 0', value: 'triangle-down' }, value: 'circle' },
          tooltip,
        },
      },
      {
        transform: [{ filter: 'datum.base' }],
        mark: { type: 'point', filled: false, size: 140, strokeWidth: 2, opacity: 1, color: { expr: 'ink' } },
        encoding: { ...at, tooltip },
      },
    ],
  };
};
