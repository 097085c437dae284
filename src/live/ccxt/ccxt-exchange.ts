import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { CcxtVenue } from './venue-support.js';

/** Addresses as ccxt keeps them: a tree whose leaves are URLs, some with `{hostname}` in them. */
interface UrlTree {
  [name: string]: string | UrlTree;
}

/** One market as ccxt's parser has it; `info` is the venue's own row. */
export interface CcxtMarket {
  readonly id: string;
  readonly symbol: string;
  readonly swap: boolean;
  readonly linear?: boolean | undefined;
  readonly info: unknown;
}

/** The part of a ccxt exchange that is used: signing of requests, the market list, addresses. Its streams (see `VenueSocket`) and its sending (see `VenueHttp`) are not. */
export interface CcxtExchange {
  readonly urls: { api: UrlTree };
  readonly has: Record<string, unknown>;
  readonly options: Record<string, unknown>;
  readonly hostname: string | undefined;
  readonly userAgents: Readonly<Record<string, string>>;
  nonce: () => number;
  /** Sends what was signed, and resolves with what the answer has. ccxt lets it be replaced. */
  fetch: (url: string, method: string, headers?: Record<string, string | undefined>, body?: string) => Promise<unknown>;
  /** JSON with whole numbers beyond 2^53 as text; undefined when the text is none. */
  parseJson(text: string): unknown;
  request(path: string, api: string, method: string, params: Record<string, unknown>): Promise<unknown>;
  loadMarkets(reload: boolean): Promise<Readonly<Record<string, CcxtMarket>>>;
  setSandboxMode(on: boolean): void;
  enableDemoTrading(on: boolean): void;
  close(): Promise<unknown>;
}

interface CcxtModule {
  readonly default: new (config: Readonly<Record<string, unknown>>) => CcxtExchange;
}

/** Loads the file of one venue: 0.2 s, where all of ccxt takes 3 s. The package exports only its whole, so that its place is found by the file that it does export. */
const loadVenue = async (venue: CcxtVenue): Promise<CcxtModule> => {
  const require = createRequire(import.meta.url);
  const whole = pathToFileURL(require.resolve('ccxt'));
  const module: CcxtModule = await import(/* @vite-ignore */ new URL(`../js/src/pro/${venue}.js`, whole).href);
  return module;
};

/** Puts other hosts before the paths of every address in the tree. */
const redirect = (tree: UrlTree, rest: string, ws: string): void => {
  for (const [name, at] of Object.entries(tree)) {
    if (typeof at !== 'string') redirect(at, rest, ws);
    else tree[name] = at.replace(/^[a-z]+:\/\/[^/]+/, /^wss?:/.test(at) ? ws : rest);
  }
};

/** How ccxt is to be set up. */
export interface ExchangeOptions {
  readonly venue: CcxtVenue;
  readonly key: string | null;
  readonly secret: string | null;
  readonly sandbox: boolean;
  /** Hosts to use instead of the venue's, like `http://127.0.0.1:8080` and `ws://127.0.0.1:8080`. */
  readonly urls: { readonly rest: string; readonly ws: string } | null;
  readonly receiveWindowMs: number;
}

/**
 * One venue of ccxt, unmodified, without its own throttle and retries: what is sent and when is decided above. It asks for linear markets only. The sandbox is the demo trading of Binance (ccxt refuses the futures testnet, as it was closed) and the
 * testnet of Bybit.
 */
export const ccxtExchange = async (options: ExchangeOptions): Promise<CcxtExchange> => {
  const { venue, key, secret, sandbox, urls, receiveWindowMs } = options;
  const { default: Exchange } = await loadVenue(venue);
  const exchange = new Exchange({
    ...(key === null ? {} : { apiKey: key, secret: secret ?? '' }),
    enableRateLimit: false,
    options: {
      defaultType: 'swap',
      defaultSubType: 'linear',
      recvWindow: receiveWindowMs,
      adjustForTimeDifference: false,
      fetchMarkets: { types: ['linear'] },
      fetchCurrencies: false,
      maxRetriesOnFailure: 0,
    },
  });
  exchange.has['fetchCurrencies'] = false;
  if (sandbox) {
    if (venue === 'bybit') exchange.setSandboxMode(true);
    else exchange.enableDemoTrading(true);
  }
  if (urls !== null) redirect(exchange.urls.api, urls.rest, urls.ws);
  return exchange;
};

/** The address at a path of the tree, with the venue's host name put in. Throws when ccxt no longer has it. */
export const addressOf = (exchange: CcxtExchange, ...path: readonly string[]): string => {
  let at: string | UrlTree | undefined = exchange.urls.api;
  for (const name of path) at = typeof at === 'object' ? at[name] : undefined;
  if (typeof at !== 'string') throw new Error(`ccxt has no address ${path.join('.')}.`);
  return at.replace('{hostname}', exchange.hostname ?? '');
};
