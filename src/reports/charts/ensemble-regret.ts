import { emptyChart, FILL, head } from './chart.js';
import { bands, inWindow, pointedAt, SPAN, timeX } from './time.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** Cumulative log loss of the ensemble less that of two others, nats; below zero the ensemble is ahead. */
export interface RegretRow {
  readonly ts: number;
  /** Against the one model that did best up to here, on the forecasts that it gave. */
  readonly best: number;
  /** Against equal weights. */
  readonly equal: number;
}

const NAMES = { best: 'Best single model so far', equal: 'Equal weights' } as const;

/** Whether weighting earned its keep: a good rule stays flat against the best model, which nobody knew beforehand, and falls against equal weights. */
export const ensembleRegret = (rows: readonly RegretRow[], heading: Heading): ChartSpec => {
  if (rows.length < 2) return emptyChart(heading, 'Not enough samples: too few known outcomes.');
  const scale = { domain: [NAMES.best, NAMES.equal], range: [{ expr: 'muted' }, { expr: 'accent' }] };
  const line = (field: 'best' | 'equal'): Layer => ({
    transform: [inWindow('span')],
    mark: { type: 'line', tooltip: null, strokeDash: field === 'best' ? [5, 3] : [1, 0] },
    encoding: {
      x: timeX,
      y: { field, type: 'quantitative', axis: { title: 'Nats, cumulative', titleY: -14, tickCount: 5 } },
      color: { datum: NAMES[field], scale, legend: { offset: 24 } },
    },
  });
  return {
    ...head(heading, { rows, bands: bands(rows) }),
    ...FILL,
    data: { name: 'rows' },
    params: [SPAN],
    height: 190,
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0 } } },
      line('best'),
      line('equal'),
      pointedAt('onRegret', 'span', [
        { field: 'best', title: NAMES.best, format: '+.2f' },
        { field: 'equal', title: NAMES.equal, format: '+.2f' },
      ]),
    ],
  };
};
