import { emptyChart, FILL, head } from './chart.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** What came of a forecast of a rise. */
export const CAME = ['Rose', 'Did not rise', 'Not known yet'] as const;

/** Forecasts of one bin of the probability of a rise that came out one way. */
export interface ProbabilityBin {
  readonly from: number;
  readonly to: number;
  readonly came: (typeof CAME)[number];
  readonly count: number;
}

/** How bold the forecasts are, and what came of them: a model that never leaves the base rate, marked by a line, says nothing. */
export const forecastDistribution = (
  rows: readonly ProbabilityBin[],
  { title, subtitle, baseRate }: Heading & { baseRate: number | null },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: no forecast was given.');
  const x = { type: 'quantitative', scale: { nice: false, zero: false } } as const;
  const baseLayers: Layer[] = [
    { mark: { type: 'rule', color: { expr: 'ink' }, tooltip: null }, data: { name: 'base' }, encoding: { x: { ...x, field: 'rate' } } },
    {
      data: { name: 'base' },
      mark: { type: 'text', align: 'center', baseline: 'bottom', dy: -3, fontSize: 10, color: { expr: 'ink' }, tooltip: null },
      encoding: { x: { ...x, field: 'rate' }, y: { value: 0 }, text: { field: 'label', type: 'nominal' } },
    },
  ];
  return {
    ...head(heading, { rows, ...(baseRate !== null && { base: [{ rate: baseRate, label: 'base rate' }] }) }),
    ...FILL,
    data: { name: 'rows' },
    height: 220,
    layer: [
      {
        mark: { type: 'bar', binSpacing: 1 },
        encoding: {
          x: { ...x, field: 'from', bin: { binned: true }, axis: { title: 'Probability of a rise', format: '.0%', tickCount: 6 } },
          x2: { field: 'to' },
          y: {
            field: 'count',
            type: 'quantitative',
            stack: 'zero',
            axis: { title: 'Forecasts', titleY: -12, tickCount: 4, tickMinStep: 1, format: ',d' },
          },
          color: {
            field: 'came',
            type: 'nominal',
            scale: { domain: [...CAME], range: [{ expr: 'gain' }, { expr: 'benchmark' }, { expr: 'hairline' }] },
            legend: { symbolType: 'square', offset: 26, values: CAME.filter(came => rows.some(row => row.came === came)) },
          },
          order: { field: 'place', type: 'quantitative' },
          tooltip: [
            { field: 'from', type: 'quantitative', title: 'From', format: '.1%' },
            { field: 'to', type: 'quantitative', title: 'To', format: '.1%' },
            { field: 'came', type: 'nominal', title: 'What came' },
            { field: 'count', type: 'quantitative', title: 'Forecasts', format: ',d' },
          ],
        },
        transform: [{ calculate: `indexof(${JSON.stringify(CAME)}, datum.came)`, as: 'place' }],
      },
      ...(baseRate === null ? [] : baseLayers),
    ],
  };
};
