import type { Finding } from '../series.js';
import { finding, grouped, place, type Check } from './check.js';

/**
 * Bars in which nothing happened: volume zero, or runs of bars whose four prices are all the same. An illiquid market looks like this, and so
 * does a source that fills gaps with the last price; fills at such prices are fiction.
 */
export const idleBars: Check = (series, context) => {
  if (series.kind !== 'bars') return [];
  const [open, high, low, close, volume] = series.columns;
  if (!open || !high || !low || !close || !volume) return [];
  let zero = 0;
  let firstZero = -1;
  let flat = 0;
  let run = 0;
  let longest = 0;
  let longestStart = -1;
  for (let i = 0; i < series.rows; i++) {
    if (volume[i] === 0 && zero++ === 0) firstZero = i;
    const isFlat = high[i] === low[i];
    if (isFlat) flat++;
    run = isFlat && (run === 0 || close[i] === close[i - 1]) ? run + 1 : isFlat ? 1 : 0;
    if (run > longest) {
      longest = run;
      longestStart = i - run + 1;
    }
  }
  const findings: Finding[] = [];
  if (zero > 0)
    findings.push(
      finding(
        series,
        context,
        'zero-volume',
        zero > 0.01 * series.rows ? 'warning' : 'info',
        firstZero,
        zero,
        `${grouped(zero)} of ${grouped(series.rows)} bars have no volume, first at ${place(series, context, firstZero)}; ${grouped(flat)} bars are flat.`,
      ),
    );
  if (longest >= 5)
    findings.push(
      finding(
        series,
        context,
        'flat-run',
        'warning',
        longestStart,
        flat,
        `${grouped(flat)} of ${grouped(series.rows)} bars are flat; the longest run is ${grouped(longest)} bars at ${close[longestStart]} from ${place(series, context, longestStart)}.`,
      ),
    );
  return findings;
};
