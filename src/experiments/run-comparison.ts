import { holm } from './overfitting/family-wise.js';
import { periodsForStudy, portfolioStudy, type PortfolioStudy } from './portfolio-study.js';
import type { ReweightOptions } from './strategy-portfolio.js';
import type { Track, Undefined } from '../metrics/metric.js';
import { FEWEST_PAIRED, pairedDifferences, type PairedFigure, type PairedFigureName } from '../metrics/paired-differences.js';
import { drawdownOverlap, type DrawdownOverlap } from '../metrics/paired-drawdowns.js';
import { pairedReturns, type PairedReturns } from '../metrics/paired-returns.js';
import { stormCorrelations, type StormCorrelations } from '../metrics/paired-storms.js';
import { DAY, YEAR } from '../time.js';

/** One run against the first. */
export interface ComparedPair {
  /** Its place among the runs. */
  readonly run: number;
  readonly figures: Readonly<Record<PairedFigureName, PairedFigure | Undefined>>;
  /** P-values corrected for the number of runs that are compared with the first (Holm 1979), figure by figure. */
  readonly adjusted: Readonly<Partial<Record<PairedFigureName, number>>>;
  /** Null without enough common periods. */
  readonly overlap: DrawdownOverlap | null;
}

/** What several runs say of each other on the periods that all of them have. */
export interface RunComparison {
  readonly common: PairedReturns;
  /** Periods that each run has. */
  readonly own: readonly number[];
  /** Every run but the first, in order. */
  readonly pairs: readonly ComparedPair[];
  /** Null without enough common periods. */
  readonly correlations: StormCorrelations | null;
  readonly portfolio: PortfolioStudy | Undefined;
}

/** How to compare. */
export interface RunComparisonOptions {
  /** Resamples of each interval; 2,000 when left out. */
  readonly samples?: number;
  /** How portfolios of the runs are walked forward, lengths in days; null for none. */
  readonly portfolio: ReweightOptions | null;
}

const NAMES: readonly PairedFigureName[] = ['meanReturn', 'cagr', 'sharpe', 'volatility', 'maxDrawdown', 'correlation'];

/** Lengths in days as numbers of periods. */
const inPeriods = ({ lookback, every, moveCost }: ReweightOptions, periodsPerYear: number): ReweightOptions => {
  const periods = (days: number, least: number): number => Math.max(least, Math.round((days * DAY * periodsPerYear) / YEAR));
  return { lookback: periods(lookback, 2), every: periods(every, 1), moveCost };
};

/** P-values of one figure over all pairs, corrected; by place of the pair. */
const corrected = (all: readonly ComparedPair['figures'][], name: PairedFigureName): ReadonlyMap<number, number> => {
  const tested = all.flatMap((figures, i) => {
    const figure = figures[name];
    return 'undefined' in figure || figure.p === null ? [] : [{ i, p: figure.p }];
  });
  const adjusted = holm(tested.map(({ p }) => p));
  return new Map(tested.map(({ i }, at) => [i, adjusted[at]!]));
};

/**
 * Compares runs on the periods that all of them have: each with the first by paired differences, all by correlation and drawdowns, and as a portfolio
 * whose weights come from the past. What there are too few common periods for is not given, with the reason.
 */
export const compareTracks = (tracks: readonly Track[], { samples = 2000, portfolio }: RunComparisonOptions): RunComparison => {
  const common = pairedReturns(tracks);
  const { columns, periodsPerYear } = common;
  const [first = new Float64Array(0), ...others] = columns;
  const isEnough = first.length >= FEWEST_PAIRED;
  const figures = others.map((other, i) => pairedDifferences(first, other, periodsPerYear, { seed: `compare/${i + 1}`, samples }));
  const adjusted = NAMES.map(name => [name, corrected(figures, name)] as const);
  const reweight = portfolio === null || common.ts.length === 0 ? portfolio : inPeriods(portfolio, periodsPerYear);
  const needed = reweight === null ? 0 : periodsForStudy(reweight);
  return {
    common,
    own: tracks.map(({ returns }) => returns.length),
    pairs: others.map((other, i) => ({
      run: i + 1,
      figures: figures[i]!,
      adjusted: Object.fromEntries(adjusted.flatMap(([name, byPair]) => (byPair.has(i) ? [[name, byPair.get(i)!]] : []))),
      overlap: isEnough ? drawdownOverlap(first, other) : null,
    })),
    correlations: isEnough ? stormCorrelations(columns) : null,
    portfolio:
      reweight === null
        ? { undefined: 'not asked for' }
        : first.length < needed
          ? { undefined: `only ${first.length} common periods of the ${needed} that a portfolio walked forward needs` }
          : portfolioStudy(columns, periodsPerYear, reweight),
  };
};
