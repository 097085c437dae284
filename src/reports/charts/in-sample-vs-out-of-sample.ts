import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** What a fold's choice made where it was chosen and where it was judged. */
export interface DecayRow {
  readonly fold: number;
  readonly inSample: number;
  readonly outOfSample: number;
}

/** One point a fold: below the diagonal the choice did worse when judged than when it was chosen. */
export const inSampleVsOutOfSample = (
  rows: readonly DecayRow[],
  { title, subtitle, objective }: Heading & { objective: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: no fold has a defined result on both sides.');
  const values = rows.flatMap(row => [row.inSample, row.outOfSample]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const margin = (high - low || 1) * 0.06;
  const domain = [low - margin, high + margin];
  const scale = { domain, nice: false };
  const x = {
    field: 'inSample',
    type: 'quantitative',
    scale,
    axis: { title: `In-sample ${objective}`, grid: true, domain: false, tickCount: 6 },
  } as const;
  const y = { field: 'outOfSample', type: 'quantitative', scale, axis: { title: `Out-of-sample ${objective}`, tickCount: 6 } } as const;
  const tooltip = [
    { field: 'fold', type: 'nominal', title: 'Fold' } as const,
    { field: 'inSample', type: 'quantitative', title: `In-sample ${objective}`, format: '.2f' } as const,
    { field: 'outOfSample', type: 'quantitative', title: `Out-of-sample ${objective}`, format: '.2f' } as const,
  ];
  const corner = domain[0]!;
  return {
    ...head(heading, { rows, diagonal: domain.map(v => ({ inSample: v, outOfSample: v })) }),
    ...FILL,
    data: { name: 'rows' },
    height: 320,
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { x: { datum: 0, scale, type: 'quantitative' } } },
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0, scale, type: 'quantitative' } } },
      {
        data: { name: 'diagonal' },
        mark: { type: 'line', color: { expr: 'muted' }, strokeDash: [4, 3], strokeWidth: 1, tooltip: null },
        encoding: { x, y },
      },
      {
        data: { values: [{ inSample: corner, outOfSample: corner, label: 'no decay' }] },
        mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 20, dy: -4, color: { expr: 'muted' }, fontSize: 10, tooltip: null },
        encoding: { x, y, text: { field: 'label', type: 'nominal' } },
      },
      {
        mark: { type: 'point', size: 70, opacity: 0.95 },
        encoding: {
          x,
          y,
          color: { condition: { test: 'datum.outOfSample < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } },
          tooltip,
        },
      },
      {
        mark: { type: 'text', dy: -10, fontSize: 10, color: { expr: 'muted' }, tooltip: null },
        encoding: { x, y, text: { field: 'fold', type: 'nominal' } },
      },
    ],
  };
};
