import type { PracticeExecution, PracticeOrder } from '../practice-exchange.js';
import type { MarketForm } from '../wire/market-forms.js';
import { decimal, money } from '../wire/decimals.js';
import { linkOf } from './order-shape.js';
import { isConditional, sideWord, typeWord } from './order-words.js';

const CAUSES: Readonly<Record<PracticeExecution['cause'], string>> = {
  order: 'Trade',
  liquidation: 'BustTrade',
  adl: 'AdlTrade',
  settlement: 'Settle',
};

/** A trade of ours. Left over is what the order is still open for, when the order is known. */
export const executionShape = (execution: PracticeExecution, order: PracticeOrder, form: MarketForm): Record<string, unknown> => {
  const value = execution.price * execution.quantity;
  return {
    symbol: form.id,
    orderId: execution.venueOrderId,
    orderLinkId: linkOf(execution.clientId),
    side: sideWord(execution),
    orderPrice: form.price(order.price ?? 0),
    orderQty: form.quantity(order.quantity),
    leavesQty: form.quantity(order.status === 'open' ? Math.max(0, order.quantity - order.filled) : 0),
    createType: 'CreateByUser',
    orderType: typeWord(order),
    stopOrderType: isConditional(order) ? 'Stop' : 'UNKNOWN',
    execFee: money(execution.fee),
    execId: execution.id,
    execPrice: form.price(execution.price),
    execQty: form.quantity(execution.quantity),
    execType: CAUSES[execution.cause],
    execValue: decimal(value, 8),
    execTime: String(execution.ts),
    feeCurrency: execution.feeAsset,
    isMaker: execution.maker,
    feeRate: decimal(execution.fee / value, 6),
    tradeIv: '',
    markIv: '',
    markPrice: form.price(execution.price),
    indexPrice: '',
    underlyingPrice: '',
    blockTradeId: '',
    closedSize: form.quantity(execution.realised === 0 ? 0 : execution.quantity),
    seq: Number(execution.id),
  };
};
