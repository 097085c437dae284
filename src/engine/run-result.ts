import type { Fact } from '../events/fact.js';
import type { InputRange } from '../events/feed.js';
import type { Instrument } from '../market/instrument.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import type { EquityCurve } from '../portfolio/equity.js';
import type { Fill, FundingPayment, Liquidation, RoundTrip } from '../portfolio/fill.js';
import type { StateMark } from './account-state.js';
import type { RunConfig } from './run-config.js';

/** Values of one run's parameters. */
export type Params = Readonly<Record<string, number | string | boolean>>;

/** What a run was: enough to run it again and get the same fingerprint. Holds no wall time and no host. */
export interface RunManifest {
  readonly platform: string;
  readonly strategy: { readonly name: string; readonly bundle: string };
  readonly params: Params;
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly InputRange[];
}

/** One assumption behind the numbers, for the reader of a report. */
export interface Assumption {
  readonly topic: string;
  readonly text: string;
  /** Source and date of a preset, or `chosen by the user`. */
  readonly source: string;
}

/** A series that the strategy drew with `plot(name, value)`. */
export interface PlotSeries {
  readonly name: string;
  readonly symbol: string;
  readonly ts: Float64Array;
  readonly value: Float64Array;
}

/** Text that the strategy left with `note(text)`. */
export interface Note {
  readonly ts: number;
  readonly text: string;
}

/** What came of a run. */
export interface RunResult {
  readonly manifest: RunManifest;
  /** SHA-256 over what the run decided and what happened to it. */
  readonly fingerprint: string;
  /** Bars delivered to the strategy from `from` on, over all symbols. */
  readonly bars: number;
  /** Facts delivered, bars included. */
  readonly events: number;
  readonly initialCapital: number;
  readonly finalEquity: number;
  readonly curve: EquityCurve;
  readonly fills: readonly Fill[];
  readonly roundTrips: readonly RoundTrip[];
  readonly funding: readonly FundingPayment[];
  /** Positions that the venue closed for want of margin. */
  readonly liquidations: readonly Liquidation[];
  /** Denials and rejections by code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Why the run stopped trading early, or null. */
  readonly halted: { readonly ts: number; readonly code: string; readonly text: string } | null;
  readonly assumptions: readonly Assumption[];
  readonly plots: readonly PlotSeries[];
  readonly notes: readonly Note[];
  /** What was forecast, and what came of it; null for a strategy without forecasts. */
  readonly forecasts: ForecastRecord | null;
  /** Every non-market fact, in order; empty when the run was asked not to keep them (inside searches). */
  readonly facts: readonly Fact[];
  /** With the facts: states that the run had, as it recorded them on its way. */
  readonly states?: readonly StateMark[];
}
