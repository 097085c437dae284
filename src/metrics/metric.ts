import type { EquityCurve } from '../portfolio/equity.js';
import type { Fill, FundingPayment, RoundTrip } from '../portfolio/fill.js';

/** Everything a metric may look at: one run's outcome. */
export interface Track {
  readonly initialCapital: number;
  readonly curve: EquityCurve;
  /** Simple returns between consecutive return dates (UTC days for intraday bars, else bars); NaN-free. */
  readonly returns: Float64Array;
  /** Timestamps at which each return ends. */
  readonly returnTs: Float64Array;
  /** Return observations per year, derived from the data's own calendar (365 for a market that never closes). */
  readonly periodsPerYear: number;
  /** Length of the curve in years of 365 days. */
  readonly years: number;
  readonly fills: readonly Fill[];
  readonly roundTrips: readonly RoundTrip[];
  readonly funding: readonly FundingPayment[];
  /** Benchmark returns on the same dates, when a benchmark is set. */
  readonly benchmark?: Float64Array;
}

/** A number about a run, or `undefined` with a reason when it is not defined for it (too few samples, no losses…). */
export type Metric = (track: Track) => number | Undefined;

/** Why a metric has no value; reports print the reason instead of a number. */
export interface Undefined {
  readonly undefined: string;
}
export const undefinedBecause = (reason: string): Undefined => ({ undefined: reason });

/** The value if it is a finite number, else the reason why it is none. */
export const finiteOr = (value: number, reason: string): number | Undefined => (Number.isFinite(value) ? value : undefinedBecause(reason));
