import type { PortfolioOutcome } from '../experiments/portfolio-study.js';
import type { RunComparison } from '../experiments/run-comparison.js';
import type { MetricInterval } from '../metrics/intervals.js';
import type { Undefined } from '../metrics/metric.js';
import type { PairedFigure } from '../metrics/paired-differences.js';

/** A figure, or null with the reason. */
type Told<T> = T | { readonly value: null; readonly reason: string };

const told = <T extends object>(figure: T | Undefined): Told<T> =>
  'undefined' in figure ? { value: null, reason: figure.undefined } : figure;

const nested = (matrix: Float64Array, size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from(matrix.subarray(i * size, (i + 1) * size)));

const figuresOf = <K extends string, F extends MetricInterval | PairedFigure>(
  figures: Readonly<Record<K, F | Undefined>>,
): Readonly<Record<string, Told<F>>> =>
  Object.fromEntries(Object.entries<F | Undefined>(figures).map(([name, figure]) => [name, told(figure)]));

const outcomeOf = ({ figures, overEqual, overBest }: PortfolioOutcome) => ({
  figures: figuresOf(figures),
  sharpeOverEqualWeight: told(overEqual),
  sharpeOverBestRun: told(overBest),
});

/** What `compare --json` prints of a comparison on common days: plain numbers, null with a reason where there is none. Moments in epoch ms. */
export const comparisonDocumentOf = (names: readonly string[], { common, own, pairs, correlations, portfolio }: RunComparison) => {
  const periods = common.ts.length;
  const size = names.length;
  return {
    common: {
      from: periods > 0 ? common.from : null,
      to: common.ts.at(-1) ?? null,
      periods,
      periodsPerYear: common.periodsPerYear,
      own: Object.fromEntries(names.map((name, i) => [name, own[i]!])),
    },
    against: names[0]!,
    differences: pairs.map(({ run, figures, adjusted, overlap }) => {
      const { correlation, ...metrics } = figures;
      return {
        run: names[run]!,
        metrics: Object.fromEntries(
          Object.entries(figuresOf(metrics)).map(([name, figure]) => [
            name,
            'difference' in figure ? { ...figure, adjustedP: Object.entries(adjusted).find(([key]) => key === name)?.[1] ?? null } : figure,
          ]),
        ),
        correlation:
          'undefined' in correlation
            ? told(correlation)
            : { value: correlation.difference, low: correlation.low, high: correlation.high, level: correlation.level, p: correlation.p },
        drawdowns: overlap,
      };
    }),
    correlations: correlations && {
      runs: names,
      all: nested(correlations.all, size),
      calm: nested(correlations.calm, size),
      stormy: nested(correlations.stormy, size),
      calmPeriods: correlations.calmPeriods,
      stormyPeriods: correlations.stormyPeriods,
    },
    portfolio:
      'undefined' in portfolio
        ? { value: null, reason: portfolio.undefined }
        : {
            lookback: portfolio.lookback,
            every: portfolio.every,
            moveCost: portfolio.moveCost,
            from: common.ts[portfolio.firstRow - 1]!,
            periods: periods - portfolio.firstRow,
            bestRun: names[portfolio.best]!,
            portfolios: portfolio.portfolios.map(of => ({
              name: of.name,
              ...outcomeOf(of),
              adjustedP: of.adjustedP,
              movedPerYear: of.movedPerYear,
              weights: of.reweightings.map(({ row, weights, moved }) => ({
                from: common.ts[row - 1]!,
                weights: Object.fromEntries(names.map((name, i) => [name, weights[i]!])),
                moved,
              })),
            })),
            alone: portfolio.alone.map((of, i) => ({ run: names[i]!, ...outcomeOf(of) })),
          },
  };
};
