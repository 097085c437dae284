import type { PracticeOrder } from '../practice-exchange.js';
import { assetsOf, type MarketForm } from '../wire/market-forms.js';
import { decimal, money } from '../wire/decimals.js';
import {
  cancelWord,
  createWord,
  isConditional,
  positionIndex,
  reasonWord,
  rises,
  sideWord,
  statusWord,
  tifWord,
  typeWord,
} from './order-words.js';

/** Orders by hand have no link id there; the exchange names them so. */
export const linkOf = (clientId: string): string => (clientId.startsWith('web_') ? '' : clientId);

/** An order as lists give it. `fee`: what its executions paid. */
export const orderShape = (order: PracticeOrder, form: MarketForm, fee: number): Record<string, unknown> => {
  const conditional = isConditional(order);
  const working = order.status === 'open' || order.status === 'untriggered';
  const left = working ? Math.max(0, order.quantity - order.filled) : 0;
  return {
    orderId: order.venueId,
    orderLinkId: linkOf(order.clientId),
    blockTradeId: '',
    symbol: form.id,
    price: form.price(order.price ?? 0),
    qty: form.quantity(order.quantity),
    side: sideWord(order),
    isLeverage: '',
    positionIdx: positionIndex(order.positionSide),
    orderStatus: statusWord(order),
    createType: createWord(order),
    cancelType: cancelWord(order),
    rejectReason: reasonWord(order),
    avgPrice: order.filled > 0 ? decimal(order.quote / order.filled, 8) : '',
    leavesQty: form.quantity(left),
    leavesValue: decimal(left * (order.price ?? order.stopPrice ?? 0), 4),
    cumExecQty: form.quantity(order.filled),
    cumExecValue: decimal(order.quote, 8),
    cumExecFee: money(fee),
    timeInForce: tifWord(order),
    orderType: typeWord(order),
    stopOrderType: conditional ? 'Stop' : '',
    orderIv: '',
    triggerPrice: conditional ? form.price(order.stopPrice ?? 0) : '',
    takeProfit: '',
    stopLoss: '',
    tpslMode: '',
    tpLimitPrice: '',
    slLimitPrice: '',
    tpTriggerBy: '',
    slTriggerBy: '',
    triggerDirection: conditional ? (rises(order) ? 1 : 2) : 0,
    triggerBy: conditional ? (order.triggerBy === 'mark' ? 'MarkPrice' : 'LastPrice') : '',
    lastPriceOnCreated: '',
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closePosition,
    placeType: '',
    smpType: 'None',
    smpGroup: 0,
    smpOrderId: '',
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
  };
};

/** An order of the private stream. */
export const orderMessage = (order: PracticeOrder, form: MarketForm, fee: number, triggered: boolean): Record<string, unknown> => {
  const { isLeverage: _, ...shape } = orderShape(order, form, fee);
  return {
    category: 'linear',
    ...shape,
    ...(triggered && { orderStatus: 'Triggered' }),
    feeCurrency: assetsOf(form.symbol)[1],
  };
};
