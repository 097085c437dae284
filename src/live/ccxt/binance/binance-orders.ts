import type { OrderType, PositionSide, Side } from '../../../events/order.js';
import type { VenueExecution, VenueOrder, VenueOrderRequest, VenueOrderStatus } from '../../venue-transport.js';
import { finite, flag, id, oneOf, positive, positiveOrNull, size, text, textOrNone, time, type Fields } from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';

const SIDES: Readonly<Record<string, Side>> = { BUY: 'buy', SELL: 'sell' };
const POSITION_SIDES: Readonly<Record<string, PositionSide | null>> = { BOTH: null, LONG: 'long', SHORT: 'short' };
const TYPES: Readonly<Record<string, OrderType>> = {
  LIMIT: 'limit',
  MARKET: 'market',
  STOP: 'stop-limit',
  STOP_MARKET: 'stop',
  TAKE_PROFIT: 'take-profit-limit',
  TAKE_PROFIT_MARKET: 'take-profit',
  TRAILING_STOP_MARKET: 'trailing-stop',
  LIQUIDATION: 'market',
};
const STATUSES: Readonly<Record<string, VenueOrderStatus>> = {
  NEW: 'open',
  PARTIALLY_FILLED: 'open',
  PENDING_CANCEL: 'open',
  FILLED: 'filled',
  CANCELED: 'cancelled',
  CANCELLED: 'cancelled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
  NEW_INSURANCE: 'open',
  NEW_ADL: 'open',
};
const ALGO_STATUSES: Readonly<Record<string, VenueOrderStatus>> = {
  NEW: 'untriggered',
  TRIGGERING: 'untriggered',
  TRIGGERED: 'open',
  // What became of its order is for that order to say.
  FINISHED: 'open',
  CANCELED: 'cancelled',
  CANCELLED: 'cancelled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
};

/** Whose doing an order is, by the client id that the venue gives to its own. */
export const causeOf = (clientId: string): VenueExecution['cause'] =>
  clientId.startsWith('adl_autoclose')
    ? 'adl'
    : clientId.startsWith('autoclose-')
      ? 'liquidation'
      : /^(settlement|delivery)_autoclose/.test(clientId)
        ? 'settlement'
        : 'order';

/** Orders that take part in no book until their price comes. */
export const isConditional = (type: VenueOrderRequest['type']): boolean => type !== 'market' && type !== 'limit';

/** An order of the plain id space, from REST. */
export const readOrder = (row: Fields, symbols: SymbolTable): VenueOrder => ({
  clientId: textOrNone(row, 'clientOrderId'),
  venueId: id(row, 'orderId'),
  symbol: symbols.nameOf(text(row, 'symbol')),
  side: oneOf(SIDES, row, 'side'),
  type: oneOf(TYPES, row, row['origType'] === undefined ? 'type' : 'origType'),
  status: oneOf(STATUSES, row, 'status'),
  quantity: size(row, 'origQty'),
  filled: size(row, 'executedQty'),
  price: positiveOrNull(row, 'price'),
  stopPrice: positiveOrNull(row, 'stopPrice'),
  reduceOnly: flag(row, 'reduceOnly'),
  closePosition: flag(row, 'closePosition'),
  conditional: false,
  positionSide: oneOf(POSITION_SIDES, row, 'positionSide'),
  updatedAt: time(row, row['updateTime'] === undefined ? 'time' : 'updateTime'),
});

/** An algo order, from REST, and the id of the order that it became, empty before. The venue's documents call its type `orderType`, some answers `type`. */
export const readAlgoOrder = (row: Fields, symbols: SymbolTable): { readonly order: VenueOrder; readonly actualId: string } => ({
  order: {
    clientId: textOrNone(row, 'clientAlgoId'),
    venueId: id(row, 'algoId'),
    symbol: symbols.nameOf(text(row, 'symbol')),
    side: oneOf(SIDES, row, 'side'),
    type: oneOf(TYPES, row, row['orderType'] === undefined ? 'type' : 'orderType'),
    status: oneOf(ALGO_STATUSES, row, 'algoStatus'),
    quantity: row['quantity'] === undefined || row['quantity'] === null || row['quantity'] === '' ? 0 : size(row, 'quantity'),
    filled: 0,
    price: positiveOrNull(row, 'price'),
    stopPrice: positiveOrNull(row, 'triggerPrice'),
    reduceOnly: flag(row, 'reduceOnly'),
    closePosition: flag(row, 'closePosition'),
    conditional: true,
    positionSide: oneOf(POSITION_SIDES, row, 'positionSide'),
    updatedAt: time(row, row['updateTime'] === undefined ? 'createTime' : 'updateTime'),
  },
  actualId:
    row['actualOrderId'] === undefined || row['actualOrderId'] === null || row['actualOrderId'] === '' ? '' : id(row, 'actualOrderId'),
});

/** What an ORDER_TRADE_UPDATE says: the order, and the trade when it is about one. */
export const readOrderUpdate = (
  message: Fields,
  row: Fields,
  symbols: SymbolTable,
): { readonly order: VenueOrder; readonly execution: VenueExecution | null } => {
  const clientId = textOrNone(row, 'c');
  const symbol = symbols.nameOf(text(row, 's'));
  const side = oneOf(SIDES, row, 'S');
  const positionSide = oneOf(POSITION_SIDES, row, 'ps');
  const quantity = size(row, 'q');
  const filled = size(row, 'z');
  const status = oneOf(STATUSES, row, 'X');
  const at = time(row, row['T'] === undefined ? 'E' : 'T');
  const order: VenueOrder = {
    clientId,
    venueId: id(row, 'i'),
    symbol,
    side,
    type: oneOf(TYPES, row, row['ot'] === undefined ? 'o' : 'ot'),
    // Orders of the insurance fund and of deleveraging keep these statuses to their end.
    status: (row['X'] === 'NEW_INSURANCE' || row['X'] === 'NEW_ADL') && quantity > 0 && filled >= quantity ? 'filled' : status,
    quantity,
    filled,
    price: positiveOrNull(row, 'p'),
    stopPrice: positiveOrNull(row, 'sp'),
    reduceOnly: flag(row, 'R'),
    closePosition: flag(row, 'cp'),
    conditional: false,
    positionSide,
    updatedAt: time(message, 'T'),
  };
  const traded = (row['x'] === 'TRADE' || row['x'] === 'CALCULATED') && size(row, 'l') > 0;
  if (!traded) return { order, execution: null };
  return {
    order,
    execution: {
      id: id(row, 't'),
      venueOrderId: order.venueId,
      clientId,
      symbol,
      side,
      price: positive(row, 'L'),
      quantity: positive(row, 'l'),
      // Settlements and deliveries come without one.
      fee: row['n'] === undefined ? 0 : finite(row, 'n'),
      feeAsset: textOrNone(row, 'N'),
      maker: flag(row, 'm'),
      ts: at,
      cause: causeOf(clientId),
      positionSide,
    },
  };
};

/** What an ALGO_UPDATE says; `ai` is the order that it became, `aq` what that one filled. */
export const readAlgoUpdate = (
  message: Fields,
  row: Fields,
  symbols: SymbolTable,
): { readonly order: VenueOrder; readonly actualId: string } => {
  const status = oneOf(ALGO_STATUSES, row, 'X');
  const quantity = row['q'] === undefined || row['q'] === '' ? 0 : size(row, 'q');
  const filled = row['aq'] === undefined || row['aq'] === '' ? 0 : size(row, 'aq');
  const finished = row['X'] === 'FINISHED';
  return {
    order: {
      clientId: textOrNone(row, 'caid'),
      venueId: id(row, 'aid'),
      symbol: symbols.nameOf(text(row, 's')),
      side: oneOf(SIDES, row, 'S'),
      type: oneOf(TYPES, row, 'o'),
      status: finished && filled > 0 && filled >= quantity ? 'filled' : status,
      quantity,
      filled,
      price: positiveOrNull(row, 'p'),
      stopPrice: positiveOrNull(row, 'tp'),
      reduceOnly: flag(row, 'R'),
      closePosition: flag(row, 'cp'),
      conditional: true,
      positionSide: oneOf(POSITION_SIDES, row, 'ps'),
      updatedAt: time(message, 'T'),
    },
    actualId: row['ai'] === undefined || row['ai'] === '' || row['ai'] === 0 ? '' : id(row, 'ai'),
  };
};

/** A row of userTrades. The venue does not say the client id there. */
export const readTrade = (row: Fields, symbols: SymbolTable): VenueExecution => ({
  id: id(row, 'id'),
  venueOrderId: id(row, 'orderId'),
  clientId: '',
  symbol: symbols.nameOf(text(row, 'symbol')),
  side: oneOf(SIDES, row, 'side'),
  price: positive(row, 'price'),
  quantity: positive(row, 'qty'),
  fee: finite(row, 'commission'),
  feeAsset: textOrNone(row, 'commissionAsset'),
  maker: flag(row, 'maker'),
  ts: time(row, 'time'),
  cause: 'order',
  positionSide: oneOf(POSITION_SIDES, row, 'positionSide'),
});
