import type { MarketKind } from '../events/market.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';
import type { Finding, Source } from './series.js';

/** One immutable Parquet file of the lake. */
export interface LakeFile {
  /** Relative to the dataset's folder. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
}

/** One kind of one symbol in a dataset version. */
export interface SeriesEntry {
  readonly kind: MarketKind;
  readonly symbol: Symbol;
  readonly timeframe?: Timeframe;
  readonly rows: number;
  /** First and last `ts` (bars: open times). */
  readonly from: number;
  readonly to: number;
  readonly files: readonly LakeFile[];
  readonly sources: readonly Source[];
}

/** One immutable version of a dataset. Its id is the SHA-256 of its canonical JSON. */
export interface DatasetManifest {
  readonly format: 1;
  readonly id: string;
  readonly version: string;
  readonly parent: string | null;
  readonly synthetic: boolean;
  readonly instruments: readonly Instrument[];
  readonly series: readonly SeriesEntry[];
  readonly findings: readonly Finding[];
}
