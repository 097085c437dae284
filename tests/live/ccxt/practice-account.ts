import type { Chunk } from '../../../src/events/market.js';
import { ccxtTransport, type CcxtTransportOptions } from '../../../src/live/ccxt/ccxt-transport.js';
import { systemClock } from '../../../src/live/system-clock.js';
import type { TransportEvent, VenueOrderRequest, VenueTransport } from '../../../src/live/venue-transport.js';
import type { Instrument } from '../../../src/market/instrument.js';
import { binanceFront } from '../../../src/practice/binance/binance-front.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import { startPractice, type PracticeServer } from '../../../src/practice/server/start-practice.js';

export const BTC = 'BTC/USDT:USDT';
export const OPENED = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;

const INSTRUMENT: Instrument = {
  symbol: BTC,
  exchange: 'binance',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 125,
  maintenanceMarginRate: 0.004,
  source: 'test',
};

/** A thousand minutes that go up and down by ten, each with a low of 49,998. */
const BARS: Chunk = (() => {
  const rows = 1000;
  const open = (i: number): number => 50_000 + 10 * (i % 2);
  return {
    kind: 'bars',
    symbol: BTC,
    timeframe: '1m',
    rows,
    ts: Float64Array.from({ length: rows }, (_, i) => OPENED + i * MINUTE),
    columns: [
      Float64Array.from({ length: rows }, (_, i) => open(i)),
      Float64Array.from({ length: rows }, (_, i) => Math.max(open(i), open(i + 1)) + 2),
      Float64Array.from({ length: rows }, (_, i) => Math.min(open(i), open(i + 1)) - 2),
      Float64Array.from({ length: rows }, (_, i) => open(i + 1)),
      Float64Array.from({ length: rows }, () => 500),
    ],
  };
})();

const FUNDING: Chunk = {
  kind: 'funding',
  symbol: BTC,
  rows: 2,
  ts: Float64Array.of(OPENED, OPENED + 480 * MINUTE),
  columns: [Float64Array.of(0.0001, 0.0003), Float64Array.of(480 * MINUTE, 480 * MINUTE)],
};

export const KEY = 'canary-key-0123456789abcdef';
export const SECRET = 'canary-secret-fedcba9876543210';

/** A practice exchange at this many market ms a wall ms, with one account, and a transport to it. Every second order id is beyond 2^53. */
export interface PracticeAccountRig {
  readonly server: PracticeServer;
  readonly transport: VenueTransport;
  readonly events: TransportEvent[];
  /** Waits for an event that is or comes. */
  wait(what: (event: TransportEvent) => boolean, ms?: number): Promise<TransportEvent>;
  close(): Promise<void>;
}

export const practiceAccount = async (
  given: Partial<CcxtTransportOptions> & { readonly speed?: number } = {},
): Promise<PracticeAccountRig> => {
  const { speed = 60, ...options } = given;
  const exchange = practiceExchange({
    instruments: [{ instrument: INSTRUMENT, minQuantity: 0.001, maxQuantity: 1000 }],
    chunks: [BARS, FUNDING],
    start: OPENED + 100 * MINUTE,
    hugeIdEvery: 2,
  });
  const server = await startPractice({
    exchange,
    front: binanceFront(),
    accounts: [{ name: 'a', key: KEY, secret: SECRET, wallet: 100_000 }],
    barMs: MINUTE,
    speed,
  });
  const epochWall = Date.now();
  const clock = systemClock({ epochWall, epochMarket: OPENED + 100 * MINUTE, speed, held: false });
  const transport = ccxtTransport({
    venue: 'binanceusdm',
    key: KEY,
    secret: SECRET,
    urls: { rest: server.rest, ws: server.ws },
    clock,
    timeoutMs: 4000,
    instruments: [INSTRUMENT],
    ...options,
  });
  const events: TransportEvent[] = [];
  const waiting = new Set<(event: TransportEvent) => void>();
  await transport.open(event => {
    events.push(event);
    for (const look of waiting) look(event);
  });
  return {
    server,
    transport,
    events,
    wait: (what, ms = 4000) =>
      new Promise((resolve, reject) => {
        const known = events.find(what);
        if (known !== undefined) return resolve(known);
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such event in ${ms} ms; last: ${JSON.stringify(events.slice(-5))}`));
        }, ms);
        const look = (event: TransportEvent): void => {
          if (!what(event)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(event);
        };
        waiting.add(look);
      }),
    close: async () => {
      await transport.close();
      await server.close();
    },
  };
};

export const order = (clientId: string, given: Partial<VenueOrderRequest> = {}): VenueOrderRequest => ({
  clientId,
  symbol: BTC,
  side: 'buy',
  type: 'market',
  quantity: 0.01,
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
