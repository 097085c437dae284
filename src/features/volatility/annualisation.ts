import type { Bar } from '../../events/market.js';
import { positive } from '../parameters.js';
import { YEAR } from '../../time.js';

/**
 * Bars in a year. Unless said it is 365 days ÷ the length of the bar at hand, right for a market that never closes;
 * 252 for daily bars of a stock exchange, 1 for the volatility of one bar.
 */
export interface AnnualisationOptions {
  readonly periodsPerYear?: number;
}

/** The checked option, NaN when it is left to the bars. */
export const periodsPerYearOf = (name: string, options: AnnualisationOptions): number =>
  options.periodsPerYear === undefined ? NaN : positive(name, 'periodsPerYear', options.periodsPerYear);

/** For keys. */
export const annualisationKey = (periodsPerYear: number): string | undefined =>
  Number.isNaN(periodsPerYear) ? undefined : `periodsPerYear=${periodsPerYear}`;

/** Volatility per year from a variance per bar; a variance that is negative by a rounding is 0. */
export const annualised = (variance: number, bar: Bar, periodsPerYear: number): number =>
  Math.sqrt((variance < 0 ? 0 : variance) * (periodsPerYear > 0 ? periodsPerYear : YEAR / (bar.ts - bar.openTime)));
