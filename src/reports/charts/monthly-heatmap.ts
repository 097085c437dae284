import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

export interface MonthRow {
  /** Four digits. */
  readonly year: string;
  /** `Jan` … `Dec`, or `Year` for the whole of it. */
  readonly month: string;
  /** Net return, a fraction. */
  readonly value: number;
}

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const COLUMNS = [...MONTHS, 'Year'];

/** Net return of each calendar month and year: blue gains, orange losses, on one scale around zero. */
export const monthlyHeatmap = (rows: readonly MonthRow[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: no returns yet.');
  const months = rows.filter(row => row.month !== 'Year').map(row => Math.abs(row.value));
  const bound = Math.max(0.01, ...months);
  const x = {
    field: 'month',
    type: 'ordinal',
    sort: COLUMNS,
    scale: { domain: COLUMNS, paddingInner: 0.04 },
    axis: {
      orient: 'top',
      title: null,
      labelAngle: 0,
      labelFontSize: { expr: 'width < 520 ? 8 : 11' },
      labelOverlap: false,
      labelFlush: false,
      domain: false,
      ticks: false,
    },
  } as const;
  const y = { field: 'year', type: 'ordinal', sort: 'ascending', axis: { title: null }, scale: { paddingInner: 0.06 } } as const;
  // Without a sign of per cent a month still fits at the width of a phone.
  const text = { field: 'points', type: 'quantitative', format: '.1f' } as const;
  const tooltip = [
    { field: 'year', type: 'nominal', title: 'Year' } as const,
    { field: 'month', type: 'nominal', title: 'Month' } as const,
    { field: 'value', type: 'quantitative', title: 'Net return', format: '+.2%' } as const,
  ];
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 30 * new Set(rows.map(row => row.year)).size,
    layer: [
      {
        transform: [{ filter: "datum.month !== 'Year'" }],
        mark: { type: 'rect', cornerRadius: 2 },
        encoding: {
          x: { ...x, scale: { domain: [...COLUMNS], paddingInner: 0.04 }, sort: [...COLUMNS] },
          y,
          color: {
            field: 'value',
            type: 'quantitative',
            scale: {
              domain: [-bound, -bound / 4, 0, bound / 4, bound],
              range: [{ expr: 'loss' }, { expr: 'lossTint' }, { expr: 'shade' }, { expr: 'gainTint' }, { expr: 'gain' }],
              clamp: true,
              interpolate: 'rgb',
            },
            legend: null,
          },
          tooltip,
        },
      },
      {
        transform: [
          { calculate: `datum.month !== 'Year' && abs(datum.value) > ${bound * 0.6}`, as: 'strong' },
          { calculate: 'datum.value * 100', as: 'points' },
        ],
        mark: { type: 'text', fontSize: { expr: 'width < 520 ? 7.5 : 11' } },
        encoding: {
          x: { ...x, scale: { domain: [...COLUMNS], paddingInner: 0.04 }, sort: [...COLUMNS] },
          y,
          text,
          color: { condition: { test: 'datum.strong', value: { expr: 'paper' } }, value: { expr: 'ink' } },
          tooltip,
        },
      },
    ],
  };
};
