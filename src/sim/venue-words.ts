import type { OrderId, PositionSide } from '../events/order.js';
import type { VenueEvent } from '../execution/venue.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots } from '../market/units.js';

// The words that a venue says most often. Spelled out: spreading an envelope into them costs more than all the rest of a fill.

type Word<T extends VenueEvent['type']> = Extract<VenueEvent, { type: T }>;

export const orderAccepted = (ts: number, orderId: OrderId, symbol: Symbol): VenueEvent => ({
  seq: -1,
  version: 1,
  ts,
  knownAt: ts,
  account: '',
  strategy: '',
  correlationId: -1,
  causationId: -1,
  type: 'OrderAccepted',
  orderId,
  symbol,
});

export const orderEnded = (
  ts: number,
  type: 'OrderRejected' | 'OrderExpired' | 'OrderCancelled',
  orderId: OrderId,
  symbol: Symbol,
  code: string,
): VenueEvent => ({
  seq: -1,
  version: 1,
  ts,
  knownAt: ts,
  account: '',
  strategy: '',
  correlationId: -1,
  causationId: -1,
  type,
  orderId,
  symbol,
  code,
});

/** `leg`: hedge mode only. */
export const orderFilled = (
  ts: number,
  orderId: OrderId,
  symbol: Symbol,
  side: 'buy' | 'sell',
  price: number,
  lots: Lots,
  fee: Amount,
  liquidity: 'maker' | 'taker',
  slippage: Amount,
  realised: Amount,
  leg: PositionSide | undefined,
): VenueEvent => {
  const word: Word<'OrderFilled'> = {
    type: 'OrderFilled',
    seq: -1,
    version: 1,
    ts,
    knownAt: ts,
    account: '',
    strategy: '',
    correlationId: -1,
    causationId: -1,
    orderId,
    symbol,
    side,
    price,
    lots,
    fee,
    liquidity,
    slippage,
    realised,
  };
  return leg === undefined ? word : { ...word, positionSide: leg };
};

/** `leg`: hedge mode only. */
export const fundingSettled = (
  ts: number,
  symbol: Symbol,
  rate: number,
  lots: Lots,
  markPrice: number,
  amount: Amount,
  leg: PositionSide | undefined,
): VenueEvent => {
  const word: Word<'FundingSettled'> = {
    seq: -1,
    version: 1,
    ts,
    knownAt: ts,
    account: '',
    strategy: '',
    correlationId: -1,
    causationId: -1,
    type: 'FundingSettled',
    symbol,
    rate,
    lots,
    markPrice,
    amount,
  };
  return leg === undefined ? word : { ...word, positionSide: leg };
};
