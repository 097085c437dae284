import { emptyChart, head, WIDTH } from './chart.js';
import { bands, inWindow, pointedAt, shaded, strip, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading, Layer } from './chart.js';
import type { Stretch } from './time.js';

/** One moment of a run. */
export interface EquityRow {
  readonly ts: number;
  /** Settlement asset. */
  readonly equity: number;
  /** The same capital in the benchmark, or null where there is none. */
  readonly benchmark: number | null;
  /** Equity ÷ running peak − 1, 0 or negative. */
  readonly drawdown: number;
}

export interface EquityOptions extends Heading {
  /** Settlement asset, e.g. `USDT`. */
  readonly unit: string;
  readonly benchmark: string | null;
  /** Logarithmic equity; the subtitle says so. */
  readonly log: boolean;
  /** Stretches on which parameters were chosen. */
  readonly inSample: readonly Stretch[];
  /** Starts of the folds of a stitched curve. */
  readonly folds: readonly { readonly ts: number; readonly label: string }[];
}

const LOGARITHMIC = { type: 'log', nice: false } as const;
const FROM_DATA = { type: 'linear', zero: false } as const;

/** Equity against a benchmark, drawdown underneath, and a strip on which to zoom; the strip leads the time charts of its page. */
export const equityDrawdown = (
  rows: readonly EquityRow[],
  { title, subtitle, unit, benchmark, log, inSample, folds }: EquityOptions,
): ChartSpec => {
  const heading = { title, subtitle: log ? `${subtitle} · logarithmic` : subtitle };
  if (rows.length < 2) return emptyChart(heading, rows.length === 0 ? 'No bars in the period.' : 'One bar draws no curve.');
  const window = [inWindow('brush')];
  const names = benchmark === null ? ['Strategy'] : ['Strategy', benchmark];
  const scale = { domain: names, range: [{ expr: 'accent' }, { expr: 'benchmark' }].slice(0, names.length) };
  const told = [
    { field: 'equity', title: `Equity, ${unit}`, format: ',.2f' },
    ...(benchmark === null ? [] : [{ field: 'benchmark', title: `${benchmark}, ${unit}`, format: ',.2f' }]),
    { field: 'drawdown', title: 'Drawdown', format: '.2%' },
  ];
  const y = { type: 'quantitative', scale: log ? LOGARITHMIC : FROM_DATA } as const;
  const axis = { format: ',~s', title: unit, tickCount: 6 };
  const foldLayers: Layer[] =
    folds.length === 0
      ? []
      : [
          {
            data: { name: 'folds' },
            transform: window,
            mark: { type: 'rule', strokeDash: [2, 3], opacity: 0.7, tooltip: null } as const,
            encoding: { x: timeXBare },
          },
          {
            data: { name: 'folds' },
            transform: window,
            mark: { type: 'text', align: 'left', baseline: 'top', dx: 4, dy: 2, color: { expr: 'muted' }, fontSize: 10 } as const,
            encoding: { x: timeXBare, y: { value: 0 }, text: { field: 'label', type: 'nominal' } as const },
          },
        ];
  return {
    ...head(heading, {
      rows,
      bands: bands(rows),
      ...(inSample.length > 0 && { shaded: inSample }),
      ...(folds.length > 0 && { folds }),
    }),
    data: { name: 'rows' },
    usermeta: { leads: true },
    vconcat: [
      {
        width: WIDTH,
        height: 300,
        layer: [
          ...(inSample.length > 0 ? shaded('brush', timeXBare) : []),
          ...foldLayers,
          ...(benchmark === null
            ? []
            : [
                {
                  transform: window,
                  mark: { type: 'line', strokeWidth: 1.25, tooltip: null } as const,
                  encoding: { x: timeXBare, y: { ...y, field: 'benchmark', axis }, color: { datum: benchmark, scale } },
                },
              ]),
          {
            transform: window,
            mark: { type: 'line', strokeWidth: 1.75, tooltip: null },
            encoding: {
              x: timeXBare,
              y: { ...y, field: 'equity', axis },
              color: { datum: 'Strategy', scale, ...(benchmark === null && { legend: null }) },
            },
          },
          pointedAt('onEquity', 'brush', told, timeXBare),
        ],
      },
      {
        width: WIDTH,
        height: 110,
        layer: [
          ...(inSample.length > 0 ? [shaded('brush', timeX)[0]!] : []),
          {
            transform: window,
            mark: {
              type: 'area',
              color: { expr: 'loss' },
              opacity: 0.25,
              tooltip: null,
              line: { color: { expr: 'loss' }, strokeWidth: 1 },
            },
            encoding: {
              x: timeX,
              y: { field: 'drawdown', type: 'quantitative', stack: null, axis: { format: '~%', title: 'Drawdown', tickCount: 4 } },
            },
          },
          { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0 } } },
          pointedAt('onDrawdown', 'brush', told),
        ],
      },
      { width: WIDTH, ...strip('rows', 'equity', 'Drag to zoom, double-click to reset') },
    ],
  };
};
