import type { MarketKind } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import type { QuantityUnit } from './inverse-contract.js';

/** Unit of numeric times; `auto` tells it from their size, row by row. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'auto';

/** What to do about faults: tell them, stop at the first error, or mend those that have one right answer. */
type ImportMode = 'report' | 'strict' | 'repair';

/** Fields of the user that override what the file shows; everything is optional but the mode. */
export interface ImportOptions {
  readonly mode: ImportMode;
  readonly exchange?: string;
  readonly symbol?: string;
  readonly timeframe?: string;
  readonly kind?: MarketKind;
  /** Field (`time`, `open`, `rate`, …) → header name, or the column's position counted from 0. */
  readonly columns?: Readonly<Record<string, string | number>>;
  readonly timeUnit?: TimeUnit;
  /** Zone of times written without one: `UTC`, `+03:00`, `Europe/London`. UTC when absent. */
  readonly zone?: string;
  /** Whether a bar's time is its open or its close. */
  readonly label?: 'open' | 'close';
  /** Column → value, for a file that holds several series. Values compare without regard to case. */
  readonly filter?: Readonly<Record<string, string>>;
  /** Which of several rows with one time and different values to believe; without a rule none of them is handed over. */
  readonly duplicates?: 'first' | 'last';
  /** What the quantities of an inverse contract count; told from the figures when absent. They are kept in quote units. */
  readonly quantityUnit?: QuantityUnit;
  /** Units of the instrument where the user knows better than the prices show. */
  readonly instrument?: Partial<
    Pick<Instrument, 'tickSize' | 'lotSize' | 'minNotional' | 'contractSize' | 'maxLeverage' | 'maintenanceMarginRate'>
  >;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** How far the reading of a file has come. */
export interface ImportProgress {
  readonly file: string;
  /** Bytes of the file read so far, and its size. */
  readonly bytes: number;
  readonly totalBytes: number;
}
