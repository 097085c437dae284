import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { binanceFront, type BinanceFrontOptions } from '../../../src/practice/binance/binance-front.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import { startPractice, type PracticeOptions, type PracticeServer } from '../../../src/practice/server/start-practice.js';
import { barChunk, BTC, ETH, fundingChunk, instrument, MINUTE, T0, walk } from '../core/practice-ground.js';

export const ACCOUNT = { name: 'main', key: 'key-main', secret: 'secret-main', wallet: 100_000 };
export const SECOND = { name: 'second', key: 'key-second', secret: 'secret-second', wallet: 5000 };

/** Two markets over a day of walks; the market stands unless told otherwise. */
export const openVenue = async (
  given: Partial<Omit<PracticeOptions, 'exchange' | 'front'>> & { readonly front?: BinanceFrontOptions } = {},
): Promise<{ readonly server: PracticeServer; readonly exchange: PracticeExchange }> => {
  const { front, ...options } = given;
  const exchange = practiceExchange({
    instruments: [
      { instrument: instrument(BTC), minQuantity: 0.001, maxQuantity: 1000 },
      { instrument: instrument(ETH, { tickSize: 0.01 }), minQuantity: 0.001, maxQuantity: 10_000 },
    ],
    chunks: [
      barChunk(BTC, walk('btc', 1440)),
      barChunk(ETH, walk('eth', 1440, 3000, 0.01)),
      fundingChunk(BTC, [[T0 + 480 * MINUTE, 0.0001]]),
      fundingChunk(ETH, [[T0 + 480 * MINUTE, -0.0001]]),
    ],
    timeframes: ['5m', '1h'],
    hugeIdEvery: 2,
  });
  exchange.advance(T0 + 60 * MINUTE);
  const server = await startPractice({
    exchange,
    front: binanceFront(front),
    accounts: [ACCOUNT, SECOND],
    barMs: MINUTE,
    paused: true,
    ...options,
  });
  return { server, exchange };
};

/** A request by hand, signed as the venue's documents say. */
export const ask = async (
  server: PracticeServer,
  method: string,
  path: string,
  params: Readonly<Record<string, string | number>> = {},
  {
    key = ACCOUNT.key,
    secret = ACCOUNT.secret,
    at = Date.now(),
  }: { readonly key?: string; readonly secret?: string; readonly at?: number } = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly json: unknown; readonly text: string }> => {
  const texts = Object.fromEntries(Object.entries({ ...params, timestamp: at }).map(([name, value]) => [name, String(value)]));
  const query = new URLSearchParams(texts).toString();
  const signature = createHmac('sha256', secret).update(query).digest('hex');
  const response = await fetch(`${server.rest}${path}?${query}&signature=${signature}`, { method, headers: { 'X-MBX-APIKEY': key } });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
  };
};

/** The part of ccxt that the tests call. */
export interface Ccxt {
  readonly urls: { api: Tree };
  markets: Readonly<Record<string, CcxtMarket>>;
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<Readonly<Record<string, CcxtMarket>>>;
  createOrder(symbol: string, type: string, side: string, amount: number | undefined, price?: number, params?: object): Promise<CcxtOrder>;
  editOrder(id: string, symbol: string, type: string, side: string, amount: number, price: number, params?: object): Promise<CcxtOrder>;
  cancelOrder(id: string | undefined, symbol: string, params?: object): Promise<CcxtOrder>;
  cancelAllOrders(symbol: string, params?: object): Promise<unknown>;
  fetchOrder(id: string | undefined, symbol: string, params?: object): Promise<CcxtOrder>;
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: object): Promise<CcxtOrder[]>;
  fetchMyTrades(symbol: string, since?: number, limit?: number): Promise<CcxtTrade[]>;
  fetchPositions(symbols?: string[]): Promise<CcxtPosition[]>;
  fetchBalance(): Promise<Record<string, { readonly total: number; readonly free: number }>>;
  fetchTradingFee(symbol: string): Promise<{ readonly maker: number; readonly taker: number }>;
  fetchFundingRateHistory(symbol: string): Promise<{ readonly fundingRate: number; readonly timestamp: number }[]>;
  fetchFundingHistory(symbol: string): Promise<{ readonly amount: number }[]>;
  fetchLeverageTiers(symbols: string[]): Promise<Record<string, { readonly maxLeverage: number }[]>>;
  fetchOHLCV(symbol: string, timeframe: string, since?: number, limit?: number): Promise<number[][]>;
  fetchTime(): Promise<number>;
  fetchPositionMode(symbol: string): Promise<{ readonly hedged: boolean }>;
  setPositionMode(hedged: boolean): Promise<unknown>;
  setLeverage(leverage: number, symbol: string): Promise<unknown>;
  setMarginMode(mode: string, symbol: string): Promise<unknown>;
  watchOHLCV(symbol: string, timeframe: string): Promise<number[][]>;
  watchTrades(symbol: string): Promise<CcxtTrade[]>;
  watchOrderBook(symbol: string, limit?: number): Promise<{ readonly bids: number[][]; readonly asks: number[][]; readonly nonce: number }>;
  watchOrders(symbol?: string): Promise<CcxtOrder[]>;
  watchMyTrades(symbol?: string): Promise<CcxtTrade[]>;
  watchPositions(symbols?: string[]): Promise<CcxtPosition[]>;
  watchBalance(): Promise<Record<string, { readonly total: number }>>;
  watchMarkPrice(symbol: string): Promise<{ readonly markPrice: number }>;
  watchBidsAsks(symbols: string[]): Promise<Record<string, { readonly bid: number; readonly ask: number }>>;
  fapiPrivatePostCountdownCancelAll(params: object): Promise<unknown>;
  close(): Promise<unknown>;
}

interface Tree {
  [name: string]: string | Tree;
}
interface CcxtMarket {
  readonly id: string;
  readonly precision: { readonly price: number; readonly amount: number };
  readonly limits: { readonly cost: { readonly min: number }; readonly amount: { readonly min: number; readonly max: number } };
  readonly linear: boolean;
  readonly swap: boolean;
  readonly active: boolean;
}
interface CcxtOrder {
  readonly id: string;
  readonly clientOrderId: string;
  readonly status: string;
  readonly filled: number;
  readonly remaining: number;
  readonly amount: number;
  readonly price: number;
  readonly average: number | undefined;
  readonly triggerPrice: number | undefined;
  readonly reduceOnly: boolean | undefined;
  readonly postOnly: boolean | undefined;
  readonly type: string;
  readonly symbol: string;
  readonly side: string;
}
interface CcxtTrade {
  readonly id: string;
  readonly order: string;
  readonly price: number;
  readonly amount: number;
  readonly side: string;
  readonly timestamp: number;
  readonly fee?: { readonly cost: number; readonly currency: string };
  readonly takerOrMaker: string;
}
interface CcxtPosition {
  readonly symbol: string;
  readonly side: string;
  readonly contracts: number;
  readonly entryPrice: number;
  readonly leverage: number;
  readonly liquidationPrice: number | undefined;
}

interface CcxtModule {
  readonly default: new (config: object) => Ccxt;
}

const redirect = (tree: Tree, server: PracticeServer): void => {
  for (const [name, value] of Object.entries(tree))
    if (typeof value !== 'string') redirect(value, server);
    else tree[name] = value.replace(/^[a-z]+:\/\/[^/]+/, /^wss?:/.test(value) ? server.ws : server.rest);
};

/** Unmodified ccxt, sent to the server. */
export const ccxtFor = async (server: PracticeServer, account = ACCOUNT): Promise<Ccxt> => {
  const whole = pathToFileURL(createRequire(import.meta.url).resolve('ccxt'));
  const module: CcxtModule = await import(/* @vite-ignore */ new URL('../js/src/pro/binanceusdm.js', whole).href);
  const client = new module.default({
    apiKey: account.key,
    secret: account.secret,
    enableRateLimit: false,
    timeout: 3000,
    newUpdates: true,
    options: { fetchMarkets: { types: ['linear'] }, fetchCurrencies: false },
  });
  redirect(client.urls.api, server);
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
  return client;
};
