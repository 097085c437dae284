import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { bybitFront, type BybitFrontOptions } from '../../../src/practice/bybit/bybit-front.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import { startPractice, type PracticeOptions, type PracticeServer } from '../../../src/practice/server/start-practice.js';
import { ACCOUNT, SECOND, type Ccxt } from '../binance/practice-venue.js';
import { barChunk, BTC, ETH, fundingChunk, instrument, MINUTE, T0, walk } from '../core/practice-ground.js';

/** Two markets over a day of walks, an hour in; the market stands unless told otherwise. */
export const openVenue = async (
  given: Partial<Omit<PracticeOptions, 'exchange' | 'front'>> & { readonly front?: BybitFrontOptions } = {},
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
    conditionalSpace: false,
  });
  exchange.advance(T0 + 60 * MINUTE);
  const server = await startPractice({
    exchange,
    front: bybitFront(front),
    accounts: [ACCOUNT, SECOND],
    barMs: MINUTE,
    paused: true,
    ...options,
  });
  return { server, exchange };
};

/** What the venue answers with. */
export interface BybitAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: Record<string, unknown>;
  readonly time: number;
}

/** A request by hand, signed as the venue's documents say. */
export const ask = async (
  server: PracticeServer,
  method: 'GET' | 'POST',
  path: string,
  params: Readonly<Record<string, string | number | boolean>> = {},
  given: { readonly key?: string; readonly secret?: string; readonly at?: number; readonly window?: number; readonly sign?: string } = {},
): Promise<BybitAnswer> => {
  const { key = ACCOUNT.key, secret = ACCOUNT.secret, at = Date.now(), window = 5000 } = given;
  const query = new URLSearchParams(Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))).toString();
  const payload = method === 'GET' ? query : JSON.stringify(params);
  const sign = createHmac('sha256', secret).update(`${at}${key}${window}${payload}`).digest('hex');
  const response = await fetch(`${server.rest}${path}${method === 'GET' ? `?${query}` : ''}`, {
    method,
    headers: {
      'X-BAPI-API-KEY': key,
      'X-BAPI-TIMESTAMP': String(at),
      'X-BAPI-RECV-WINDOW': String(window),
      'X-BAPI-SIGN': given.sign ?? sign,
      'Content-Type': 'application/json',
    },
    ...(method === 'POST' && { body: payload }),
  });
  const answer = (await response.json()) as Omit<BybitAnswer, 'status' | 'headers'>;
  return { ...answer, status: response.status, headers: response.headers };
};

/** Rows of a list. */
export const rowsOf = ({ result }: BybitAnswer): readonly Record<string, unknown>[] => result['list'] as Record<string, unknown>[];

interface Tree {
  [name: string]: string | Tree;
}

const redirect = (tree: Tree, server: PracticeServer): void => {
  for (const [name, value] of Object.entries(tree))
    if (typeof value !== 'string') redirect(value, server);
    else tree[name] = value.replace(/^[a-z]+:\/\/[^/]+/, /^wss?:/.test(value) ? server.ws : server.rest);
};

/** What the tests call beyond what they call at Binance. */
export interface BybitCcxt extends Ccxt {
  watchTicker(symbol: string): Promise<{ readonly last: number; readonly markPrice: number }>;
}

/** Unmodified ccxt, sent to the server. */
export const ccxtFor = async (server: PracticeServer, account = ACCOUNT): Promise<BybitCcxt> => {
  const whole = pathToFileURL(createRequire(import.meta.url).resolve('ccxt'));
  const module: { readonly default: new (config: object) => BybitCcxt } = await import(
    /* @vite-ignore */ new URL('../js/src/pro/bybit.js', whole).href
  );
  const client = new module.default({
    apiKey: account.key,
    secret: account.secret,
    enableRateLimit: false,
    timeout: 3000,
    newUpdates: true,
    options: { defaultType: 'swap', defaultSubType: 'linear', fetchMarkets: { types: ['linear'] } },
  });
  redirect(client.urls.api, server);
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
  return client;
};
