import { timeframe as timeframeOf, timeframeMs, type Timeframe } from '../../market/timeframe.js';
import { UserError } from '../../errors.js';
import { BinanceError } from './binance-error.js';
import { decimal } from '../wire/decimals.js';
import type { Desk } from './desk.js';
import { endpoint, type Endpoint, type Params } from './endpoint.js';
import { exchangeInfo } from './exchange-info.js';
import { klineShape } from './kline-shape.js';
import type { MarketForm } from '../wire/market-forms.js';
import type { BinanceLimits } from './rate-limits.js';
import { wholeNumber } from './wire-json.js';

const HOUR = 3_600_000;
/** Where the data has no funding of its own. */
const USUAL_HOURS = 8;

const hours = (ms: number): number => (Number.isFinite(ms) ? Math.round(ms / HOUR) : USUAL_HOURS);

/** Throws -1120 for what is no interval. */
const interval = (params: Params, name: string): Timeframe => {
  try {
    return timeframeOf(params.required(name));
  } catch (error) {
    if (error instanceof UserError) throw new BinanceError(-1120, 'Invalid interval.');
    throw error;
  }
};

const klines = (desk: Desk, form: MarketForm, params: Params): unknown => {
  const frame = interval(params, 'interval');
  const ms = timeframeMs(frame);
  const limit = Math.min(params.number('limit') ?? 500, 1500);
  const from = params.number('startTime');
  const to = params.number('endTime') ?? desk.exchange.now;
  const bars = desk.exchange.bars(form.symbol, frame, from ?? -Infinity, to, limit, from === undefined);
  return bars.map(bar => klineShape(bar, ms, form));
};

const klineWeight = (params: Params): number => {
  const limit = params.number('limit') ?? 500;
  return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10;
};
const depthWeight = (params: Params): number => {
  const limit = params.number('limit') ?? 500;
  return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
};

const levels = (side: readonly (readonly [number, number])[], form: MarketForm): readonly (readonly [string, string])[] =>
  side.map(([price, quantity]) => [form.price(price), form.quantity(quantity)]);

/** One symbol when it is named, else all. */
const each = (desk: Desk, params: Params, shape: (form: MarketForm) => unknown): unknown => {
  const id = params.text('symbol');
  return id === undefined ? desk.forms.all().map(shape) : shape(desk.forms.byId(id));
};

/** Public data. */
export const marketEndpoints = (desk: Desk, limits: BinanceLimits): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms } = desk;
  const form = (params: Params): MarketForm => forms.byId(params.required('symbol'));
  const byPair = (params: Params): MarketForm => forms.byId(params.text('pair') ?? params.required('symbol'));
  const day = ({ symbol }: MarketForm): readonly [open: number, high: number, low: number, close: number, volume: number] => {
    const bars = exchange.bars(symbol, '1h', exchange.now - 24 * HOUR, exchange.now, 25, true);
    const close = exchange.lastPrice(symbol);
    return [
      bars[0]?.[1] ?? close,
      Math.max(close, ...bars.map(bar => bar[2])),
      Math.min(close, ...bars.map(bar => bar[3])),
      close,
      bars.reduce((sum, bar) => sum + bar[5], 0),
    ];
  };
  const trades = (params: Params) => {
    const limit = Math.min(params.number('limit') ?? 500, 1000);
    const from = params.number('startTime');
    const to = params.number('endTime') ?? Infinity;
    const { symbol } = form(params);
    if (from !== undefined) return exchange.trades(symbol, from, limit).filter(trade => trade.ts <= to);
    return exchange.trades(symbol, exchange.now - 6 * HOUR, 1e6).slice(-limit);
  };
  const list: readonly (readonly [string, Endpoint])[] = [
    ['GET /fapi/v1/ping', endpoint({}, () => ({}))],
    ['GET /fapi/v1/time', endpoint({}, () => ({ serverTime: desk.wall() }))],
    ['GET /fapi/v1/exchangeInfo', endpoint({}, () => exchangeInfo(forms.all(), limits, desk.wall()))],
    ['GET /fapi/v1/klines', endpoint({ weight: klineWeight }, ({ params }) => klines(desk, form(params), params))],
    ['GET /fapi/v1/continuousKlines', endpoint({ weight: klineWeight }, ({ params }) => klines(desk, byPair(params), params))],
    ['GET /fapi/v1/markPriceKlines', endpoint({ weight: klineWeight }, ({ params }) => klines(desk, form(params), params))],
    ['GET /fapi/v1/indexPriceKlines', endpoint({ weight: klineWeight }, ({ params }) => klines(desk, byPair(params), params))],
    [
      'GET /fapi/v1/depth',
      endpoint({ weight: depthWeight }, ({ params }) => {
        const market = form(params);
        const book = exchange.depth(market.symbol, params.number('limit') ?? 500);
        return {
          lastUpdateId: wholeNumber(String(book.lastId)),
          E: Math.floor(exchange.now),
          T: book.ts,
          bids: levels(book.bids, market),
          asks: levels(book.asks, market),
        };
      }),
    ],
    [
      'GET /fapi/v1/trades',
      endpoint({ weight: 5 }, ({ params }) => {
        const market = form(params);
        return trades(params).map(({ id, price, quantity, side, ts }) => ({
          id: wholeNumber(id),
          price: market.price(price),
          qty: market.quantity(quantity),
          quoteQty: decimal(price * quantity, market.priceDigits),
          time: ts,
          isBuyerMaker: side === -1,
        }));
      }),
    ],
    [
      'GET /fapi/v1/aggTrades',
      endpoint({ weight: 20 }, ({ params }) => {
        const market = form(params);
        return trades(params).map(({ id, price, quantity, side, ts }) => ({
          a: wholeNumber(id),
          p: market.price(price),
          q: market.quantity(quantity),
          f: wholeNumber(id),
          l: wholeNumber(id),
          T: ts,
          m: side === -1,
        }));
      }),
    ],
    [
      'GET /fapi/v1/fundingRate',
      endpoint({}, ({ params }) => {
        const limit = Math.min(params.number('limit') ?? 100, 1000);
        const from = params.number('startTime');
        const rows = exchange.funding(
          form(params).symbol,
          from ?? -Infinity,
          params.number('endTime') ?? exchange.now,
          from === undefined ? 1e9 : limit,
        );
        return rows.slice(from === undefined ? -limit : 0).map(([ts, rate, mark]) => ({
          symbol: form(params).id,
          fundingTime: ts,
          fundingRate: decimal(rate, 8),
          markPrice: decimal(mark, 8),
        }));
      }),
    ],
    [
      'GET /fapi/v1/fundingInfo',
      endpoint({ weight: 0 }, () =>
        forms.all().map(({ id, symbol }) => ({
          symbol: id,
          adjustedFundingRateCap: '0.02000000',
          adjustedFundingRateFloor: '-0.02000000',
          fundingIntervalHours: hours(exchange.nextFunding(symbol).interval),
          disclaimer: false,
        })),
      ),
    ],
    [
      'GET /fapi/v1/premiumIndex',
      endpoint({}, ({ params }) =>
        each(desk, params, market => {
          const mark = decimal(exchange.markPrice(market.symbol), 8);
          const { at, rate } = exchange.nextFunding(market.symbol);
          return {
            symbol: market.id,
            markPrice: mark,
            indexPrice: mark,
            estimatedSettlePrice: mark,
            lastFundingRate: decimal(rate, 8),
            interestRate: '0.00010000',
            nextFundingTime: Number.isFinite(at) ? at : 0,
            time: Math.floor(exchange.now),
          };
        }),
      ),
    ],
    [
      'GET /fapi/v1/ticker/bookTicker',
      endpoint({ weight: 2 }, ({ params }) =>
        each(desk, params, market => {
          const { bids, asks, lastId, ts } = exchange.depth(market.symbol, 1);
          return {
            symbol: market.id,
            bidPrice: market.price(bids[0]?.[0] ?? 0),
            bidQty: market.quantity(bids[0]?.[1] ?? 0),
            askPrice: market.price(asks[0]?.[0] ?? 0),
            askQty: market.quantity(asks[0]?.[1] ?? 0),
            time: ts,
            lastUpdateId: wholeNumber(String(lastId)),
          };
        }),
      ),
    ],
    ...(['GET /fapi/v1/ticker/price', 'GET /fapi/v2/ticker/price'] as const).map(
      path =>
        [
          path,
          endpoint({}, ({ params }) =>
            each(desk, params, market => ({
              symbol: market.id,
              price: market.price(exchange.lastPrice(market.symbol)),
              time: Math.floor(exchange.now),
            })),
          ),
        ] as const,
    ),
    [
      'GET /fapi/v1/ticker/24hr',
      endpoint({ weight: params => (params.text('symbol') === undefined ? 40 : 1) }, ({ params }) =>
        each(desk, params, market => {
          const [open, high, low, close, volume] = day(market);
          return {
            symbol: market.id,
            priceChange: market.price(close - open),
            priceChangePercent: decimal((close / open - 1) * 100, 3),
            weightedAvgPrice: market.price((high + low + close) / 3),
            lastPrice: market.price(close),
            lastQty: market.quantity(0),
            openPrice: market.price(open),
            highPrice: market.price(high),
            lowPrice: market.price(low),
            volume: market.quantity(volume),
            quoteVolume: decimal(volume * close, 2),
            openTime: Math.floor(exchange.now) - 24 * HOUR,
            closeTime: Math.floor(exchange.now),
            firstId: 0,
            lastId: 0,
            count: 0,
          };
        }),
      ),
    ],
    [
      'GET /fapi/v1/openInterest',
      endpoint({}, ({ params }) => ({ symbol: form(params).id, openInterest: form(params).quantity(0), time: Math.floor(exchange.now) })),
    ],
    // The practice exchange has nobody else's positions, so it has no history of open interest.
    ['GET /futures/data/openInterestHist', endpoint({ weight: 0 }, ({ params }) => (form(params), []))],
  ];
  return list;
};
