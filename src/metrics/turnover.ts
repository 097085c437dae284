import { sum } from '../numeric/sum.js';
import { curveOf } from './curve-statistics.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Notional traded (both sides) ÷ mean equity ÷ years: 12 means that equity was traded twelve times a year. */
export const turnover: Metric = track => {
  const { curve, years } = track;
  if (curve.length === 0 || !(years > 0)) return undefinedBecause('the run covers no time');
  const equity = curveOf(track).meanEquity;
  if (!(equity > 0)) return undefinedBecause('mean equity is not positive');
  return finiteOr(sum(outcomesOf(track).traded) / equity / years, 'the run is too short to annualise');
};
