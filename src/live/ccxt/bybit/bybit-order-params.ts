import { VenueFailure, type VenueOrderRequest } from '../../venue-transport.js';
import { priceSteps } from '../price-steps.js';
import type { SymbolTable } from '../symbol-table.js';
import type { Params } from '../venue-calls.js';
import { positionIndex } from './bybit-orders.js';
import { linkIdOf } from './link-id.js';

/** Which way the price must go to trigger: 1 up, 2 down. A stop lies against its order, a take-profit in its favour. */
const triggerDirection = ({ type, side }: VenueOrderRequest): 1 | 2 => (type.startsWith('stop') === (side === 'buy') ? 1 : 2);

/** Parameters of `order/create`. Fails as `refused` for what that cannot be asked for. */
export const bybitOrderParams = (request: VenueOrderRequest, symbols: SymbolTable): Params => {
  const { price, quantity } = priceSteps(symbols, request.symbol);
  if (request.type === 'trailing-stop')
    throw new VenueFailure('refused', 'unsupported', 'Bybit has no trailing stop order of its own: it belongs to a position there.');
  if (request.tif === 'gtd') throw new VenueFailure('refused', 'unsupported', 'Bybit has no orders that are good till a date.');
  const limit = request.type === 'limit' || request.type === 'stop-limit' || request.type === 'take-profit-limit';
  const conditional = request.type !== 'market' && request.type !== 'limit';
  if (limit && request.price === null) throw new VenueFailure('refused', 'rejected', 'A limit order needs a price.');
  return {
    category: 'linear',
    symbol: symbols.idOf(request.symbol),
    side: request.side === 'buy' ? 'Buy' : 'Sell',
    orderType: limit ? 'Limit' : 'Market',
    // Zero closes whatever is held.
    qty: request.closePosition ? '0' : quantity(request.quantity),
    price: limit && request.price !== null ? price(request.price) : undefined,
    timeInForce: limit ? (request.postOnly ? 'PostOnly' : request.tif.toUpperCase()) : undefined,
    reduceOnly: request.reduceOnly || request.closePosition ? true : undefined,
    closeOnTrigger: request.closePosition ? true : undefined,
    positionIdx: positionIndex(request.positionSide),
    triggerPrice: conditional && request.stopPrice !== null ? price(request.stopPrice) : undefined,
    triggerDirection: conditional ? triggerDirection(request) : undefined,
    triggerBy: conditional ? (request.triggerBy === 'mark' ? 'MarkPrice' : 'LastPrice') : undefined,
    orderLinkId: linkIdOf(request.clientId),
  };
};
