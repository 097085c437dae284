import { usageError } from '../../errors.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../time.js';

/** One change of a zone's offset: at `at` (UTC) clocks went from `before` to `after` milliseconds ahead of UTC. */
interface Transition {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** A wall clock. */
export interface Zone {
  readonly name: string;
  /** Milliseconds that this clock is ahead of UTC at a UTC time. */
  offsetAt(utc: number): number;
  /** Changes of the offset within [from, to], UTC. */
  transitions(from: number, to: number): Transition[];
}

const fixed = (name: string, offset: number): Zone => ({ name, offsetAt: () => offset, transitions: () => [] });

const intlZone = (name: string): Zone => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (utc: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value);
    const wall = Date.UTC(
      part['year'] ?? 0,
      (part['month'] ?? 1) - 1,
      part['day'] ?? 1,
      part['hour'] ?? 0,
      part['minute'] ?? 0,
      part['second'] ?? 0,
    );
    return wall - Math.floor(utc / SECOND) * SECOND;
  };
  const transitions = (from: number, to: number): Transition[] => {
    const found: Transition[] = [];
    let low = from;
    let before = offsetAt(low);
    while (low < to) {
      const high = Math.min(low + 14 * DAY, to);
      const after = offsetAt(high);
      if (after !== before) {
        let a = low;
        let b = high;
        while (b - a > SECOND) {
          const middle = Math.floor((a + b) / 2);
          if (offsetAt(middle) === before) a = middle;
          else b = middle;
        }
        found.push({ at: Math.round(b / MINUTE) * MINUTE, before, after });
      }
      low = high;
      before = after;
    }
    return found;
  };
  return { name, offsetAt, transitions };
};

/** `UTC`, `+03:00`, `-5`, `UTC+3` or an IANA name like `Europe/London`. Throws a usage error on anything else. */
export const zone = (name: string): Zone => {
  const text = name.trim();
  if (/^(utc|gmt|z)$/i.test(text)) return fixed('UTC', 0);
  const match = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text);
  if (match) {
    const offset = (match[1] === '-' ? -1 : 1) * (Number(match[2]) * HOUR + Number(match[3] ?? 0) * MINUTE);
    if (Math.abs(offset) <= 14 * HOUR) return fixed(formatOffset(offset), offset);
  }
  try {
    return intlZone(text);
  } catch {
    throw usageError('bad-zone', `"${name}" is not a time zone.`, 'Write UTC, an offset like +03:00, or an IANA name like Europe/London.');
  }
};

/** 10800000 → `+03:00`. */
export const formatOffset = (offset: number): string => {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  return `${offset < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
};

/** Clocks that market data is found written in, most likely first. */
const COMMON_ZONES = [
  'Europe/London',
  'America/New_York',
  'Europe/Berlin',
  'America/Chicago',
  'America/Los_Angeles',
  'Europe/Athens',
  'America/Denver',
  'Australia/Sydney',
  'Asia/Jerusalem',
  'America/Sao_Paulo',
  'Asia/Tehran',
  'Pacific/Auckland',
];

let common: Zone[] | undefined;
/** Zones with daylight saving that a file's local clock is compared with. */
export const commonZones = (): readonly Zone[] => (common ??= COMMON_ZONES.map(intlZone));
