import { emptyChart, head, WIDTH } from './chart.js';
import { bands, inWindow, pointedAt, SPAN, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

export interface RollingRow {
  readonly ts: number;
  /** Annualised, of the window that ends here; null where it is not defined. */
  readonly sharpe: number | null;
  /** Annualised, a fraction. */
  readonly volatility: number | null;
}

/** Sharpe ratio and volatility of a moving window: whether the result came steadily or from one stretch. */
export const rollingSharpeVolatility = (
  rows: readonly RollingRow[],
  { title, subtitle, window }: Heading & { window: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length < 2) return emptyChart(heading, `Not enough samples: the curve is shorter than the window of ${window}.`);
  const told = [
    { field: 'sharpe', title: 'Sharpe ratio', format: '.2f' },
    { field: 'volatility', title: 'Volatility', format: '.1%' },
  ];
  const transform = [inWindow('span')];
  const zero = { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0 } } } as const;
  return {
    ...head(heading, { rows, bands: bands(rows) }),
    data: { name: 'rows' },
    params: [SPAN],
    vconcat: [
      {
        width: WIDTH,
        height: 120,
        layer: [
          zero,
          {
            transform,
            mark: { type: 'line', tooltip: null },
            encoding: {
              x: timeXBare,
              y: { field: 'sharpe', type: 'quantitative', axis: { title: 'Sharpe ratio, annualised', tickCount: 4 } },
            },
          },
          pointedAt('onSharpe', 'span', told, timeXBare),
        ],
      },
      {
        width: WIDTH,
        height: 90,
        layer: [
          {
            transform,
            mark: { type: 'line', tooltip: null },
            encoding: {
              x: timeX,
              y: { field: 'volatility', type: 'quantitative', axis: { title: 'Volatility, annualised', format: '~%', tickCount: 3 } },
            },
          },
          pointedAt('onVolatility', 'span', told),
        ],
      },
    ],
  };
};
