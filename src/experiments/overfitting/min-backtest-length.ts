import { expectedMaximum } from './dsr.js';

/**
 * Years of backtest below which the best of `trials` worthless strategies is expected to show an annual Sharpe ratio of `annualSharpe`: a shorter
 * backtest with that ratio says nothing. Infinity for a ratio of 0 or less, which luck reaches over any length. Trials are taken as independent.
 * Source: Bailey, Borwein, López de Prado & Zhu, Pseudo-Mathematics and Financial Charlatanism, Notices of the AMS 61 (2014), theorem 1.
 */
export const minBacktestYears = (trials: number, annualSharpe: number): number => {
  if (annualSharpe <= 0) return Infinity;
  const years = expectedMaximum(trials) / annualSharpe;
  return years * years;
};

/** A simple length in years that is always enough, 2 ln(trials) ÷ `annualSharpe`²: the upper bound of the same theorem. */
export const minBacktestYearsBound = (trials: number, annualSharpe: number): number =>
  annualSharpe <= 0 ? Infinity : (2 * Math.log(trials)) / (annualSharpe * annualSharpe);
