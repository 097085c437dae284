import { createHmac } from 'node:crypto';
import type { Channel } from '../../../events/session.js';
import type { MarketKind } from '../../../events/market.js';
import type { CancelTimer } from '../../live-clock.js';
import type { Subscription, TransportEvent } from '../../venue-transport.js';
import type { VenueParts } from '../venue-parts.js';
import { addressOf } from '../ccxt-exchange.js';
import { BadMessage, fieldsOf, listOf, parseVenueJson, text } from '../reading.js';
import { topicStream, type Topic, type TopicDialect, type TopicStream } from '../topic-stream.js';
import { venueSocket, type VenueSocket } from '../venue-socket.js';
import type { StreamPorts, VenueStreams } from '../venue-streams.js';
import { bybitMarketReader, bybitTopic } from './bybit-market-reader.js';
import { readBybitExecution, readBybitOrder } from './bybit-orders.js';

const PING = JSON.stringify({ op: 'ping' });
const PRIVATE_TOPICS = ['order', 'execution', 'position', 'wallet', 'dcp.future'];

const isPong = (value: unknown): boolean => {
  const { op, ret_msg: words } = fieldsOf(value);
  return op === 'pong' || op === 'ping' || words === 'pong';
};

const DIALECT: TopicDialect = {
  batch: 10,
  subscribe: (names, request) => JSON.stringify({ op: 'subscribe', args: names, req_id: String(request) }),
  answer: value => {
    const message = fieldsOf(value);
    if (message['op'] !== 'subscribe') return undefined;
    return { request: Number(message['req_id']), refused: message['success'] === true ? null : 'refused' };
  },
  idle: isPong,
};

/** Mark price, funding and open interest come with the ticker. */
const carrier = (kind: Subscription['kind']): MarketKind => (kind === 'funding' || kind === 'open-interest' ? 'mark' : kind);
const KIND_OF: Readonly<Record<string, MarketKind>> = { mark: 'mark', 'funding-estimate': 'funding', 'open-interest': 'open-interest' };

/** What a message of the private stream says. Throws a `BadMessage` for what cannot be. */
export const readBybitPrivate = (value: unknown, { symbols }: Pick<VenueParts, 'symbols'>): readonly TransportEvent[] => {
  const message = fieldsOf(value);
  const topic = text(message, 'topic');
  const rows = (): readonly Readonly<Record<string, unknown>>[] =>
    listOf(message['data'], 'data')
      .map(row => fieldsOf(row))
      .filter(row => row['category'] === undefined || row['category'] === 'linear');
  switch (topic.split('.')[0]) {
    case 'order':
      return rows().map(row => ({ event: 'order', order: readBybitOrder(row, symbols) }));
    case 'execution':
      return rows().flatMap((row): TransportEvent[] => {
        const execution = readBybitExecution(row, symbols);
        return execution === null ? [{ event: 'account', reason: 'FUNDING_FEE' }] : [{ event: 'execution', execution }];
      });
    case 'position':
    case 'wallet':
      return [{ event: 'account', reason: topic }];
    default:
      throw new BadMessage('unknown-event', `topic ${topic}`);
  }
};

/** Streams of Bybit v5: public ones by kind of data, and the private one, which must show its key before it may subscribe. */
export const bybitStreams = (
  parts: VenueParts,
  ports: StreamPorts,
  keys: { readonly key: string; readonly secret: string } | null,
): VenueStreams => {
  const { exchange, calls, clock, symbols } = parts;
  const { random, times, sink, onRaw, quarantine } = ports;
  const streams = new Map<MarketKind, TopicStream>();
  const wanted = new Set<string>();

  const streamOf = (kind: MarketKind): TopicStream => {
    const known = streams.get(kind);
    if (known !== undefined) return known;
    const reader = bybitMarketReader(symbols);
    const stream = topicStream({
      clock,
      random: random.fork(kind),
      times,
      address: async () => {
        reader.forget();
        return addressOf(exchange, 'ws', 'public', 'linear');
      },
      heartbeat: PING,
      dialect: DIALECT,
      parse: parseVenueJson,
      sink,
      raw: text => onRaw(kind, text),
      read: value =>
        reader
          .read(value)
          .filter(({ kind, symbol }) => {
            const about = KIND_OF[kind];
            return about === undefined || wanted.has(`${about}/${symbol}`);
          })
          .map(message => ({ event: 'market', message })),
      listening: () => {},
      quarantine: (error, text) => quarantine(kind, error, text),
    });
    streams.set(kind, stream);
    return stream;
  };

  let isDown = false;
  // Said once an outage, however many attempts it takes.
  const down = (code: string): void => {
    if (!isDown) sink({ event: 'stream', channel: 'private', symbol: '', up: false, code });
    isDown = true;
  };
  const authorise = (): void => {
    if (keys === null) return;
    const expires = String(calls.venueTime() + 10_000);
    const signature = createHmac('sha256', keys.secret).update(`GET/realtime${expires}`).digest('hex');
    socket.send(JSON.stringify({ op: 'auth', args: [keys.key, expires, signature] }));
    expiry = clock.after(times.connectMs, () => socket.renew('unconfirmed'));
  };
  let expiry: CancelTimer = () => {};
  /** Answers of the private stream; false for what is none. */
  const answered = (value: unknown): boolean => {
    const { op, success } = fieldsOf(value);
    if (isPong(value)) return true;
    if (op === 'auth') {
      if (success === true) socket.send(JSON.stringify({ op: 'subscribe', args: PRIVATE_TOPICS, req_id: 'private' }));
      else {
        down('unauthorised');
        socket.renew('unauthorised');
      }
      return true;
    }
    if (op !== 'subscribe') return false;
    if (success !== true) down('refused');
    else {
      isDown = false;
      expiry();
      sink({ event: 'stream', channel: 'private', symbol: '', up: true, code: 'connected' });
    }
    return true;
  };
  const socket: VenueSocket = venueSocket({
    clock,
    random: random.fork('private'),
    times,
    address: async () => addressOf(exchange, 'ws', 'private', 'contract'),
    heartbeat: PING,
    opened: authorise,
    lost: code => {
      expiry();
      down(code);
    },
    received: received => {
      onRaw('private', received);
      let said: readonly TransportEvent[] = [];
      try {
        const value = parseVenueJson(received);
        if (answered(value)) return;
        said = readBybitPrivate(value, parts);
      } catch (error) {
        quarantine('private', error, received);
      }
      for (const event of said) sink(event);
    },
  });

  return {
    subscribe: subscriptions => {
      for (const subscription of subscriptions) {
        const { kind, symbol } = subscription;
        wanted.add(`${kind}/${symbol}`);
        const topic: Topic = { name: bybitTopic(subscription, symbols.idOf(symbol)), channel: kind satisfies Channel, symbol };
        streamOf(carrier(kind)).add([topic]);
      }
    },
    resubscribe: ({ kind }) => streams.get(carrier(kind))?.renew('resubscribed'),
    listen: () => (socket.open ? socket.renew('relistened') : socket.start()),
    close: () => {
      expiry();
      socket.close();
      for (const stream of streams.values()) stream.close();
    },
  };
};
