import { standardDeviation } from '../statistics/moments.js';
import { pairedCorrelation } from '../statistics/paired-correlation.js';
import { quantileOfSorted } from '../statistics/quantile.js';
import { ROUNDING } from './sharpe.js';

/** Correlations of all pairs, row-major, n × n; NaN where a column does not vary. */
export interface StormCorrelations {
  readonly all: Float64Array;
  readonly calm: Float64Array;
  readonly stormy: Float64Array;
  readonly calmPeriods: number;
  readonly stormyPeriods: number;
}

/** Periods by which the weather is told. */
const MEMORY = 20;
/** The wilder third is stormy. */
const CALM_SHARE = 2 / 3;

/** Mean size of the last 20 standardised returns of all columns before each period; NaN for the first 20. */
const weather = (columns: readonly Float64Array[]): Float64Array => {
  const n = columns[0]?.length ?? 0;
  const sizes = new Float64Array(n);
  for (const column of columns) {
    const deviation = standardDeviation(column);
    if (deviation > ROUNDING) for (let i = 0; i < n; i++) sizes[i]! += Math.abs(column[i]!) / deviation;
  }
  return sizes.map((_, i) => {
    if (i < MEMORY) return NaN;
    let total = 0;
    for (let k = i - MEMORY; k < i; k++) total += sizes[k]!;
    return total;
  });
};

const matrixOf = (columns: readonly Float64Array[], isIn: (i: number) => boolean): Float64Array => {
  const chosen = columns.map(column => column.filter((_, i) => isIn(i)));
  return Float64Array.from({ length: columns.length * columns.length }, (_, at) =>
    pairedCorrelation(chosen[Math.floor(at / columns.length)]!, chosen[at % columns.length]!),
  );
};

/**
 * Correlations of returns over the same periods: of all, and of calm and stormy ones apart. A period is stormy when the 20 before it were among the
 * wilder third, by the mean size of all columns' returns. It is told from the past: picking the days by their own returns would raise the
 * correlation of any two columns by itself.
 * Source of the warning: Boyer, Gibson & Loretan, Pitfalls in Tests for Changes in Correlations, Federal Reserve IFDP 597 (1999).
 */
export const stormCorrelations = (columns: readonly Float64Array[]): StormCorrelations => {
  const force = weather(columns);
  const known = force.filter(value => !Number.isNaN(value)).sort();
  const limit = quantileOfSorted(known, CALM_SHARE);
  const isStormy = (i: number): boolean => force[i]! > limit;
  const isCalm = (i: number): boolean => force[i]! <= limit;
  const stormyPeriods = known.filter(value => value > limit).length;
  return {
    all: matrixOf(columns, () => true),
    calm: matrixOf(columns, isCalm),
    stormy: matrixOf(columns, isStormy),
    calmPeriods: known.length - stormyPeriods,
    stormyPeriods,
  };
};
