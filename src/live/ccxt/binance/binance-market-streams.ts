import type { MarketKind } from '../../../events/market.js';
import type { Subscription, TransportEvent } from '../../venue-transport.js';
import { addressOf } from '../ccxt-exchange.js';
import { fieldsOf, parseVenueJson } from '../reading.js';
import { topicStream, type Topic, type TopicDialect, type TopicStream } from '../topic-stream.js';
import type { StreamPorts, VenueStreams } from '../venue-streams.js';
import { binanceTopic, readBinanceDepth, readBinanceMarket } from './binance-market-message.js';
import type { VenueParts } from '../venue-parts.js';

/** Binance takes at most ten requests a second on a connection and 200 topics in one. */
const DIALECT: TopicDialect = {
  batch: 150,
  subscribe: (names, request) => JSON.stringify({ method: 'SUBSCRIBE', params: names, id: request }),
  answer: value => {
    const message = fieldsOf(value);
    if (message['id'] === undefined || message['e'] !== undefined) return undefined;
    return { request: Number(message['id']), refused: message['error'] === undefined ? null : 'refused' };
  },
  idle: () => false,
};

/** Streams of each kind of data have a connection to themselves, so that a stale one can be made anew alone. The venue serves book, quotes and trades under `/public`, the rest under `/market`. */
const PLACES: Readonly<Partial<Record<MarketKind, 'public' | 'market'>>> = {
  bars: 'market',
  mark: 'market',
  trades: 'public',
  quotes: 'public',
  book: 'public',
};

const carrier = (kind: Subscription['kind']): MarketKind => (kind === 'funding' ? 'mark' : kind);

/** The address of a kind of streams, as ccxt writes it: its futures address with the category put before `/ws`. */
export const binanceStreamUrl = (base: string, category: 'public' | 'market' | 'private'): string =>
  base.replace(/\/ws$/, `/${category}/ws`);

/** Market streams of Binance USDⓈ-M. Open interest has none: it is polled through the history. A book is told as updates, and a snapshot of 1000 levels as soon as they flow. */
export const binanceMarketStreams = ({ exchange, calls, clock, symbols }: VenueParts, ports: StreamPorts): Omit<VenueStreams, 'listen'> => {
  const { random, times, sink, onRaw, quarantine } = ports;
  const streams = new Map<MarketKind, TopicStream>();
  // Which of the two the one stream was subscribed for.
  const wanted = new Set<string>();

  const snapshot = async ({ symbol }: Topic): Promise<void> => {
    try {
      const message = await calls.call('fapiPublic', 'GET', 'depth', { symbol: symbols.idOf(symbol), limit: 1000 }, answer =>
        readBinanceDepth(answer, symbol),
      );
      sink({ event: 'market', message });
    } catch {
      // Without it the book stays invalid; the feed asks again by `resubscribe`.
      sink({ event: 'stream', channel: 'book', symbol, up: false, code: 'no-snapshot' });
    }
  };

  const read = (value: unknown): readonly TransportEvent[] =>
    readBinanceMarket(value, symbols)
      .filter(
        ({ kind, symbol }) =>
          (kind !== 'mark' || wanted.has(`mark/${symbol}`)) && (kind !== 'funding-estimate' || wanted.has(`funding/${symbol}`)),
      )
      .map(message => ({ event: 'market', message }));

  const streamOf = (kind: MarketKind): TopicStream | undefined => {
    const place = PLACES[kind];
    const known = streams.get(kind);
    if (known !== undefined || place === undefined) return known;
    const stream = topicStream({
      clock,
      random: random.fork(kind),
      times,
      address: async () => binanceStreamUrl(addressOf(exchange, 'ws', 'future'), place),
      heartbeat: null,
      dialect: DIALECT,
      parse: parseVenueJson,
      sink,
      raw: text => onRaw(kind, text),
      read,
      listening: topics => {
        if (kind === 'book') for (const topic of topics) void snapshot(topic);
      },
      quarantine: (error, text) => quarantine(kind, error, text),
    });
    streams.set(kind, stream);
    return stream;
  };

  return {
    subscribe: subscriptions => {
      const byKind = new Map<MarketKind, Topic[]>();
      for (const subscription of subscriptions) {
        const name = binanceTopic(subscription, symbols.idOf(subscription.symbol));
        if (name === null) continue;
        wanted.add(`${subscription.kind}/${subscription.symbol}`);
        const kind = carrier(subscription.kind);
        byKind.set(kind, [...(byKind.get(kind) ?? []), { name, channel: subscription.kind, symbol: subscription.symbol }]);
      }
      for (const [kind, topics] of byKind) streamOf(kind)?.add(topics);
    },
    resubscribe: ({ kind }) => streams.get(carrier(kind))?.renew('resubscribed'),
    close: () => {
      for (const stream of streams.values()) stream.close();
    },
  };
};
