import { emptyChart, FILL, head } from './chart.js';
import { timeX } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** How many different trials of the strategy there had been by then. */
interface TrialCountRow {
  readonly ts: number;
  readonly n: number;
}

/** N over the life of a strategy: every step is a look at the market that has to be paid for. */
export const trialsOverTime = (rows: readonly TrialCountRow[], heading: Heading): ChartSpec => {
  if (rows.length < 2) return emptyChart(heading, rows.length === 0 ? 'The ledger was not asked.' : 'All trials were begun at one moment.');
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    height: 220,
    mark: { type: 'area', interpolate: 'step-after', line: true, color: { expr: 'accent' }, fillOpacity: 0.16 },
    encoding: {
      x: timeX,
      y: { field: 'n', type: 'quantitative', scale: { zero: true }, axis: { title: 'Trials so far', tickCount: 4, format: ',d' } },
      tooltip: [
        { field: 'ts', type: 'temporal', title: 'Until (UTC)', format: '%d %b %Y %H:%M' },
        { field: 'n', type: 'quantitative', title: 'Trials so far', format: ',d' },
      ],
    },
  };
};
