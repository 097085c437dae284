import { CLOSE_ALL, type Ticket } from '../../events/order.js';
import type { VenueOrderRequest } from '../../live/venue-transport.js';
import type { Units } from '../../market/units.js';

/** A request as orders are matched. `hasMarks`: whether there are mark prices to trigger by; the last price is the mark otherwise. */
export const orderTicket = (request: VenueOrderRequest, orderId: string, units: Units, hasMarks: boolean): Ticket => {
  const { symbol, side, type, tif, postOnly, trail, goodTill, positionSide } = request;
  return {
    orderId,
    symbol,
    side,
    type,
    lots: request.closePosition ? CLOSE_ALL : units.lots(request.quantity),
    limit: request.price === null ? null : units.ticks(request.price),
    stop: request.stopPrice === null ? null : units.ticks(request.stopPrice),
    tif,
    postOnly,
    reduceOnly: request.reduceOnly || request.closePosition,
    ...(goodTill !== null && tif === 'gtd' && { goodTill }),
    ...(request.triggerBy === 'mark' && hasMarks && { triggerBy: 'mark' as const }),
    ...(trail !== null && {
      trail: {
        bps: trail.fraction * 10_000,
        distance: null,
        activation: trail.activation === null ? null : units.ticks(trail.activation),
      },
    }),
    ...(request.closePosition && { closePosition: true as const }),
    ...(positionSide !== null && { positionSide }),
  };
};
