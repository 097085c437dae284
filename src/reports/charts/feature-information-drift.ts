import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** What a column tells and how far it moved. */
export interface InformationDrift {
  readonly feature: string;
  readonly family: string;
  readonly psi: number;
  /** Size of the t of the information coefficient, or of ρ where there are too few months. */
  readonly size: number;
  readonly chance: 'beyond chance' | 'within chance';
  /** Written beside the point. */
  readonly named: boolean;
}

/** Information against drift: what is of use tells something and stays where it was, up and to the left. `measure` is what `size` is. */
export const featureInformationDrift = (
  rows: readonly InformationDrift[],
  { title, subtitle, measure }: Heading & { readonly measure: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: no column has both figures.');
  const x = {
    field: 'psi',
    type: 'quantitative',
    scale: { type: 'sqrt', nice: true },
    axis: { title: 'Population stability index, second half against first', grid: true, tickCount: 6, format: '.3~g' },
  } as const;
  const y = {
    field: 'size',
    type: 'quantitative',
    scale: { zero: true, nice: true },
    axis: { title: measure, titleY: -12, tickCount: 5 },
  } as const;
  // Names stand on the side that has room, so that none runs out of the picture.
  const middle = Math.max(...rows.map(({ psi }) => psi)) / 4;
  const named = (align: 'left' | 'right'): Layer[] =>
    rows.some(row => row.named && row.psi > middle === (align === 'right'))
      ? [
          {
            transform: [{ filter: `datum.named && (datum.psi > ${middle}) === ${align === 'right'}` }],
            mark: {
              type: 'text',
              align,
              dx: align === 'left' ? 8 : -8,
              fontSize: 10,
              color: { expr: 'muted' },
              limit: { expr: 'width < 520 ? 110 : 220' },
              tooltip: null,
            },
            encoding: { x, y, text: { field: 'feature', type: 'nominal' } },
          },
        ]
      : [];
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 300,
    layer: [
      {
        mark: { type: 'point', size: 60, opacity: 0.85 },
        encoding: {
          x,
          y,
          color: {
            field: 'chance',
            type: 'nominal',
            scale: { domain: ['beyond chance', 'within chance'], range: [{ expr: 'accent' }, { expr: 'benchmark' }] },
            legend: { symbolType: 'circle', offset: 26 },
          },
          tooltip: [
            { field: 'feature', type: 'nominal', title: 'Column' },
            { field: 'family', type: 'nominal', title: 'Family' },
            { field: 'size', type: 'quantitative', title: measure, format: '.2f' },
            { field: 'psi', type: 'quantitative', title: 'PSI', format: '.3f' },
            { field: 'chance', type: 'nominal', title: 'Best of all by chance' },
          ],
        },
      },
      ...named('left'),
      ...named('right'),
    ],
  };
};
