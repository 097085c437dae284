import type { Side } from '../../events/order.js';
import type { VenueOrderRequest } from '../../live/venue-transport.js';

/** A market order as the exchange or somebody at its web page makes it. */
export const marketRequest = (
  clientId: string,
  symbol: string,
  side: Side,
  quantity: number,
  given: Pick<VenueOrderRequest, 'tif' | 'reduceOnly' | 'positionSide'>,
): VenueOrderRequest => ({
  clientId,
  symbol,
  side,
  type: 'market',
  quantity,
  price: null,
  stopPrice: null,
  triggerBy: 'last',
  trail: null,
  goodTill: null,
  postOnly: false,
  closePosition: false,
  ...given,
});
