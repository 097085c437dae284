import type { OrderRef, VenueOrderRequest } from '../../live/venue-transport.js';
import type { PracticeOrder } from '../practice-exchange.js';

/** Orders that the venue took in and then did not want: a post-only order that would take is acknowledged there, and cancelled before it is seen by anybody. */
export interface TurnedAway {
  add(account: string, request: VenueOrderRequest, code: string, now: number): PracticeOrder;
  find(account: string, ref: OrderRef): PracticeOrder | undefined;
  all(account: string): readonly PracticeOrder[];
}

/** `tell` hears of each. */
export const turnedAway = (tell: (account: string, order: PracticeOrder) => void): TurnedAway => {
  const orders = new Map<string, PracticeOrder[]>();
  let made = 0;
  return {
    add: (account, request, code, now) => {
      const order: PracticeOrder = {
        clientId: request.clientId,
        venueId: String(5_100_000_000 + ++made),
        symbol: request.symbol,
        side: request.side,
        type: request.type,
        status: 'rejected',
        quantity: request.quantity,
        filled: 0,
        price: request.price,
        stopPrice: request.stopPrice,
        reduceOnly: request.reduceOnly,
        closePosition: request.closePosition,
        conditional: false,
        positionSide: request.positionSide,
        updatedAt: now,
        tif: request.tif,
        postOnly: request.postOnly,
        triggerBy: request.triggerBy,
        trail: request.trail,
        goodTill: request.goodTill,
        createdAt: now,
        quote: 0,
        triggeredAt: null,
        spawned: null,
        spawnedBy: null,
        cause: 'order',
        code,
      };
      const known = orders.get(account) ?? [];
      orders.set(account, known);
      known.push(order);
      tell(account, order);
      return order;
    },
    find: (account, { clientId, venueId }) =>
      orders.get(account)?.find(order => (clientId !== null ? order.clientId === clientId : order.venueId === venueId)),
    all: account => orders.get(account) ?? [],
  };
};
