import { DAY } from '../../../time.js';
import { VenueFailure, type OrderRef, type VenueExecution, type VenueIncome, type VenueOrder } from '../../venue-transport.js';
import { BadMessage, fieldsOf, id, listOf, numberIn, textOrNone, time, type Fields } from '../reading.js';
import { priceSteps } from '../price-steps.js';
import type { Params } from '../venue-calls.js';
import type { VenueParts } from '../venue-parts.js';
import type { VenueRequests } from '../venue-requests.js';
import { unlessSame } from '../unless-same.js';
import { readBybitBalances, readBybitIncome, readBybitMarket, readBybitPermissions, readBybitPositions } from './bybit-account.js';
import { bybitHistory, resultOf } from './bybit-history.js';
import { bybitOrderParams } from './bybit-order-params.js';
import { readBybitExecution, readBybitOrder } from './bybit-orders.js';
import { linkIdOf } from './link-id.js';

/** The longest stretch that executions and the transaction log answer at once. */
const WINDOW = 7 * DAY;
const SETTLES = ['USDT', 'USDC'];

const linear = { category: 'linear' } as const;

/** The requests of Bybit v5 linear contracts in a unified account. Conditional orders are in the same id space as plain ones. An accepted order is only acknowledged: what became of it comes by the stream or by asking. */
export const bybitRequests = ({ calls, exchange, clock, symbols, hasKey, chosen }: VenueParts): VenueRequests => {
  const signed = 'private';
  const ids = ({ clientId, venueId }: OrderRef): Params =>
    clientId === null ? { orderId: venueId ?? '' } : { orderLinkId: linkIdOf(clientId) };
  /** The id of ours that an answer to a submit is about. One about another order is no answer: what became of this one is unknown then. */
  const about = (clientId: string, answer: unknown): string => {
    const said = textOrNone(resultOf(answer), 'orderLinkId');
    if (said !== '' && said !== linkIdOf(clientId)) throw new BadMessage('other-order', 'the answer is about another order');
    return clientId;
  };
  /** Follows the cursor of a list to its end. */
  const pages = async (path: string, params: Params): Promise<Fields[]> => {
    const found: Fields[] = [];
    let cursor = '';
    for (;;) {
      const result = await calls.call(signed, 'GET', path, { ...params, cursor: cursor === '' ? undefined : cursor }, resultOf);
      const rows = listOf(result['list'] ?? [], path);
      found.push(...rows.map(row => fieldsOf(row)));
      const next = textOrNone(result, 'nextPageCursor');
      if (next === '' || next === cursor || rows.length === 0) return found;
      cursor = next;
    }
  };
  const windowed = async (path: string, since: number, params: Params): Promise<Fields[]> => {
    const found: Fields[] = [];
    for (let from = since; ; from += WINDOW) {
      const last = from + WINDOW > clock.market();
      found.push(...(await pages(path, { ...params, startTime: from, endTime: from + WINDOW - 1 })));
      if (last) return found;
    }
  };
  const read = <T>(operation: string, rows: () => T): Promise<T> => calls.within(operation, async () => rows());

  const found = async (path: string, ref: OrderRef): Promise<VenueOrder | null> =>
    calls.call(signed, 'GET', path, { ...linear, symbol: symbols.idOf(ref.symbol), ...ids(ref) }, answer => {
      const row = listOf(resultOf(answer)['list'] ?? [], path)[0];
      return row === undefined ? null : readBybitOrder(fieldsOf(row), symbols);
    });

  const order = async (ref: OrderRef): Promise<VenueOrder> => {
    const known = (await found('v5/order/realtime', ref)) ?? (await found('v5/order/history', ref));
    if (known === null) throw new VenueFailure('absent', 'no-such-order', 'Neither open orders nor the order history have it.');
    return known;
  };

  let window = NaN;

  return {
    markets: async () => {
      const listed = await calls.within('GET instruments-info', () => exchange.loadMarkets(true));
      const rows = await read('GET instruments-info', () =>
        Object.values(listed)
          .filter(({ swap, linear: isLinear }) => swap && isLinear === true)
          .map(market => ({ id: market.id, market: readBybitMarket(market) })),
      );
      if (!hasKey) return rows;
      let rates: ReadonlyMap<string, Fields>;
      try {
        rates = await calls.call(signed, 'GET', 'v5/account/fee-rate', linear, answer => {
          const list = listOf(resultOf(answer)['list'] ?? [], 'fee-rate').map(row => fieldsOf(row));
          return new Map(list.map(row => [textOrNone(row, 'symbol'), row]));
        });
      } catch (error) {
        // Fees are no reason to do without the rules; a limit is one to stop asking.
        if (error instanceof VenueFailure && error.kind === 'limited') throw error;
        return rows;
      }
      return read('GET fee-rate', () =>
        rows.map(row => {
          const rate = rates.get(row.id);
          return rate === undefined
            ? row
            : {
                id: row.id,
                market: {
                  ...row.market,
                  makerFee: numberIn(rate['makerFeeRate'], 'makerFeeRate'),
                  takerFee: numberIn(rate['takerFeeRate'], 'takerFeeRate'),
                },
              };
        }),
      );
    },
    serverTime: async () => {
      const askedAt = clock.monotonic();
      const at = await calls.call('public', 'GET', 'v5/market/time', {}, answer => {
        const result = resultOf(answer);
        const nanos = textOrNone(result, 'timeNano');
        return nanos.length > 6 ? numberIn(nanos.slice(0, -6), 'timeNano') : time(fieldsOf(answer), 'time');
      });
      calls.learnTime(at, askedAt, clock.monotonic());
      return at;
    },
    permissions: async () =>
      hasKey ? calls.call(signed, 'GET', 'v5/user/query-api', {}, answer => readBybitPermissions(resultOf(answer))) : null,
    submit: async request => {
      const conditional = request.type !== 'market' && request.type !== 'limit';
      const params = bybitOrderParams(request, symbols);
      return calls.call(signed, 'POST', 'v5/order/create', params, answer => ({
        clientId: about(request.clientId, answer),
        venueId: id(resultOf(answer), 'orderId'),
        symbol: request.symbol,
        side: request.side,
        type: request.type,
        status: conditional ? ('untriggered' as const) : ('open' as const),
        quantity: request.closePosition ? 0 : request.quantity,
        filled: 0,
        price: request.price,
        stopPrice: request.stopPrice,
        reduceOnly: request.reduceOnly,
        closePosition: request.closePosition,
        conditional: false,
        positionSide: request.positionSide,
        updatedAt: time(fieldsOf(answer), 'time'),
      }));
    },
    // The answer is only that the request was taken: null, as the port has it for that.
    cancel: async ref =>
      calls.call(signed, 'POST', 'v5/order/cancel', { ...linear, symbol: symbols.idOf(ref.symbol), ...ids(ref) }, () => null),
    amend: async (ref, change) => {
      const { price, quantity } = priceSteps(symbols, ref.symbol);
      const params = {
        ...linear,
        symbol: symbols.idOf(ref.symbol),
        ...ids(ref),
        qty: quantity(change.quantity),
        price: price(change.price),
      };
      await calls.call(signed, 'POST', 'v5/order/amend', params, () => null);
      return order(ref);
    },
    cancelAll: async (symbol, conditionalToo) => {
      const params = { ...linear, symbol: symbols.idOf(symbol) };
      await calls.call(signed, 'POST', 'v5/order/cancel-all', conditionalToo ? params : { ...params, orderFilter: 'Order' }, () => null);
    },
    // Counted from the loss of the private stream, for the whole account: said again only when it changes.
    cancelAllAfter: async (_symbol, ms) => {
      const seconds = ms === 0 ? 300 : Math.max(3, Math.min(300, Math.ceil(ms / 1000)));
      if (seconds === window) return true;
      await calls.call(signed, 'POST', 'v5/order/disconnected-cancel-all', { timeWindow: seconds, product: 'DERIVATIVES' }, () => null);
      window = seconds;
      return true;
    },
    order,
    openOrders: async symbol => {
      const scopes: Params[] = symbol === null ? SETTLES.map(settleCoin => ({ settleCoin })) : [{ symbol: symbols.idOf(symbol) }];
      const rows = await Promise.all(scopes.map(scope => pages('v5/order/realtime', { ...linear, ...scope, openOnly: 0, limit: 50 })));
      return read('GET v5/order/realtime', () => rows.flat().map(row => readBybitOrder(row, symbols)));
    },
    executions: async (symbol, since) => {
      const rows = await windowed('v5/execution/list', since, { ...linear, symbol: symbols.idOf(symbol), limit: 100 });
      return read('GET v5/execution/list', () => {
        const known = new Map<string, { readonly execution: VenueExecution; readonly sequence: number }>();
        for (const row of rows) {
          const execution = readBybitExecution(row, symbols);
          if (execution !== null) known.set(execution.id, { execution, sequence: Number(row['seq'] ?? 0) });
        }
        return [...known.values()]
          .sort((a, b) => a.execution.ts - b.execution.ts || a.sequence - b.sequence || (a.execution.id < b.execution.id ? -1 : 1))
          .map(({ execution }) => execution);
      });
    },
    positions: async () => {
      const rows = await Promise.all(SETTLES.map(settleCoin => pages('v5/position/list', { ...linear, settleCoin, limit: 200 })));
      return read('GET v5/position/list', () => readBybitPositions(rows.flat(), symbols));
    },
    balances: async () =>
      calls.call(signed, 'GET', 'v5/account/wallet-balance', { accountType: 'UNIFIED' }, answer => readBybitBalances(resultOf(answer))),
    income: async since => {
      const rows = await windowed('v5/account/transaction-log', since, { accountType: 'UNIFIED', limit: 50 });
      return read('GET v5/account/transaction-log', () => {
        const known = new Map<string, VenueIncome>();
        for (const row of rows) for (const entry of readBybitIncome(row, symbols)) known.set(entry.id, entry);
        return [...known.values()].sort((a, b) => a.ts - b.ts || (a.id < b.id ? -1 : 1));
      });
    },
    setLeverage: async (symbol, leverage) =>
      unlessSame(
        calls.call(
          signed,
          'POST',
          'v5/position/set-leverage',
          { ...linear, symbol: symbols.idOf(symbol), buyLeverage: String(leverage), sellLeverage: String(leverage) },
          () => null,
        ),
      ),
    // For the whole account there.
    setMarginMode: async (_symbol, mode) =>
      unlessSame(
        calls.call(
          signed,
          'POST',
          'v5/account/set-margin-mode',
          { setMarginMode: mode === 'cross' ? 'REGULAR_MARGIN' : 'ISOLATED_MARGIN' },
          () => null,
        ),
      ),
    positionMode: async () => {
      const symbol = symbols.idOf(chosen[0] ?? 'BTC/USDT:USDT');
      return calls.call(signed, 'GET', 'v5/position/list', { ...linear, symbol }, answer =>
        listOf(resultOf(answer)['list'] ?? [], 'position/list').some(row => Number(fieldsOf(row)['positionIdx']) > 0),
      );
    },
    setPositionMode: async hedge =>
      unlessSame(calls.call(signed, 'POST', 'v5/position/switch-mode', { ...linear, coin: 'USDT', mode: hedge ? 3 : 0 }, () => null)),
    history: bybitHistory({ calls, symbols }),
  };
};
