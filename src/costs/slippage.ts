import { rangeVolatility } from './range-volatility.js';
import { volumeShare } from './volume-share.js';

/** What slippage depends on. Prices in quote currency, quantities in base units. */
export interface SlippageBasis {
  /** Market price at the moment of the fill, before slippage. */
  readonly price: number;
  /** Quantity to be filled now. */
  readonly quantity: number;
  /** The bar that is traded in. Volume is NaN where the data has none. */
  readonly high: number;
  readonly low: number;
  readonly volume: number;
}

/** How far against the order a taker's price moves, in quote currency, ≥ 0. Makers have none: they wait instead. */
export type SlippageModel = (basis: SlippageBasis) => number;

/** No slippage. Flatters everything that takes. */
export const noSlippage = (): SlippageModel => () => 0;

/** A fixed share of the price in basis points, whatever the size. Flatters large orders. */
export const fixedBps =
  ({ bps }: { bps: number }): SlippageModel =>
  ({ price }) =>
    price * (bps / 10_000);

/** Half of a constant quoted spread: the cost of crossing for an order that the best level can hold. */
export const halfSpread =
  ({ spreadBps }: { spreadBps: number }): SlippageModel =>
  ({ price }) =>
    price * (spreadBps / 20_000);

/**
 * Half the spread plus the square-root law of market impact: price × coefficient × σ × √(quantity ÷ volume), where σ is the bar's volatility from its
 * range (Parkinson 1980) and volume the bar's volume. The law is the empirical regularity of Almgren et al. (2005) and Tóth et al. (2011);
 * coefficients near 1 fit many markets. Without volume the order counts as the whole bar's.
 */
export const sqrtImpact =
  ({ spreadBps, coefficient }: { spreadBps: number; coefficient: number }): SlippageModel =>
  ({ price, quantity, high, low, volume }) =>
    price * (spreadBps / 20_000 + coefficient * rangeVolatility(high, low) * Math.sqrt(volumeShare(quantity, volume)));
