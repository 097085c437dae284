import { emptyChart, head, WIDTH } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';
import type { SurfaceCell } from '../rows/sweep-rows.js';

export interface ScoreSurfaceOptions extends Heading {
  readonly x: string;
  readonly xLabels: readonly string[];
  /** Null when only one parameter was searched. */
  readonly y: string | null;
  readonly yLabels: readonly string[];
  readonly objective: string;
}

/** More columns than this leave no room for figures in the cells. */
const MOST_WRITTEN = 8;

/** Colours are strongest at the best score, or at the median size where that is larger: what is far in the red says no more by being darker. */
const boundOf = (scores: readonly number[]): number => {
  const sizes = scores.map(Math.abs).sort((a, b) => a - b);
  return Math.max(1e-9, sizes[sizes.length >> 1] ?? 0, ...scores);
};

/** The objective over two parameters: a plateau is a region of one colour, a stroke of luck a lone cell. A ring is the plateau's centre, a diamond the peak. */
export const scoreSurface = (
  cells: readonly SurfaceCell[],
  { title, subtitle, x: xTitle, xLabels, y: yTitle, yLabels, objective }: ScoreSurfaceOptions,
): ChartSpec => {
  const heading = { title, subtitle };
  if (cells.length === 0) return emptyChart(heading, 'No configuration was eligible.');
  const bound = boundOf(cells.map(({ score }) => score));
  const panels = [...new Set(cells.map(({ panel }) => panel))];
  const columns = panels.length;
  const height = yTitle === null ? 34 : Math.min(340, Math.max(90, yLabels.length * 26));
  const isWritten = xLabels.length <= MOST_WRITTEN;
  const x = {
    field: 'x',
    type: 'ordinal',
    scale: { domain: [...xLabels] as string[], paddingInner: 0.04 },
    axis: { title: xTitle, labelAngle: 0, labelOverlap: true, ticks: false, domain: false, grid: false },
  } as const;
  const y = {
    field: 'y',
    type: 'ordinal',
    scale: { domain: (yTitle === null ? [''] : [...yLabels].toReversed()) as string[], paddingInner: 0.04 },
    axis:
      yTitle === null
        ? null
        : {
            title: yTitle,
            ticks: false,
            domain: false,
            grid: false,
            minExtent: 46,
            titleAlign: 'right' as const,
            titleAnchor: 'middle' as const,
            titleX: -54,
            titleBaseline: 'middle' as const,
            titleY: height / 2,
            titleAngle: -90,
          },
  } as const;
  const tooltip = [
    { field: 'x', type: 'nominal', title: xTitle } as const,
    ...(yTitle === null ? [] : [{ field: 'y', type: 'nominal', title: yTitle } as const]),
    { field: 'text', type: 'nominal', title: `In-sample ${objective}` } as const,
    { field: 'configurations', type: 'quantitative', title: 'Configurations', format: ',d' } as const,
    { field: 'mark', type: 'nominal', title: 'Holds' } as const,
  ];
  return {
    ...head(heading, { rows: cells }),
    data: { name: 'rows' },
    usermeta: { columns, gutter: 74 },
    columns,
    resolve: { axis: { x: 'independent', y: 'independent' } },
    facet: { field: 'panel', type: 'nominal', sort: panels, header: { title: null, labels: columns > 1 } },
    spec: {
      width: Math.floor(WIDTH / columns) - 74,
      height,
      layer: [
        {
          mark: { type: 'rect' },
          encoding: {
            x,
            y,
            color: {
              field: 'score',
              type: 'quantitative',
              scale: {
                domain: [-bound, 0, bound],
                range: isWritten
                  ? [{ expr: 'lossTint' }, { expr: 'shade' }, { expr: 'gainTint' }]
                  : [{ expr: 'loss' }, { expr: 'shade' }, { expr: 'gain' }],
                interpolate: 'rgb',
                clamp: true,
              },
              legend: null,
            },
            tooltip,
          },
        },
        ...(isWritten
          ? [
              {
                mark: { type: 'text' as const, fontSize: 11, color: { expr: 'ink' }, tooltip: null },
                encoding: { x, y, text: { field: 'text', type: 'nominal' as const } },
              },
            ]
          : []),
        {
          transform: [{ filter: "datum.mark !== ''" }],
          mark: { type: 'point' as const, filled: false, strokeWidth: 2, opacity: 1, color: { expr: 'ink' }, size: isWritten ? 900 : 90 },
          encoding: {
            x,
            y,
            shape: {
              field: 'mark',
              type: 'nominal',
              scale: { domain: ['plateau', 'peak'], range: ['circle', 'diamond'] },
              legend: null,
            },
            tooltip,
          },
        },
      ],
    },
  };
};
