import { HOUR } from '../../time.js';
import { decimal } from '../wire/decimals.js';
import type { MarketForm } from '../wire/market-forms.js';
import { paramsError } from './bybit-error.js';
import type { Desk } from './desk.js';
import { open, type Call, type Endpoint } from './endpoint.js';
import { instrumentShape } from './instrument-shape.js';
import { timeframeOf } from './intervals.js';
import type { Params } from './params.js';
import { tickerShape } from './ticker-shape.js';

const category = 'linear';

/** Throws 10001 for another category than the one that is offered. */
const requireLinear = (params: Params): void => {
  if (params.required('category') !== category) throw paramsError('category invalid');
};

const limitOf = (params: Params, usual: number, most: number): number => Math.max(1, Math.min(params.number('limit') ?? usual, most));

const levels = (side: readonly (readonly [number, number])[], form: MarketForm): readonly (readonly [string, string])[] =>
  side.map(([price, quantity]) => [form.price(price), form.quantity(quantity)]);

/** Public data. */
export const marketEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms, now, wall } = desk;
  const form = (params: Params): MarketForm => {
    requireLinear(params);
    return forms.byId(params.required('symbol'));
  };
  /** The named market, or those of a coin, or all. */
  const chosen = (params: Params): readonly MarketForm[] => {
    requireLinear(params);
    const id = params.text('symbol');
    const coin = params.text('baseCoin');
    if (id !== undefined) return [forms.byId(id)];
    return coin === undefined ? forms.all() : forms.all().filter(({ symbol }) => symbol.startsWith(`${coin}/`));
  };
  /** With a start alone the oldest bars from there, else the newest of the stretch; newest first in any case. */
  const klines =
    (hasVolume: boolean) =>
    ({ params }: Call): object => {
      const market = form(params);
      const frame = timeframeOf(params.required('interval'));
      const start = params.number('start');
      const end = params.number('end');
      const newest = start === undefined || end !== undefined;
      const bars = exchange.bars(market.symbol, frame, start ?? -Infinity, end ?? exchange.now, limitOf(params, 200, 1000), newest);
      const list = bars.map(([at, o, h, l, c, v]) => {
        const prices = [String(at), market.price(o), market.price(h), market.price(l), market.price(c)];
        return hasVolume ? [...prices, market.quantity(v), decimal(v * c, 4)] : prices;
      });
      return { category, symbol: market.id, list: list.reverse() };
    };
  return [
    ['GET /v5/market/time', open(() => ({ timeSecond: String(Math.floor(wall() / 1000)), timeNano: `${Math.round(wall())}000000` }))],
    [
      'GET /v5/market/instruments-info',
      open(({ params }) => {
        const list = chosen(params).map(each => instrumentShape(each, exchange.nextFunding(each.symbol).interval));
        const status = params.text('status');
        return { category, list: list.filter(row => status === undefined || row['status'] === status), nextPageCursor: '' };
      }),
    ],
    ['GET /v5/market/kline', open(klines(true))],
    ['GET /v5/market/mark-price-kline', open(klines(false))],
    ['GET /v5/market/index-price-kline', open(klines(false))],
    ['GET /v5/market/premium-index-price-kline', open(({ params }) => ({ category, symbol: form(params).id, list: [] }))],
    [
      'GET /v5/market/orderbook',
      open(({ params }) => {
        const market = form(params);
        const { bids, asks, lastId, ts } = exchange.depth(market.symbol, limitOf(params, 25, 500));
        return { s: market.id, b: levels(bids, market), a: levels(asks, market), ts: now(), u: lastId, seq: lastId, cts: ts };
      }),
    ],
    ['GET /v5/market/tickers', open(({ params }) => ({ category, list: chosen(params).map(each => tickerShape(exchange, each)) }))],
    [
      'GET /v5/market/recent-trade',
      open(({ params }) => {
        const market = form(params);
        const trades = exchange.trades(market.symbol, exchange.now - 6 * HOUR, 1e6).slice(-limitOf(params, 500, 1000));
        const list = trades.map(({ id, price, quantity, side, ts }) => ({
          execId: id,
          symbol: market.id,
          price: market.price(price),
          size: market.quantity(quantity),
          side: side === 1 ? 'Buy' : 'Sell',
          time: String(ts),
          isBlockTrade: false,
          isRPITrade: false,
          seq: id,
        }));
        return { category, list: list.reverse() };
      }),
    ],
    [
      'GET /v5/market/funding/history',
      open(({ params }) => {
        const market = form(params);
        const from = params.number('startTime');
        const to = params.number('endTime');
        if (from !== undefined && to === undefined) throw paramsError('endTime is required with startTime');
        const rows = exchange.funding(market.symbol, from ?? -Infinity, to ?? exchange.now, 1e9).slice(-limitOf(params, 200, 200));
        const list = rows.map(([ts, rate]) => ({ symbol: market.id, fundingRate: decimal(rate, 8), fundingRateTimestamp: String(ts) }));
        return { category, list: list.reverse() };
      }),
    ],
    // The practice exchange has nobody else's positions, so it has no history of open interest.
    ['GET /v5/market/open-interest', open(({ params }) => ({ category, symbol: form(params).id, list: [], nextPageCursor: '' }))],
    [
      'GET /v5/market/risk-limit',
      open(({ params }) => ({
        category,
        nextPageCursor: '',
        list: chosen(params).map(({ id, market: { instrument } }) => ({
          id: 1,
          symbol: id,
          riskLimitValue: '100000000',
          maintenanceMargin: decimal(instrument.maintenanceMarginRate, 6),
          initialMargin: decimal(1 / instrument.maxLeverage, 6),
          isLowestRisk: 1,
          maxLeverage: decimal(instrument.maxLeverage, 2),
          mmDeduction: '',
        })),
      })),
    ],
  ];
};
