import { holm } from './overfitting/family-wise.js';
import { strategyPortfolio, type Reweighting, type ReweightOptions } from './strategy-portfolio.js';
import { returnIntervals, type MetricInterval } from '../metrics/intervals.js';
import { undefinedBecause, type Undefined } from '../metrics/metric.js';
import { FEWEST_PAIRED, pairedDifferences, type PairedFigure } from '../metrics/paired-differences.js';
import { ROUNDING, sharpeRatio } from '../metrics/sharpe.js';
import { weightsBy, type WeightScheme } from '../portfolio/weights/weight-scheme.js';
import { standardDeviation } from '../statistics/moments.js';

/** How capital is divided: by a scheme, or all of it to the run with the best Sharpe ratio of the past. */
export type PortfolioName = WeightScheme | 'past-best';

/** Figures of returns that a portfolio is judged by. */
export type PortfolioFigureName = 'sharpe' | 'cagr' | 'volatility' | 'maxDrawdown';

/** What a portfolio, or one run held alone, came to on the periods after the first weighting. */
export interface PortfolioOutcome {
  readonly returns: Float64Array;
  readonly figures: Readonly<Record<PortfolioFigureName, MetricInterval | Undefined>>;
  /** Difference of the Sharpe ratio, this one's less that of equal weights. */
  readonly overEqual: PairedFigure | Undefined;
  /** And less that of the run that turned out best. */
  readonly overBest: PairedFigure | Undefined;
}

export interface WeightedPortfolio extends PortfolioOutcome {
  readonly name: PortfolioName;
  readonly reweightings: readonly Reweighting[];
  /** Capital moved a year, as a multiple of all of it. */
  readonly movedPerYear: number;
  /** Of `overEqual`, corrected for the number of portfolios (Holm 1979); null for equal weights themselves and where there is none. */
  readonly adjustedP: number | null;
}

/** Portfolios of the compared runs, walked forward, beside each run alone on the same periods. */
export interface PortfolioStudy extends ReweightOptions {
  /** Row of the first return that counts. */
  readonly firstRow: number;
  readonly portfolios: readonly WeightedPortfolio[];
  /** In the order of the runs. */
  readonly alone: readonly PortfolioOutcome[];
  /** Which run had the highest Sharpe ratio on these periods: known only afterwards. */
  readonly best: number;
}

const PORTFOLIOS: readonly PortfolioName[] = ['equal-weight', 'equal-risk', 'hierarchical-risk', 'minimum-variance', 'past-best'];

/** The first of the best; of none with a Sharpe ratio, −1. */
const bestSharpe = (columns: readonly Float64Array[]): number => {
  let best = -1;
  let highest = -Infinity;
  columns.forEach((column, k) => {
    const ratio = sharpeRatio(column, 1);
    if (ratio > highest) [best, highest] = [k, ratio];
  });
  return best;
};

const divide =
  (name: PortfolioName) =>
  (past: readonly Float64Array[]): Float64Array => {
    if (name !== 'past-best') return weightsBy(name, past);
    const best = bestSharpe(past);
    return best < 0 ? weightsBy('equal-weight', past) : Float64Array.from(past, (_, k) => (k === best ? 1 : 0));
  };

const figuresOf = (returns: Float64Array, periodsPerYear: number, samples: number): PortfolioOutcome['figures'] => {
  const none = undefinedBecause('the returns do not vary');
  if (!(standardDeviation(returns) > ROUNDING)) return { sharpe: none, cagr: none, volatility: none, maxDrawdown: none };
  const of = returnIntervals(returns, periodsPerYear, { seed: 'portfolio', samples });
  const known = (figure: MetricInterval): MetricInterval | Undefined =>
    [figure.estimate, figure.low, figure.high].every(Number.isFinite)
      ? figure
      : undefinedBecause('not defined on these returns or their resamples');
  return { sharpe: known(of.sharpe), cagr: known(of.cagr), volatility: known(of.volatility), maxDrawdown: known(of.maxDrawdown) };
};

/** Periods that a study needs: those that are only looked at, and enough for a difference afterwards. */
export const periodsForStudy = ({ lookback }: ReweightOptions): number => lookback + FEWEST_PAIRED;

/**
 * What dividing capital among the runs would have brought, weights from past returns only: equal weights, equal risk contribution, hierarchical risk
 * parity, minimum variance over a shrunk covariance, and following the best of the past. Each is judged on the periods after the first weighting,
 * with intervals, against equal weights and against the run that turned out best, which nobody could have chosen. `columns` are the runs' returns
 * over the same periods, `periodsForStudy` or more of them.
 */
export const portfolioStudy = (
  columns: readonly Float64Array[],
  periodsPerYear: number,
  options: ReweightOptions & { readonly samples?: number },
): PortfolioStudy => {
  const { lookback, every, moveCost, samples = 1000 } = options;
  const after = columns.map(column => column.slice(lookback));
  const walked = PORTFOLIOS.map(name => ({ name, ...strategyPortfolio(columns, divide(name), options) }));
  const best = Math.max(0, bestSharpe(after));
  const equal = walked[0]!.returns;
  const over = (base: Float64Array, returns: Float64Array): PairedFigure | Undefined =>
    pairedDifferences(base, returns, periodsPerYear, { seed: 'portfolio', samples }).sharpe;
  const outcome = (returns: Float64Array): PortfolioOutcome => ({
    returns,
    figures: figuresOf(returns, periodsPerYear, samples),
    overEqual: over(equal, returns),
    overBest: over(after[best]!, returns),
  });
  const years = equal.length / periodsPerYear;
  const judged = walked.map(({ name, returns, reweightings }) => {
    const moved = reweightings.reduce((total, reweighting) => total + reweighting.moved, 0);
    return { name, reweightings, movedPerYear: moved / years, ...outcome(returns) };
  });
  const tested = judged.flatMap(({ overEqual }, i) => ('undefined' in overEqual || overEqual.p === null ? [] : [{ i, p: overEqual.p }]));
  const adjusted = holm(tested.map(({ p }) => p));
  const adjustedOf = (i: number): number | null => adjusted[tested.findIndex(test => test.i === i)] ?? null;
  return {
    lookback,
    every,
    moveCost,
    firstRow: lookback,
    portfolios: judged.map((portfolio, i) => ({ ...portfolio, adjustedP: adjustedOf(i) })),
    alone: after.map(outcome),
    best,
  };
};
