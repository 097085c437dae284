import { annualReturn } from '../metrics/cagr.js';
import { calmarRatio } from '../metrics/calmar.js';
import { deepestDrawdownOfReturns } from '../metrics/max-drawdown.js';
import { sharpeRatio } from '../metrics/sharpe.js';
import { sortinoRatio } from '../metrics/sortino.js';
import { annualVolatility } from '../metrics/volatility.js';
import { usageError } from '../errors.js';

const growth = (returns: Float64Array): number => returns.reduce((product, r) => product * (1 + r), 1) - 1;

/** Figures that returns alone define, by the names of their metrics; higher is better, so volatility is turned round. */
const FIGURES: Readonly<Record<string, (returns: Float64Array, periodsPerYear: number) => number>> = {
  sharpe: sharpeRatio,
  sortino: (returns, perYear) => sortinoRatio(returns, perYear),
  calmar: (returns, perYear) => calmarRatio(annualReturn(returns, perYear), deepestDrawdownOfReturns(returns)),
  cagr: annualReturn,
  totalReturn: growth,
  maxDrawdown: deepestDrawdownOfReturns,
  volatility: (returns, perYear) => 0 - annualVolatility(returns, perYear),
};

/** What pieces of history joined together score, from their returns alone; null where it is not defined. */
export type ReturnScore = (returns: Float64Array, periodsPerYear: number) => number | null;

/** Throws a usage error for a metric that needs more than returns: trades and curves of pieces do not join. */
export const returnScore = (metric: string): ReturnScore => {
  const figure = FIGURES[metric];
  if (figure === undefined)
    throw usageError(
      'unknown-metric',
      `${metric} cannot be had from pieces of history joined together.`,
      `Cross-validation chooses by ${Object.keys(FIGURES).join(', ')}.`,
    );
  return (returns, periodsPerYear) => {
    const value = figure(returns, periodsPerYear);
    return Number.isFinite(value) ? value : null;
  };
};
