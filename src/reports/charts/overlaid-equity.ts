import { emptyChart, head, WIDTH } from './chart.js';
import { inWindow, strip, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** One moment of one of several runs. */
export interface GrowthRow {
  readonly ts: number;
  readonly run: string;
  /** Equity ÷ initial capital. */
  readonly growth: number;
  readonly drawdown: number;
}

const HEIGHT = 320;
/** Height of a label with the space it needs. */
const LABEL = 14;
/** Longer labels would cover the lines; the legend has the whole name. */
const LONGEST = 24;

/** The name of each run at the end of its line, moved up or down until none covers another. */
const endLabels = (
  rows: readonly GrowthRow[],
  runs: readonly string[],
  log: boolean,
): { ts: number; run: string; growth: number; label: string }[] => {
  const scale = (growth: number): number => (log ? Math.log(growth) : growth);
  const levels = rows.map(row => scale(row.growth));
  const low = levels.reduce((a, b) => Math.min(a, b), scale(1));
  const high = levels.reduce((a, b) => Math.max(a, b), scale(1));
  const ends = runs.flatMap(run => rows.findLast(row => row.run === run) ?? []);
  const step = ((high - low) * LABEL) / HEIGHT;
  const placed = ends.map(end => ({ ...end, at: scale(end.growth) })).sort((a, b) => a.at - b.at);
  // From the bottom up each stands clear of the one below; what is pushed over the top pushes the others back down.
  placed.forEach((label, i) => (label.at = Math.max(label.at, (placed[i - 1]?.at ?? low - step / 2) + step)));
  for (let i = placed.length - 1; i >= 0; i--) placed[i]!.at = Math.min(placed[i]!.at, (placed[i + 1]?.at ?? high + step / 2) - step);
  return placed.map(({ ts, run, at }) => ({
    ts,
    run,
    growth: log ? Math.exp(at) : at,
    label: run.length > LONGEST ? `${run.slice(0, LONGEST - 1)}…` : run,
  }));
};

/** Several runs on one scale: growth of one unit of capital, drawdown underneath, and a strip to zoom. */
export const overlaidEquity = (
  rows: readonly GrowthRow[],
  { title, subtitle, runs, log }: Heading & { runs: readonly string[]; log: boolean },
): ChartSpec => {
  const heading = { title, subtitle: log ? `${subtitle} · logarithmic` : subtitle };
  if (rows.length < 2) return emptyChart(heading, 'No bars in the period.');
  const color = { field: 'run', type: 'nominal', scale: { domain: [...runs] } } as const;
  const transform = [inWindow('brush')];
  const tooltip = [
    { field: 'run', type: 'nominal', title: 'Run' } as const,
    { field: 'when', type: 'nominal', title: 'Time (UTC)' } as const,
    { field: 'growth', type: 'quantitative', title: 'Growth of 1', format: '.3f' } as const,
    { field: 'drawdown', type: 'quantitative', title: 'Drawdown', format: '.1%' } as const,
  ];
  const first = runs[0] ?? '';
  // Points to aim at: unseen until touched, a few hundred a run.
  const stride = Math.max(1, Math.ceil(rows.length / Math.max(1, runs.length) / 250));
  const targets = (name: string, field: 'growth' | 'drawdown', x: typeof timeX | typeof timeXBare) => ({
    data: { name: 'targets' },
    transform: [inWindow('brush'), { calculate: "utcFormat(datum.ts, '%d %b %Y %H:%M')", as: 'when' }],
    params: [{ name, select: { type: 'point', on: 'pointerover', clear: 'pointerout' } } as const],
    mark: { type: 'point', size: 90 } as const,
    encoding: {
      x,
      y: { field, type: 'quantitative' } as const,
      color,
      opacity: { condition: { param: name, empty: false, value: 1 }, value: 0 },
      tooltip,
    },
  });
  const labels = endLabels(rows, runs, log);
  const named = (ink: object, encoding: object): Layer => ({
    data: { name: 'labels' },
    transform,
    mark: { type: 'text', align: 'right', dx: -3, dy: -8, fontSize: 11, fontWeight: 600, tooltip: null, ...ink },
    encoding: {
      x: timeXBare,
      y: { field: 'growth', type: 'quantitative' },
      text: { field: 'label', type: 'nominal' },
      ...encoding,
    },
  });
  return {
    ...head(heading, {
      rows,
      labels,
      targets: rows.filter((_, i) => i % stride === 0),
      first: rows.filter(row => row.run === first).map(({ ts, growth }) => ({ ts, growth })),
    }),
    data: { name: 'rows' },
    usermeta: { leads: true },
    vconcat: [
      {
        width: WIDTH,
        height: HEIGHT,
        layer: [
          { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 1, type: 'quantitative' } } },
          {
            transform,
            mark: { type: 'line', tooltip: null },
            encoding: {
              x: timeXBare,
              y: {
                field: 'growth',
                type: 'quantitative',
                scale: log ? { type: 'log', nice: false } : { type: 'linear', zero: false },
                axis: { title: 'Growth of 1', format: ',~r', tickCount: 6 },
              },
              color,
            },
          },
          // A rim of paper keeps a name readable over the lines.
          named({ color: { expr: 'paper' }, stroke: { expr: 'paper' }, strokeWidth: 4, strokeJoin: 'round' }, {}),
          named({}, { color }),
          targets('onGrowth', 'growth', timeXBare),
        ],
      },
      {
        width: WIDTH,
        height: 120,
        layer: [
          {
            transform,
            mark: { type: 'line', strokeWidth: 1, tooltip: null },
            encoding: {
              x: timeX,
              y: { field: 'drawdown', type: 'quantitative', axis: { title: 'Drawdown', format: '~%', tickCount: 4 } },
              color,
            },
          },
          { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0, type: 'quantitative' } } },
          targets('onDrawdown', 'drawdown', timeX),
        ],
      },
      { width: WIDTH, ...strip('first', 'growth', 'Drag to zoom, double-click to reset') },
    ],
  };
};
