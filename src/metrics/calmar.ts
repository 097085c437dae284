import { cagr } from './cagr.js';
import { maxDrawdown } from './max-drawdown.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Annual growth ÷ |drawdown|; NaN without a drawdown. */
export const calmarRatio = (annual: number, drawdown: number): number => (drawdown < 0 ? annual / -drawdown : NaN);

/** CAGR ÷ |maximum drawdown|, both over the whole run. Source: T. W. Young, Calmar Ratio: A Smoother Tool, Futures 20 (1991). */
export const calmar: Metric = track => {
  const annual = cagr(track);
  const drawdown = maxDrawdown(track);
  if (typeof annual !== 'number') return annual;
  if (typeof drawdown !== 'number') return drawdown;
  return drawdown === 0 ? undefinedBecause('equity never fell below its peak') : calmarRatio(annual, drawdown);
};
