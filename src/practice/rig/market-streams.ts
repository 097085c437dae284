import type { MarketKind } from '../../events/market.js';
import type { MarketMessage, Subscription, TransportEvent } from '../../live/venue-transport.js';
import type { Random } from '../../random.js';
import { hostileBar } from './hostile.js';
import type { Life } from './life.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';
import type { Weather } from './weather.js';

export interface MarketStreamsOptions {
  readonly time: VirtualTime;
  readonly life: Life;
  readonly random: Random;
  readonly weather: Weather;
  readonly tally: Tally;
  readonly latency: () => number;
  readonly sink: (event: TransportEvent) => void;
  /** The book as it is now: what a stream of it begins with. */
  readonly snapshot: (symbol: string) => MarketMessage;
}

/** The market data that one process listens to. */
export interface MarketStreams {
  subscribe(subscriptions: readonly Subscription[]): void;
  resubscribe(subscription: Subscription): void;
  hear(message: MarketMessage): void;
  cut(code: string): void;
}

const CHANNEL = {
  bar: 'bars',
  trade: 'trades',
  quote: 'quotes',
  book: 'book',
  mark: 'mark',
  funding: 'funding',
  'funding-estimate': 'funding',
  'open-interest': 'open-interest',
} as const satisfies Record<MarketMessage['kind'], MarketKind>;

const RETRY_MS = 2000;

const keyOf = (kind: MarketKind, symbol: string, timeframe: string | undefined): string => `${kind} ${symbol} ${timeframe ?? ''}`;

export const marketStreams = ({ time, life, random, weather, tally, latency, sink, snapshot }: MarketStreamsOptions): MarketStreams => {
  const streams = new Map<string, { readonly subscription: Subscription; open: boolean; last: MarketMessage | null; lastAt: number }>();

  const tell = (at: number, event: TransportEvent): void => {
    life.deliver(at, () => {
      if (life.pass(`event:${event.event}`)) sink(event);
    });
  };
  const connect = (key: string): void => {
    const stream = streams.get(key);
    if (stream === undefined) return;
    life.deliver(time.now + 2 * latency(), () => {
      if (stream.open) return;
      if (time.now < weather.unreachableUntil) {
        life.deliver(time.now + RETRY_MS, () => connect(key));
        return;
      }
      stream.open = true;
      const { kind, symbol } = stream.subscription;
      tell(time.now, { event: 'stream', channel: kind, symbol, up: true, code: 'open' });
      if (kind === 'book' && time.now >= weather.marketSilentUntil)
        tell(time.now + latency(), { event: 'market', message: snapshot(symbol) });
    });
  };
  const close = (key: string, code: string): void => {
    const stream = streams.get(key);
    if (stream?.open !== true) return;
    stream.open = false;
    const { kind, symbol } = stream.subscription;
    tell(time.now + latency(), { event: 'stream', channel: kind, symbol, up: false, code });
    life.deliver(time.now + RETRY_MS * (0.5 + random.next()), () => connect(key));
  };
  return {
    subscribe: subscriptions => {
      for (const subscription of subscriptions) {
        const key = keyOf(subscription.kind, subscription.symbol, subscription.kind === 'bars' ? subscription.timeframe : undefined);
        if (streams.has(key)) continue;
        streams.set(key, { subscription, open: false, last: null, lastAt: -Infinity });
        connect(key);
      }
    },
    resubscribe: ({ kind, symbol, timeframe }) => {
      const key = keyOf(kind, symbol, kind === 'bars' ? timeframe : undefined);
      const stream = streams.get(key);
      if (stream === undefined) return;
      tally.count('market:resubscribed');
      stream.open = false;
      connect(key);
    },
    cut: code => {
      for (const key of streams.keys()) close(key, code);
      tally.count(`market:${code}`);
    },
    hear: message => {
      const key = keyOf(CHANNEL[message.kind], message.symbol, message.kind === 'bar' ? message.timeframe : undefined);
      const stream = streams.get(key);
      if (stream?.open !== true) return;
      if (time.now < weather.marketSilentUntil || time.now < weather.unreachableUntil) {
        tally.count('market:silent');
        return;
      }
      if (time.now < weather.marketFrozenUntil && stream.last !== null) {
        tally.count('market:frozen');
        tell(time.now + latency(), { event: 'market', message: stream.last });
        return;
      }
      stream.last = message;
      if (message.kind === 'book' && weather.omitBook > 0 && random.next() < weather.omitBook) {
        tally.count('book:omitted');
        return;
      }
      if (weather.flood > 0) {
        tally.count('market:flood', weather.flood);
        for (let k = 0; k < weather.flood; k++) tell(time.now, { event: 'market', message });
      }
      const isBar = message.kind === 'bar' && message.closed;
      if (isBar && weather.omitBar > 0 && random.next() < weather.omitBar) {
        tally.count('bar:omitted');
        return;
      }
      const late = isBar && weather.lateBar > 0 && random.next() < weather.lateBar;
      if (late) tally.count('bar:late');
      // One connection keeps its order: only what is late on purpose is overtaken.
      stream.lastAt = Math.max(stream.lastAt, time.now + latency());
      const at = stream.lastAt + (late ? 5000 * random.next() : 0);
      if (message.kind === 'bar' && weather.hostileBar > 0 && random.next() < weather.hostileBar) {
        const { kind, bar } = hostileBar(message, random);
        tally.count(`hostile-bar:${kind}`);
        tell(at, { event: 'market', message: bar });
        return;
      }
      tell(at, { event: 'market', message });
      if (isBar && weather.duplicateBar > 0 && random.next() < weather.duplicateBar) {
        tally.count('bar:duplicated');
        tell(at + 3000 * random.next(), { event: 'market', message });
      }
    },
  };
};
