import type { Layer, Panel } from './chart.js';

const MIDNIGHT = 'utchours(datum.value) + utcminutes(datum.value) === 0';

/** Labels as fine as their ticks: time of day, day, or month; the year stands under the first of them and under each January. */
const labelExpr =
  `[!(${MIDNIGHT}) ? utcFormat(datum.value, '%H:%M') : utcdate(datum.value) !== 1 ? utcFormat(datum.value, '%-d %b') : utcFormat(datum.value, '%b'), ` +
  `datum.index === 0 && !(${MIDNIGHT}) ? utcFormat(datum.value, '%-d %b %Y') : ` +
  `datum.index === 0 || (${MIDNIGHT} && utcmonth(datum.value) === 0 && utcdate(datum.value) === 1) ? utcFormat(datum.value, '%Y') : '']`;

/** Horizontal time in UTC. */
export const timeX = { field: 'ts', type: 'temporal', scale: { type: 'utc' }, axis: { title: null, tickCount: 8, labelExpr } } as const;

/** The same without labels, for a panel above another that has them. */
export const timeXBare = { field: 'ts', type: 'temporal', scale: { type: 'utc' }, axis: null } as const;

/** A page sets `span` to the stretch chosen in its leading chart; null shows everything. */
export const SPAN = { name: 'span', value: null } as const;

/** How a chart is zoomed: by its own strip (`brush`), by another chart of the page (`span`), or by its own strip first. */
export type Zoom = 'brush' | 'span' | 'both';

const WINDOW: Readonly<Record<Zoom, string>> = {
  brush: '(isValid(brush.ts) ? brush.ts : null)',
  span: 'span',
  both: '(isValid(brush.ts) ? brush.ts : span)',
};

/** Keeps the rows of the window; `field` is their time. */
export const inWindow = (zoom: Zoom, field = 'ts') => ({ filter: `!${WINDOW[zoom]} || inrange(datum.${field}, ${WINDOW[zoom]})` });

/** Cuts stretches `from`–`to` to the window, so that they never widen the axis. */
export const clipped = (zoom: Zoom) => [
  { calculate: `${WINDOW[zoom]} ? max(datum.from, +${WINDOW[zoom]}[0]) : +datum.from`, as: 'clipFrom' },
  { calculate: `${WINDOW[zoom]} ? min(datum.to, +${WINDOW[zoom]}[1]) : +datum.to`, as: 'clipTo' },
  { filter: 'datum.clipFrom < datum.clipTo' },
];

/** A row of a time chart. */
export interface Timed {
  readonly ts: number;
}

/** How many stretches of a chart can be pointed at. */
const BANDS = 400;

/**
 * The stretches of time that a reader points at, each with the values at its end: a few hundred rectangles answer as well as thousands
 * of points and keep the page light.
 */
export const bands = <R extends Timed>(rows: readonly R[], limit = BANDS): (R & { from: number; to: number })[] => {
  const stride = Math.max(1, Math.ceil((rows.length - 1) / limit));
  const result: (R & { from: number; to: number })[] = [];
  let previous = rows[0]?.ts ?? 0;
  for (let i = stride; i < rows.length + stride - 1; i += stride) {
    const row = rows[Math.min(i, rows.length - 1)]!;
    result.push({ ...row, from: previous, to: row.ts });
    previous = row.ts;
  }
  return result;
};

/** One line of a tooltip. */
export interface Told {
  readonly field: string;
  readonly title: string;
  /** D3 number format. */
  readonly format: string;
}

/** A layer over a time chart that shows the values under the pointer. Reads the dataset `bands`; `name` is unique in the chart. */
export const pointedAt = (name: string, zoom: Zoom, told: readonly Told[], x: typeof timeX | typeof timeXBare = timeX): Layer => ({
  data: { name: 'bands' },
  transform: [inWindow(zoom, 'to'), ...clipped(zoom), { calculate: "utcFormat(datum.to, '%d %b %Y %H:%M')", as: 'when' }],
  params: [{ name, select: { type: 'point', on: 'pointerover', clear: 'pointerout' } } as const],
  mark: { type: 'rect', color: { expr: 'ink' } } as const,
  encoding: {
    x: { ...x, field: 'clipFrom' },
    x2: { field: 'clipTo' } as const,
    opacity: { condition: { param: name, empty: false, value: 0.12 }, value: 0 },
    tooltip: [
      { field: 'when', type: 'nominal', title: 'Time (UTC)' } as const,
      ...told.map(t => ({ ...t, type: 'quantitative' }) as const),
    ],
  },
});

/** A stretch of time with a name. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Shaded stretches behind a time chart, named at their top: in-sample time is never told apart by colour alone. Reads the dataset `shaded`. */
export const shaded = (zoom: Zoom, axis: typeof timeX | typeof timeXBare): Layer[] => {
  const data = { name: 'shaded' };
  const transform = [...clipped(zoom)];
  const x = { ...axis, field: 'clipFrom' };
  return [
    {
      data,
      transform,
      mark: { type: 'rect', color: { expr: 'inSample' }, opacity: 1 } as const,
      encoding: { x, x2: { field: 'clipTo' }, tooltip: { field: 'label', type: 'nominal', title: 'Period' } as const },
    },
    {
      data,
      transform,
      mark: { type: 'text', align: 'left', baseline: 'top', dx: 6, dy: 6, color: { expr: 'muted' }, fontStyle: 'italic' } as const,
      encoding: { x, y: { value: 0 }, text: { field: 'label', type: 'nominal' } as const },
    },
  ];
};

/** The strip under a chart on which a stretch is chosen. `rows` names its dataset, `field` what it draws. */
export const strip = (rows: string, field: string, hint: string): Panel => ({
  height: 34,
  data: { name: rows },
  params: [{ name: 'brush', select: { type: 'interval', encodings: ['x'] } }],
  mark: { type: 'area', color: { expr: 'benchmark' }, opacity: 0.45, cursor: 'crosshair', tooltip: null } as const,
  encoding: {
    x: {
      field: 'ts',
      type: 'temporal',
      scale: { type: 'utc' },
      axis: { title: hint, titleAnchor: 'start', titlePadding: 6, labels: false, ticks: false },
    } as const,
    y: { field, type: 'quantitative', stack: null, scale: { zero: false, nice: false }, axis: null } as const,
  },
});

/** First and last time of ascending rows. */
export const extent = (rows: readonly Timed[]): readonly [number, number] => [rows[0]?.ts ?? 0, rows[rows.length - 1]?.ts ?? 0];
