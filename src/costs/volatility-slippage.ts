import { rangeVolatility } from './range-volatility.js';
import type { SlippageModel } from './slippage.js';

/**
 * Half the spread plus a multiple of the bar's volatility, whatever the size: price × (spread ÷ 2 + multiple × σ), σ from the bar's range
 * (Parkinson 1980). Spreads widen and quotes fade when prices move, which a constant cannot say. Flatters large orders.
 */
export const volatilitySlippage =
  ({ spreadBps, multiple }: { spreadBps: number; multiple: number }): SlippageModel =>
  ({ price, high, low }) =>
    price * (spreadBps / 20_000 + multiple * rangeVolatility(high, low));
