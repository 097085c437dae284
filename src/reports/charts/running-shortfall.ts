import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** What is missing to the expected profit after a day, in standard deviations of a day; below 0 where there is more. */
export interface ShortfallRow {
  readonly day: number;
  readonly shortfall: number;
}

export interface ShortfallOptions extends Heading {
  /** Days of the horizon. */
  readonly horizon: number;
  /** Boundary above which the alarm is raised, and what is written at it. */
  readonly threshold: number;
  readonly label: string;
}

/** The running statistic of the test of profit against its boundary, over the whole horizon. */
export const runningShortfallChart = (
  rows: readonly ShortfallRow[],
  { title, subtitle, horizon, threshold, label }: ShortfallOptions,
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'No day of trading yet.');
  const x = {
    field: 'day',
    type: 'quantitative',
    scale: { domain: [0, horizon] as number[], nice: false },
    axis: { title: 'Day of the horizon', tickMinStep: 1 },
  } as const;
  const y = { field: 'shortfall', type: 'quantitative', axis: { title: 'Shortfall, standard deviations of a day', tickCount: 6 } } as const;
  return {
    ...head(heading, { rows: [{ day: 0, shortfall: 0 }, ...rows], boundary: [{ day: horizon, shortfall: threshold, label }] }),
    ...FILL,
    data: { name: 'rows' },
    height: 220,
    layer: [
      { mark: { type: 'rule', color: { expr: 'muted' }, tooltip: null }, encoding: { y: { datum: 0, type: 'quantitative' } } },
      {
        data: { name: 'boundary' },
        mark: { type: 'rule', color: { expr: 'loss' }, strokeWidth: 1.5, strokeDash: [5, 4], tooltip: null },
        encoding: { y },
      },
      {
        data: { name: 'boundary' },
        mark: { type: 'text', align: 'right', baseline: 'bottom', dx: -4, dy: -4, color: { expr: 'ink' }, tooltip: null },
        encoding: { x, y, text: { field: 'label', type: 'nominal' } },
      },
      { mark: { type: 'line', strokeWidth: 2, color: { expr: 'ink' }, tooltip: null }, encoding: { x, y } },
      {
        mark: { type: 'point', filled: true, size: 22, opacity: 1, color: { expr: 'ink' } },
        encoding: {
          x,
          y,
          tooltip: [
            { field: 'day', title: 'Day', type: 'quantitative' },
            { field: 'shortfall', title: 'Shortfall', type: 'quantitative', format: '+.2f' },
          ],
        },
      },
    ],
  };
};
