import { bp, count, money, NONE, percent, ratio, span } from '../parts/figures.js';

/** The value of a limit, or how much of it is used, in its unit; null is off. */
export const limitText = (value: number | boolean | null, unit: string): string => {
  if (value === null) return 'off';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (!Number.isFinite(value)) return NONE;
  switch (unit) {
    case 'fraction':
      return percent(value, Math.abs(value) < 0.1 ? 2 : 1);
    case 'multiple':
      return `${ratio(value, 2)}×`;
    case 'money':
      return money(value);
    case 'count':
      return count(value);
    case 'ms':
      return span(value);
    case 'bars':
      return `${ratio(value, Number.isInteger(value) ? 0 : 1)} bars`;
    case 'bp':
      return bp(value / 10_000);
    default:
      return ratio(value);
  }
};

/** The same as somebody would type it. */
export const limitTyped = (value: number | boolean | null, unit: string): string => {
  if (value === null) return 'off';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return unit === 'fraction' ? `${Number((value * 100).toPrecision(12))}%` : String(value);
};
