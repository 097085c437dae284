import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';
import type { ParameterMedian, ParameterPoint } from '../rows/sweep-rows.js';

export interface ScoreByParameterOptions extends Heading {
  readonly parameter: string;
  readonly objective: string;
  /** Numbers on a linear or a logarithmic axis, or names. */
  readonly scale: 'linear' | 'log' | 'names';
}

/** Everything that was tried against one parameter, with the median and the middle half by value: where the line is flat the parameter does not matter, where it is a spike it matters too much. */
export const scoreByParameter = (
  points: readonly ParameterPoint[],
  medians: readonly ParameterMedian[],
  { title, subtitle, parameter, objective, scale }: ScoreByParameterOptions,
): ChartSpec => {
  const heading = { title, subtitle };
  if (points.length === 0) return emptyChart(heading, 'No configuration was eligible.');
  const names = scale === 'names';
  const x = names
    ? ({ field: 'value', type: 'ordinal', axis: { title: parameter, labelAngle: 0, grid: false } } as const)
    : ({
        field: 'value',
        type: 'quantitative',
        scale: { type: scale, ...(scale === 'linear' && { zero: false }), nice: false, padding: 8 },
        axis: { title: parameter, grid: false, tickCount: 5, format: '~r' },
      } as const);
  const y = { field: 'score', type: 'quantitative', scale: { zero: false }, axis: { title: objective, tickCount: 4 } } as const;
  const tooltip = [
    { field: 'params', type: 'nominal', title: 'Configuration' } as const,
    { field: 'score', type: 'quantitative', title: objective, format: '.3~f' } as const,
    { field: 'what', type: 'nominal', title: 'Is' } as const,
  ];
  const told = [
    { field: 'value', type: names ? 'nominal' : 'quantitative', title: parameter } as const,
    { field: 'median', type: 'quantitative', title: 'Median', format: '.3~f' } as const,
    { field: 'low', type: 'quantitative', title: 'First quartile', format: '.3~f' } as const,
    { field: 'high', type: 'quantitative', title: 'Third quartile', format: '.3~f' } as const,
    { field: 'configurations', type: 'quantitative', title: 'Configurations', format: ',d' } as const,
  ];
  return {
    ...head(heading, { points, medians }),
    ...FILL,
    data: { name: 'points' },
    height: 170,
    layer: [
      {
        mark: { type: 'point', filled: true, size: 14, opacity: 0.35, color: { expr: 'benchmark' } },
        transform: [{ filter: "datum.what === 'tried'" }],
        encoding: { x, y, tooltip },
      },
      ...(names
        ? []
        : [
            {
              data: { name: 'medians' },
              mark: { type: 'area' as const, opacity: 0.16, color: { expr: 'accent' }, tooltip: null },
              encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
            },
          ]),
      {
        data: { name: 'medians' },
        mark: names
          ? { type: 'tick' as const, thickness: 2, size: 60, opacity: 1, color: { expr: 'accent' } }
          : { type: 'line' as const, strokeWidth: 2, color: { expr: 'accent' }, point: { size: 20, color: { expr: 'accent' } } },
        encoding: { x, y: { ...y, field: 'median' }, tooltip: told },
      },
      {
        transform: [{ filter: "datum.what !== 'tried'" }],
        mark: { type: 'point', filled: false, size: 80, strokeWidth: 2, opacity: 1, color: { expr: 'ink' } },
        encoding: {
          x,
          y,
          shape: { field: 'what', type: 'nominal', scale: { domain: ['plateau', 'peak'], range: ['circle', 'diamond'] }, legend: null },
          tooltip,
        },
      },
    ],
  };
};
