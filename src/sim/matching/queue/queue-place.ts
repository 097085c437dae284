import type { Lots } from '../../../market/units.js';
import type { Liquidity } from '../liquidity.js';
import type { Offers } from '../offers.js';
import { workingOrder, type WorkingOrder } from '../working-order.js';
import type { Ticket } from '../../../events/order.js';
import type { QueueModel } from './queue-model.js';

/** An order with its place in a displayed level. */
export interface QueuedOrder extends WorkingOrder {
  /** Displayed lots of the level when the order last looked, what had traded and was still displayed left out. */
  shown: Lots;
  /** Lots that have traded at the level since. */
  traded: Lots;
}

export const queuedOrder = (ticket: Ticket): QueuedOrder => ({ ...workingOrder(ticket), shown: 0, traded: 0 });

const sideOf = (order: WorkingOrder): 1 | -1 => (order.buy ? 1 : -1);

/** The order joins its level behind everything that is displayed there. Where the display does not say, nothing is known of what is ahead. */
export const joinQueue = (order: QueuedOrder, liquidity: Liquidity, offers: Offers): void => {
  const side = sideOf(order);
  const price = order.limit as number;
  order.traded = 0;
  if (!liquidity.sized) {
    order.shown = 0;
    order.ahead = NaN;
    return;
  }
  const shown = liquidity.display.lotsAt(side, price);
  order.traded = Math.min(shown, offers.tradedAt(side, price));
  order.shown = shown;
  order.ahead = shown > 0 || liquidity.covers(side, price) ? shown - order.traded : NaN;
};

/**
 * The display has changed: what left the level without a trade was cancelled, before or behind us as the model says; what came is behind us. True when fewer lots are ahead now, or it is known for
 * the first time how many are.
 */
export const requeue = (order: QueuedOrder, liquidity: Liquidity, model: QueueModel): boolean => {
  if (!liquidity.sized) return false;
  const side = sideOf(order);
  const price = order.limit as number;
  const after = liquidity.display.lotsAt(side, price);
  const { ahead } = order;
  if (Number.isNaN(ahead)) {
    if (after === 0 && !liquidity.covers(side, price)) return false;
    order.ahead = after;
  } else {
    if (after === order.shown) return false;
    const before = Math.max(0, order.shown - order.traded);
    if (after > 0 || liquidity.covers(side, price))
      order.ahead = after < before ? model.ahead(Math.min(ahead, before), before, after) : Math.min(ahead, after);
  }
  order.shown = after;
  order.traded = 0;
  return order.ahead !== ahead;
};
