import { emptyChart, head, WIDTH } from './chart.js';
import { timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** The weight that a run had in a portfolio from one division of capital to the next. */
export interface PortfolioWeightRow {
  readonly portfolio: string;
  readonly run: string;
  /** Place of the run among the runs: the order of the stack. */
  readonly place: number;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Who held the capital, a panel a portfolio: weights as they were set, stacked to the whole. */
export const portfolioWeights = (
  rows: readonly PortfolioWeightRow[],
  { title, subtitle, portfolios, runs }: Heading & { readonly portfolios: readonly string[]; readonly runs: readonly string[] },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'No capital was divided.');
  // The edges of the stack are said outright: Vega-Lite does not stack what has two ends in time.
  const stacked = rows.map(row => {
    const below = rows
      .filter(({ portfolio, from, place }) => portfolio === row.portfolio && from === row.from && place < row.place)
      .reduce((sum, { weight }) => sum + weight, 0);
    return { ...row, low: below, high: below + row.weight };
  });
  return {
    ...head(heading, { rows: stacked }),
    data: { name: 'rows' },
    spacing: 22,
    vconcat: portfolios.map((name, i) => {
      const isLast = i === portfolios.length - 1;
      return {
        width: WIDTH,
        height: 64,
        title: { text: name, fontSize: 12, fontWeight: 600, offset: 6, anchor: 'start', frame: 'group' } as const,
        transform: [{ filter: { field: 'portfolio', equal: name } }],
        mark: { type: 'rect', opacity: 0.85 } as const,
        encoding: {
          x: { ...(isLast ? timeX : timeXBare), field: 'from' },
          x2: { field: 'to' } as const,
          y: {
            field: 'low',
            type: 'quantitative',
            scale: { domain: [0, 1], nice: false },
            axis: { title: null, format: '.0%', values: [0, 0.5, 1] },
          } as const,
          y2: { field: 'high' } as const,
          color: {
            field: 'run',
            type: 'nominal',
            scale: { domain: [...runs] },
            legend: { symbolType: 'square', symbolOpacity: 1 },
          } as const,
          tooltip: [
            { field: 'run', type: 'nominal', title: 'Run' } as const,
            { field: 'weight', type: 'quantitative', title: 'Weight', format: '.1%' } as const,
            { field: 'from', type: 'temporal', title: 'From (UTC)', format: '%d %b %Y', formatType: 'time' } as const,
            { field: 'to', type: 'temporal', title: 'To (UTC)', format: '%d %b %Y', formatType: 'time' } as const,
          ],
        },
      };
    }),
  };
};
