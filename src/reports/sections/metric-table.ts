import { METRICS } from '../../metrics/summary.js';
import { unitText } from '../metric-text.js';
import { NONE } from '../number-text.js';
import type { Section } from '../document.js';
import type { Figures } from '../headline.js';

/** Every metric with what it says; where one is not defined, the reason stands in its place. */
export const metricSection = ({ summary: { values, reasons }, intervals }: Figures): Section => {
  const rangeOf = (name: string, unit: (typeof METRICS)[number]['unit']): string => {
    const found = Object.entries(intervals).find(([key]) => key === name)?.[1];
    if (!found) return '';
    return 'undefined' in found ? NONE : `${unitText(unit, found.low)} to ${unitText(unit, found.high)}`;
  };
  return {
    id: 'metrics',
    title: 'Metrics',
    lead: 'Intervals are what another draw of the same days could have given: a stationary block bootstrap of the daily returns, 95%.',
    blocks: [
      {
        kind: 'table',
        id: 'metric-table',
        caption: 'All metrics, after costs',
        quiet: true,
        columns: [
          { title: 'Metric', kind: 'text' },
          { title: 'Value', kind: 'number' },
          { title: '95% interval', kind: 'number' },
          { title: 'What it says', kind: 'text', wide: true },
        ],
        rows: METRICS.map(({ name, label, unit, explanation }) => [
          label,
          unitText(unit, values[name]),
          rangeOf(name, unit),
          values[name] === null ? `${explanation}. Not defined here: ${reasons[name] ?? 'not enough samples'}.` : `${explanation}.`,
        ]),
        empty: '',
      },
    ],
  };
};
