import { emptyChart, head, WIDTH } from './chart.js';
import type { ChartSpec, Heading } from './chart.js';

/** The value that one fold chose for one parameter. */
export interface DriftRow {
  readonly fold: number;
  readonly param: string;
  readonly value: number | string | boolean;
}

/** Which parameters each fold chose, one panel a parameter: values that jump about say that the choice follows noise. */
export const parameterDrift = (rows: readonly DriftRow[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'The strategy has no parameters that were searched.');
  const params = [...new Set(rows.map(row => row.param))];
  const folds = [...new Set(rows.map(row => row.fold))];
  const last = params[params.length - 1];
  const named = params.map((_, i) => `param${i}`);
  const datasets = Object.fromEntries(
    params.map((param, i) => [
      named[i]!,
      rows
        .filter(row => row.param === param)
        .map(({ fold, value }) => ({ fold, value: typeof value === 'boolean' ? String(value) : value })),
    ]),
  );
  return {
    ...head(heading, datasets),
    data: { name: named[0]! },
    spacing: 30,
    vconcat: params.map((param, i) => {
      const numeric = datasets[named[i]!]!.every(row => typeof row.value === 'number');
      const x = {
        field: 'fold',
        type: 'ordinal',
        scale: { domain: folds },
        axis: param === last ? { title: 'Fold', labelAngle: 0, labelOverlap: true } : null,
      } as const;
      const y = numeric
        ? ({
            field: 'value',
            type: 'quantitative',
            scale: { zero: false, padding: 6 },
            axis: { title: param, tickCount: 3, format: ',~r' },
          } as const)
        : ({ field: 'value', type: 'nominal', axis: { title: param } } as const);
      const tooltip = [
        { field: 'fold', type: 'nominal', title: 'Fold' } as const,
        numeric
          ? ({ field: 'value', type: 'quantitative', title: param, format: ',~r' } as const)
          : ({ field: 'value', type: 'nominal', title: param } as const),
      ];
      return {
        width: WIDTH,
        height: numeric ? 76 : 24 * new Set(datasets[named[i]!]!.map(row => row.value)).size + 12,
        data: { name: named[i]! },
        layer: [
          { mark: { type: 'line', interpolate: 'step', strokeWidth: 1.25, opacity: 0.6, tooltip: null } as const, encoding: { x, y } },
          { mark: { type: 'point', size: 48, opacity: 1 } as const, encoding: { x, y, tooltip } },
        ],
      };
    }),
  };
};
