import { usageError } from '../../errors.js';
import type { RoundTrip } from '../../portfolio/fill.js';
import { random } from '../../random.js';
import { formatDate } from '../../time.js';
import { checkSamples } from './monte-carlo-options.js';
import type { MonteCarloOptions } from './monte-carlo-options.js';
import { outcomesOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';
import { placeTrades } from './placement.js';

/** Closes of one symbol by column, ascending in `ts`. */
export interface PriceColumn {
  readonly ts: Float64Array;
  readonly price: Float64Array;
}

/** Trades of one symbol that do not overlap, by bars of its prices. */
interface Leg {
  readonly price: Float64Array;
  readonly entries: Int32Array;
  readonly lengths: Int32Array;
  /** Notional at entry, negative for a short. */
  readonly stakes: Float64Array;
}

/** Last bar at or before a time. */
const barAt = ({ ts }: PriceColumn, time: number, symbol: string): number => {
  let low = 0;
  let high = ts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ts[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  if (low === 0)
    throw usageError('no-prices', `There is no price of ${symbol} at ${formatDate(time)}.`, 'Give the prices of the whole run.');
  return low - 1;
};

const legOf = (trips: readonly RoundTrip[], column: PriceColumn): Leg => ({
  price: column.price,
  entries: Int32Array.from(trips, t => barAt(column, t.entryTs, t.symbol)),
  lengths: Int32Array.from(trips, t => barAt(column, t.exitTs, t.symbol) - barAt(column, t.entryTs, t.symbol)),
  stakes: Float64Array.from(trips, t => (t.side === 'long' ? 1 : -1) * t.entryPrice * t.quantity),
});

const overlap = (trips: readonly RoundTrip[]): boolean => {
  const inOrder = [...trips].sort((a, b) => a.entryTs - b.entryTs || a.exitTs - b.exitTs);
  return inOrder.some((trip, i) => i > 0 && trip.entryTs < inOrder[i - 1]!.exitTs);
};

/** A symbol's trades as one leg, or as two where longs and shorts were held at once. */
const legsOf = (trips: readonly RoundTrip[], column: PriceColumn): Leg[] => {
  if (!overlap(trips)) return [legOf(trips, column)];
  const sides = (['long', 'short'] as const).map(side => trips.filter(t => t.side === side)).filter(side => side.length > 0);
  if (sides.some(overlap))
    throw usageError(
      'overlapping-trades',
      `Trades of ${trips[0]!.symbol} on one side overlap.`,
      'Give the closed round trips of one account.',
    );
  return sides.map(side => legOf(side, column));
};

/** Money made by holding each stake from its bar for its length. */
const gainOf = ({ price, lengths, stakes }: Leg, entries: Int32Array): number => {
  let gain = 0;
  for (let i = 0; i < stakes.length; i++) {
    const entry = entries[i]!;
    gain += stakes[i]! * (price[entry + lengths[i]!]! / price[entry]! - 1);
  }
  return gain;
};

/**
 * Is the timing better than chance? The same trades, with their sides, notionals and holding times, at random bars: what the same exposure
 * would have earned without knowing when. Gross money from close to close, no costs on either side, since those do not depend on when; the
 * observed value is measured the same way, at the last close at or before each entry and exit. A low `pValue` says that few random timings do
 * as well.
 *
 * Trades of one symbol do not overlap (those of a long and a short leg held at once may), and every arrangement is equally likely. A drift of
 * the market is in both, so a strategy that is only long a rising market gets no credit for it. Throws a usage error for no trades, a symbol
 * without prices or an entry before its first, and overlapping trades on one side. Source: D. Aronson, Evidence-Based Technical Analysis (2006),
 * ch. 6, Monte Carlo permutation of a rule's positions.
 */
export const randomEntries = (
  roundTrips: readonly RoundTrip[],
  prices: ReadonlyMap<string, PriceColumn>,
  options: MonteCarloOptions,
): Outcomes => {
  checkSamples(options);
  if (roundTrips.length === 0)
    throw usageError('no-trades', 'There are no closed trades to place anew.', 'Run over a longer time or a livelier strategy.');
  const symbols = [...new Set(roundTrips.map(t => t.symbol))].sort();
  const legs = symbols.flatMap(symbol => {
    const column = prices.get(symbol);
    if (!column) throw usageError('no-prices', `There are no prices of ${symbol}.`, 'Give the prices of every symbol traded.');
    return legsOf(
      roundTrips.filter(t => t.symbol === symbol),
      column,
    );
  });
  const observed = legs.reduce((total, leg) => total + gainOf(leg, leg.entries), 0);
  const chance = random(options.seed).fork('random-entries');
  const placed = legs.map(({ entries, lengths, price }) => ({
    entries: new Int32Array(entries.length),
    free: price.length - 1 - lengths.reduce((total, length) => total + length, 0),
  }));
  const samples = new Float64Array(options.samples);
  for (let s = 0; s < samples.length; s++)
    legs.forEach((leg, i) => {
      const { entries, free } = placed[i]!;
      placeTrades(leg.lengths, free, chance, entries);
      samples[s]! += gainOf(leg, entries);
    });
  return outcomesOf(observed, samples);
};
