import { emptyChart, FILL, head } from './chart.js';
import { bands, inWindow, pointedAt, SPAN, timeX } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

export interface ExposureRow {
  readonly ts: number;
  /** Σ signed notional ÷ equity. */
  readonly net: number;
  /** Σ |notional| ÷ equity. */
  readonly gross: number;
}

/** How much was at stake: net exposure as an area around zero, gross exposure as a line where it differs. */
export const exposure = (rows: readonly ExposureRow[], heading: Heading): ChartSpec => {
  if (rows.length < 2) return emptyChart(heading, 'No bars in the period.');
  const transform = [inWindow('span')];
  const axis = { title: 'Multiple of equity', titleY: -12, format: '~f', tickCount: 5 };
  const hedged = rows.some(row => row.gross - Math.abs(row.net) > 1e-9);
  const scale = { domain: hedged ? ['Net', 'Gross'] : ['Net'], range: [{ expr: 'accent' }, { expr: 'muted' }].slice(0, hedged ? 2 : 1) };
  return {
    ...head(heading, { rows, bands: bands(rows) }),
    ...FILL,
    data: { name: 'rows' },
    params: [SPAN],
    height: 170,
    layer: [
      {
        transform,
        mark: { type: 'area', interpolate: 'step-after', opacity: 0.55, tooltip: null },
        encoding: {
          x: timeX,
          y: { field: 'net', type: 'quantitative', stack: null, axis },
          color: { datum: 'Net', scale, legend: hedged ? { offset: 24 } : null },
        },
      },
      ...(hedged
        ? [
            {
              transform,
              mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1, tooltip: null } as const,
              encoding: { x: timeX, y: { field: 'gross', type: 'quantitative', axis } as const, color: { datum: 'Gross', scale } },
            },
          ]
        : []),
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0 } } },
      pointedAt('onExposure', 'span', [
        { field: 'net', title: 'Net ÷ equity', format: '.2f' },
        { field: 'gross', title: 'Gross ÷ equity', format: '.2f' },
      ]),
    ],
  };
};
