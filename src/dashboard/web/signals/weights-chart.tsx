import { useMemo } from 'preact/hooks';
import type { ForecastView } from '../../api/accounts-api.js';
import { VegaChart } from '../charts/vega.js';
import { weightRows } from './weight-rows.js';

/** The ensemble's weights of one strategy over time, stacked to 1. */
export const WeightsChart = ({
  strategy,
  weights,
  until,
}: {
  readonly strategy: string;
  readonly weights: ForecastView['weights'];
  readonly until: number | null;
}) => {
  // Weights change once a bar; market time ticks all the while.
  const minute = until === null ? null : Math.floor(until / 60_000) * 60_000;
  const spec = useMemo(
    () => ({
      data: { values: weightRows(weights, minute) },
      mark: { type: 'area', interpolate: 'step-after', tooltip: true },
      encoding: {
        x: { field: 'ts', type: 'temporal', scale: { type: 'utc' }, title: null },
        y: {
          field: 'weight',
          type: 'quantitative',
          stack: 'zero',
          scale: { domain: [0, 1] },
          axis: { format: '%', tickCount: 4 },
          title: null,
        },
        color: { field: 'model', type: 'nominal', title: null, legend: { orient: 'bottom' } },
        tooltip: [
          { field: 'model', title: 'Model' },
          { field: 'weight', title: 'Weight', format: '.1%' },
          { field: 'ts', type: 'temporal', title: 'UTC', format: '%Y-%m-%d %H:%M', timeUnit: 'utcyearmonthdatehoursminutes' },
        ],
      },
    }),
    [weights, minute],
  );
  return <VegaChart spec={spec} label={`Weights of the models of ${strategy} over time`} height={220} />;
};
