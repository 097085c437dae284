import { CLOSE_ALL } from '../../events/order.js';
import type { Lots } from '../../market/units.js';
import type { Algorithm, ChildOrder } from './algorithm.js';
import { ChildOrders, outstanding, type Child } from './child-orders.js';

/**
 * One cancels the other: two orders of as many lots. What fills of either makes both smaller, whichever is filled whole or ends takes the other back. Until the venue has heard of that
 * both may fill: reduce-only orders cannot turn a position by it. Closes as `filled`, `cancelled`, or by what the first order ended of.
 */
export const oco = (orders: readonly [ChildOrder, ChildOrder]): Algorithm => {
  const legs = new ChildOrders();
  const lots: Lots = orders[0].lots;
  let code: string | null = null;
  const resize = (leg: Child, left: Lots): void => {
    if (leg.hasEnded || leg.isLeaving || leg.isFixed || leg.asked !== null || outstanding(leg) <= left) return;
    legs.amend(leg, leg.filled + left);
  };
  return {
    nextAt: Infinity,
    countsVolume: false,
    get filled() {
      return legs.filled();
    },
    handle: event => {
      const leg = legs.hear(event);
      if (event.on === 'start') for (const order of orders) legs.place('leg', order);
      if (event.on === 'cancel') code ??= 'cancelled';
      const filled = legs.filled();
      const isFilled = filled >= lots || (lots === CLOSE_ALL && filled > 0);
      if (isFilled) code ??= 'filled';
      else if (event.on === 'ended' && leg && !leg.isLeaving) code ??= event.code;
      if (code !== null) legs.cancelAll(code);
      else if (filled > 0) for (const other of legs.all) resize(other, lots - filled);
      if (code !== null && legs.live().length === 0) legs.close(code);
      return legs.take();
    },
  };
};
