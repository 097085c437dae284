import type { Finding } from '../series.js';
import { finding, grouped, place, type Check } from './check.js';

/**
 * Rows as they stand in the file, unsorted: times that step back. A file that runs from newest to oldest is one
 * finding (`newest-first`, with one right answer), the rows that break its order are another.
 */
export const outOfOrder: Check = (series, context) => {
  const { ts, rows } = series;
  let back = 0;
  let forward = 0;
  for (let i = 1; i < rows; i++) {
    const step = (ts[i] ?? NaN) - (ts[i - 1] ?? NaN);
    if (step < 0) back++;
    else if (step > 0) forward++;
  }
  if (back === 0) return [];
  const findings: Finding[] = [];
  const descending = back > forward;
  if (descending)
    findings.push(
      finding(
        series,
        context,
        'newest-first',
        'error',
        0,
        rows,
        `The file runs from newest to oldest: ${grouped(rows)} rows, in reverse of time.`,
      ),
    );
  const wrong = descending ? forward : back;
  if (wrong === 0) return findings;
  const first = firstBreak(ts, rows, descending);
  findings.push(
    finding(
      series,
      context,
      'out-of-order',
      'error',
      first,
      wrong,
      `${grouped(wrong)} of ${grouped(rows)} rows step ${descending ? 'forward in a file that runs backward' : 'back'} in time, first at ${place(series, context, first)}.`,
    ),
  );
  return findings;
};

const firstBreak = (ts: Float64Array, rows: number, descending: boolean): number => {
  for (let i = 1; i < rows; i++) {
    const step = (ts[i] ?? NaN) - (ts[i - 1] ?? NaN);
    if (descending ? step > 0 : step < 0) return i;
  }
  return 0;
};
