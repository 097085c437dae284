import { counted } from '../../experiments/evidence/figure-text.js';

/** So many days in the unit that a person would plan in, rounded by `round`. */
const inWords = (days: number, round: (value: number) => number): string => {
  if (days < 1 / 24) return counted(round(days * 1440), 'minute');
  if (days < 2) return counted(round(days * 24), 'hour');
  return counted(round(days), 'day');
};

/** How long something lasted, rounded down, so that nothing looks longer than it was: `27 days`, `6 hours`. */
export const lasted = (days: number): string => inWords(days, Math.floor);

/** How long is to be waited, rounded up: `about 9 months`. */
export const toWait = (days: number): string => {
  if (days < 60) return `about ${inWords(days, Math.ceil)}`;
  return days < 730 ? `about ${counted(Math.ceil(days / (365 / 12)), 'month')}` : `about ${counted(Math.ceil(days / 365), 'year')}`;
};

/** Days until a count that came to `have` in `days` comes to `wanted` at the same rate; null where there is no rate. */
export const daysUntil = (have: number, days: number | null, wanted: number): number | null =>
  have > 0 && days !== null && days > 0 ? ((wanted - have) * days) / have : null;
