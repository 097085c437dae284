import type { Chunk } from '../../../src/events/market.js';
import type { VenueOrderRequest } from '../../../src/live/venue-transport.js';
import type { Instrument } from '../../../src/market/instrument.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import type { PracticeOptions } from '../../../src/practice/core/exchange-options.js';
import type { PracticeEvent, PracticeExchange } from '../../../src/practice/practice-exchange.js';
import { random } from '../../../src/random.js';

export const T0 = Date.UTC(2024, 0, 1);
export const MINUTE = 60_000;
export const BTC = 'BTC/USDT:USDT';
export const ETH = 'ETH/USDT:USDT';

export const instrument = (symbol: string, given: Partial<Instrument> = {}): Instrument => ({
  symbol,
  exchange: 'binance',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 125,
  maintenanceMarginRate: 0.004,
  source: 'test',
  ...given,
});

type Bar = readonly [open: number, high: number, low: number, close: number, volume?: number];

export const barChunk = (symbol: string, bars: readonly (Bar | null)[], from = T0): Chunk => {
  const rows = bars.flatMap((bar, i) => (bar === null ? [] : [{ ts: from + i * MINUTE, bar }]));
  return {
    kind: 'bars',
    symbol,
    timeframe: '1m',
    rows: rows.length,
    ts: Float64Array.from(rows, row => row.ts),
    columns: [0, 1, 2, 3, 4].map(k => Float64Array.from(rows, row => row.bar[k] ?? 1000)),
  };
};

/** A walk on the tick grid. */
export const walk = (seed: number | string, length: number, price = 50_000, tick = 0.1, sigma = 0.001): Bar[] => {
  const draws = random(`${seed}/walk`);
  let at = Math.round(price / tick);
  return Array.from({ length }, () => {
    const open = at + draws.int(5) - 2;
    const step = (): number => Math.round(at * sigma * draws.normal());
    const path = [open, open + step(), open + step(), open + step()].map(each => Math.max(10, each));
    at = path[3]!;
    const price = (ticks: number): number => Number((ticks * tick).toFixed(6));
    return [price(path[0]!), price(Math.max(...path)), price(Math.min(...path)), price(at), draws.int(200) + 1];
  });
};

export const fundingChunk = (symbol: string, rows: readonly (readonly [ts: number, rate: number])[]): Chunk => ({
  kind: 'funding',
  symbol,
  rows: rows.length,
  ts: Float64Array.from(rows, row => row[0]),
  columns: [Float64Array.from(rows, row => row[1]), Float64Array.from(rows, () => 8 * 60 * MINUTE)],
});

export const markChunk = (symbol: string, rows: readonly (readonly [ts: number, price: number])[]): Chunk => ({
  kind: 'mark',
  symbol,
  rows: rows.length,
  ts: Float64Array.from(rows, row => row[0]),
  columns: [Float64Array.from(rows, row => row[1])],
});

export const request = (given: Partial<VenueOrderRequest>): VenueOrderRequest => ({
  clientId: '',
  symbol: BTC,
  side: 'buy',
  type: given.price === undefined || given.price === null ? 'market' : 'limit',
  quantity: 1,
  price: null,
  stopPrice: null,
  triggerBy: 'last',
  trail: null,
  tif: 'gtc',
  goodTill: null,
  postOnly: false,
  reduceOnly: false,
  closePosition: false,
  positionSide: null,
  ...given,
});

/** An exchange with one symbol of whole ticks and lots and no costs, unless told otherwise. */
export const ground = (
  bars: readonly (Bar | null)[],
  given: Partial<PracticeOptions> & { readonly units?: Partial<Instrument>; readonly more?: readonly Chunk[] } = {},
): PracticeExchange => {
  const { units, more, ...options } = given;
  return practiceExchange({
    instruments: [
      { instrument: instrument(BTC, { tickSize: 1, lotSize: 1, ...units }), minQuantity: units?.lotSize ?? 1, maxQuantity: 10_000 },
    ],
    chunks: [barChunk(BTC, bars), ...(more ?? [])],
    spreadBps: 0,
    fees: { maker: 0, taker: 0 },
    fills: { path: 'adaptive', limits: 'touch', participation: null },
    ...options,
  });
};

/** Everything that is told from now on. */
export const heard = (exchange: PracticeExchange, market?: Parameters<PracticeExchange['listen']>[1]): PracticeEvent[] => {
  const events: PracticeEvent[] = [];
  exchange.listen(event => events.push(event), market ?? []);
  return events;
};
