import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** Mean |SHAP| of one feature in one training of a model. */
export interface ImportanceRow {
  readonly feature: string;
  readonly ts: number;
  readonly value: number;
  /** Of the training in force last. */
  readonly latest: boolean;
}

/** What the latest model goes by: its bars; fine ticks are earlier trainings of the same model, which should not be elsewhere. */
export const featureImportance = (rows: readonly ImportanceRow[], heading: Heading): ChartSpec => {
  const latest = rows.filter(row => row.latest);
  if (latest.length === 0) return emptyChart(heading, 'No importances: no model explains itself.');
  const earlier = rows.filter(row => !row.latest);
  const features = latest.map(row => row.feature);
  const y = {
    field: 'feature',
    type: 'nominal',
    scale: { domain: features, paddingInner: 0.3 },
    axis: { title: null, labelLimit: 150 },
  } as const;
  const x = { field: 'value', type: 'quantitative', axis: { title: 'Mean |SHAP|', grid: true, domain: false, tickCount: 4 } } as const;
  const tooltip = [
    { field: 'feature', type: 'nominal', title: 'Feature' } as const,
    { field: 'when', type: 'nominal', title: 'In force (UTC)' } as const,
    { field: 'value', type: 'quantitative', title: 'Mean |SHAP|', format: '.4~g' } as const,
  ];
  const transform = [{ calculate: "utcFormat(datum.ts, '%d %b %Y %H:%M')", as: 'when' }];
  const tickLayer = {
    data: { name: 'earlier' },
    transform,
    mark: { type: 'tick', thickness: 1.25, size: 13, opacity: 0.3, color: { expr: 'ink' } } as const,
    encoding: { x, y, tooltip },
  };
  return {
    ...head(heading, { latest, ...(earlier.length > 0 && { earlier }) }),
    ...FILL,
    data: { name: 'latest' },
    height: 18 * features.length + 8,
    layer: [
      { transform, mark: { type: 'bar', cornerRadius: 1, opacity: 0.85 }, encoding: { x, y, tooltip } },
      ...(earlier.length > 0 ? [tickLayer] : []),
    ],
  };
};
