import { usageError } from './errors.js';

/** Milliseconds. All times are epoch milliseconds UTC as float64. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** 365 days: crypto trades every day, so a year of it is a calendar year. */
export const YEAR = 365 * DAY;

const UNIT: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: WEEK, y: YEAR };

/** `90d`, `8h`, `15m`, `1500ms`, `2w`, `1y` (365 days) in milliseconds. Throws a usage error on anything else. */
export const parseDuration = (text: string): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w|y)$/.exec(text.trim());
  const unit = UNIT[match?.[2] ?? ''];
  if (!match || unit === undefined)
    throw usageError('bad-duration', `"${text}" is not a duration.`, 'Write a number and a unit, like 90d, 8h, 15m or 100ms.');
  return Number(match[1]) * unit;
};

/** The shortest exact form: 3600000 → `1h`, 5400000 → `90m`. */
export const formatDuration = (ms: number): string => {
  for (const unit of ['w', 'd', 'h', 'm', 's'] as const) {
    const size = UNIT[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
};

/** `2024-01-31` or an ISO time (UTC unless it carries an offset), or epoch milliseconds. Throws a usage error on anything else. */
export const parseTime = (text: string): number => {
  const trimmed = text.trim();
  if (/^\d{12,}$/.test(trimmed)) return Number(trimmed);
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(trimmed);
  const ts = match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`) : NaN;
  if (Number.isNaN(ts))
    throw usageError('bad-time', `"${text}" is not a time.`, 'Write a UTC date like 2024-01-31 or a time like 2024-01-31T08:00Z.');
  return ts;
};

/** `2024-01-31 08:00` UTC; seconds and milliseconds only when they are not zero. */
export const formatTime = (ts: number): string => {
  if (!Number.isFinite(ts)) return String(ts);
  const iso = new Date(ts).toISOString();
  const tail = iso.slice(16, 23);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${tail === ':00.000' ? '' : tail.endsWith('.000') ? tail.slice(0, 3) : tail}`;
};

/** `2024-01-31` UTC. */
export const formatDate = (ts: number): string => new Date(ts).toISOString().slice(0, 10);
