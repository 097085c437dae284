import type { Chunk } from '../../../src/events/market.js';
import { liveFeed, type LiveFeedSetup } from '../../../src/live/feed/live-feed.js';
import type { LiveFeed, LiveSlab } from '../../../src/live/feed/feed-port.js';
import { VenueFailure, type MarketMessage, type Subscription, type VenueHistory } from '../../../src/live/venue-transport.js';
import type { AccountWord } from '../../../src/live/word.js';
import { timeframeMs, type Timeframe } from '../../../src/market/timeframe.js';
import { settle, virtualClock, type VirtualClock } from './virtual-clock.js';

export const BTC = 'BTC/USDT:USDT';
export const ETH = 'ETH/USDT:USDT';
export const MINUTE = 60_000;
/** 2024-01-01 00:00 UTC. */
export const EPOCH = 1_704_067_200_000;

export type Row = readonly [number, number, number, number, number, number];

/** The truth: a price every second, by a hash of the time; bars follow from it and from nothing else. */
export const priceAt = (symbol: string, ts: number): number => {
  const second = Math.floor(ts / 1000);
  const hash = (n: number): number => (Math.imul(n ^ (n >>> 15), 0x2c1b3c6d) ^ Math.imul(n, 0x297a2d39)) >>> 8;
  return (symbol === BTC ? 40_000 : 2_000) + (hash(Math.floor(second / 60)) % 50) + (hash(second) % 20);
};

/** The bar that opens then as it stands at `now`. */
export const barAt = (symbol: string, timeframe: Timeframe, openTime: number, now: number): Row => {
  const end = Math.min(openTime + timeframeMs(timeframe), Math.floor(now / 1000) * 1000 + 1000);
  let [high, low, volume] = [-Infinity, Infinity, 0];
  const step = Math.max(1000, timeframeMs(timeframe) / 60);
  for (let ts = openTime; ts < end; ts += step) {
    const price = priceAt(symbol, ts);
    high = Math.max(high, price);
    low = Math.min(low, price);
    volume++;
  }
  const last = openTime + (volume - 1) * step;
  return [openTime, priceAt(symbol, openTime), high, low, priceAt(symbol, last), volume];
};

/** A history that tells the truth after `latency` wall ms; `tamper` may change an answer or throw. */
export const trueHistory = (
  clock: VirtualClock,
  {
    latency = 20,
    most = Infinity,
    tamper = rows => rows,
  }: {
    readonly latency?: number;
    /** Largest page that the venue gives, whatever is asked. */
    readonly most?: number;
    readonly tamper?: (rows: readonly Row[], symbol: string, from: number) => readonly Row[];
  } = {},
): VenueHistory & { requests: number } => {
  const later = <T>(answer: () => T): Promise<T> =>
    new Promise((resolve, reject) =>
      clock.after(latency, () => {
        try {
          resolve(answer());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    );
  const history = {
    requests: 0,
    bars: (symbol: string, timeframe: Timeframe, from: number, to: number, limit: number) => {
      history.requests++;
      return later(() => {
        const length = timeframeMs(timeframe);
        const rows: Row[] = [];
        for (
          let open = Math.ceil(from / length) * length;
          open <= Math.min(to, clock.market()) && rows.length < Math.min(limit, most);
          open += length
        )
          rows.push(barAt(symbol, timeframe, open, clock.market()));
        return tamper(rows, symbol, from);
      });
    },
    funding: () => later(() => []),
    openInterest: () => later(() => []),
    referenceBars: () => later(() => []),
    trades: () => later(() => []),
    fundingInterval: () => later(() => 8 * 60 * MINUTE),
  };
  return history;
};

export const unanswered = (): VenueFailure => new VenueFailure('ambiguous', 'timeout', 'No answer came in time.');

/** A feed on a virtual clock with everything that it gave and said. */
export interface Rig {
  readonly clock: VirtualClock;
  readonly feed: LiveFeed;
  readonly slabs: LiveSlab[];
  readonly words: AccountWord[];
  readonly resubscribed: Subscription[];
  /** A market message arrives. */
  readonly say: (message: MarketMessage) => void;
  /** Rows given of a kind and symbol: time and values. */
  readonly given: (kind: string, symbol?: string) => number[][];
  readonly codes: (type: AccountWord['type']) => string[];
}

const rowsOf = (chunk: Chunk): number[][] =>
  Array.from({ length: chunk.rows }, (_, i) => [chunk.ts[i] ?? NaN, ...chunk.columns.map(column => column[i] ?? NaN)]);

export const rig = (
  subscriptions: readonly Subscription[],
  {
    clock = virtualClock(EPOCH),
    history,
    ...rest
  }: Partial<Pick<LiveFeedSetup, 'config' | 'capture' | 'instruments' | 'sink'>> & {
    readonly clock?: VirtualClock;
    readonly history?: VenueHistory;
  } = {},
): Rig => {
  const slabs: LiveSlab[] = [];
  const words: AccountWord[] = [];
  const resubscribed: Subscription[] = [];
  const feed = liveFeed({
    transport: {
      subscribe: () => undefined,
      resubscribe: subscription => resubscribed.push(subscription),
      history: history ?? trueHistory(clock),
    },
    clock,
    subscriptions,
    say: word => words.push(word),
    ...rest,
    sink: {
      ...rest.sink,
      slab: slab => {
        slabs.push(slab);
        return rest.sink?.slab(slab);
      },
    },
  });
  return {
    clock,
    feed,
    slabs,
    words,
    resubscribed,
    say: message => feed.receive({ event: 'market', message }),
    given: (kind, symbol = BTC) =>
      slabs.flatMap(({ chunks }) => chunks.filter(chunk => chunk.kind === kind && chunk.symbol === symbol).flatMap(rowsOf)),
    codes: type => words.filter(word => word.type === type).map(word => ('code' in word ? word.code : '')),
  };
};

export const barMessage = (symbol: string, row: Row, closed: boolean, ts: number, timeframe: Timeframe = '1m'): MarketMessage => ({
  kind: 'bar',
  symbol,
  timeframe,
  openTime: row[0],
  open: row[1],
  high: row[2],
  low: row[3],
  close: row[4],
  volume: row[5],
  closed,
  ts,
});

/** Warm a feed while time passes. */
export const warmed = async ({ feed, clock }: Rig, bars: number, wallMs = 2_000): Promise<void> => {
  feed.start();
  const done = feed.warm(bars);
  await clock.run(wallMs);
  await done;
  await settle();
};
