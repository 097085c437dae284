import type { Units } from '../../market/units.js';

/** What an order is worth at a price in ticks, as the smallest notional is stated: an inverse contract is counted in quote currency already. */
export const orderValue = (u: Units, quantity: number, price: number): number => (u.inverse ? quantity : quantity * price * u.tickSize);
