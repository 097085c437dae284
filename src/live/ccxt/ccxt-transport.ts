import type { Channel } from '../../events/session.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { random as seeded, type Random } from '../../random.js';
import type { LiveClock } from '../live-clock.js';
import { VenueFailure, type TransportEvent, type VenueTransport } from '../venue-transport.js';
import { binanceMarketStreams } from './binance/binance-market-streams.js';
import { binancePrivateStream, RENEW_MS } from './binance/binance-private-stream.js';
import { binanceRequests } from './binance/binance-requests.js';
import { BINANCE_VERDICTS } from './binance/binance-verdicts.js';
import { bybitRequests } from './bybit/bybit-requests.js';
import { bybitStreams } from './bybit/bybit-streams.js';
import { BYBIT_VERDICTS } from './bybit/bybit-verdicts.js';
import { ccxtExchange } from './ccxt-exchange.js';
import type { AnswerReading } from './failure.js';
import { orderIdentities } from './order-identities.js';
import { BadMessage } from './reading.js';
import { redactor } from './redact.js';
import { symbolTable } from './symbol-table.js';
import { venueCalls } from './venue-calls.js';
import { venueHttp } from './venue-http.js';
import type { VenueParts } from './venue-parts.js';
import type { VenueRequests } from './venue-requests.js';
import type { SocketTimes } from './venue-socket.js';
import type { StreamPorts, VenueStreams } from './venue-streams.js';
import { ccxtVenue, type CcxtVenue } from './venue-support.js';

/** Times that may be set; wall ms. */
export interface TransportLimits extends SocketTimes {
  /** How often the private stream's key is renewed, where there is one. */
  readonly renewKeyMs: number;
  /** Longest time after which a request that was sent can still take effect. */
  readonly receiveWindowMs: number;
}

const LIMITS: TransportLimits = {
  connectMs: 10_000,
  keepAliveMs: 10_000,
  backoffMs: 250,
  backoffMaxMs: 30_000,
  renewKeyMs: RENEW_MS,
  receiveWindowMs: 5000,
};

export interface CcxtTransportOptions {
  /** `binanceusdm` or `bybit`. */
  readonly venue: string;
  /** Null for public data only. */
  readonly key: string | null;
  readonly secret: string | null;
  /** The venue's demo or testnet instead of itself. */
  readonly sandbox?: boolean;
  /** Other hosts, like the practice exchange's: `http://127.0.0.1:8080` and `ws://127.0.0.1:8080`. */
  readonly urls?: { readonly rest: string; readonly ws: string };
  readonly clock: LiveClock;
  /** Longest wait for an answer, wall ms; 5000 by default. */
  readonly timeoutMs?: number;
  readonly limits?: Partial<TransportLimits>;
  /** What will be traded: fees and settings are asked for these. */
  readonly instruments?: readonly Pick<Instrument, 'symbol'>[];
  /** Jitter of reconnects; seeded by the venue's name when left out. */
  readonly random?: Random;
  /** Every message of a stream as it came, before it is read: for the capture. */
  readonly onRaw?: (channel: Channel, text: string) => void;
}

type Made = {
  readonly parts: VenueParts;
  readonly requests: VenueRequests;
  readonly streams: VenueStreams;
  readonly close: () => Promise<void>;
};

/** Binance says errors as `{code, msg}` with a negative code. */
const binanceError: AnswerReading['error'] = parsed => {
  if (!('code' in parsed) || !('msg' in parsed)) return null;
  const code = Number(parsed.code);
  return code < 0 ? { code, message: String(parsed.msg) } : null;
};

/** Bybit says them as `{retCode, retMsg}` other than 0, with HTTP status 200. */
const bybitError: AnswerReading['error'] = parsed => {
  if (!('retCode' in parsed)) return { code: 0, message: 'no retCode' };
  const code = Number(parsed.retCode);
  return code === 0 ? null : { code, message: 'retMsg' in parsed ? String(parsed.retMsg) : '' };
};

const READINGS: Readonly<Record<CcxtVenue, Pick<AnswerReading, 'verdicts' | 'error'>>> = {
  binanceusdm: { verdicts: BINANCE_VERDICTS, error: binanceError },
  bybit: { verdicts: BYBIT_VERDICTS, error: bybitError },
};

/** Quarantined text is for a look, not for the archive: `onRaw` has it whole. */
const QUARANTINED_TEXT = 400;

/**
 * An account at Binance USDⓈ-M or Bybit linear. Requests are signed by unmodified ccxt and sent over our own connections (see `venueHttp`), on the venue's documented endpoints; answers are read here, strictly, and judged by what may be concluded from them. Streams are our own
 * connections to the addresses that ccxt has (see `venueSocket` for why). Throws a usage error for an unknown venue.
 */
export const ccxtTransport = (options: CcxtTransportOptions): VenueTransport => {
  const { key, secret, sandbox = false, urls = null, clock, timeoutMs = 5000, instruments = [], onRaw = () => {} } = options;
  const venue = ccxtVenue(options.venue);
  const limits: TransportLimits = { ...LIMITS, ...options.limits };
  const random = options.random ?? seeded(`${venue}/reconnect`);
  const redact = redactor([key, secret]);
  let sink: (event: TransportEvent) => void = () => {};
  let made: Made | null = null;
  let closed = false;

  /** The symbol that a message names, as far as can be told from one that could not be read. */
  const symbolIn = (text: string): Symbol | '' => {
    const id = /"(?:s|symbol)":\s*"(\w+)"/.exec(text)?.[1] ?? /"topic":\s*"[^"]*\.(\w+)"/.exec(text)?.[1] ?? '';
    const symbol = made?.parts.symbols.nameOf(id) ?? '';
    return symbol === id ? '' : symbol;
  };

  const quarantine = (channel: Channel, error: unknown, text: string): void => {
    const [code, words] =
      error instanceof BadMessage ? [error.code, `${error.message}: `] : [error instanceof SyntaxError ? 'no-json' : 'unreadable', ''];
    sink({ event: 'quarantined', channel, symbol: symbolIn(text), code, text: redact(words + text.slice(0, QUARANTINED_TEXT)) });
  };

  const make = async (): Promise<Made> => {
    const exchange = await ccxtExchange({ venue, key, secret, sandbox, urls, receiveWindowMs: limits.receiveWindowMs });
    const http = venueHttp({ clock, timeoutMs });
    const calls = venueCalls(exchange, http, clock, { ...READINGS[venue], redact });
    const parts: VenueParts = {
      exchange,
      calls,
      clock,
      symbols: symbolTable(),
      identities: orderIdentities(),
      hasKey: key !== null,
      chosen: instruments.map(({ symbol }) => symbol),
    };
    const ports: StreamPorts = { random, times: limits, sink: event => void (closed || sink(event)), onRaw, quarantine };
    const close = async (): Promise<void> => {
      http.close();
      await exchange.close();
    };
    if (venue === 'bybit') {
      const keys = key === null ? null : { key, secret: secret ?? '' };
      return { parts, requests: bybitRequests(parts), streams: bybitStreams(parts, ports, keys), close };
    }
    const market = binanceMarketStreams(parts, ports);
    const account = binancePrivateStream(parts, ports, limits.renewKeyMs);
    const streams: VenueStreams = {
      ...market,
      listen: account.listen,
      close: () => {
        market.close();
        account.close();
      },
    };
    return { parts, requests: binanceRequests(parts), streams, close };
  };

  const use = (): Made => {
    if (made === null || closed) throw new VenueFailure('unavailable', 'not-open', 'The transport is not open.');
    return made;
  };
  const ask = async <T>(what: (requests: VenueRequests) => Promise<T>): Promise<T> => what(use().requests);

  const markets: VenueTransport['markets'] = async () => {
    const { requests, parts } = use();
    const rows = await requests.markets();
    parts.symbols.load(rows);
    return rows.map(({ market }) => market);
  };

  return {
    venue,
    receiveWindowMs: limits.receiveWindowMs,
    open: async to => {
      sink = to;
      made ??= await make();
      await made.requests.serverTime();
      await markets();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      made?.streams.close();
      await made?.close();
    },
    markets,
    serverTime: () => ask(requests => requests.serverTime()),
    permissions: () => ask(requests => requests.permissions()),
    submit: request => ask(requests => requests.submit(request)),
    cancel: order => ask(requests => requests.cancel(order)),
    amend: (order, change) => ask(requests => requests.amend(order, change)),
    cancelAll: (symbol, conditional) => ask(requests => requests.cancelAll(symbol, conditional)),
    cancelAllAfter: (symbol, ms) => ask(requests => requests.cancelAllAfter(symbol, ms)),
    order: ref => ask(requests => requests.order(ref)),
    openOrders: symbol => ask(requests => requests.openOrders(symbol)),
    executions: (symbol, since) => ask(requests => requests.executions(symbol, since)),
    positions: () => ask(requests => requests.positions()),
    balances: () => ask(requests => requests.balances()),
    income: since => ask(requests => requests.income(since)),
    setLeverage: (symbol, leverage) => ask(requests => requests.setLeverage(symbol, leverage)),
    setMarginMode: (symbol, mode) => ask(requests => requests.setMarginMode(symbol, mode)),
    positionMode: () => ask(requests => requests.positionMode()),
    setPositionMode: hedge => ask(requests => requests.setPositionMode(hedge)),
    subscribe: subscriptions => use().streams.subscribe(subscriptions),
    resubscribe: subscription => use().streams.resubscribe(subscription),
    listen: () => use().streams.listen(),
    history: {
      bars: (...given) => ask(({ history }) => history.bars(...given)),
      funding: (...given) => ask(({ history }) => history.funding(...given)),
      openInterest: (...given) => ask(({ history }) => history.openInterest(...given)),
      referenceBars: (...given) => ask(({ history }) => history.referenceBars(...given)),
      trades: (...given) => ask(({ history }) => history.trades(...given)),
      fundingInterval: symbol => ask(({ history }) => history.fundingInterval(symbol)),
    },
  };
};
