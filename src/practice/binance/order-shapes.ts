import type { PracticeExecution, PracticeOrder } from '../practice-exchange.js';
import { decimal, money } from '../wire/decimals.js';
import type { MarketForm } from '../wire/market-forms.js';
import {
  algoStatus,
  orderStatus,
  originalType,
  positionSideWord,
  sideWord,
  tifWord,
  workingPriceWord,
  workingType,
} from './order-words.js';
import { wholeNumber } from './wire-json.js';

/** Average price of what has filled; 0 when nothing has. */
export const averagePrice = ({ filled, quote }: PracticeOrder): number => (filled > 0 ? quote / filled : 0);

/** An order as queries and lists give it. */
export const orderShape = (order: PracticeOrder, form: MarketForm): Record<string, unknown> => ({
  orderId: wholeNumber(order.venueId),
  symbol: form.id,
  status: orderStatus(order),
  clientOrderId: order.clientId,
  price: form.price(order.price ?? 0),
  avgPrice: decimal(averagePrice(order), 5),
  origQty: form.quantity(order.quantity),
  executedQty: form.quantity(order.filled),
  cumQuote: decimal(order.quote, 5),
  timeInForce: tifWord(order),
  type: workingType(order),
  reduceOnly: order.reduceOnly,
  closePosition: order.closePosition,
  side: sideWord(order),
  positionSide: positionSideWord(order.positionSide),
  stopPrice: form.price(0),
  workingType: workingPriceWord(order),
  priceProtect: false,
  origType: originalType(order),
  priceMatch: 'NONE',
  selfTradePreventionMode: 'EXPIRE_MAKER',
  goodTillDate: order.goodTill ?? 0,
  time: order.createdAt,
  updateTime: order.updatedAt,
});

/** An order as the answer to its placing, changing or cancelling: no `time`, but `cumQty`. */
export const placedShape = (order: PracticeOrder, form: MarketForm): Record<string, unknown> => {
  const { time: _, ...shape } = orderShape(order, form);
  return { ...shape, cumQty: form.quantity(order.filled) };
};

/** A conditional order, of the second id space. */
export const algoShape = (order: PracticeOrder, form: MarketForm): Record<string, unknown> => ({
  algoId: wholeNumber(order.venueId),
  clientAlgoId: order.clientId,
  algoType: 'CONDITIONAL',
  orderType: originalType(order),
  symbol: form.id,
  side: sideWord(order),
  positionSide: positionSideWord(order.positionSide),
  timeInForce: tifWord(order),
  quantity: form.quantity(order.closePosition ? 0 : order.quantity),
  algoStatus: algoStatus(order),
  actualOrderId: order.spawned ?? '',
  actualPrice: decimal(averagePrice(order), 5),
  triggerPrice: form.price(order.stopPrice ?? 0),
  price: form.price(order.price ?? 0),
  icebergQuantity: null,
  tpTriggerPrice: '0.000',
  tpPrice: '0.000',
  slTriggerPrice: '0.000',
  slPrice: '0.000',
  tpOrderType: '',
  selfTradePreventionMode: 'EXPIRE_MAKER',
  workingType: workingPriceWord(order),
  priceMatch: 'NONE',
  closePosition: order.closePosition,
  priceProtect: false,
  reduceOnly: order.reduceOnly,
  createTime: order.createdAt,
  updateTime: order.updatedAt,
  triggerTime: order.triggeredAt ?? 0,
  goodTillDate: order.goodTill ?? 0,
  ...(order.trail !== null && {
    callbackRate: decimal(order.trail.fraction * 100, 1),
    activatePrice: form.price(order.trail.activation ?? 0),
  }),
});

/** A trade of ours. The real venue gives no client order id here, so neither does this one. */
export const tradeShape = (execution: PracticeExecution, form: MarketForm): Record<string, unknown> => ({
  symbol: form.id,
  id: wholeNumber(execution.id),
  orderId: wholeNumber(execution.venueOrderId),
  side: sideWord(execution),
  price: form.price(execution.price),
  qty: form.quantity(execution.quantity),
  realizedPnl: money(execution.realised),
  quoteQty: money(execution.price * execution.quantity),
  commission: money(execution.fee),
  commissionAsset: execution.feeAsset,
  time: execution.ts,
  positionSide: positionSideWord(execution.positionSide),
  buyer: execution.side === 'buy',
  maker: execution.maker,
});
