import type { Channel } from '../../events/session.js';
import type { Symbol } from '../../market/instrument.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { CancelTimer, LiveClock } from '../live-clock.js';
import type { Subscription } from '../venue-transport.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedTimers } from './feed-timers.js';

/** Whether what arrives is new enough to trade on, by channel and symbol. */
export interface DataAge {
  /** A message of this kind with an event time. Only a later time than before is news: the same word again is not. */
  heard(kind: Subscription['kind'], symbol: Symbol, ts: number): void;
  /** The connection says that it is up or down. */
  stream(channel: Channel, symbol: Symbol | '', up: boolean, code: string): void;
  /** Whether every watched channel of the symbol is live. */
  isLive(symbol: Symbol): boolean;
  start(): void;
}

/** Told when a channel's state changes. */
export type AgeWord = (channel: Channel, symbol: Symbol, state: 'live' | 'stale' | 'down', code: string, text: string) => void;

interface Watched {
  readonly subscription: Subscription;
  readonly expected: number;
  /** Newest event time as the venue says it. */
  newest: number;
  /** The same, not ahead of market time; when the watch began before the first event. */
  heardAt: number;
  state: 'live' | 'stale' | 'down';
  isUp: boolean;
  pause: number;
  cancel: CancelTimer;
  cancelLook: CancelTimer;
}

/** Funding and open interest come by request every few minutes; their age says nothing about the connection. */
const isWatched = ({ kind }: Subscription): boolean => kind !== 'funding' && kind !== 'open-interest';

const expectedOf = ({ kind, timeframe }: Subscription, config: FeedConfig): number => {
  const usual = config.expectedMs[kind] ?? 60_000;
  return kind === 'bars' && timeframe !== undefined ? Math.min(usual, timeframeMs(timeframe)) : usual;
};

/**
 * A heartbeat is no proof of data: each channel is judged by the time of the newest event in it, in market time. So a silent socket, one that repeats itself and one that lags are one case. A stale channel is
 * opened anew, with pauses that double until it is live again.
 */
export const dataAge = ({
  clock,
  timers,
  config,
  subscriptions,
  word,
  resubscribe,
}: {
  readonly clock: LiveClock;
  readonly timers: FeedTimers;
  readonly config: FeedConfig;
  readonly subscriptions: readonly Subscription[];
  readonly word: AgeWord;
  readonly resubscribe: (subscription: Subscription) => void;
}): DataAge => {
  const watched: Watched[] = subscriptions.filter(isWatched).map(subscription => ({
    subscription,
    expected: expectedOf(subscription, config),
    newest: -Infinity,
    heardAt: NaN,
    state: 'live',
    isUp: true,
    pause: config.resubscribeMs,
    cancel: () => undefined,
    cancelLook: () => undefined,
  }));
  const bySymbol = new Map<Symbol, Watched[]>();
  for (const each of watched) {
    const { symbol } = each.subscription;
    bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), each]);
  }
  const boundOf = ({ expected }: Watched): number => config.staleIntervals * expected + config.wallSlackMs * clock.speed;
  const isOld = (each: Watched): boolean => clock.market() - each.heardAt > boundOf(each);

  const repair = (each: Watched): void => {
    if (each.state === 'live') return;
    resubscribe(each.subscription);
    each.cancel = timers.after(each.pause, () => repair(each));
    each.pause = Math.min(each.pause * 2, config.resubscribeMostMs);
  };
  const turn = (each: Watched, state: Watched['state'], code: string, text: string): void => {
    if (each.state === state) return;
    const wasLive = each.state === 'live';
    each.state = state;
    word(each.subscription.kind, each.subscription.symbol, state, code, text);
    if (state === 'live') {
      each.cancel();
      each.pause = config.resubscribeMs;
    } else if (wasLive)
      // A stream that says it is down is mended by its transport; one that says nothing is opened anew at once.
      each.cancel = state === 'stale' ? timers.after(0, () => repair(each)) : timers.after(config.resubscribeMostMs, () => repair(each));
  };
  const look = (each: Watched): void => {
    if (isOld(each)) {
      const age = Math.round((clock.market() - each.heardAt) / 1000);
      turn(
        each,
        each.isUp ? 'stale' : 'down',
        'too-old',
        `Nothing new for ${age} s of market time; ${Math.round(boundOf(each) / 1000)} s are allowed.`,
      );
      return;
    }
    each.cancelLook();
    each.cancelLook = timers.at(each.heardAt + boundOf(each) + 1, () => look(each));
  };

  return {
    heard: (kind, symbol, ts) => {
      const own = bySymbol.get(symbol);
      if (own === undefined) return;
      for (let i = 0; i < own.length; i++) {
        const each = own[i]!;
        if (each.subscription.kind !== kind || ts <= each.newest) continue;
        each.newest = ts;
        each.heardAt = Math.max(each.heardAt, Math.min(ts, clock.market()));
        if (each.state === 'live' || isOld(each)) continue;
        each.isUp = true;
        turn(each, 'live', 'fresh', 'New data arrives.');
        look(each);
      }
    },
    stream: (channel, symbol, up, code) => {
      for (const each of watched) {
        if (each.subscription.kind !== channel || (symbol !== '' && symbol !== each.subscription.symbol)) continue;
        each.isUp = up;
        // Up is no proof: it is live when something new has come.
        if (!up) turn(each, 'down', code, 'The stream is down.');
      }
    },
    isLive: symbol => {
      const own = bySymbol.get(symbol);
      return own !== undefined && own.every(each => each.state === 'live' && !isOld(each));
    },
    start: () => {
      for (const each of watched) {
        each.heardAt = clock.market();
        look(each);
      }
    },
  };
};
