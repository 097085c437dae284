import type { OrderType, TimeInForce, Trail } from '../../events/order.js';
import type { Ticks } from '../../market/units.js';
import { SLACK } from './slack.js';

/** Whether an order of this type waits for a trigger before anything else. */
export const hasTrigger = (type: OrderType): boolean => type !== 'market' && type !== 'limit';

/** Whether it trades with a limit price, once triggered. */
export const hasLimit = (type: OrderType): boolean => type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit';

/** Whether what is not filled at once stays at the venue. */
export const stays = (tif: TimeInForce): boolean => tif === 'gtc' || tif === 'gtd';

/** Whether a rising price reaches the trigger: a stop to buy waits above the market and one to sell below it, a take-profit the other way round. */
export const triggersAbove = (type: OrderType, buy: boolean): boolean =>
  type === 'take-profit' || type === 'take-profit-limit' ? !buy : buy;

/** Whether `price` is at the trigger or beyond it; never for NaN. */
export const isReached = (above: boolean, trigger: Ticks, price: number): boolean => (above ? price >= trigger : price <= trigger);

/**
 * Best price that a trailing stop has followed once the market is at `price` (ticks): the highest for a sell, the lowest for a buy, from the first price at or
 * beyond its activation on. NaN until then.
 */
export const followed = (trail: Trail, buy: boolean, best: number, price: number): number => {
  if (Number.isNaN(price)) return best;
  if (Number.isNaN(best)) return trail.activation === null || isReached(!buy, trail.activation, price) ? price : best;
  return buy ? Math.min(best, price) : Math.max(best, price);
};

/**
 * Trigger of a trailing stop that has followed the market to `best` (ticks): the distance, or the share of the best price, away from it, in whole ticks rounded away
 * from the market (so it is never nearer than was asked for) and at least one tick from it.
 */
export const trailingTrigger = (trail: Trail, buy: boolean, best: number): Ticks => {
  const away = trail.distance ?? (best * (trail.bps ?? 0)) / 10_000;
  return buy
    ? Math.max(Math.ceil(best + away - SLACK), Math.floor(best) + 1)
    : Math.min(Math.floor(best - away + SLACK), Math.ceil(best) - 1);
};

/** A price in ticks, a fraction of one left as it is but for the noise of the division. */
export const ticksBetween = (price: number, tickSize: number): number => {
  const ticks = price / tickSize;
  const whole = Math.round(ticks);
  return Math.abs(ticks - whole) <= SLACK + Math.abs(ticks) * 5e-16 ? whole : ticks;
};
