import { binsOf, TEN_EQUAL_COUNT } from '../models/scores/bins.js';
import type { ColumnStudy, Figure, Histogram, Spread } from '../reports/feature-study.js';
import { autocorrelation } from '../statistics/autocorrelation.js';
import { midRanks } from '../statistics/mid-ranks.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { neweyWestError } from '../statistics/newey-west.js';
import { populationStability } from '../statistics/population-stability.js';
import { quantileOfSorted } from '../statistics/quantile.js';
import { pairedCorrelation } from '../statistics/paired-correlation.js';
import { twoSampleDistance } from '../statistics/two-sample-distance.js';
import type { Association } from './feature-chance.js';
import type { FeatureRows, RowSpan } from './feature-rows.js';

/** Values without which a figure would be chance; and months without which a mean of months would. */
const FEWEST = 100;
const FEWEST_MONTHS = 6;
const CELLS = 24;
const PROBABILITIES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** What all columns of a study are measured against. */
export interface ColumnFrame {
  readonly rows: FeatureRows;
  readonly months: readonly RowSpan[];
  readonly symbols: number;
  /** Bars. */
  readonly horizon: number;
}

const figure = (value: number): Figure => (Number.isFinite(value) ? value : null);
const isThere = (value: number): boolean => !Number.isNaN(value);

const histogramOf = (first: Float64Array, second: Float64Array, low: number, high: number): Histogram => {
  if (!(high > low)) return { edges: [], first: [], second: [] };
  const width = (high - low) / CELLS;
  const shares = (values: Float64Array): number[] => {
    const cells = Array.from({ length: CELLS }, () => 0);
    let n = 0;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      n++;
      if (value >= low && value <= high) cells[Math.min(CELLS - 1, Math.floor((value - low) / width))]!++;
    }
    return cells.map(cell => (n === 0 ? 0 : cell / n));
  };
  return { edges: Array.from({ length: CELLS + 1 }, (_, k) => low + k * width), first: shares(first), second: shares(second) };
};

/** Values of each symbol in time order, a missing one as the symbol's mean. */
const bySymbol = (values: Float64Array, { rows, symbols }: ColumnFrame): readonly Float64Array[] => {
  const own = Array.from({ length: symbols }, (): number[] => []);
  for (let i = 0; i < values.length; i++) own[rows.group[i]!]!.push(values[i]!);
  return own.map(series => {
    const centre = mean(series.filter(isThere));
    return Float64Array.from(series, value => (Number.isNaN(value) ? centre : value));
  });
};

/** Autocorrelation within each symbol, weighted by its rows. */
const withinSymbols = (series: readonly Float64Array[], lag: number): number => {
  let total = 0;
  let weight = 0;
  for (const own of series) {
    const correlation = own.length > 3 * lag ? autocorrelation(own, lag) : NaN;
    if (Number.isNaN(correlation)) continue;
    total += correlation * own.length;
    weight += own.length;
  }
  return total / weight;
};

/** Ranks less their mean, of the values and of the outcomes, over the rows that have both; NaN elsewhere. */
const rankedPairs = (values: Float64Array, outcome: Float64Array): readonly [Float64Array, Float64Array] => {
  const centred = (own: Float64Array, other: Float64Array): Float64Array => {
    const ranks = midRanks(own.map((value, i) => (Number.isNaN(other[i]!) ? NaN : value)));
    const centre = mean(ranks.filter(isThere));
    return ranks.map(rank => rank - centre);
  };
  return [centred(values, outcome), centred(outcome, values)];
};

/**
 * Rank correlation of each month, about the centres of the whole window and not of the month: a month's own mean of returns is drawn towards its own returns, past and
 * coming ones, which makes features of past returns look as if they foretold the opposite (M. G. Kendall, Biometrika 41 (1954)). A month counts when its moments are two
 * horizons, so that more than one outcome stands by itself.
 */
const monthlyRho = (value: Float64Array, outcome: Float64Array, { rows, months, horizon }: ColumnFrame): number[] =>
  months.map(({ from, to }) => {
    let moments = 0;
    let pairs = 0;
    let product = 0;
    let values = 0;
    let outcomes = 0;
    for (let i = from, last = NaN; i < to; i++) {
      const [x, y] = [value[i]!, outcome[i]!];
      if (Number.isNaN(x + y)) continue;
      pairs++;
      if (rows.ts[i] !== last) moments++;
      last = rows.ts[i]!;
      product += x * y;
      values += x * x;
      outcomes += y * y;
    }
    return pairs >= FEWEST && moments >= 2 * horizon ? product / Math.sqrt(values * outcomes) : NaN;
  });

/** Lags that the error of a mean of months allows for: Newey & West's rule, 4 (n ÷ 100)^(2/9) cut to the few months there are, and 1 because outcomes reach into the next month. */
const lagsOf = (months: number): number => Math.min(months - 1, Math.max(1, Math.floor(4 * Math.exp((2 / 9) * Math.log(months / 100)))));

/** Newey & West's error of a mean of months, and not less than the plain one: of a few months negative autocovariances are mostly chance, and would make the error too small. */
const errorOfMean = (months: Float64Array): number => Math.max(neweyWestError(months, 0), neweyWestError(months, lagsOf(months.length)));

const countsOf = (bins: Int32Array, from: number, to: number): Float64Array => {
  const counts = new Float64Array(TEN_EQUAL_COUNT.bins);
  for (let i = from; i < to; i++) if (bins[i]! >= 0) counts[bins[i]!]!++;
  return counts;
};

const driftOf = (values: Float64Array, half: number, months: readonly RowSpan[]): ColumnStudy['drift'] => {
  const bins = binsOf(values, TEN_EQUAL_COUNT);
  const whole = countsOf(bins, 0, values.length);
  const enough = (counts: Float64Array): boolean => counts.reduce((sum, count) => sum + count, 0) >= FEWEST;
  const stability = (before: Float64Array, after: Float64Array): Figure =>
    enough(before) && enough(after) ? figure(populationStability(before, after)) : null;
  const [first, second] = [countsOf(bins, 0, half), countsOf(bins, half, values.length)];
  return {
    psi: stability(first, second),
    ks: enough(first) && enough(second) ? figure(twoSampleDistance(values.subarray(0, half), values.subarray(half))) : null,
    months: months.map(({ from, to }) => stability(whole, countsOf(bins, from, to))),
  };
};

/**
 * Everything about one column but how it compares with the others. `values` are its rows; `association` is how it goes with what came after; `familyChance` comes later, when
 * all columns are known.
 */
export const studyColumn = (
  { name, family }: { readonly name: string; readonly family: string },
  values: Float64Array,
  association: Association,
  chance: number,
  frame: ColumnFrame,
): ColumnStudy => {
  const { rows, months, horizon } = frame;
  const sorted = values.filter(isThere).sort();
  const half = Math.floor(rows.count / 2);
  const reasons: Record<string, string> = {};
  const few = sorted.length < FEWEST;
  const constant = !few && sorted[0] === sorted[sorted.length - 1];
  const why = few ? `${sorted.length} values; ${FEWEST} are the fewest` : constant ? 'it does not vary' : 'too few outcomes are known';
  const kept = (key: string, value: number, reason = why): Figure => {
    const result = few ? null : figure(value);
    if (result === null) reasons[key] = few ? why : reason;
    return result;
  };
  const [ranks, outcomes] = rankedPairs(values, rows.outcome);
  const monthly = few || constant ? months.map(() => NaN) : monthlyRho(ranks, outcomes, frame);

  const known = Float64Array.from(monthly.filter(isThere));
  const enough = known.length >= FEWEST_MONTHS;
  const tooFewMonths = `${known.length} whole months; ${FEWEST_MONTHS} are the fewest`;
  const error = enough ? errorOfMean(known) : NaN;
  const monthReason = few || constant ? why : tooFewMonths;
  const ic = enough ? mean(known) : NaN;
  const series = bySymbol(values, frame);
  const varies = !few && !constant;
  const spread: Spread = {
    mean: kept('mean', mean(sorted)),
    standardDeviation: kept('standardDeviation', standardDeviation(sorted)),
    quantiles: PROBABILITIES.map(p => (few ? null : figure(quantileOfSorted(sorted, p)))),
  };
  const drift = few ? { psi: null, ks: null, months: months.map(() => null) } : driftOf(values, half, months);
  if (drift.psi === null) reasons['psi'] = few ? why : `a half has fewer than ${FEWEST} values`;
  return {
    name,
    family,
    missing: rows.count === 0 ? 0 : 1 - sorted.length / rows.count,
    spread,
    autocorrelation: {
      bar: kept('autocorrelation.bar', varies ? withinSymbols(series, 1) : NaN),
      horizon: kept(
        'autocorrelation.horizon',
        varies ? withinSymbols(series, horizon) : NaN,
        constant ? why : 'less than three horizons of rows',
      ),
    },
    drift,
    information: {
      ic: kept('ic', ic, monthReason),
      icError: kept('icError', error, monthReason),
      icT: kept('icT', error > 0 ? ic / error : NaN, monthReason),
      months: monthly.map(figure),
      rho: kept('rho', varies ? pairedCorrelation(ranks, outcomes) : NaN),
      chance: kept('chance', varies ? chance : NaN, constant ? why : 'the window is too short to turn'),
      familyChance: null,
      mutual: kept('mutual', varies ? association.mutual : NaN),
      mutualByChance: kept('mutualByChance', varies ? association.mutualByChance : NaN, constant ? why : 'the window is too short to turn'),
      mutualChance: kept('mutualChance', varies ? association.mutualChance : NaN, constant ? why : 'the window is too short to turn'),
    },
    histogram: few
      ? { edges: [], first: [], second: [] }
      : histogramOf(values.subarray(0, half), values.subarray(half), quantileOfSorted(sorted, 0.01), quantileOfSorted(sorted, 0.99)),
    reasons,
  };
};
