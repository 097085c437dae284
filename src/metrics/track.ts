import { badData, usageError } from '../errors.js';
import { quantileOfSorted } from '../statistics/quantile.js';
import { DAY, formatDate, WEEK, YEAR } from '../time.js';
import type { EquityCurve } from '../portfolio/equity.js';
import type { Fill, FundingPayment, RoundTrip } from '../portfolio/fill.js';
import type { Track } from './metric.js';
import { keepOutcomes, type OutcomeColumns } from './outcome-columns.js';

/** Prices of one thing over time, ascending in `ts`. */
export interface PriceSeries {
  readonly ts: Float64Array;
  readonly price: Float64Array;
}

/** What a run leaves behind. */
export interface TrackInput {
  readonly initialCapital: number;
  readonly curve: EquityCurve;
  readonly fills: readonly Fill[];
  readonly roundTrips: readonly RoundTrip[];
  readonly funding: readonly FundingPayment[];
  /** What the strategy is compared with, such as the price of the traded asset. */
  readonly benchmark?: PriceSeries;
}

/** End of the UTC day that a bar closing at `ts` belongs to: a close at midnight belongs to the day before. */
const dayEnd = (ts: number): number => Math.ceil(ts / DAY) * DAY;

/** Median distance of points, from at most about a thousand of them spread over the curve. */
const typicalStep = (ts: Float64Array): number => {
  const stride = Math.max(1, Math.floor((ts.length - 1) / 1000));
  const steps: number[] = [];
  for (let i = 1; i < ts.length; i += stride) steps.push(ts[i]! - ts[i - 1]!);
  return steps.length === 0 ? 0 : quantileOfSorted(Float64Array.from(steps).sort(), 0.5);
};

/** Indices of the curve at which a return ends. */
const returnEnds = (ts: Float64Array, step: number): Uint32Array => {
  const ends = new Uint32Array(ts.length);
  let n = 0;
  for (let i = 0; i < ts.length; i++) {
    if (step < DAY) {
      const end = dayEnd(ts[i]!);
      while (i + 1 < ts.length && ts[i + 1]! <= end) i++;
    }
    ends[n++] = i;
  }
  return ends.slice(0, n);
};

/** What the times of a curve alone say of its returns. */
interface Calendar {
  readonly step: number;
  /** Points at which a return ends, and when that is. */
  readonly ends: Uint32Array;
  readonly returnTs: Float64Array;
}

const calendars = new WeakMap<Float64Array, Calendar>();

/** Runs of a search over one window have one column of times in common, which is gone through once. */
const calendarOf = (ts: Float64Array): Calendar => {
  const known = calendars.get(ts);
  if (known) return known;
  const step = typicalStep(ts);
  const ends = returnEnds(ts, step);
  const made = { step, ends, returnTs: Float64Array.from(ends, i => ts[i]!) };
  calendars.set(ts, made);
  return made;
};

/** Share of calendar days with an observation from which a market is taken to trade every day. */
const EVERY_DAY = 0.95;

/** Return observations per year: 365 where there is one for at least 95 % of the calendar days that `ts` spans, else those there are ÷ years. */
export const observationsPerYear = (ts: Float64Array, observations: number, years: number): number => {
  if (ts.length === 0) return YEAR / DAY;
  const days = (dayEnd(ts[ts.length - 1]!) - dayEnd(ts[0]!)) / DAY + 1;
  return observations >= EVERY_DAY * days ? YEAR / DAY : observations / years;
};

const benchmarkReturns = ({ ts, price }: PriceSeries, start: number, dates: Float64Array): Float64Array => {
  const bad = price.findIndex(p => !(p > 0 && p < Infinity));
  if (bad >= 0)
    throw badData('bad-benchmark', `The benchmark's price on ${formatDate(ts[bad]!)} is ${price[bad]}.`, 'Prices must be positive.');
  const first = dates[0] ?? Infinity;
  const last = dates[dates.length - 1] ?? -Infinity;
  if (dates.length > 0 && !(ts[0]! <= first && ts[ts.length - 1]! >= last - WEEK))
    throw badData(
      'benchmark-too-short',
      `The benchmark does not cover ${formatDate(first)} to ${formatDate(last)}.`,
      'Give it prices from the first to the last day of the run.',
    );
  let i = 0;
  while (i + 1 < ts.length && ts[i + 1]! <= start) i++;
  let previous = price[i]!;
  const returns = new Float64Array(dates.length);
  for (let k = 0; k < dates.length; k++) {
    while (i + 1 < ts.length && ts[i + 1]! <= dates[k]!) i++;
    returns[k] = price[i]! / previous - 1;
    previous = price[i]!;
  }
  return returns;
};

/**
 * A run's outcome as metrics see it.
 *
 * Returns: where bars are shorter than a day (by the median distance of points) equity is read at each UTC day's last bar, a bar that closes
 * at midnight belonging to the day that ends there; otherwise at every bar. The first return starts from the initial capital, and a day
 * without bars gives no return. A return that loses everything is −1, and those after it are 0.
 *
 * Annualisation: 365 when there is a return for at least 95 % of the calendar days, as in a market that never closes; otherwise the number of
 * returns ÷ elapsed years of 365 days (about 252 for US equities, 52 for weekly bars). Time counts from one bar before the first point.
 *
 * The benchmark's returns end on the same dates, at its last price at or before each; they start from its price at the start of the run, or
 * from its first price if it has none by then.
 *
 * `outcome`: columns of the run's fills, payments and round trips, where they are at hand already; the lists are then not asked for.
 *
 * Throws a usage error for an initial capital that is not positive, bad data for a benchmark that does not cover the run.
 */
export const trackOf = (input: TrackInput, outcome: OutcomeColumns | null = null): Track => {
  const { initialCapital, curve, benchmark } = input;
  if (!(initialCapital > 0 && initialCapital < Infinity))
    throw usageError('bad-capital', `An initial capital of ${initialCapital} is not possible.`, 'Start with a positive amount.');
  const { ts, equity, length } = curve;
  const { step, ends, returnTs } = calendarOf(ts);
  const years = length === 0 ? 0 : (ts[length - 1]! - ts[0]! + step) / YEAR;
  const returns = new Float64Array(ends.length);
  let previous = initialCapital;
  for (let k = 0; k < ends.length; k++) {
    const i = ends[k]!;
    // Money that comes back from a lost account has no return: there is nothing to divide it by.
    if (!(previous > 0)) continue;
    returns[k] = Math.max(equity[i]! / previous - 1, -1);
    previous = equity[i]!;
  }
  const track: Track = {
    initialCapital,
    curve,
    returns,
    returnTs: returnTs.slice(),
    periodsPerYear: observationsPerYear(ts, ends.length, years),
    years,
    get fills() {
      return input.fills;
    },
    get roundTrips() {
      return input.roundTrips;
    },
    get funding() {
      return input.funding;
    },
    ...(benchmark && { benchmark: benchmarkReturns(benchmark, (ts[0] ?? 0) - step, returnTs) }),
  };
  if (outcome !== null) keepOutcomes(track, outcome);
  return track;
};
