import { HOUR, MINUTE, formatDuration, formatTime } from '../../time.js';
import type { Finding } from '../series.js';
import { beforeLine, finding, grouped, place, plural, type Check } from './check.js';
import { formatOffset } from './zone.js';

/**
 * Funding that should have been settled and is not in the file: a settlement later than its interval (column `interval`) after the one before.
 * An error, because a position held over it would pay nothing. Changes of interval are told (`funding-interval`), not faulted.
 */
export const missingFunding: Check = (series, context) => {
  if (series.kind !== 'funding') return [];
  const { ts, rows } = series;
  const interval = series.columns[1];
  if (!interval) return [];
  const findings: Finding[] = [];
  const holes: string[] = [];
  let missing = 0;
  let first = -1;
  let early = 0;
  let firstEarly = -1;
  const changes: string[] = [];
  for (let i = 1; i < rows; i++) {
    const length = interval[i] ?? NaN;
    const steps = Math.round(((ts[i] ?? NaN) - (ts[i - 1] ?? NaN)) / length);
    if (length !== interval[i - 1])
      changes.push(`${formatDuration(interval[i - 1] ?? NaN)} → ${formatDuration(length)} at ${place(series, context, i)}`);
    if (steps > 1) {
      if (first < 0) first = i;
      missing += steps - 1;
      holes.push(`${formatTime(ts[i - 1] ?? NaN)} → ${formatTime(ts[i] ?? NaN)}${beforeLine(context, i)} (${steps - 1})`);
    } else if ((ts[i] ?? NaN) - (ts[i - 1] ?? NaN) < 0.5 * length && early++ === 0) firstEarly = i;
  }
  if (missing > 0)
    findings.push(
      finding(
        series,
        context,
        'missing-funding',
        'error',
        first,
        missing,
        `${plural(missing, 'settlement')} missing: ${holes.slice(0, 5).join('; ')}${holes.length > 5 ? '; …' : ''}.`,
      ),
    );
  if (early > 0)
    findings.push(
      finding(
        series,
        context,
        'irregular-funding',
        'warning',
        firstEarly,
        early,
        `${plural(early, 'settlement')} sooner than the interval allows, first at ${place(series, context, firstEarly)}.`,
      ),
    );
  if (changes.length > 0)
    findings.push(
      finding(
        series,
        context,
        'funding-interval',
        'info',
        undefined,
        changes.length,
        `The funding interval changes: ${changes.slice(0, 5).join('; ')}.`,
      ),
    );
  return findings;
};

/** Venues that settle at 04:00, 12:00 and 20:00 UTC. */
const OTHER_GRID = new Set(['bitmex']);

/**
 * Settlements off the hours at which venues settle (multiples of the interval from 00:00 UTC, to within a minute). When all are off by the same
 * hours the file's clock is local: `local-time` names the zone to read it with. Single ones are `off-grid`.
 */
export const fundingGrid: Check = (series, context) => {
  if (series.kind !== 'funding' || OTHER_GRID.has(context.exchange)) return [];
  const { ts, rows } = series;
  const interval = series.columns[1];
  if (!interval || rows === 0) return [];
  const phases = new Map<number, { count: number; first: number }>();
  let jitter = 0;
  for (let i = 0; i < rows; i++) {
    const time = ts[i] ?? NaN;
    const minute = Math.round(time / MINUTE) * MINUTE;
    if (minute !== time) jitter = Math.max(jitter, Math.abs(time - minute));
    const phase = minute % (interval[i] ?? HOUR);
    const seen = phases.get(phase);
    if (seen) seen.count++;
    else phases.set(phase, { count: 1, first: i });
  }
  const [main, ...others] = [...phases].sort((a, b) => b[1].count - a[1].count);
  if (!main) return [];
  const findings: Finding[] = [];
  const length = interval[main[1].first] ?? HOUR;
  const constant = main[0] !== 0 && main[1].count > 0.9 * rows;
  if (constant) {
    const ahead = main[0] <= length / 2 ? main[0] : main[0] - length;
    const other = ahead > 0 ? ahead - length : ahead + length;
    findings.push(
      finding(
        series,
        context,
        'local-time',
        'error',
        main[1].first,
        main[1].count,
        `${grouped(main[1].count)} of ${grouped(rows)} settlements are ${formatDuration(main[0])} after the venue's ${formatDuration(length)} grid of UTC, first at ${place(series, context, main[1].first)}: the clock is local. Read it with --zone ${formatOffset(ahead)} (or ${formatOffset(other)}).`,
      ),
    );
  }
  const stray = others.filter(([phase]) => constant || phase !== 0);
  const count = (constant || main[0] === 0 ? 0 : main[1].count) + stray.reduce((sum, [, phase]) => sum + phase.count, 0);
  if (count > 0) {
    const first = Math.min(...(constant || main[0] === 0 ? [] : [main[1].first]), ...stray.map(([, phase]) => phase.first));
    findings.push(
      finding(
        series,
        context,
        'off-grid',
        'error',
        first,
        count,
        `${grouped(count)} of ${grouped(rows)} settlements are off the grid of the others, first at ${place(series, context, first)}.`,
      ),
    );
  }
  if (jitter > 0)
    findings.push(
      finding(
        series,
        context,
        'jitter',
        'info',
        undefined,
        rows,
        `Settlement times carry up to ${grouped(jitter)} ms of jitter; they are kept as they are.`,
      ),
    );
  return findings;
};

/** Rates beyond ±4 % per interval: above what venues cap them at, so probably percents and not fractions. */
export const fundingSize: Check = (series, context) => {
  const rate = series.columns[0];
  if (series.kind !== 'funding' || !rate) return [];
  let count = 0;
  let first = -1;
  for (let i = 0; i < series.rows; i++) if (Math.abs(rate[i] ?? 0) > 0.04 && count++ === 0) first = i;
  if (count === 0) return [];
  return [
    finding(
      series,
      context,
      'funding-size',
      count > 0.01 * series.rows ? 'error' : 'warning',
      first,
      count,
      `${plural(count, 'rate')} beyond 4 % per interval, first ${rate[first]} at ${place(series, context, first)}: rates are fractions (0.0001 is one basis point), not percents.`,
    ),
  ];
};
