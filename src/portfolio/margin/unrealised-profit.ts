import { positionValue } from './position-value.js';

/**
 * Profit of an open position at a price, in the settlement asset, before fees: quantity × (price − entry) for linear contracts, quantity × (1 ÷ entry − 1 ÷ price) for inverse ones
 * (Binance and Bybit contract specifications). Quantity is signed: base units, quote currency for inverse contracts.
 */
export const unrealisedProfit = (inverse: boolean, quantity: number, entryPrice: number, price: number): number =>
  positionValue(inverse, quantity, price) - positionValue(inverse, quantity, entryPrice);
