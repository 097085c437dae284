import { emptyChart, head, WIDTH } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** One evaluated configuration of one fold. */
export interface SurfaceRow {
  readonly fold: number;
  readonly x: number | string;
  readonly y: number | string;
  /** In-sample objective, the best over all other parameters. */
  readonly objective: number;
  readonly chosen: boolean;
}

export interface SurfaceOptions extends Heading {
  readonly x: string;
  /** Null when only one parameter was searched. */
  readonly y: string | null;
  readonly objective: string;
}

/** In-sample objective over two parameters, a panel a fold: a plateau is worth more than a peak, and it should not wander between folds. */
export const parameterHeatmap = (rows: readonly SurfaceRow[], { title, subtitle, x, y, objective }: SurfaceOptions): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: no configuration has a defined objective.');
  const folds = [...new Set(rows.map(row => row.fold))];
  const bound = Math.max(1e-9, ...rows.map(row => Math.abs(row.objective)));
  const scale = {
    domain: [-bound, 0, bound],
    range: [{ expr: 'loss' }, { expr: 'shade' }, { expr: 'gain' }],
    interpolate: 'rgb' as const,
  };
  const distinctY = new Set(rows.map(row => row.y)).size;
  const distinctX = new Set(rows.map(row => row.x)).size;
  const columns = Math.min(folds.length, 4);
  const cellHeight = y === null ? 30 : Math.min(200, Math.max(70, distinctY * 18));
  const ordinal = (field: 'x' | 'y', distinct: number) =>
    ({
      field,
      type: 'ordinal',
      sort: field === 'x' ? 'ascending' : 'descending',
      scale: { paddingInner: distinct > 20 ? 0 : 0.04 },
    }) as const;
  const tooltip = [
    { field: 'fold', type: 'nominal', title: 'Fold' } as const,
    { field: 'x', type: 'nominal', title: x } as const,
    ...(y === null ? [] : [{ field: 'y', type: 'nominal', title: y } as const]),
    { field: 'objective', type: 'quantitative', title: `In-sample ${objective}`, format: '.3f' } as const,
    { field: 'chosen', type: 'nominal', title: 'Chosen' } as const,
  ];
  const xDef = { ...ordinal('x', distinctX), axis: { title: x, labelAngle: 0, labelOverlap: true, ticks: false, domain: false } } as const;
  const yDef = {
    ...ordinal('y', distinctY),
    // The title stands on the side: above the cells it would run into the fold's own.
    axis:
      y === null
        ? null
        : {
            title: y,
            labelOverlap: true,
            minExtent: 30,
            titleAlign: 'right' as const,
            titleAnchor: 'middle' as const,
            titleX: -38,
            titleBaseline: 'middle' as const,
            titleY: cellHeight / 2,
          },
  } as const;
  return {
    ...head(heading, { rows }),
    data: { name: 'rows' },
    usermeta: { columns, gutter: 30 },
    columns,
    // An axis under every panel: shared ones stand under the empty places of the last row too.
    resolve: { axis: { x: 'independent' } },
    facet: { field: 'fold', type: 'ordinal', header: { labelExpr: "'Fold ' + datum.value" } },
    spec: {
      width: Math.floor(WIDTH / columns) - 30,
      height: cellHeight,
      layer: [
        {
          mark: { type: 'rect' },
          encoding: {
            x: xDef,
            y: yDef,
            color: {
              field: 'objective',
              type: 'quantitative',
              scale,
              legend: {
                title: `In-sample ${objective}`,
                gradientLength: 160,
                gradientThickness: 8,
                format: '.2~f',
                titleFontSize: 11,
                titleFontWeight: 'normal',
                tickCount: 3,
              },
            },
            tooltip,
          },
        },
        {
          transform: [{ filter: 'datum.chosen' }],
          mark: { type: 'point', filled: false, size: 70, strokeWidth: 2, opacity: 1, color: { expr: 'ink' } },
          encoding: { x: xDef, y: yDef, tooltip },
        },
      ],
    },
  };
};
