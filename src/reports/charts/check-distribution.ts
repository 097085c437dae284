import { emptyChart, FILL, head } from './chart.js';
import { ZERO_PLAIN } from './skill-over-time.js';
import type { ChartSpec, Heading } from './chart.js';

/** What one simulated history made. */
export interface CheckSampleRow {
  readonly value: number;
}

export interface CheckDistributionOptions extends Heading {
  /** What a value is, a fraction. */
  readonly value: string;
  /** Of the subject as it is; null where it has no place among them. */
  readonly observed: number | null;
  /** Whether values at or below zero lose. */
  readonly signed: boolean;
}

const BINS = 24;

/** What other histories would have made, in bins over their whole range, and where the one stands that was. */
export const checkDistribution = (
  rows: readonly CheckSampleRow[],
  { title, subtitle, value, observed, signed }: CheckDistributionOptions,
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length < 2) return emptyChart(heading, 'Not enough samples: fewer than two histories.');
  const values = rows.map(row => row.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = (high - low) / BINS || Math.max(Math.abs(low), 1) / 100;
  const bins = Array.from({ length: BINS }, (_, i) => ({ from: low + i * step, to: low + (i + 1) * step, share: 0 }));
  for (const each of values) bins[Math.min(BINS - 1, Math.floor((each - low) / step))]!.share += 1 / values.length;
  const x = {
    type: 'quantitative',
    scale: { nice: false, zero: false, padding: 8 },
    axis: { title: value, format: '+,.0~%', labelExpr: ZERO_PLAIN, tickCount: 6 },
  } as const;
  const marks = observed === null ? [] : [{ value: observed, label: 'as it is' }];
  return {
    ...head(heading, { bins, ...(marks.length > 0 && { marks }) }),
    ...FILL,
    data: { name: 'bins' },
    height: 150,
    layer: [
      {
        mark: { type: 'rect', opacity: 0.75 },
        encoding: {
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          y: { field: 'share', type: 'quantitative', axis: { title: 'Share of histories', format: '.0%', grid: true, tickCount: 4 } },
          y2: { datum: 0 },
          ...(signed && { color: { condition: { test: 'datum.to <= 0', value: { expr: 'loss' } }, value: { expr: 'gain' } } as const }),
          tooltip: [
            { field: 'from', type: 'quantitative', title: `${value} from`, format: '+,.1%' },
            { field: 'to', type: 'quantitative', title: 'to', format: '+,.1%' },
            { field: 'share', type: 'quantitative', title: 'Share of histories', format: '.0%' },
          ],
        },
      },
      ...(marks.length === 0
        ? []
        : [
            {
              data: { name: 'marks' },
              mark: { type: 'rule', color: { expr: 'ink' }, strokeWidth: 2 } as const,
              encoding: {
                x: { ...x, field: 'value' },
                tooltip: [
                  { field: 'label', type: 'nominal', title: 'The run' } as const,
                  { field: 'value', type: 'quantitative', title: value, format: '+,.1%' } as const,
                ],
              },
            },
            {
              data: { name: 'marks' },
              mark: {
                type: 'text',
                baseline: 'bottom',
                y: -3,
                color: { expr: 'ink' },
                tooltip: null,
                align: { expr: "scale('x', datum.value) > width / 2 ? 'right' : 'left'" },
              } as const,
              encoding: { x: { ...x, field: 'value' }, text: { field: 'label', type: 'nominal' } as const },
            },
          ]),
    ],
  };
};
