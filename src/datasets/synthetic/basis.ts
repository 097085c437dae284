import type { Random } from '../../random.js';
import { HOUR } from '../../time.js';

/** Interest part of a funding rate per 8 hours, and the band around it in which the premium does not move the rate: Binance's published formula. */
const INTEREST = 0.0001;
const BAND = 0.0005;
const CAP = 0.0075;

const clamp = (value: number, low: number, high: number): number => (value < low ? low : value > high ? high : value);

/**
 * The perpetual's premium over its index: reverts over a day or two, and leans the way the price went, because leveraged longs chase a rise.
 * `next(return)` gives the premium after a bar with that return, as a fraction.
 */
export const basisWalk = (barMs: number, source: Random): { next(barReturn: number): number } => {
  const decay = Math.exp(-barMs / (36 * HOUR));
  const noise = 0.0004 * Math.sqrt(1 - decay * decay);
  let basis = 0;
  return {
    next: barReturn => {
      basis = clamp(basis * decay + 0.01 * barReturn + noise * source.normal(), -0.02, 0.02);
      return basis;
    },
  };
};

/**
 * Funding rate of one interval from the mean premium over it: (P + clamp(I − P, ±0.05 %)) × interval ÷ 8 h, capped at ±0.75 %, rounded to 1e-8.
 * Source: Binance, "Introduction to Binance Futures Funding Rates".
 */
export const fundingRate = (meanPremium: number, interval: number): number => {
  const rate = (meanPremium + clamp(INTEREST - meanPremium, -BAND, BAND)) * (interval / (8 * HOUR));
  return Math.round(clamp(rate, -CAP, CAP) * 1e8) / 1e8;
};
