import { emptyChart, FILL, head } from './chart.js';
import { timeX } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** How one pair of fills differs in price. */
export interface PriceGapRow {
  readonly ts: number;
  readonly symbol: string;
  /** What the session paid more for a unit, or got less, basis points of the backtest's price. */
  readonly bps: number;
  readonly session: number;
  readonly backtest: number;
  /** What the difference cost, settlement asset. */
  readonly cost: number;
}

/** One mark a pair of fills: above zero the session paid more, below it less. */
export const parityPrices = (rows: readonly PriceGapRow[], { title, subtitle, unit }: Heading & { readonly unit: string }): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Nothing filled in both.');
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 170,
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0, type: 'quantitative' } } },
      {
        transform: [{ calculate: "utcFormat(datum.ts, '%d %b %Y %H:%M:%S')", as: 'when' }],
        mark: { type: 'point', size: 38, opacity: 0.75 },
        encoding: {
          x: timeX,
          y: { field: 'bps', type: 'quantitative', axis: { title: 'Paid more, bp', format: ',.2~f', tickCount: 5, grid: true } },
          color: { condition: { test: 'datum.bps > 0', value: { expr: 'loss' } }, value: { expr: 'gain' } },
          shape: { condition: { test: 'datum.bps > 0', value: 'triangle-up' }, value: 'circle' },
          tooltip: [
            { field: 'when', type: 'nominal', title: 'Time (UTC)' },
            { field: 'symbol', type: 'nominal', title: 'Symbol' },
            { field: 'session', type: 'quantitative', title: 'Session’s price', format: ',.8~g' },
            { field: 'backtest', type: 'quantitative', title: 'Backtest’s price', format: ',.8~g' },
            { field: 'bps', type: 'quantitative', title: 'Paid more, bp', format: '+,.3f' },
            { field: 'cost', type: 'quantitative', title: `Cost, ${unit}`, format: '+,.4~f' },
          ],
        },
      },
    ],
  };
};
