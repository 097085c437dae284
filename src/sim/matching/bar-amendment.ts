import type { Amendment } from '../../events/order.js';
import type { Ticks, Units } from '../../market/units.js';
import { orderValue } from './order-value.js';
import { hasLimit, hasTrigger, isReached } from './trigger.js';
import type { WorkingOrder } from './working-order.js';
import { SLACK } from './slack.js';

/**
 * Why the venue refuses to change an order, null where it does not (docs/matching-rules.md §10). `m` is the market price in ticks, NaN while there is none: a post-only order is not made to take.
 */
export const refusedAmendment = (
  order: WorkingOrder,
  { lots, limit, stop }: Amendment,
  units: Units,
  minNotional: number,
  m: number,
): string | null => {
  const { type, closePosition, postOnly } = order.ticket;
  const isNew = (next: Ticks | null, now: Ticks | null): boolean => next !== null && next !== now;
  if (lots !== null && closePosition) return 'close-position';
  if (lots !== null && lots <= order.lots - order.remaining) return 'below-filled';
  if (isNew(limit, order.limit) && !hasLimit(type)) return 'no-limit';
  if (isNew(stop, order.stop) && (!hasTrigger(type) || type === 'trailing-stop' || order.triggered)) return 'no-stop';
  const price = limit ?? order.limit ?? stop ?? order.stop;
  if (!order.reduces && price !== null) {
    const value = orderValue(units, units.quantity(lots ?? order.lots), price);
    if (value < minNotional * (1 - SLACK)) return 'min-notional';
  }
  const takes = order.state === 'resting' && isNew(limit, order.limit) && isReached(!order.buy, limit as Ticks, m);
  return takes && postOnly ? 'post-only' : null;
};
