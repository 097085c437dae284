import { binsOf, TEN_EQUAL_COUNT, type Binning } from './bins.js';
import { wilsonInterval } from './wilson.js';

/** One group of a reliability diagram. */
export interface ReliabilityRow {
  /** Mean probability that was forecast. */
  readonly forecast: number;
  /** Share in which it happened: equals the forecast where probabilities mean what they say. */
  readonly observed: number;
  readonly count: number;
  /** Wilson interval of the observed share at 95 %. */
  readonly low: number;
  readonly high: number;
}

/** How rows are grouped, and how much they say. */
export interface ReliabilityOptions {
  /** Ten groups of equal count when left out. */
  readonly binning?: Binning;
  /** Independent spans ÷ rows: below 1 where horizons overlap, which widens the intervals. 1 when left out. */
  readonly independence?: number;
}

/**
 * Forecast against observed frequency by group of forecasts, ascending; empty groups are left out. `happened` is 1 or 0. Rows with NaN in either are left out.
 * Source: A. H. Murphy & R. L. Winkler, Applied Statistics 26 (1977).
 */
export const reliabilityRows = (
  probability: Float64Array,
  happened: Float64Array,
  { binning = TEN_EQUAL_COUNT, independence = 1 }: ReliabilityOptions = {},
): ReliabilityRow[] => {
  const known = probability.map((p, i) => (Number.isNaN(happened[i]!) ? NaN : p));
  const place = binsOf(known, binning);
  const count = new Float64Array(binning.bins);
  const forecast = new Float64Array(binning.bins);
  const observed = new Float64Array(binning.bins);
  place.forEach((b, i) => {
    if (b < 0) return;
    count[b]!++;
    forecast[b]! += known[i]!;
    observed[b]! += happened[i]!;
  });
  return Array.from(count, (n, b) => ({ n, b }))
    .filter(({ n }) => n > 0)
    .map(({ n, b }) => ({
      forecast: forecast[b]! / n,
      observed: observed[b]! / n,
      count: n,
      ...wilsonInterval(observed[b]! / n, n * independence),
    }));
};
