import type { ChartSpec } from './chart.js';

/** Said on every chart of data that no market made. */
export const SYNTHETIC = 'SYNTHETIC DATA';

/** The same chart with its subtitle opening on `SYNTHETIC DATA`, so that the label stays with it wherever it is copied. */
export const markSynthetic = (spec: ChartSpec): ChartSpec => {
  const title = spec.title;
  if (typeof title !== 'object' || title === null || !('text' in title)) return { ...spec, title: { text: '', subtitle: SYNTHETIC } };
  const subtitle = typeof title.subtitle === 'string' ? ` · ${title.subtitle}` : '';
  return { ...spec, title: { ...title, subtitle: `${SYNTHETIC}${subtitle}`, subtitleColor: { expr: 'alarm' } } };
};
