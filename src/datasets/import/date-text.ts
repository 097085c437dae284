import { DAY, HOUR, MINUTE, SECOND } from '../../time.js';

/** Result of `parseDate`, reused: the wall-clock time as if it were UTC, and whether the text carried its own offset (then it is UTC). */
export interface ParsedDate {
  ms: number;
  absolute: boolean;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
};

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const digit = (bytes: Uint8Array, i: number): number => (bytes[i] ?? 0) - 48;
const isDigit = (bytes: Uint8Array, i: number, end: number): boolean => i < end && digit(bytes, i) >= 0 && digit(bytes, i) <= 9;
const two = (bytes: Uint8Array, i: number, end: number): number =>
  isDigit(bytes, i, end) && isDigit(bytes, i + 1, end) ? digit(bytes, i) * 10 + digit(bytes, i + 1) : NaN;

/** Milliseconds of an offset from `i` to the end (`Z`, ` UTC`, `+03:00`, `-0500`), 0 for nothing (`absolute` stays false), NaN for anything else. */
const readOffset = (bytes: Uint8Array, start: number, end: number, out: ParsedDate): number => {
  let i = start;
  while (i < end && bytes[i] === 32) i++;
  if (i === end) return 0;
  const c = bytes[i];
  if ((c === 90 || c === 122) && i + 1 === end) {
    out.absolute = true;
    return 0;
  }
  if (end - i === 3 && /^(utc|gmt)$/i.test(String.fromCharCode(...bytes.subarray(i, end)))) {
    out.absolute = true;
    return 0;
  }
  if (c !== 43 && c !== 45) return NaN;
  const hours = two(bytes, i + 1, end);
  const colon = bytes[i + 3] === 58 ? 1 : 0;
  const minutes = i + 3 >= end ? 0 : two(bytes, i + 3 + colon, end);
  if (i + 3 < end && i + 5 + colon !== end) return NaN;
  out.absolute = true;
  return (c === 45 ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
};

/**
 * Reads a written date: `2024-01-31`, `2024-01-31 08:00[:00[.000]]`, with `T`, `/` or `.` between, `20240131[ 080000]`, `2019-10-17 09-AM`,
 * `… 09:30 PM`, each with an optional `Z`, `UTC` or `+03:00`. `ms` is NaN for anything else, including 31 February.
 */
export const parseDate = (bytes: Uint8Array, start: number, end: number, out: ParsedDate): void => {
  out.ms = NaN;
  out.absolute = false;
  const year = two(bytes, start, end) * 100 + two(bytes, start + 2, end);
  const separated = !isDigit(bytes, start + 4, end);
  const separator = bytes[start + 4];
  if (separated && separator !== 45 && separator !== 47 && separator !== 46) return;
  const month = two(bytes, start + (separated ? 5 : 4), end);
  if (separated && bytes[start + 7] !== separator) return;
  const day = two(bytes, start + (separated ? 8 : 6), end);
  if (!(year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 0))) return;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return;
  let ms = daysFromCivil(year, month, day) * DAY;
  let i = start + (separated ? 10 : 8);
  if (i < end && (bytes[i] === 84 || bytes[i] === 32 || bytes[i] === 95) && isDigit(bytes, i + 1, end)) {
    let hours = two(bytes, i + 1, end);
    i += 3;
    const colon = bytes[i] === 58 ? 1 : 0;
    if (isDigit(bytes, i + colon, end)) {
      const minutes = two(bytes, i + colon, end);
      if (!(minutes < 60)) return;
      ms += minutes * MINUTE;
      i += 2 + colon;
      if (colon === 0 ? isDigit(bytes, i, end) : i < end && bytes[i] === 58) {
        const seconds = two(bytes, i + colon, end);
        if (!(seconds < 60)) return;
        ms += seconds * SECOND;
        i += 2 + colon;
        if (i < end && (bytes[i] === 46 || bytes[i] === 44)) {
          let scale = 1;
          let fraction = 0;
          for (i++; isDigit(bytes, i, end); i++) {
            scale *= 10;
            fraction = fraction * 10 + digit(bytes, i);
          }
          if (scale === 1) return;
          ms += (fraction * 1000) / scale;
        }
      }
    }
    const half = (bytes[i] === 45 || bytes[i] === 32) && (bytes[i + 2] === 77 || bytes[i + 2] === 109) ? i + 1 : i;
    const letter = half + 1 < end ? (bytes[half] ?? 0) | 32 : 0;
    if ((letter === 97 || letter === 112) && ((bytes[half + 1] ?? 0) | 32) === 109) {
      if (!(hours >= 1 && hours <= 12)) return;
      hours = (hours % 12) + (letter === 112 ? 12 : 0);
      i = half + 2;
    }
    if (!(hours < 24)) return;
    ms += hours * HOUR;
  }
  const offset = readOffset(bytes, i, end, out);
  if (!Number.isNaN(offset)) out.ms = ms - offset;
};

/** `parseDate` of a string. */
export const parseDateText = (text: string): ParsedDate => {
  const out: ParsedDate = { ms: NaN, absolute: false };
  const bytes = Buffer.from(text, 'latin1');
  parseDate(bytes, 0, bytes.length, out);
  return out;
};
