import { DAY, HOUR } from '../../time.js';
import type { Zone } from '../quality/zone.js';
import type { TimeUnit } from './options.js';
import { parseDateText } from './date-text.js';

const PER_MS = { s: 0.001, ms: 1, us: 1_000, ns: 1_000_000 } as const;
type Unit = keyof typeof PER_MS;

const unitOf = (value: number): Unit => (value < 1e11 ? 's' : value < 1e14 ? 'ms' : value < 1e17 ? 'us' : 'ns');

/** What was found while numbers became times. */
interface TimeReading {
  /** Units met, most used first; `yyyymmdd` for dates written as one number. */
  readonly units: readonly { readonly unit: string; readonly rows: number; readonly first: number }[];
}

const isCompactDate = (value: number): boolean =>
  value >= 19000101 && value <= 22001231 && Number.isInteger(value) && !Number.isNaN(parseDateText(String(value)).ms);

/**
 * Turns numeric times into milliseconds, in place. With `auto` each value's size decides (below 10^11 seconds, 10^14 milliseconds, 10^17
 * microseconds, else nanoseconds), so that a file whose archives changed unit half-way is read rightly and the change can be told.
 * Times outside 1970…2103 become NaN.
 */
export const toMilliseconds = (values: Float64Array, unit: TimeUnit): TimeReading => {
  const tally = new Map<string, { rows: number; first: number }>();
  const compact = unit === 'auto' && values.length > 0 && values.subarray(0, 200).every(value => isCompactDate(value));
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const used = compact ? 'yyyymmdd' : unit === 'auto' ? unitOf(value) : unit;
    const ms =
      used === 'yyyymmdd'
        ? parseDateText(String(value)).ms
        : used === 's'
          ? Math.round(value * 1e6) / 1e3
          : used === 'ms'
            ? value
            : value / PER_MS[used];
    values[i] = ms > 0 && ms < 4.2e12 ? ms : NaN;
    const seen = tally.get(used);
    if (seen) seen.rows++;
    else tally.set(used, { rows: 1, first: i });
  }
  return { units: [...tally].map(([name, { rows, first }]) => ({ unit: name, rows, first })).sort((a, b) => b.rows - a.rows) };
};

/** What was found while a local clock became UTC. */
interface ZoneReading {
  /** Rows whose local time does not exist: the clock was put forward over it. */
  readonly impossible: readonly number[];
}

/**
 * Turns wall-clock times of a zone into UTC, in place. In the hour that a clock shows twice the first is taken unless the row before it is
 * already there, in the direction in which the file runs.
 */
export const toUtc = (values: Float64Array, zone: Zone): ZoneReading => {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { impossible: [] };
  const transitions = zone.transitions(low - 2 * DAY, high + 2 * DAY);
  const initial = zone.offsetAt(low - 2 * DAY);
  const impossible: number[] = [];
  const newestFirst = (values[0] ?? 0) > (values[values.length - 1] ?? 0);
  let previous = NaN;
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    const wall = values[i] ?? NaN;
    if (Number.isNaN(wall)) continue;
    while (at < transitions.length && (transitions[at]?.at ?? Infinity) <= wall - 15 * HOUR) at++;
    while (at > 0 && (transitions[at - 1]?.at ?? -Infinity) > wall - 15 * HOUR) at--;
    const next = transitions[at];
    const offset = next?.before ?? transitions[at - 1]?.after ?? initial;
    let utc = wall - offset;
    if (next && utc >= next.at) {
      const after = wall - next.after;
      if (after < next.at) {
        impossible.push(i);
        utc = wall - next.before;
      } else utc = after;
    } else if (next && next.after < next.before && wall - next.after >= next.at) {
      // The hour that comes twice: utc is the first, `second` the second.
      const second = wall - next.after;
      if (newestFirst ? !(previous <= second) : previous >= utc) utc = second;
    }
    values[i] = utc;
    previous = utc;
  }
  return { impossible };
};
