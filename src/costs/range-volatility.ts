/** 1 / (2 √ln 2), so that the range of a driftless Brownian path gives its standard deviation (Parkinson 1980). */
const PARKINSON = 0.6005612043932249;

/**
 * Volatility of one bar from its range, as a fraction of the price: ln(high ÷ low) ÷ (2 √ln 2). 0 for a bar without a range or with prices
 * that are none. Source: M. Parkinson, The Extreme Value Method for Estimating the Variance of the Rate of Return, Journal of Business 53 (1980).
 */
export const rangeVolatility = (high: number, low: number): number => (high > low && low > 0 ? Math.log(high / low) * PARKINSON : 0);
