import { toAmount, type Lots, type Ticks, type Units } from '../../market/units.js';

/** What it cost that a fill was at `price` and not at the market's price, both in ticks; in the units that accounts book in. */
export const slippageAmount = (u: Units, price: Ticks, marketPrice: number, lots: Lots): number =>
  u.inverse
    ? toAmount(Math.abs(u.notionalOf(u.quantity(lots), price * u.tickSize) - u.notionalOf(u.quantity(lots), marketPrice * u.tickSize)))
    : Math.round(Math.abs(price - marketPrice) * u.notional(1, lots));
