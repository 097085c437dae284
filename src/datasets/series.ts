import type { MarketKind } from '../events/market.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';

/**
 * One kind of one symbol, whole, as it came out of a file and before it goes into the lake: ascending, unique in `ts`
 * (bars: the OPEN time), columns as `KIND_COLUMNS[kind]` says.
 */
export interface Series {
  readonly kind: MarketKind;
  readonly symbol: Symbol;
  /** Bars only. */
  readonly timeframe?: Timeframe;
  readonly rows: number;
  readonly ts: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** How serious a finding is: an `error` means that the data is wrong, a `warning` that it may be, `info` that something was noted. */
export type Severity = 'error' | 'warning' | 'info';

/** One thing seen in the data. Findings go into the manifest and from there into every report on the data. */
export interface Finding {
  /** Stable code, e.g. `gap`, `duplicate`, `high-below-low`, `redenomination`, `clock-jump`. */
  readonly code: string;
  readonly severity: Severity;
  readonly file: string;
  readonly symbol: Symbol;
  readonly kind: MarketKind;
  /** 1-based line of the file where it starts (a header counts), when one line is to blame. */
  readonly row?: number;
  /** Timestamp of the first datum concerned. */
  readonly ts?: number;
  /** How many rows, bars or steps are concerned. */
  readonly count: number;
  /** One sentence a trader understands, with the figures. */
  readonly message: string;
  /** What `--repair` did about it, when it did. */
  readonly repaired?: string;
}

/** Where a dataset's rows came from. */
export interface Source {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  /** How the file was read: column mapping, time unit, zone, label side. Shown in `data list --json` and in the report. */
  readonly reading: Readonly<Record<string, string>>;
}

/** A series with what is known about it: what an importer or a generator hands to the lake. */
export interface Imported {
  readonly series: Series;
  readonly instrument: Instrument;
  readonly source: Source;
  readonly findings: readonly Finding[];
  readonly synthetic: boolean;
}
