import type { Assumption, Note, PlotSeries, RunResult } from '../engine/run-result.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import type { EquityCurve } from '../portfolio/equity.js';
import type { Fill, FundingPayment, RoundTrip } from '../portfolio/fill.js';

/** What was traded in one window, or in several joined: everything that metrics and reports look at. It begins and ends without a position. */
export interface Segment {
  readonly initialCapital: number;
  readonly finalEquity: number;
  readonly bars: number;
  readonly curve: EquityCurve;
  readonly fills: readonly Fill[];
  readonly roundTrips: readonly RoundTrip[];
  readonly funding: readonly FundingPayment[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly halted: RunResult['halted'];
  readonly assumptions: readonly Assumption[];
  readonly plots: readonly PlotSeries[];
  readonly notes: readonly Note[];
  /** What was forecast in the window, and what came of it; null for a strategy without forecasts. */
  readonly forecasts: ForecastRecord | null;
  /** Fees and slippage of the fills that closed what was still open at the end, quote currency. */
  readonly closingCosts: number;
}

/** A window without a trade: equity stays what it was, one point per bar so that its days count as days without return. */
export const flatSegment = (capital: number, closes: Float64Array): Segment => {
  const n = closes.length;
  return {
    initialCapital: capital,
    finalEquity: capital,
    bars: 0,
    curve: {
      length: n,
      ts: closes,
      equity: new Float64Array(n).fill(capital),
      exposure: new Float64Array(n),
      gross: new Float64Array(n),
    },
    fills: [],
    roundTrips: [],
    funding: [],
    refusals: {},
    halted: null,
    assumptions: [],
    plots: [],
    notes: [],
    forecasts: null,
    closingCosts: 0,
  };
};
