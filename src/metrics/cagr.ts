import { power } from '../numeric/pow.js';
import type { Vector } from '../numeric/vector.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { compoundReturn } from './total-return.js';

/**
 * Compound annual growth (1 + totalReturn)^(1 ÷ years) − 1. −1 when nothing or less is left; NaN for no time.
 * Source: CFA Institute, Global Investment Performance Standards, annualised time-weighted return.
 */
export const annualGrowth = (total: number, years: number): number => {
  if (!(years > 0)) return NaN;
  return total <= -1 ? -1 : power(1 + total, 1 / years) - 1;
};

/** `annualGrowth` of a series of simple returns with `periodsPerYear` of them to the year. */
export const annualReturn = (returns: Vector, periodsPerYear: number): number =>
  annualGrowth(compoundReturn(returns), returns.length / periodsPerYear);

/** Compound annual growth of equity over the elapsed years of 365 days, as a fraction; not defined for less than a day, of which a year cannot be told. */
export const cagr: Metric = ({ initialCapital, curve, years }) => {
  if (curve.length === 0 || !(years > 0)) return undefinedBecause('the run covers no time');
  if (years < 1 / 365) return undefinedBecause('the run covers less than a day');
  return finiteOr(
    annualGrowth(curve.equity[curve.length - 1]! / initialCapital - 1, years),
    'the run is too short to annualise its return',
  );
};
