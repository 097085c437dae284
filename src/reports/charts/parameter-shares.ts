import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** What one parameter, or two together, decide. */
export interface ShareRow {
  readonly effect: string;
  /** Of the objective's variance, 0 to 1. */
  readonly share: number;
  /** Standard deviation from tree to tree. */
  readonly spread: number;
  readonly low: number;
  readonly high: number;
}

/** Shares of the objective's variance as bars, with the spread over the trees of the forest. */
export const parameterShares = (rows: readonly ShareRow[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: twelve eligible configurations that differ are the fewest.');
  const y = {
    field: 'effect',
    type: 'nominal',
    scale: { domain: rows.map(({ effect }) => effect), paddingInner: 0.3 },
    axis: { title: null, labelLimit: 170 },
  } as const;
  const x = {
    field: 'share',
    type: 'quantitative',
    scale: { domain: [0, 1] as number[] },
    axis: { title: 'Share of the variance', grid: true, domain: false, tickCount: 5, format: '.0%' },
  } as const;
  const tooltip = [
    { field: 'effect', type: 'nominal', title: 'Parameter' } as const,
    { field: 'share', type: 'quantitative', title: 'Share', format: '.1%' } as const,
    { field: 'spread', type: 'quantitative', title: 'Spread over trees', format: '.1%' } as const,
  ];
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 24 * rows.length + 8,
    layer: [
      { mark: { type: 'bar', cornerRadius: 1, opacity: 0.85 }, encoding: { x, y, tooltip } },
      { mark: { type: 'rule', color: { expr: 'ink' } }, encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' }, tooltip } },
    ],
  };
};
