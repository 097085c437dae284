import type { Finding, Series } from '../series.js';
import { finding, grouped, place, type Check } from './check.js';

/** Whether two rows hold the same values. */
export const sameRow = (series: Pick<Series, 'columns'>, a: number, b: number): boolean =>
  series.columns.every(column => Object.is(column[a], column[b]));

/**
 * Rows that share a timestamp, in a series sorted by time but not yet unique. Identical ones (`duplicate`) have one right answer;
 * ones with other contents (`conflicting-duplicate`) have none unless the user names a rule.
 */
export const duplicates: Check = (series, context) => {
  const { ts, rows } = series;
  const identical = { count: 0, first: -1 };
  const conflicting = { count: 0, first: -1 };
  for (let i = 1, start = 0; i < rows; i++) {
    if (ts[i] !== ts[i - 1]) {
      start = i;
      continue;
    }
    const tally = sameRow(series, start, i) ? identical : conflicting;
    if (tally.count++ === 0) tally.first = i;
  }
  const findings: Finding[] = [];
  if (identical.count > 0)
    findings.push(
      finding(
        series,
        context,
        'duplicate',
        'error',
        identical.first,
        identical.count,
        `${grouped(identical.count)} rows repeat another row exactly, first at ${place(series, context, identical.first)}.`,
      ),
    );
  if (conflicting.count > 0)
    findings.push(
      finding(
        series,
        context,
        'conflicting-duplicate',
        'error',
        conflicting.first,
        conflicting.count,
        `${grouped(conflicting.count)} rows have the time of another row and other values, first at ${place(series, context, conflicting.first)}: which is right cannot be told from this file.`,
      ),
    );
  return findings;
};
