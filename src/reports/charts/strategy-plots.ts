import { emptyChart, head, WIDTH } from './chart.js';
import { bands, inWindow, pointedAt, SPAN, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** One series that the strategy drew. */
export interface PlotPanel {
  readonly name: string;
  readonly rows: readonly { readonly ts: number; readonly value: number }[];
}

/** The strategy's own series, a panel each with its own scale, all on one time axis. */
export const strategyPlots = (panels: readonly PlotPanel[], heading: Heading): ChartSpec => {
  const drawn = panels.filter(panel => panel.rows.length > 0);
  if (drawn.length === 0) return emptyChart(heading, 'The strategy drew nothing: call plot(name, value) in it.');
  const all = drawn.flatMap(panel => panel.rows);
  const ends = [{ ts: all.reduce((a, r) => Math.min(a, r.ts), Infinity) }, { ts: all.reduce((a, r) => Math.max(a, r.ts), -Infinity) }];
  return {
    ...head(heading, {
      ends,
      ...Object.fromEntries(drawn.flatMap((panel, i) => [[`plot${i}`, panel.rows], [`bands${i}`, bands(panel.rows, 250)]])),
    }),
    data: { name: 'ends' },
    params: [SPAN],
    vconcat: drawn.map((panel, i) => {
      const x = i === drawn.length - 1 ? timeX : timeXBare;
      return {
        width: WIDTH,
        height: 110,
        layer: [
          { transform: [inWindow('span')], mark: { type: 'rule', opacity: 0, tooltip: null } as const, encoding: { x } },
          {
            data: { name: `plot${i}` },
            transform: [inWindow('span')],
            mark: { type: 'line', tooltip: null, point: panel.rows.length === 1 } as const,
            encoding: { x, y: { field: 'value', type: 'quantitative', scale: { zero: false }, axis: { title: panel.name, tickCount: 4, format: ',~r' } } as const },
          },
          { ...pointedAt(`onPlot${i}`, 'span', [{ field: 'value', title: panel.name, format: ',.6~r' }], x), data: { name: `bands${i}` } },
        ],
      };
    }),
  };
};
