import { emptyChart, head, WIDTH } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** Information coefficient of one column in one month. */
export interface MonthlyIc {
  readonly feature: string;
  /** First moment of the month, epoch ms. */
  readonly ts: number;
  readonly ic: number;
}

/** Mean of a column's months with the interval of two standard errors. */
export interface MeanIc {
  readonly feature: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Information coefficient by month, a panel a column: a coefficient that lives from two months is luck until more is known. The band is the mean ± two errors. */
export const featureMonths = (months: readonly MonthlyIc[], means: readonly MeanIc[], heading: Heading): ChartSpec => {
  if (months.length === 0 || means.length === 0) return emptyChart(heading, 'Not enough samples: six months with outcomes are the fewest.');
  const bound = Math.max(0.02, ...months.map(({ ic }) => Math.abs(ic)));
  const features = means.map(({ feature }) => feature);
  const columns = Math.min(3, features.length);
  const rows = months.flatMap(month => {
    const own = means.find(({ feature }) => feature === month.feature);
    return own ? [{ ...month, low: own.low, high: own.high, mean: own.mean, sign: month.ic >= 0 ? 'with' : 'against' }] : [];
  });
  const y = {
    field: 'ic',
    type: 'quantitative',
    scale: { domain: [-bound, bound] as number[], nice: false },
    axis: { title: null, tickCount: 3, format: '+.2~f', minExtent: 36, grid: true },
  } as const;
  const x = {
    field: 'ts',
    type: 'temporal',
    scale: { type: 'utc' },
    axis: { title: null, tickCount: 4, format: '%b %y', labelOverlap: true },
  } as const;
  const tooltip = [
    { field: 'feature', type: 'nominal', title: 'Column' } as const,
    { field: 'month', type: 'nominal', title: 'Month' } as const,
    { field: 'ic', type: 'quantitative', title: 'IC', format: '+.3f' } as const,
    { field: 'mean', type: 'quantitative', title: 'Mean of the months', format: '+.3f' } as const,
    { field: 'low', type: 'quantitative', title: 'Mean − 2 errors', format: '+.3f' } as const,
    { field: 'high', type: 'quantitative', title: 'Mean + 2 errors', format: '+.3f' } as const,
  ];
  return {
    ...head(heading, { rows }),
    data: { name: 'rows' },
    usermeta: { columns, gutter: 52 },
    columns,
    resolve: { axis: { x: 'independent', y: 'independent' } },
    facet: { field: 'feature', type: 'nominal', sort: [...features], header: { labelFontSize: 11, labelLimit: 260 } },
    spec: {
      width: Math.floor(WIDTH / columns) - 52,
      height: 96,
      layer: [
        {
          mark: { type: 'area', line: false, color: { expr: 'trainBar' }, opacity: 0.6, tooltip: null },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          transform: [{ calculate: "utcFormat(datum.ts, '%b %Y')", as: 'month' }],
          mark: { type: 'rule', strokeWidth: { expr: 'max(1.5, min(7, 160 / 24))' } },
          encoding: {
            x,
            y,
            y2: { datum: 0 },
            color: {
              field: 'sign',
              type: 'nominal',
              scale: { domain: ['with', 'against'], range: [{ expr: 'gain' }, { expr: 'loss' }] },
              legend: null,
            },
            tooltip,
          },
        },
        { mark: { type: 'line', strokeWidth: 1.25, color: { expr: 'ink' }, tooltip: null }, encoding: { x, y: { ...y, field: 'mean' } } },
      ],
    },
  };
};
