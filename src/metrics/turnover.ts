import { sum } from '../numeric/sum.js';
import { mean } from '../statistics/moments.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Notional traded (both sides) ÷ mean equity ÷ years: 12 means that equity was traded twelve times a year. */
export const turnover: Metric = ({ fills, curve, years }) => {
  if (curve.length === 0 || !(years > 0)) return undefinedBecause('the run covers no time');
  const equity = mean(curve.equity);
  if (!(equity > 0)) return undefinedBecause('mean equity is not positive');
  return finiteOr(sum(fills.map(fill => Math.abs(fill.price * fill.quantity))) / equity / years, 'the run is too short to annualise');
};
