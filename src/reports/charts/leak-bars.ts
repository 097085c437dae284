import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** One thing that a check looked at. */
export interface LookedAtRow {
  readonly label: string;
  readonly value: number;
  /** Something was found there. */
  readonly alarm: boolean;
}

/** What a check looked at, one bar each, and where it found something. */
export const leakBars = (rows: readonly LookedAtRow[], { title, subtitle, x }: Heading & { x: string }): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Nothing was looked at.');
  // Nothing found anywhere is an empty axis, not one that is blown up to the last digit.
  const largest = rows.reduce((most, { value }) => Math.max(most, value), 0);
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 20 * rows.length + 8,
    transform: [{ calculate: "datum.alarm ? 'found' : 'nothing found'", as: 'said' }],
    mark: { type: 'bar', cornerRadius: 1 },
    encoding: {
      y: { field: 'label', type: 'nominal', sort: null, scale: { paddingInner: 0.3 }, axis: { title: null, labelLimit: 190 } },
      x: {
        field: 'value',
        type: 'quantitative',
        ...(largest === 0 && { scale: { domain: [0, 1] } }),
        axis: { title: x, grid: true, domain: false, tickCount: 4 },
      },
      color: { condition: { test: 'datum.alarm', value: { expr: 'loss' } }, value: { expr: 'accent' } },
      tooltip: [
        { field: 'label', type: 'nominal', title: 'Where' },
        { field: 'value', type: 'quantitative', title: x, format: ',.4~g' },
        { field: 'said', type: 'nominal', title: 'Verdict' },
      ],
    },
  };
};
