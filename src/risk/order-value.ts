import type { Side, Ticket } from '../events/order.js';
import type { Lots, Units } from '../market/units.js';

/**
 * The most that so many lots of an order can be worth when they fill, in the settlement asset: a buy is bounded by its limit, anything else by its own price or the last one, whichever is worth more.
 * Inverse contracts are worth the more coins the lower the price.
 */
export const orderValue = (u: Units, side: Side, { limit, stop }: Pick<Ticket, 'limit' | 'stop'>, lots: Lots, last: number): number => {
  const quantity = u.quantity(lots);
  if (u.inverse) {
    const own = Math.min(limit === null ? Infinity : u.price(limit), stop === null ? Infinity : u.price(stop));
    return u.notionalOf(quantity, last < own || (Number.isNaN(last) && own === Infinity) ? last : own);
  }
  if (side === 'buy' && limit !== null) return quantity * u.price(limit);
  const own = Math.max(limit === null ? 0 : u.price(limit), stop === null ? 0 : u.price(stop));
  return quantity * (last > own || Number.isNaN(last) ? last : own);
};
