import type { OrderRef } from '../../live/venue-transport.js';
import type { Symbol } from '../../market/instrument.js';
import { PracticeRefusal, type PracticeOrder } from '../practice-exchange.js';
import { BybitError, bybitError, paramsError } from './bybit-error.js';
import type { Desk } from './desk.js';
import { signed, trading, type Call, type Endpoint } from './endpoint.js';
import { executionFee } from './execution-fee.js';
import { orderRequest } from './order-request.js';
import { linkOf, orderShape } from './order-shape.js';
import { isConditional, rises } from './order-words.js';
import { page, stretchOf } from './pages.js';
import type { Params } from './params.js';

/** So many of the orders that have ended are found among the open ones. */
const RECENT = 500;

const isAlive = ({ status }: PracticeOrder): boolean => status === 'open' || status === 'untriggered';

const refOf = (params: Params, symbol: Symbol): OrderRef => {
  const venueId = params.text('orderId') ?? null;
  const clientId = params.text('orderLinkId') ?? null;
  if (venueId === null && clientId === null) throw paramsError('orderId or orderLinkId is required');
  return { symbol, venueId, clientId: venueId === null ? clientId : null, conditional: false };
};

/** Orders: place, change, cancel, ask. Conditional ones are in the same id space as plain ones. */
export const orderEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms, turnedAway, now } = desk;
  const form = (params: Params) => {
    if (params.required('category') !== 'linear') throw paramsError('category invalid');
    return forms.byId(params.required('symbol'));
  };
  const taken = ({ venueId, clientId }: PracticeOrder): object => ({ orderId: venueId, orderLinkId: linkOf(clientId) });
  const known = (account: string, ref: OrderRef): PracticeOrder | undefined => {
    const away = turnedAway.find(account, ref);
    if (away !== undefined) return away;
    try {
      return exchange.order(account, ref);
    } catch (error) {
      if (error instanceof PracticeRefusal) return undefined;
      throw error;
    }
  };
  const everything = (account: string): readonly PracticeOrder[] =>
    [...exchange.allOrders(account), ...turnedAway.all(account)].sort((a, b) => a.createdAt - b.createdAt);
  const shapes =
    (account: string) =>
    (order: PracticeOrder): object =>
      orderShape(order, forms.bySymbol(order.symbol), executionFee(exchange, account, order));

  const place = ({ account, params }: Call): object => {
    const market = form(params);
    const request = orderRequest(params, market, (positionSide, side) => {
      const held = exchange.positions(account).find(each => each.symbol === market.symbol && each.positionSide === positionSide);
      return held === undefined || held.quantity < 0 !== (side === 'buy') ? 0 : Math.abs(held.quantity);
    });
    const ref = { symbol: market.symbol, clientId: request.clientId, venueId: null, conditional: false };
    // A link id may never be used again there, not even that of an order that has ended.
    if (request.clientId !== '' && known(account, ref) !== undefined) throw new BybitError(110072, 'OrderLinkedID is duplicate');
    try {
      return taken(exchange.place(account, request));
    } catch (error) {
      if (error instanceof PracticeRefusal && error.code === 'post-only') return taken(turnedAway.add(account, request, error.code, now()));
      throw bybitError(error, rises(request));
    }
  };
  const amend = ({ account, params }: Call): object => {
    const market = form(params);
    const ref = refOf(params, market.symbol);
    const { side, price, quantity } = exchange.order(account, ref);
    return taken(
      exchange.amend(account, ref, { side, price: params.number('price') ?? price ?? NaN, quantity: params.number('qty') ?? quantity }),
    );
  };
  /** Symbols that a request is about. */
  const scope = (params: Params): ReadonlySet<Symbol> => {
    if (params.required('category') !== 'linear') return new Set();
    const id = params.text('symbol');
    if (id !== undefined) return new Set([forms.byId(id).symbol]);
    const settles = params.text('settleCoin');
    const base = params.text('baseCoin');
    if (settles === undefined && base === undefined && params.text('orderId') === undefined && params.text('orderLinkId') === undefined)
      throw paramsError('symbol, settleCoin or baseCoin is required');
    return new Set(
      forms
        .all()
        .map(({ symbol }) => symbol)
        .filter(
          symbol => (settles === undefined || symbol.endsWith(`:${settles}`)) && (base === undefined || symbol.startsWith(`${base}/`)),
        ),
    );
  };
  const ofFilter = (params: Params): ((order: PracticeOrder) => boolean) => {
    switch (params.text('orderFilter')) {
      case 'StopOrder':
        return order => isConditional(order) && order.triggeredAt === null;
      case 'Order':
        return order => !isConditional(order) || order.triggeredAt !== null;
      default:
        return () => true;
    }
  };
  const cancelAll = ({ account, params }: Call): object => {
    const symbols = scope(params);
    const wanted = exchange
      .openOrders(account, null, false)
      .filter(order => symbols.has(order.symbol))
      .filter(ofFilter(params));
    const list = wanted.map(order => {
      const { symbol, venueId } = order;
      exchange.cancel(account, { symbol, venueId, clientId: null, conditional: false });
      return taken(order);
    });
    return { list, success: '1' };
  };
  const named = (params: Params): boolean => params.text('orderId') !== undefined || params.text('orderLinkId') !== undefined;
  const isNamed =
    (params: Params) =>
    ({ venueId, clientId }: PracticeOrder): boolean =>
      params.text('orderId') !== undefined ? venueId === params.text('orderId') : clientId === params.text('orderLinkId');
  const realtime = ({ account, params }: Call): object => {
    const symbols = scope(params);
    const closedToo = params.text('openOnly') === '1';
    const within = (order: PracticeOrder): boolean => symbols.has(order.symbol);
    const open = exchange.openOrders(account, null, false).filter(within);
    const recent =
      named(params) || closedToo
        ? everything(account)
            .filter(order => !isAlive(order) && within(order))
            .slice(-RECENT)
        : [];
    const rows = named(params) ? [...recent, ...open].filter(isNamed(params)) : closedToo ? recent : open;
    const found = page(rows.filter(ofFilter(params)), params, 20, 50);
    return { category: 'linear', list: found.rows.map(shapes(account)), nextPageCursor: found.nextPageCursor };
  };
  const history = ({ account, params }: Call): object => {
    const symbols = params.text('symbol') === undefined ? new Set(forms.all().map(({ symbol }) => symbol)) : scope(params);
    const [from, to] = named(params) ? [-Infinity, Infinity] : stretchOf(params, exchange.now);
    const rows = everything(account)
      .filter(order => !isAlive(order) && symbols.has(order.symbol) && order.createdAt >= from && order.createdAt <= to)
      .filter(order => !named(params) || isNamed(params)(order))
      .filter(ofFilter(params));
    const found = page(rows, params, 20, 50);
    return { category: 'linear', list: found.rows.map(shapes(account)), nextPageCursor: found.nextPageCursor };
  };

  return [
    ['POST /v5/order/create', trading(20, place)],
    ['POST /v5/order/amend', trading(10, amend)],
    ['POST /v5/order/cancel', trading(20, ({ account, params }) => taken(exchange.cancel(account, refOf(params, form(params).symbol))))],
    ['POST /v5/order/cancel-all', trading(10, cancelAll)],
    ['GET /v5/order/realtime', signed(50, realtime)],
    ['GET /v5/order/history', signed(50, history)],
    [
      'POST /v5/order/disconnected-cancel-all',
      trading(5, ({ account, params }) => {
        const seconds = params.number('timeWindow') ?? NaN;
        if (!(seconds >= 3 && seconds <= 300)) throw paramsError('timeWindow must be from 3 to 300');
        desk.guard.set(account, seconds * 1000);
        return {};
      }),
    ],
  ];
};
