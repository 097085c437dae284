import { emptyChart, head, WIDTH } from './chart.js';
import { bands, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** Profit of both at one moment, settlement asset. */
export interface ParityProfitRow {
  readonly ts: number;
  readonly session: number;
  readonly backtest: number;
}

const HEIGHT = 200;

/** Profit of session and backtest over time, and under it how far they are apart. */
export const parityProfit = (
  rows: readonly ParityProfitRow[],
  { title, subtitle, unit }: Heading & { readonly unit: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length < 2) return emptyChart(heading, 'There are not two bars to draw.');
  const apart = rows.map(row => ({ ...row, gap: row.session - row.backtest }));
  const lines = rows.flatMap(({ ts, session, backtest }) => [
    { ts, run: 'Backtest', profit: backtest },
    { ts, run: 'Session', profit: session },
  ]);
  const touched = (name: string, x: typeof timeX | typeof timeXBare) => ({
    data: { name: 'bands' },
    transform: [{ calculate: "utcFormat(datum.to, '%d %b %Y %H:%M')", as: 'when' }],
    params: [{ name, select: { type: 'point', on: 'pointerover', clear: 'pointerout' } } as const],
    mark: { type: 'rect', color: { expr: 'ink' } } as const,
    encoding: {
      x: { ...x, field: 'from' },
      x2: { field: 'to' } as const,
      opacity: { condition: { param: name, empty: false, value: 0.12 }, value: 0 },
      tooltip: [
        { field: 'when', type: 'nominal', title: 'Time (UTC)' } as const,
        { field: 'session', type: 'quantitative', title: `Session, ${unit}`, format: '+,.2f' } as const,
        { field: 'backtest', type: 'quantitative', title: `Backtest, ${unit}`, format: '+,.2f' } as const,
        { field: 'gap', type: 'quantitative', title: `Gap, ${unit}`, format: '+,.4~f' } as const,
      ],
    },
  });
  const zero = {
    data: { values: [{}] },
    mark: { type: 'rule', tooltip: null } as const,
    encoding: { y: { datum: 0, type: 'quantitative' } as const },
  };
  return {
    ...head(heading, { lines, apart, bands: bands(apart) }),
    data: { name: 'apart' },
    vconcat: [
      {
        width: WIDTH,
        height: HEIGHT,
        layer: [
          zero,
          {
            data: { name: 'lines' },
            mark: { type: 'line', interpolate: 'step-after', tooltip: null },
            encoding: {
              x: timeXBare,
              y: { field: 'profit', type: 'quantitative', axis: { title: `Profit, ${unit}`, format: '~s', tickCount: 5 } },
              color: {
                field: 'run',
                type: 'nominal',
                scale: { domain: ['Session', 'Backtest'], range: [{ expr: 'accent' }, { expr: 'benchmark' }] },
                legend: { title: null, orient: 'top', symbolType: 'stroke' },
              },
              strokeDash: {
                field: 'run',
                type: 'nominal',
                scale: {
                  domain: ['Session', 'Backtest'],
                  range: [
                    [1, 0],
                    [5, 3],
                  ],
                },
                legend: null,
              },
            },
          },
          touched('onProfit', timeXBare),
        ],
      },
      {
        width: WIDTH,
        height: 90,
        layer: [
          zero,
          {
            mark: { type: 'area', interpolate: 'step-after', opacity: 0.45, color: { expr: 'muted' }, tooltip: null },
            encoding: {
              x: timeX,
              y: { field: 'gap', type: 'quantitative', axis: { title: 'Gap', format: '~s', tickCount: 3 } },
            },
          },
          touched('onGap', timeX),
        ],
      },
    ],
  };
};
