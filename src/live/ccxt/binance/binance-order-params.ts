import type { OrderType } from '../../../events/order.js';
import { VenueFailure, type VenueOrderRequest } from '../../venue-transport.js';
import { priceSteps } from '../price-steps.js';
import { stepText } from '../steps.js';
import type { SymbolTable } from '../symbol-table.js';
import type { Params } from '../venue-calls.js';

/** The venue's names for our order types; conditional ones go to its algo orders. */
const TYPES: Readonly<Record<OrderType, string>> = {
  market: 'MARKET',
  limit: 'LIMIT',
  stop: 'STOP_MARKET',
  'stop-limit': 'STOP',
  'take-profit': 'TAKE_PROFIT_MARKET',
  'take-profit-limit': 'TAKE_PROFIT',
  'trailing-stop': 'TRAILING_STOP_MARKET',
};

const positionSide = (side: VenueOrderRequest['positionSide']): string => (side === null ? 'BOTH' : side.toUpperCase());

/** Parameters of `POST order`. Fails as `refused` for what that cannot be asked for. */
export const plainOrderParams = (request: VenueOrderRequest, symbols: SymbolTable): Params => {
  const { price, quantity } = priceSteps(symbols, request.symbol);
  const limit = request.type === 'limit';
  if (limit && request.price === null) throw new VenueFailure('refused', 'rejected', 'A limit order needs a price.');
  if (request.closePosition) throw new VenueFailure('refused', 'unsupported', 'Only a conditional order can close a position.');
  return {
    symbol: symbols.idOf(request.symbol),
    side: request.side.toUpperCase(),
    type: TYPES[request.type],
    quantity: quantity(request.quantity),
    price: limit && request.price !== null ? price(request.price) : undefined,
    timeInForce: limit ? (request.postOnly ? 'GTX' : request.tif.toUpperCase()) : undefined,
    goodTillDate: limit && request.tif === 'gtd' && request.goodTill !== null ? request.goodTill : undefined,
    // Refused by the venue in hedge mode, where the side says it.
    reduceOnly: request.reduceOnly && request.positionSide === null ? 'true' : undefined,
    positionSide: positionSide(request.positionSide),
    newClientOrderId: request.clientId,
    newOrderRespType: 'RESULT',
  };
};

/** Parameters of `POST algoOrder`. */
export const algoOrderParams = (request: VenueOrderRequest, symbols: SymbolTable): Params => {
  const { price, quantity } = priceSteps(symbols, request.symbol);
  const limit = request.type === 'stop-limit' || request.type === 'take-profit-limit';
  const { trail } = request;
  return {
    algoType: 'CONDITIONAL',
    symbol: symbols.idOf(request.symbol),
    side: request.side.toUpperCase(),
    type: TYPES[request.type],
    quantity: request.closePosition ? undefined : quantity(request.quantity),
    closePosition: request.closePosition ? 'true' : undefined,
    price: limit && request.price !== null ? price(request.price) : undefined,
    triggerPrice: trail === null && request.stopPrice !== null ? price(request.stopPrice) : undefined,
    // Percent with one decimal, 0.1 to 10.
    callbackRate: trail === null ? undefined : stepText(trail.fraction * 100, 0.1, 'Callback rate'),
    activatePrice: trail !== null && trail.activation !== null ? price(trail.activation) : undefined,
    timeInForce: limit ? (request.postOnly ? 'GTX' : request.tif.toUpperCase()) : undefined,
    goodTillDate: limit && request.tif === 'gtd' && request.goodTill !== null ? request.goodTill : undefined,
    workingType: request.triggerBy === 'mark' ? 'MARK_PRICE' : 'CONTRACT_PRICE',
    reduceOnly: request.reduceOnly && !request.closePosition && request.positionSide === null ? 'true' : undefined,
    positionSide: positionSide(request.positionSide),
    clientAlgoId: request.clientId,
  };
};
