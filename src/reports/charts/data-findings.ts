import { emptyChart, FILL, head } from './chart.js';
import { timeX } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** One finding about the data, when it has a time. */
export interface FindingRow {
  readonly ts: number;
  readonly code: string;
  readonly symbol: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly count: number;
  readonly message: string;
}

/** Where in time the data is doubtful: gaps, impossible steps, duplicates; larger marks concern more rows. */
export const dataFindings = (
  rows: readonly FindingRow[],
  { title, subtitle, from, to }: Heading & { from: number; to: number },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length === 0) return emptyChart(heading, 'No finding has a place in time.');
  const severities = ['error', 'warning', 'info'];
  return {
    ...head(heading, { rows, ends: [{ ts: from }, { ts: to }] }),
    ...FILL,
    data: { name: 'rows' },
    height: 30 * new Set(rows.map(row => row.code)).size + 10,
    layer: [
      { data: { name: 'ends' }, mark: { type: 'rule', opacity: 0, tooltip: null }, encoding: { x: timeX } },
      {
        transform: [{ calculate: "utcFormat(datum.ts, '%d %b %Y %H:%M')", as: 'when' }],
        mark: { type: 'point', opacity: 0.8 },
        encoding: {
          x: timeX,
          y: { field: 'code', type: 'nominal', axis: { title: null, grid: true } },
          size: { field: 'count', type: 'quantitative', scale: { type: 'sqrt', range: [40, 400] }, legend: null },
          fill: {
            field: 'severity',
            type: 'nominal',
            scale: { domain: severities, range: [{ expr: 'alarm' }, { expr: 'loss' }, { expr: 'benchmark' }] },
            legend: { symbolStrokeWidth: 0 },
          },
          shape: { field: 'severity', type: 'nominal', scale: { domain: severities, range: ['diamond', 'triangle-up', 'circle'] } },
          tooltip: [
            { field: 'when', type: 'nominal', title: 'From (UTC)' },
            { field: 'code', type: 'nominal', title: 'Finding' },
            { field: 'symbol', type: 'nominal', title: 'Symbol' },
            { field: 'severity', type: 'nominal', title: 'Severity' },
            { field: 'count', type: 'quantitative', title: 'Rows concerned', format: ',' },
            { field: 'message', type: 'nominal', title: 'What' },
          ],
        },
      },
    ],
  };
};
