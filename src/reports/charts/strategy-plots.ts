import { emptyChart, head, WIDTH } from './chart.js';
import { bands, inWindow, pointedAt, SPAN, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** One series that the strategy drew. */
export interface PlotPanel {
  readonly name: string;
  readonly rows: readonly { readonly ts: number; readonly value: number }[];
}

const yOf = (panel: PlotPanel) =>
  ({ field: 'value', type: 'quantitative', scale: { zero: false }, axis: { title: panel.name, tickCount: 4, format: ',~r' } }) as const;

const curve = (panel: PlotPanel, i: number, x: typeof timeX | typeof timeXBare): Layer[] => [
  {
    data: { name: `plot${i}` },
    transform: [inWindow('span')],
    mark: { type: 'line', tooltip: null },
    encoding: { x, y: yOf(panel) },
  },
  { ...pointedAt(`onPlot${i}`, 'span', [{ field: 'value', title: panel.name, format: ',.6~r' }], x), data: { name: `bands${i}` } },
];

/** One value draws no line. */
const dot = (panel: PlotPanel, i: number, x: typeof timeX | typeof timeXBare): Layer => ({
  data: { name: `plot${i}` },
  mark: { type: 'point', size: 40, opacity: 1 },
  encoding: { x, y: yOf(panel), tooltip: { field: 'value', type: 'quantitative', title: panel.name, format: ',.6~r' } },
});

/** The strategy's own series, a panel each with its own scale, all on one time axis. */
export const strategyPlots = (panels: readonly PlotPanel[], heading: Heading): ChartSpec => {
  const drawn = panels.filter(panel => panel.rows.length > 0);
  if (drawn.length === 0) return emptyChart(heading, 'The strategy drew nothing: call plot(name, value) in it.');
  const all = drawn.flatMap(panel => panel.rows);
  const ends = [{ ts: all.reduce((a, r) => Math.min(a, r.ts), Infinity) }, { ts: all.reduce((a, r) => Math.max(a, r.ts), -Infinity) }];
  return {
    ...head(heading, {
      ends,
      ...Object.fromEntries(
        drawn.flatMap((panel, i) => [[`plot${i}`, panel.rows], ...(panel.rows.length > 1 ? [[`bands${i}`, bands(panel.rows, 250)]] : [])]),
      ),
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
          ...(panel.rows.length > 1 ? curve(panel, i, x) : [dot(panel, i, x)]),
        ],
      };
    }),
  };
};
