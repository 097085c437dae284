import type { Bar } from '../events/market.js';

/** The futures' own data of one symbol as last known: its keeper writes into it as facts arrive, features read it at a bar's close. NaN where nothing is known. */
export interface FuturesView {
  /** Last settled funding rate, a fraction per interval. */
  funding: number;
  /** Interval of that rate, ms. */
  fundingInterval: number;
  /** When it settled, epoch ms: tells a new rate from the same one. */
  fundingTs: number;
  /** Last known mark price, index price and open interest. */
  mark: number;
  index: number;
  openInterest: number;
}

/** A view in which nothing is known yet. */
export const emptyFuturesView = (): FuturesView => ({
  funding: NaN,
  fundingInterval: NaN,
  fundingTs: NaN,
  mark: NaN,
  index: NaN,
  openInterest: NaN,
});

/** What is known at a bar's close beyond the bar: other symbols' bars of the same instant, and the futures' own data. Reused by its maker; do not keep it. */
export interface Panel extends FuturesView {
  /** The symbol's own bar. */
  bar: Bar;
  /** Bars of this instant by symbol index, in symbol order; null where the symbol has none. */
  bars: readonly (Bar | null)[];
  /** Place of the own symbol, and of the leading one (BTC where it is in the universe, else the first). */
  self: number;
  leader: number;
}

/** Futures data that a panel feature reads. */
export type PanelNeed = 'funding' | 'mark' | 'index' | 'open-interest' | 'universe';

interface PanelFeatureBase {
  readonly key: string;
  readonly warmup: number;
  readonly outputs: readonly string[];
  readonly needs: readonly PanelNeed[];
}

/**
 * A feature of one symbol that looks beyond the symbol's own bars. It is a fold like any other: `create` for each symbol, called once per instant at which the symbol has a
 * bar, oldest first, after all bars of the instant are known.
 */
export interface SymbolPanelFeature extends PanelFeatureBase {
  readonly create: () => (panel: Panel, out: Float64Array, offset: number) => void;
}

/**
 * Writes the numbers of the whole universe at one instant: those of symbol s from `out[offset + s × stride]` on. Numbers of a symbol without a bar are overwritten
 * with NaN by the caller.
 */
export type UniverseStep = (bars: readonly (Bar | null)[], out: Float64Array, offset: number, stride: number) => void;

/** A feature that compares all symbols with each other, such as a rank: one fold for all of them, so that a universe of n symbols costs n steps and not n². */
export interface UniverseFeature extends PanelFeatureBase {
  readonly createUniverse: (symbols: number) => UniverseStep;
}

/** A feature that needs more than the symbol's own bars. */
export type PanelFeature = SymbolPanelFeature | UniverseFeature;
