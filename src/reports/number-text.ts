import { figure } from '../experiments/evidence/figure-text.js';
import { DAY, HOUR, MINUTE } from '../time.js';

/** What stands where there is no number. */
export const NONE = '–';

/** `12,345.68`, with a true minus sign; a dash for what is not finite. */
export const decimal = (value: number, digits = 2): string => (Number.isFinite(value) ? figure(value, digits) : NONE);

/** A fraction as `12.3%`. */
export const percent = (fraction: number, digits = 1): string => (Number.isFinite(fraction) ? `${figure(fraction * 100, digits)}%` : NONE);

/** A fraction as `+12.3%` or `−4.0%`. */
export const signedPercent = (fraction: number, digits = 1): string => {
  const text = percent(fraction, digits);
  return fraction > 0 && /[1-9]/.test(text) ? `+${text}` : text;
};

/** `12,345`. */
export const count = (value: number): string => decimal(value, 0);

/** An amount of money with as many decimals as its size deserves: `1,234,567`, `1,234.50`, `0.001235`. */
export const money = (value: number): string => {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size === 0) return '0';
  return decimal(value, size >= 100_000 ? 0 : size >= 1 ? 2 : Math.min(10, 3 - Math.floor(Math.log10(size))));
};

/** An amount for a headline: no decimals from a hundred on. */
export const roundMoney = (value: number): string => (Math.abs(value) >= 100 ? decimal(value, 0) : money(value));

/** A column of prices or quantities with as many decimals as its finest needs at seven significant digits, so that the points align. */
export const aligned = (values: readonly number[]): string[] => {
  const digits = values.reduce((most, value) => {
    const [, fraction = ''] = Number(value.toPrecision(7)).toString().split('.');
    return Math.max(most, /e/.test(fraction) ? 8 : fraction.length);
  }, 0);
  return values.map(value => decimal(value, Math.min(8, digits)));
};

/** `1 Jan 2022` UTC, kept on one line. */
export const dateText = (ts: number): string =>
  new Date(ts).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).replace(/ /g, '\u00a0');

/** A price or quantity: seven significant digits at most, grouped, no trailing zeros. */
export const quantity = (value: number): string => {
  if (!Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toLocaleString('en-US', { maximumSignificantDigits: 7 });
  return value < 0 ? `−${text}` : text;
};

/** A stretch of time to two units at most: `3 d 4 h`, `45 min`, `1.4 y`. */
export const span = (ms: number): string => {
  if (!Number.isFinite(ms)) return NONE;
  if (ms >= 700 * DAY) return `${decimal(ms / (365 * DAY), 1)} y`;
  if (ms >= 10 * DAY) return `${count(ms / DAY)} d`;
  if (ms >= DAY) {
    const hours = Math.round(ms / HOUR);
    return `${Math.floor(hours / 24)} d${hours % 24 > 0 ? ` ${hours % 24} h` : ''}`;
  }
  if (ms >= HOUR) {
    const minutes = Math.round(ms / MINUTE);
    return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
  }
  return ms >= MINUTE ? `${Math.round(ms / MINUTE)} min` : `${decimal(ms / 1000, ms >= 10_000 ? 0 : 1)} s`;
};
