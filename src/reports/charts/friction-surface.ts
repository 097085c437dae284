import { emptyChart, head, WIDTH } from './chart.js';
import { ZERO_PLAIN } from './skill-over-time.js';
import type { ChartSpec, Heading } from './chart.js';

/**
 * One thing on a surface: a `cell` about its grid point, or a piece of the line on which the mean return is `zero`. Places count grid points from 0, since values such as 0, 100 ms, 1 s and
 * 10 s have no scale on which all can be told apart.
 */
export interface FrictionSurfaceRow {
  /** Heading of the panel. */
  readonly panel: string;
  readonly kind: 'cell' | 'zero';
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  /** Mean return per year; null for a piece of the line. */
  readonly value: number | null;
  /** The same as it is written into the cell. */
  readonly text: string;
  /** The run as configured. */
  readonly base: boolean;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly sharpe: number | null;
}

export interface FrictionSurfaceOptions extends Heading {
  readonly x: string;
  readonly y: string;
  readonly xLabels: readonly string[];
  readonly yLabels: readonly string[];
}

/** More columns than this leave no room for figures in the cells. */
const MOST_WRITTEN = 6;

/** Colours are strongest at the largest gain, or the median size where that is larger: what is far in the red says no more by being darker. */
const boundOf = (values: readonly number[]): number => {
  const sizes = values.map(Math.abs).sort((a, b) => a - b);
  return Math.max(1e-6, sizes[sizes.length >> 1] ?? 0, ...values);
};

/** From the left edge of the first cell to the right one of the last. */
const span = (labels: readonly string[]): number[] => [-0.5, labels.length - 0.5];

/** Mean return over two frictions as a heatmap, a panel for each value of a third, with the line on which the edge is gone. */
export const frictionSurface = (
  rows: readonly FrictionSurfaceRow[],
  { title, subtitle, x: xTitle, y: yTitle, xLabels, yLabels }: FrictionSurfaceOptions,
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0 || xLabels.length < 2 || yLabels.length < 2)
    return emptyChart(heading, 'A surface needs two frictions with more than one value each.');
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  // Figures are read on tints only, in light and in dark.
  const isWritten = xLabels.length <= MOST_WRITTEN;
  const bound = boundOf(rows.flatMap(({ value }) => (value === null ? [] : [value])));
  const columns = Math.min(panels.length, 3);
  const height = Math.min(260, Math.max(90, yLabels.length * 36));
  const axis = (labels: readonly string[]) =>
    ({
      values: labels.map((_, i) => i),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      grid: false,
      ticks: false,
      domain: false,
      labelOverlap: true,
      labelFlush: false,
    }) as const;
  const x = {
    field: 'x0',
    type: 'quantitative',
    scale: { domain: span(xLabels), nice: false, zero: false },
    axis: { ...axis(xLabels), title: xTitle },
  } as const;
  const y = {
    field: 'y0',
    type: 'quantitative',
    scale: { domain: span(yLabels), nice: false, zero: false },
    axis: {
      ...axis(yLabels),
      title: yTitle,
      minExtent: 40,
      titleAlign: 'right',
      titleAnchor: 'middle',
      titleX: -52,
      titleBaseline: 'middle',
      titleY: height / 2,
      titleAngle: -90,
    },
  } as const;
  const xy = { x, x2: { field: 'x1' }, y, y2: { field: 'y1' } } as const;
  const centre = { x: { ...x, field: 'xc' }, y: { ...y, field: 'yc' } } as const;
  const centred = [
    { calculate: '(datum.x0 + datum.x1) / 2', as: 'xc' },
    { calculate: '(datum.y0 + datum.y1) / 2', as: 'yc' },
  ];
  return {
    ...head(heading, { rows }),
    data: { name: 'rows' },
    usermeta: { columns, gutter: 66 },
    columns,
    resolve: { axis: { x: 'independent', y: 'independent' } },
    facet: { field: 'panel', type: 'nominal', sort: panels, header: { title: null } },
    spec: {
      width: Math.floor(WIDTH / columns) - 66,
      height,
      layer: [
        {
          transform: [{ filter: "datum.kind === 'cell'" }],
          mark: { type: 'rect', stroke: { expr: 'paper' }, strokeWidth: 1 },
          encoding: {
            ...xy,
            color: {
              field: 'value',
              type: 'quantitative',
              scale: {
                domain: [-bound, 0, bound],
                range: isWritten
                  ? [{ expr: 'lossTint' }, { expr: 'paper' }, { expr: 'gainTint' }]
                  : [{ expr: 'loss' }, { expr: 'shade' }, { expr: 'gain' }],
                interpolate: 'rgb',
                clamp: true,
              },
              legend: {
                title: 'Mean return per year',
                format: '+,.0~%',
                labelExpr: ZERO_PLAIN,
                gradientLength: 160,
                gradientThickness: 8,
                titleFontSize: 11,
                titleFontWeight: 'normal',
                tickCount: 3,
              },
            },
            tooltip: [
              { field: 'xLabel', type: 'nominal', title: xTitle },
              { field: 'yLabel', type: 'nominal', title: yTitle },
              { field: 'panel', type: 'nominal', title: 'Panel' },
              { field: 'value', type: 'quantitative', title: 'Mean per year', format: '+,.1%' },
              { field: 'sharpe', type: 'quantitative', title: 'Sharpe', format: '.2f' },
            ],
          },
        },
        {
          transform: [{ filter: "datum.kind === 'zero'" }],
          mark: { type: 'rule', color: { expr: 'ink' }, strokeWidth: 2.5, strokeCap: 'round', tooltip: null },
          encoding: xy,
        },
        ...(!isWritten
          ? []
          : [
              {
                transform: [{ filter: "datum.kind === 'cell'" }, ...centred],
                mark: { type: 'text', fontSize: 10, color: { expr: 'ink' }, tooltip: null } as const,
                encoding: { ...centre, text: { field: 'text', type: 'nominal' } as const },
              },
            ]),
        {
          transform: [{ filter: "datum.kind === 'cell' && datum.base" }],
          mark: { type: 'rect', fill: null, stroke: { expr: 'ink' }, strokeWidth: 1.5, strokeDash: [3, 2], tooltip: null },
          encoding: xy,
        },
      ],
    },
  };
};
