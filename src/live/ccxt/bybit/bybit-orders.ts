import type { OrderType, PositionSide, Side } from '../../../events/order.js';
import type { VenueExecution, VenueOrder, VenueOrderStatus } from '../../venue-transport.js';
import {
  BadMessage,
  finite,
  flag,
  id,
  oneOf,
  positive,
  positiveOrNull,
  size,
  sizeIn,
  text,
  textOrNone,
  time,
  type Fields,
} from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';
import { clientIdIn } from './link-id.js';

const SIDES: Readonly<Record<string, Side>> = { Buy: 'buy', Sell: 'sell' };
const KINDS: Readonly<Record<string, 'market' | 'limit'>> = { Market: 'market', Limit: 'limit' };
const STATUSES: Readonly<Record<string, VenueOrderStatus>> = {
  Created: 'open',
  New: 'open',
  Active: 'open',
  PartiallyFilled: 'open',
  Triggered: 'open',
  Untriggered: 'untriggered',
  Filled: 'filled',
  Cancelled: 'cancelled',
  PartiallyFilledCanceled: 'cancelled',
  Deactivated: 'cancelled',
  Rejected: 'rejected',
};
/** Kinds of conditional orders; `true` for those against the market (stops). Null: the direction of the trigger tells. */
const STOPS: Readonly<Record<string, boolean | null>> = {
  Stop: null,
  StopLoss: true,
  PartialStopLoss: true,
  TakeProfit: false,
  PartialTakeProfit: false,
  tpslOrder: null,
  OcoOrder: null,
};
const CAUSES: Readonly<Record<string, VenueExecution['cause'] | 'none'>> = {
  Trade: 'order',
  BlockTrade: 'order',
  MovePosition: 'settlement',
  AdlTrade: 'adl',
  BustTrade: 'liquidation',
  Settle: 'settlement',
  Delivery: 'settlement',
  // Cash, not a trade: the income ledger has it.
  Funding: 'none',
};

/** In hedge mode a position is named by an index. */
export const positionSideOf = (index: unknown): PositionSide | null =>
  Number(index) === 1 ? 'long' : Number(index) === 2 ? 'short' : null;
export const positionIndex = (side: PositionSide | null): number => (side === null ? 0 : side === 'long' ? 1 : 2);

const typeOf = (row: Fields, side: Side): OrderType => {
  const kind = oneOf(KINDS, row, 'orderType');
  const stop = textOrNone(row, 'stopOrderType');
  if (stop === '' || stop === 'UNKNOWN' || positiveOrNull(row, 'triggerPrice') === null) return kind;
  if (stop === 'TrailingStop') return 'trailing-stop';
  const rises = Number(row['triggerDirection']) === 1;
  const against = oneOf(STOPS, row, 'stopOrderType') ?? rises === (side === 'buy');
  return against ? (kind === 'limit' ? 'stop-limit' : 'stop') : kind === 'limit' ? 'take-profit-limit' : 'take-profit';
};

/** An order, as requests and the private stream write it. */
export const readBybitOrder = (row: Fields, symbols: SymbolTable): VenueOrder => {
  const side = oneOf(SIDES, row, 'side');
  const filled = sizeIn(row['cumExecQty'] === '' ? 0 : row['cumExecQty'], 'cumExecQty');
  const status = oneOf(STATUSES, row, 'orderStatus');
  return {
    clientId: clientIdIn(textOrNone(row, 'orderLinkId')),
    venueId: id(row, 'orderId'),
    symbol: symbols.nameOf(text(row, 'symbol')),
    side,
    type: typeOf(row, side),
    // A part of it traded: the rest is gone, the order was not refused.
    status:
      status === 'rejected' && filled > 0
        ? 'cancelled'
        : status === 'cancelled' && row['rejectReason'] === 'EC_PostOnlyWillTakeLiquidity'
          ? 'rejected'
          : status,
    quantity: size(row, 'qty'),
    filled,
    price: positiveOrNull(row, 'price'),
    stopPrice: positiveOrNull(row, 'triggerPrice'),
    reduceOnly: flag(row, 'reduceOnly'),
    closePosition: flag(row, 'closeOnTrigger') && size(row, 'qty') === 0,
    conditional: false,
    positionSide: positionSideOf(row['positionIdx']),
    updatedAt: time(row, row['updatedTime'] === undefined || row['updatedTime'] === '' ? 'createdTime' : 'updatedTime'),
  };
};

/** An execution; null for what is no trade. Linear contracts pay fees in what they settle in, which some messages leave out. */
export const readBybitExecution = (row: Fields, symbols: SymbolTable): VenueExecution | null => {
  const cause = oneOf(CAUSES, row, 'execType');
  if (cause === 'none') return null;
  const symbol = symbols.nameOf(text(row, 'symbol'));
  const feeAsset = textOrNone(row, 'feeCurrency');
  const settles = symbol.split(':')[1];
  if (feeAsset === '' && settles === undefined) throw new BadMessage('no-fee-asset', `the fee of ${symbol} is in no asset`);
  return {
    id: id(row, 'execId'),
    venueOrderId: id(row, 'orderId'),
    clientId: clientIdIn(textOrNone(row, 'orderLinkId')),
    symbol,
    side: oneOf(SIDES, row, 'side'),
    price: positive(row, 'execPrice'),
    quantity: positive(row, 'execQty'),
    fee: row['execFee'] === undefined || row['execFee'] === '' ? 0 : finite(row, 'execFee'),
    feeAsset: feeAsset === '' ? (settles ?? '') : feeAsset,
    maker: flag(row, 'isMaker'),
    ts: time(row, 'execTime'),
    cause,
    positionSide: positionSideOf(row['positionIdx']),
  };
};
