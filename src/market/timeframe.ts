import { usageError } from '../errors.js';
import { DAY, HOUR, MINUTE, SECOND, WEEK } from '../time.js';

/** Length of a bar as exchanges write it: `1m`, `15m`, `1h`, `8h`, `1d`, `1w`. */
export type Timeframe = `${number}${'s' | 'm' | 'h' | 'd' | 'w'}`;

const UNIT: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: WEEK };

/** Milliseconds of one bar. Throws a usage error for text that is not a timeframe. */
export const timeframeMs = (timeframe: string): number => {
  const match = /^([1-9]\d*)([smhdw])$/.exec(timeframe);
  const unit = UNIT[match?.[2] ?? ''];
  if (!match || unit === undefined)
    throw usageError('bad-timeframe', `"${timeframe}" is not a timeframe.`, 'Write it as the exchanges do: 1m, 15m, 1h, 8h, 1d.');
  return Number(match[1]) * unit;
};

/** Checked text to `Timeframe`. */
export const timeframe = (text: string): Timeframe => {
  timeframeMs(text);
  return text as Timeframe;
};

/** Milliseconds to the largest unit that divides them: 3600000 → `1h`. */
export const timeframeOf = (ms: number): Timeframe => {
  for (const unit of ['w', 'd', 'h', 'm', 's'] as const) {
    const size = UNIT[unit] ?? SECOND;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  throw usageError('bad-timeframe', `${ms} ms is not a whole number of seconds.`);
};

/** Start of the bar of this timeframe that contains `ts`; weeks start on Monday 00:00 UTC, everything else counts from the epoch. */
export const barStart = (ts: number, ms: number): number => {
  const offset = ms % WEEK === 0 ? 4 * DAY : 0;
  return Math.floor((ts - offset) / ms) * ms + offset;
};
