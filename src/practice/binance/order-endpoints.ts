import type { OrderRef } from '../../live/venue-transport.js';
import type { Symbol } from '../../market/instrument.js';
import type { PracticeOrder } from '../practice-exchange.js';
import { BinanceError, binanceError } from './binance-error.js';
import { idAtLeast, type Desk } from './desk.js';
import { endpoint, paramsOf, type Call, type Endpoint, type Params } from './endpoint.js';
import type { MarketForm } from '../wire/market-forms.js';
import { plainRequest } from './order-request.js';
import { orderShape, placedShape } from './order-shapes.js';

/** The venue lets an order that ended without a fill be asked for during this long, and no more than a week in one list. */
const WEEK = 7 * 24 * 3_600_000;
const LARGEST_BATCH = 5;

const refOf = (params: Params, symbol: Symbol): OrderRef => {
  const venueId = params.text('orderId') ?? null;
  const clientId = params.text('origClientOrderId') ?? null;
  if (venueId === null && clientId === null)
    throw new BinanceError(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
  return { symbol, venueId, clientId: venueId === null ? clientId : null, conditional: false };
};

/** Reads a batch's JSON, each order with its parameters as texts. Throws -1130 for what is none. */
const batchOf = (params: Params): readonly Params[] => {
  let list: unknown;
  try {
    list = JSON.parse(params.required('batchOrders'));
  } catch {
    throw new BinanceError(-1130, "Data sent for parameter 'batchOrders' is not valid.");
  }
  if (!Array.isArray(list)) throw new BinanceError(-1130, "Data sent for parameter 'batchOrders' is not valid.");
  if (list.length > LARGEST_BATCH) throw new BinanceError(-4082, 'Invalid number of batch place orders.');
  return list.map((entry: unknown) =>
    paramsOf(
      new Map(
        typeof entry === 'object' && entry !== null ? Object.entries(entry).map(([name, value]) => [name, String(value)] as const) : [],
      ),
    ),
  );
};

/** One entry's refusal does not stop the others. */
const eachOf = <T>(entries: readonly T[], asking: 'query' | 'change', one: (entry: T) => unknown): readonly unknown[] =>
  entries.map(entry => {
    try {
      return one(entry);
    } catch (error) {
      const { code, message } = binanceError(error, asking);
      return { code, msg: message };
    }
  });

const listOf = (params: Params, name: string): readonly string[] => {
  const text = params.text(name);
  if (text === undefined) return [];
  return [...text.matchAll(/"([^"]*)"|(\d+)/g)].map(match => match[1] ?? match[2] ?? '');
};

/** Plain orders: place, change, cancel, ask. */
export const orderEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms } = desk;
  const form = (params: Params): MarketForm => forms.byId(params.required('symbol'));
  const ownId = (): string => `practice-${ownIds++}`;
  let ownIds = 0;
  const shape = (order: PracticeOrder) => orderShape(order, forms.bySymbol(order.symbol));
  const placed = (order: PracticeOrder) => placedShape(order, forms.bySymbol(order.symbol));

  const place = (account: string, params: Params): unknown => {
    const request = plainRequest(params, { form: form(params), hedged: exchange.hedge(account), ownId });
    return placed(exchange.place(account, request));
  };
  const cancel = (account: string, params: Params): unknown => placed(exchange.cancel(account, refOf(params, form(params).symbol)));
  const amend = (account: string, params: Params): unknown => {
    const market = form(params);
    const ref = refOf(params, market.symbol);
    const request = plainRequest(
      paramsOf(new Map([...params.all, ['type', 'LIMIT'], ['timeInForce', 'GTC'], ['newClientOrderId', 'change']])),
      { form: market, hedged: false, ownId },
    );
    return placed(exchange.amend(account, ref, { quantity: request.quantity, price: request.price ?? NaN, side: request.side }));
  };
  const find = ({ account, params }: Call): PracticeOrder => exchange.order(account, refOf(params, form(params).symbol));
  const open = ({ account, params }: Call): unknown => {
    const id = params.text('symbol');
    const symbol = id === undefined ? null : forms.byId(id).symbol;
    return exchange.openOrders(account, symbol, false).map(shape);
  };
  const all = ({ account, params }: Call): unknown => {
    const market = form(params);
    const limit = Math.min(params.number('limit') ?? 500, 1000);
    const first = params.text('orderId');
    const from = params.number('startTime');
    const to = params.number('endTime') ?? (from === undefined ? Infinity : from + WEEK);
    if (from !== undefined && to - from > WEEK) throw new BinanceError(-4165, 'Maximum time interval is 7 days.');
    const chosen = exchange
      .allOrders(account)
      .filter(order => !order.conditional && order.symbol === market.symbol)
      .filter(order => (first === undefined ? true : idAtLeast(order.venueId, first)))
      .filter(order => {
        return first !== undefined || (order.createdAt >= (from ?? -Infinity) && order.createdAt <= to);
      });
    const page = first === undefined && from === undefined ? chosen.slice(-limit) : chosen.slice(0, limit);
    return page.map(shape);
  };

  return [
    [
      'POST /fapi/v1/order',
      endpoint({ security: 'signed', weight: 0, orders: 1, asking: 'change' }, ({ account, params }) => place(account, params)),
    ],
    [
      'POST /fapi/v1/order/test',
      endpoint({ security: 'signed', weight: 0, asking: 'change' }, ({ account, params }) => {
        plainRequest(params, { form: form(params), hedged: exchange.hedge(account), ownId });
        return {};
      }),
    ],
    ['PUT /fapi/v1/order', endpoint({ security: 'signed', orders: 1, asking: 'query' }, ({ account, params }) => amend(account, params))],
    ['DELETE /fapi/v1/order', endpoint({ security: 'signed', asking: 'change' }, ({ account, params }) => cancel(account, params))],
    ['GET /fapi/v1/order', endpoint({ security: 'signed' }, call => shape(find(call)))],
    [
      'GET /fapi/v1/openOrder',
      endpoint({ security: 'signed' }, call => {
        const order = find(call);
        if (order.status !== 'open') throw new BinanceError(-2013, 'Order does not exist.');
        return shape(order);
      }),
    ],
    ['GET /fapi/v1/openOrders', endpoint({ security: 'signed', weight: params => (params.text('symbol') === undefined ? 40 : 1) }, open)],
    ['GET /fapi/v1/allOrders', endpoint({ security: 'signed', weight: 5 }, all)],
    [
      'DELETE /fapi/v1/allOpenOrders',
      endpoint({ security: 'signed', asking: 'change' }, ({ account, params }) => {
        exchange.cancelAll(account, form(params).symbol, false);
        return { code: 200, msg: 'The operation of cancel all open order is done.' };
      }),
    ],
    [
      'POST /fapi/v1/batchOrders',
      endpoint({ security: 'signed', weight: 5, orders: 5, asking: 'change' }, ({ account, params }) =>
        eachOf(batchOf(params), 'change', entry => place(account, entry)),
      ),
    ],
    [
      'PUT /fapi/v1/batchOrders',
      endpoint({ security: 'signed', weight: 5, orders: 5 }, ({ account, params }) =>
        eachOf(batchOf(params), 'query', entry => amend(account, entry)),
      ),
    ],
    [
      'DELETE /fapi/v1/batchOrders',
      endpoint({ security: 'signed', asking: 'change' }, ({ account, params }) => {
        const { symbol } = form(params);
        const ids = [...listOf(params, 'orderidlist'), ...listOf(params, 'orderIdList')];
        const names = [...listOf(params, 'origclientorderidlist'), ...listOf(params, 'origClientOrderIdList')];
        const refs: OrderRef[] = [
          ...ids.map(venueId => ({ symbol, venueId, clientId: null, conditional: false })),
          ...names.map(clientId => ({ symbol, venueId: null, clientId, conditional: false })),
        ];
        return eachOf(refs, 'change', ref => placed(exchange.cancel(account, ref)));
      }),
    ],
    [
      'POST /fapi/v1/countdownCancelAll',
      endpoint({ security: 'signed', weight: 10, asking: 'change' }, ({ account, params }) => {
        const market = form(params);
        const ms = params.number('countdownTime') ?? NaN;
        if (!(ms >= 0)) throw new BinanceError(-1102, "Mandatory parameter 'countdownTime' was not sent, was empty/null, or malformed.");
        desk.deadMan.set(account, market.symbol, ms);
        return { symbol: market.id, countdownTime: String(ms) };
      }),
    ],
  ];
};
