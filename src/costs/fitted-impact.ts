import { power } from '../numeric/pow.js';
import { rangeVolatility } from './range-volatility.js';
import type { SlippageModel } from './slippage.js';
import { volumeShare } from './volume-share.js';

/**
 * A model fitted to observed fills: price × (spread ÷ 2 + coefficient × σ × (Q ÷ V)^exponent), with σ from the bar's range (Parkinson 1980), V
 * its volume, and Q ÷ V at most 1. Bars should be as long as the intervals that the fit took σ and volume from.
 */
export const fittedImpact =
  ({ spreadBps, coefficient, exponent }: { spreadBps: number; coefficient: number; exponent: number }): SlippageModel =>
  ({ price, quantity, high, low, volume }) =>
    price * (spreadBps / 20_000 + coefficient * rangeVolatility(high, low) * power(volumeShare(quantity, volume), exponent));
