import { PRODUCTS, rollingComoments } from '../windows/rolling-comoments.js';

/**
 * Roll's spread in the unit of the price changes, from the covariance of each change with the one before over the last n pairs: 2 √(−cov), and 0 where they do not bounce. Trades that alternate at
 * random between bid and ask have −(spread ÷ 2)². R. Roll, A simple implicit measure of the effective bid–ask spread, Journal of Finance 39 (1984).
 */
export const bounce = (n: number): ((change: number) => number) => {
  const figures = new Float64Array(5).fill(NaN);
  const push = rollingComoments(n, figures);
  const last = Float64Array.of(NaN);
  return change => {
    const before = last[0]!;
    last[0] = change;
    if (before !== before) return NaN;
    push(before, change);
    const covariance = figures[PRODUCTS]! / (n - 1);
    return covariance >= 0 ? 0 : 2 * Math.sqrt(-covariance);
  };
};
