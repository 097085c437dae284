import type { Fill, FundingPayment, RoundTrip } from '../portfolio/fill.js';
import type { Track } from './metric.js';

/** What metrics read of fills, payments and round trips: a column each, in their order. */
export interface OutcomeColumns {
  /** By fill: |price × quantity|, fee and slippage. */
  readonly traded: Float64Array;
  readonly fees: Float64Array;
  readonly slippage: Float64Array;
  /** By payment of funding. */
  readonly received: Float64Array;
  /** By closed round trip; time held in milliseconds. */
  readonly netPnl: Float64Array;
  readonly netReturn: Float64Array;
  readonly held: Float64Array;
}

/** The columns of lists of objects. */
export const outcomeColumns = ({
  fills,
  funding,
  roundTrips,
}: {
  readonly fills: readonly Fill[];
  readonly funding: readonly FundingPayment[];
  readonly roundTrips: readonly RoundTrip[];
}): OutcomeColumns => ({
  traded: Float64Array.from(fills, ({ price, quantity }) => Math.abs(price * quantity)),
  fees: Float64Array.from(fills, ({ fee }) => fee),
  slippage: Float64Array.from(fills, ({ slippage }) => slippage),
  received: Float64Array.from(funding, ({ amount }) => amount),
  netPnl: Float64Array.from(roundTrips, trip => trip.netPnl),
  netReturn: Float64Array.from(roundTrips, trip => trip.netReturn),
  held: Float64Array.from(roundTrips, ({ entryTs, exitTs }) => exitTs - entryTs),
});

const kept = new WeakMap<Track, OutcomeColumns>();

/** Columns of a run's outcome, made once: a dozen metrics read them. */
export const outcomesOf = (track: Track): OutcomeColumns => {
  const known = kept.get(track);
  if (known) return known;
  const columns = outcomeColumns(track);
  kept.set(track, columns);
  return columns;
};

/** Spare a track its columns: the run has kept them. */
export const keepOutcomes = (track: Track, columns: OutcomeColumns): void => {
  kept.set(track, columns);
};
