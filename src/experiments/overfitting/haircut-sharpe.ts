import { usageError } from '../../errors.js';
import { normalCdf, normalQuantile } from '../../statistics/normal.js';
import { falseDiscovery } from './false-discovery.js';
import { bonferroni, holm } from './family-wise.js';

/** All that was tried. */
export interface TriedSharpes {
  /** Sharpe ratio per observation (not annual) of every trial; NaN for one that has none. */
  readonly sharpes: readonly number[];
  /** Number of returns behind each ratio. */
  readonly observations: number;
  /** Number of trials when more were made than `sharpes` holds; those missing count as failures. */
  readonly count?: number;
}

/** A Sharpe ratio after allowing for what was tried. */
export interface HaircutSharpe {
  /** The adjusted p-value. */
  readonly pValue: number;
  /** The ratio per observation that has this p-value without any selection. */
  readonly sharpe: number;
  /** Share of the observed ratio that is cut, 0 to 1; NaN where that ratio is not above 0. */
  readonly haircut: number;
}

/** The best trial's Sharpe ratio by three corrections, the strictest first. */
export interface HaircutSharpes {
  /** Which trial has the highest ratio, the first of equals. */
  readonly best: number;
  /** Its two-sided p-value as if it were the only trial. */
  readonly pValue: number;
  readonly bonferroni: HaircutSharpe;
  readonly holm: HaircutSharpe;
  /** Benjamini, Hochberg & Yekutieli: holds under any dependence. */
  readonly bhy: HaircutSharpe;
}

/** Two-sided, as in the source. A loss is no discovery of a profit: its p-value is 1, or many costly failures would make room for a lucky winner. */
const pValueOf = (sharpe: number, observations: number): number => (sharpe > 0 ? 2 * normalCdf(-sharpe * Math.sqrt(observations)) : 1);

/**
 * What is left of the best of many Sharpe ratios: ratio → t-ratio → p-value → p-value corrected for all trials → the ratio that would have it
 * alone. The cut is not in proportion: a marginal ratio loses nearly all, a very high one little. The trials' own p-values stand where the source
 * simulates a population of them, and the normal law for Student's: use 100 observations or more.
 * Throws a usage error for no Sharpe ratio at all, or a `count` below their number.
 * Source: Harvey & Liu, Backtesting, Journal of Portfolio Management 42 (2015).
 */
export const haircutSharpe = ({ sharpes, observations, count = sharpes.length }: TriedSharpes): HaircutSharpes => {
  const observed = sharpes.reduce((most, sharpe) => (sharpe > most ? sharpe : most), -Infinity);
  if (observed === -Infinity) throw usageError('too-few-configurations', 'No trial has a Sharpe ratio to correct.');
  if (!(Number.isInteger(count) && count >= sharpes.length))
    throw usageError('bad-trials', `${count} trials cannot have ${sharpes.length} Sharpe ratios.`, 'Count every trial.');
  const best = sharpes.indexOf(observed);
  const pValues = Array.from({ length: count }, (_, i) => pValueOf(sharpes[i] ?? NaN, observations));
  const corrected = (correct: (pValues: readonly number[]) => readonly number[]): HaircutSharpe => {
    const pValue = correct(pValues)[best]!;
    if (!(observed > 0)) return { pValue, sharpe: observed, haircut: NaN };
    // Beyond 38 standard errors both p-values are 0 and nothing is cut. The subtraction turns the −0 of p = 1 into 0.
    const sharpe = pValue === 0 ? observed : 0 - normalQuantile(pValue / 2) / Math.sqrt(observations);
    return { pValue, sharpe, haircut: 1 - sharpe / observed };
  };
  return {
    best,
    pValue: pValues[best]!,
    bonferroni: corrected(bonferroni),
    holm: corrected(holm),
    bhy: corrected(all => falseDiscovery(all, { dependence: 'any' })),
  };
};
