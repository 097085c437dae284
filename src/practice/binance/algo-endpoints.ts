import type { OrderRef } from '../../live/venue-transport.js';
import type { Symbol } from '../../market/instrument.js';
import type { PracticeOrder } from '../practice-exchange.js';
import { BinanceError } from './binance-error.js';
import type { Desk } from './desk.js';
import { endpoint, type Call, type Endpoint, type Params } from './endpoint.js';
import { algoRequest } from './order-request.js';
import { algoShape } from './order-shapes.js';
import { wholeNumber } from './wire-json.js';

/** The algo endpoints name no symbol, and ids are the account's own: whichever market has it answers. */
const anywhere = <T>(symbols: readonly Symbol[], ask: (symbol: Symbol) => T): T => {
  let failure: unknown;
  for (const symbol of symbols)
    try {
      return ask(symbol);
    } catch (error) {
      failure = error;
    }
  throw failure;
};

/** Conditional orders: the second id space. */
export const algoEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms } = desk;
  let ownIds = 0;
  const shape = (order: PracticeOrder) => algoShape(order, forms.bySymbol(order.symbol));
  const refs = (params: Params): ((symbol: Symbol) => OrderRef) => {
    const venueId = params.text('algoId') ?? params.text('algoid') ?? null;
    const clientId = params.text('clientAlgoId') ?? params.text('clientalgoid') ?? null;
    if (venueId === null && clientId === null)
      throw new BinanceError(-1102, "Param 'clientAlgoId' or 'algoId' must be sent, but both were empty/null!");
    return symbol => ({ symbol, venueId, clientId: venueId === null ? clientId : null, conditional: true });
  };
  const symbols = (params: Params): readonly Symbol[] => {
    const id = params.text('symbol');
    return id === undefined ? forms.all().map(({ symbol }) => symbol) : [forms.byId(id).symbol];
  };
  /** Those that wait: one that has triggered lives on as a plain order. */
  const open = ({ account, params }: Call): readonly PracticeOrder[] => {
    const id = params.text('symbol');
    const alive = exchange.openOrders(account, id === undefined ? null : forms.byId(id).symbol, true);
    return alive.filter(({ status }) => status === 'untriggered');
  };
  return [
    [
      'POST /fapi/v1/algoOrder',
      endpoint({ security: 'signed', weight: 0, orders: 1, asking: 'change' }, ({ account, params }) => {
        const request = algoRequest(params, {
          form: forms.byId(params.required('symbol')),
          hedged: exchange.hedge(account),
          ownId: () => `practice-algo-${ownIds++}`,
        });
        return shape(exchange.place(account, request));
      }),
    ],
    [
      'DELETE /fapi/v1/algoOrder',
      endpoint({ security: 'signed', asking: 'change' }, ({ account, params }) => {
        const ref = refs(params);
        const order = anywhere(symbols(params), symbol => exchange.cancel(account, ref(symbol)));
        return { algoId: wholeNumber(order.venueId), clientAlgoId: order.clientId, code: '200', msg: 'success' };
      }),
    ],
    [
      'GET /fapi/v1/algoOrder',
      endpoint({ security: 'signed' }, ({ account, params }) => {
        const ref = refs(params);
        return shape(anywhere(symbols(params), symbol => exchange.order(account, ref(symbol))));
      }),
    ],
    [
      'GET /fapi/v1/openAlgoOrders',
      endpoint({ security: 'signed', weight: params => (params.text('symbol') === undefined ? 40 : 1) }, call => open(call).map(shape)),
    ],
    [
      'GET /fapi/v1/allAlgoOrders',
      endpoint({ security: 'signed', weight: 5 }, ({ account, params }) => {
        const { symbol } = forms.byId(params.required('symbol'));
        const from = params.number('startTime') ?? -Infinity;
        const to = params.number('endTime') ?? Infinity;
        return exchange
          .allOrders(account)
          .filter(order => order.conditional && order.symbol === symbol)
          .filter(({ createdAt }) => createdAt >= from && createdAt <= to)
          .slice(-Math.min(params.number('limit') ?? 500, 1000))
          .map(shape);
      }),
    ],
    [
      'DELETE /fapi/v1/algoOpenOrders',
      endpoint({ security: 'signed', asking: 'change' }, call => {
        call.params.required('symbol');
        for (const { symbol, venueId } of open(call)) exchange.cancel(call.account, { symbol, clientId: null, venueId, conditional: true });
        return { code: 200, msg: 'The operation of cancel all open order is done.' };
      }),
    ],
  ];
};
