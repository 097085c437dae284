import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';
import type { PeriodRow } from '../rows/evidence-rows.js';

/** What was earned in each part of the time: an edge that lives in one year or one kind of market is a bet on its return. */
export const periodBars = (rows: readonly PeriodRow[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: there are no returns.');
  const labels = rows.map(({ label }) => label);
  const low = Math.min(0, ...rows.map(({ totalReturn }) => totalReturn));
  const high = Math.max(0, ...rows.map(({ totalReturn }) => totalReturn));
  const room = (high - low || 0.01) * 0.4;
  const domain = [low < 0 ? low - room : 0, high > 0 ? high + room : 0];
  const y = { field: 'label', type: 'nominal', scale: { domain: labels, paddingInner: 0.4, paddingOuter: 0.2 }, sort: null } as const;
  const x = {
    field: 'totalReturn',
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: { title: 'Net return', format: '+.0%', labelExpr: "datum.value === 0 ? '0' : datum.label", grid: true, tickCount: 5 },
  } as const;
  const tooltip = [
    { field: 'label', type: 'nominal', title: 'Period' } as const,
    { field: 'totalReturn', type: 'quantitative', title: 'Net return', format: '+.1%' } as const,
    { field: 'sharpe', type: 'nominal', title: 'Sharpe' } as const,
    { field: 'days', type: 'quantitative', title: 'Days', format: ',d' } as const,
    { field: 'trades', type: 'quantitative', title: 'Trades', format: ',d' } as const,
  ];
  const said = (test: string, align: 'left' | 'right') => ({
    transform: [{ filter: test }],
    mark: { type: 'text', align, dx: align === 'left' ? 5 : -5, tooltip: null, color: { expr: 'muted' } } as const,
    encoding: { x, y, text: { field: 'said', type: 'nominal' } as const },
  });
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: Math.max(90, 40 * rows.length),
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x,
          y: { ...y, axis: { title: null, labelLimit: 190, minExtent: 30 } },
          color: { condition: { test: 'datum.totalReturn < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } },
          tooltip,
        },
      },
      said('datum.totalReturn >= 0', 'left'),
      said('datum.totalReturn < 0', 'right'),
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { x: { datum: 0, type: 'quantitative' } } },
    ],
  };
};
