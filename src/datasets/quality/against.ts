import type { Finding, Imported } from '../series.js';
import { compareBars } from './compare-bars.js';
import { compareRates } from './compare-rates.js';

/**
 * What one file cannot show: holds `a` against a second source of the same market that is trusted, and finds another market, a wrong zone, a wrong label
 * of the bars, another symbol or another scale. Bars of different lengths are compared over the longer ones' windows. The first finding is always
 * `compared` (info) with the overlap and the figures, or `not-compared` (warning) when there is nothing to compare.
 */
export const compareSeries = (a: Imported, good: Imported): Finding[] => {
  const { kind } = a.series;
  if (kind === good.series.kind && kind === 'funding') return compareRates(a, good);
  if (kind === good.series.kind && (kind === 'bars' || kind === 'mark' || kind === 'index')) return compareBars(a, good);
  return [
    {
      code: 'not-compared',
      severity: 'warning',
      file: a.source.file,
      symbol: a.series.symbol,
      kind,
      count: a.series.rows,
      message: `${kind} rows cannot be compared with ${good.series.kind} of ${good.source.file}.`,
    },
  ];
};
