import type { Bar } from '../../events/market.js';
import type { Outcome } from '../forecast.js';

/** What came of a decision at the close of one bar. */
export interface MaturedLabel {
  /** The bar decided at, counted from the labeller's first bar. */
  readonly row: number;
  /** Close of that bar, epoch ms. */
  readonly openedAt: number;
  /** Close of the bar at which the outcome became known, epoch ms: nothing may be learned from the row before. */
  readonly maturedAt: number;
  /** Bars from the decision to the outcome. */
  readonly bars: number;
  readonly label: Outcome;
  /** Simple return from the close decided at to where the label ended, a fraction. */
  readonly outcome: number;
}

/**
 * A fold over the bars of one symbol, oldest first. `push` opens an entry at the bar's close and hands every entry that this bar decides to `emit`, oldest first.
 * `sigma` is the standard deviation of a bar's return as known at the bar (NaN while unknown: then no entry is opened where the label needs it). An entry whose
 * span has a hole in the data never matures: what happened in it is not known.
 */
export interface Labeller {
  push(bar: Bar, sigma: number): void;
  /** Entries that have not matured. */
  readonly open: number;
}

/** A definition of what is to be forecast. */
export interface Label {
  /** Name with its parameters: identity in recipes and hashes, e.g. `fixed-horizon(24,band=0.0015)`. */
  readonly key: string;
  /** Bars after which every entry has matured. */
  readonly horizon: number;
  readonly create: (emit: (label: MaturedLabel) => void) => Labeller;
}
