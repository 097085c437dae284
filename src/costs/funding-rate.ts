/** What a funding rate is made of, as fractions per interval. */
export interface FundingRateBasis {
  /** Average premium index: how far the perpetual trades above its index. */
  readonly premium: number;
  /** Difference of interest between the two currencies; 0.0001 for 8 hours on most venues. */
  readonly interest: number;
  /** Largest correction towards the interest rate; 0.0005 when left out. */
  readonly band?: number;
}

/**
 * Funding rate that the premium so far leads to: F = P + clamp(I − P, −0.05 %, +0.05 %). A premium within the band of the interest rate gives the interest rate itself. Binance, Introduction
 * to Funding Rates; Bybit and Bitget use the same. Venue caps by maintenance margin are not applied.
 */
export const predictedFundingRate = ({ premium, interest, band = 0.0005 }: FundingRateBasis): number => {
  const pull = interest - premium;
  // Inside the band P + (I − P), whose rounding would show.
  return Math.abs(pull) <= band ? interest : premium + Math.sign(pull) * band;
};
