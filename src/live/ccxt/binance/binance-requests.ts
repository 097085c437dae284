import type { Symbol } from '../../../market/instrument.js';
import { VenueFailure, type OrderRef, type VenueOrder } from '../../venue-transport.js';
import { BadMessage, fieldsOf, flag, listOf, time } from '../reading.js';
import { priceSteps } from '../price-steps.js';
import type { Params } from '../venue-calls.js';
import type { VenueParts } from '../venue-parts.js';
import type { VenueRequests } from '../venue-requests.js';
import { unlessSame } from '../unless-same.js';
import { readBalances, readPositions } from './binance-account.js';
import { binanceHistory } from './binance-history.js';
import { readBrackets, readMarket, type FirstBracket } from './binance-markets.js';
import { binanceLedger } from './binance-ledger.js';
import { algoOrderParams, plainOrderParams } from './binance-order-params.js';
import { causeOf, isConditional, readAlgoOrder, readOrder } from './binance-orders.js';

/** The requests of Binance USDⓈ-M, on its documented endpoints through ccxt's signing. Plain orders and conditional (algo) ones are two id spaces. */
export const binanceRequests = ({ calls, exchange, clock, symbols, identities, hasKey, chosen }: VenueParts): VenueRequests => {
  const signed = 'fapiPrivate';

  const noted = (order: VenueOrder): VenueOrder => {
    const known = identities.find(order.venueId);
    // What an algo order became answers to that one's id.
    if (known !== undefined) return { ...order, clientId: known.clientId };
    identities.note(order.venueId, { clientId: order.clientId, cause: causeOf(order.clientId) });
    return order;
  };
  const plain = (answer: unknown): VenueOrder => noted(readOrder(fieldsOf(answer, 'order'), symbols));

  /** An answer to a submit that is about another order is none: what became of this one is unknown then. */
  const about = (clientId: string, order: VenueOrder): VenueOrder => {
    if (order.clientId !== clientId) throw new BadMessage('other-order', 'the answer is about another order');
    return order;
  };

  const plainIds = ({ clientId, venueId }: OrderRef): Params =>
    clientId === null ? { orderId: venueId ?? '' } : { origClientOrderId: clientId };
  const algoIds = ({ clientId, venueId }: OrderRef): Params => (clientId === null ? { algoId: venueId ?? '' } : { clientAlgoId: clientId });

  /** A conditional order, with what became of the order that it sent when it was triggered. */
  const conditional = async (ref: OrderRef): Promise<VenueOrder> => {
    const { order, actualId } = await calls.call(signed, 'GET', 'algoOrder', algoIds(ref), answer =>
      readAlgoOrder(fieldsOf(answer, 'order'), symbols),
    );
    if (actualId === '' || actualId === '0') return order;
    identities.note(actualId, { clientId: order.clientId, cause: 'order' });
    const actual = await calls.call(signed, 'GET', 'order', { symbol: symbols.idOf(order.symbol), orderId: actualId }, answer =>
      readOrder(fieldsOf(answer, 'order'), symbols),
    );
    return {
      ...order,
      status: actual.status,
      filled: actual.filled,
      quantity: actual.quantity,
      updatedAt: Math.max(order.updatedAt, actual.updatedAt),
    };
  };

  const fees = async (symbol: Symbol): Promise<{ readonly makerFee: number; readonly takerFee: number } | null> => {
    try {
      return await calls.call(signed, 'GET', 'commissionRate', { symbol: symbols.idOf(symbol) }, answer => {
        const row = fieldsOf(answer);
        const [makerFee, takerFee] = [Number(row['makerCommissionRate']), Number(row['takerCommissionRate'])];
        return Number.isFinite(makerFee) && Number.isFinite(takerFee) ? { makerFee, takerFee } : null;
      });
    } catch {
      // Only what they are is unknown then: the broker has its fees from its executions.
      return null;
    }
  };

  const brackets = async (): Promise<ReadonlyMap<string, FirstBracket>> => {
    if (!hasKey) return new Map();
    try {
      return await calls.call(signed, 'GET', 'leverageBracket', {}, readBrackets);
    } catch {
      return new Map();
    }
  };

  return {
    markets: async () => {
      const listed = await calls.within('GET exchangeInfo', () => exchange.loadMarkets(true));
      const known = await brackets();
      const rows = await calls.within('GET exchangeInfo', async () =>
        Object.values(listed)
          .filter(({ swap, linear }) => swap && linear === true)
          .map(market => ({ id: market.id, market: readMarket(market, known) })),
      );
      if (!hasKey || chosen.length === 0) return rows;
      symbols.load(rows);
      return Promise.all(
        rows.map(async row => {
          const own = chosen.includes(row.market.instrument.symbol) ? await fees(row.market.instrument.symbol) : null;
          return own === null ? row : { id: row.id, market: { ...row.market, ...own } };
        }),
      );
    },
    serverTime: async () => {
      const askedAt = clock.monotonic();
      const at = await calls.call('fapiPublic', 'GET', 'time', {}, answer => time(fieldsOf(answer), 'serverTime'));
      calls.learnTime(at, askedAt, clock.monotonic());
      return at;
    },
    permissions: async () => {
      if (!hasKey) return null;
      try {
        return await calls.call('sapi', 'GET', 'account/apiRestrictions', {}, answer => {
          const row = fieldsOf(answer);
          return { trade: flag(row, 'enableFutures'), withdraw: flag(row, 'enableWithdrawals'), ipRestricted: flag(row, 'ipRestrict') };
        });
      } catch (error) {
        // The demo and the practice exchange have no such page.
        if (error instanceof VenueFailure && error.code === 'unsupported') return null;
        throw error;
      }
    },
    submit: async request =>
      isConditional(request.type)
        ? calls.call(signed, 'POST', 'algoOrder', algoOrderParams(request, symbols), answer =>
            about(request.clientId, readAlgoOrder(fieldsOf(answer, 'order'), symbols).order),
          )
        : calls.call(signed, 'POST', 'order', plainOrderParams(request, symbols), answer => about(request.clientId, plain(answer))),
    cancel: async ref =>
      ref.conditional
        ? calls.call(signed, 'DELETE', 'algoOrder', algoIds(ref), () => null)
        : calls.call(signed, 'DELETE', 'order', { symbol: symbols.idOf(ref.symbol), ...plainIds(ref) }, plain),
    amend: async (ref, change) => {
      if (ref.conditional) throw new VenueFailure('refused', 'unsupported', 'Conditional orders cannot be amended there.');
      const { price, quantity } = priceSteps(symbols, ref.symbol);
      return calls.call(
        signed,
        'PUT',
        'order',
        {
          symbol: symbols.idOf(ref.symbol),
          side: change.side.toUpperCase(),
          quantity: quantity(change.quantity),
          price: price(change.price),
          ...plainIds(ref),
        },
        plain,
      );
    },
    cancelAll: async (symbol, conditionalToo) => {
      const id = symbols.idOf(symbol);
      await calls.call(signed, 'DELETE', 'allOpenOrders', { symbol: id }, () => null);
      if (conditionalToo) await calls.call(signed, 'DELETE', 'algoOpenOrders', { symbol: id }, () => null);
    },
    cancelAllAfter: async (symbol, ms) => {
      await calls.call(signed, 'POST', 'countdownCancelAll', { symbol: symbols.idOf(symbol), countdownTime: Math.round(ms) }, () => null);
      return true;
    },
    order: async ref =>
      ref.conditional
        ? conditional(ref)
        : calls.call(signed, 'GET', 'order', { symbol: symbols.idOf(ref.symbol), ...plainIds(ref) }, plain),
    openOrders: async symbol => {
      const params = symbol === null ? {} : { symbol: symbols.idOf(symbol) };
      const [orders, algos] = await Promise.all([
        calls.call(signed, 'GET', 'openOrders', params, answer => listOf(answer, 'openOrders').map(plain)),
        calls.call(signed, 'GET', 'openAlgoOrders', params, answer =>
          listOf(Array.isArray(answer) ? answer : fieldsOf(answer)['orders'], 'openAlgoOrders').map(
            row => readAlgoOrder(fieldsOf(row), symbols).order,
          ),
        ),
      ]);
      return [...orders, ...algos];
    },
    ...binanceLedger({ calls, clock, symbols, identities }),
    positions: async () => calls.call('fapiPrivateV3', 'GET', 'positionRisk', {}, answer => readPositions(answer, symbols)),
    balances: async () => calls.call('fapiPrivateV3', 'GET', 'account', {}, readBalances),
    setLeverage: async (symbol, leverage) => {
      await calls.call(signed, 'POST', 'leverage', { symbol: symbols.idOf(symbol), leverage }, () => null);
    },
    setMarginMode: async (symbol, mode) =>
      unlessSame(
        calls.call(
          signed,
          'POST',
          'marginType',
          { symbol: symbols.idOf(symbol), marginType: mode === 'cross' ? 'CROSSED' : 'ISOLATED' },
          () => null,
        ),
      ),
    positionMode: async () => calls.call(signed, 'GET', 'positionSide/dual', {}, answer => flag(fieldsOf(answer), 'dualSidePosition')),
    setPositionMode: async hedge =>
      unlessSame(calls.call(signed, 'POST', 'positionSide/dual', { dualSidePosition: String(hedge) }, () => null)),
    history: binanceHistory({ calls, symbols }),
  };
};
