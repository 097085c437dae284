import type { Channel } from '../../events/session.js';
import type { Random } from '../../random.js';
import type { CancelTimer, LiveClock } from '../live-clock.js';
import type { Symbol } from '../../market/instrument.js';
import type { TransportEvent } from '../venue-transport.js';
import { venueSocket, type SocketTimes } from './venue-socket.js';

/** One thing to listen to on a connection. */
export interface Topic {
  /** The venue's name for it. */
  readonly name: string;
  readonly channel: Channel;
  readonly symbol: Symbol;
}

/** How a venue's subscriptions are written and read. */
export interface TopicDialect {
  /** Most topics in one request. */
  readonly batch: number;
  subscribe(names: readonly string[], request: number): string;
  /** The answer in a message: to which request, and why it was refused (null: it was not). Undefined for anything else. */
  answer(message: unknown): { readonly request: number; readonly refused: string | null } | undefined;
  /** A message that says nothing, like a pong. */
  idle(message: unknown): boolean;
}

export interface TopicStreamOptions {
  readonly clock: LiveClock;
  readonly random: Random;
  readonly times: SocketTimes;
  readonly address: () => Promise<string>;
  readonly heartbeat: string | null;
  readonly dialect: TopicDialect;
  readonly parse: (text: string) => unknown;
  readonly sink: (event: TransportEvent) => void;
  /** Every message as it came, with the channel of the connection. */
  readonly raw: (text: string) => void;
  /** What a message about a topic says. It may throw; then the message is kept aside. */
  readonly read: (message: unknown) => readonly TransportEvent[];
  /** The topics are listened to from now on. */
  readonly listening: (topics: readonly Topic[]) => void;
  /** What cannot be understood: why, and the text. */
  readonly quarantine: (error: unknown, text: string) => void;
}

/** One connection with its subscriptions. */
export interface TopicStream {
  add(topics: readonly Topic[]): void;
  renew(code: string): void;
  close(): void;
}

/** Keeps a list of topics subscribed over a connection that comes back. A topic is up when the venue has confirmed it: what was before that must be asked for. */
export const topicStream = (options: TopicStreamOptions): TopicStream => {
  const { clock, random, times, address, heartbeat, dialect, parse, sink, raw, read, listening, quarantine } = options;
  const topics = new Map<string, Topic[]>();
  const up = new Set<string>();
  const down = new Set<string>();
  const pending = new Map<number, { readonly names: readonly string[]; readonly expiry: CancelTimer }>();
  let requests = 0;

  const say = (names: Iterable<string>, isUp: boolean, code: string): void => {
    const said = new Set<string>();
    for (const name of names)
      for (const { channel, symbol } of topics.get(name) ?? []) {
        const key = `${channel}/${symbol}`;
        if (said.has(key)) continue;
        said.add(key);
        sink({ event: 'stream', channel, symbol, up: isUp, code });
      }
  };

  const ask = (wanted: readonly string[]): void => {
    for (let from = 0; from < wanted.length; from += dialect.batch) {
      const names = wanted.slice(from, from + dialect.batch);
      const request = ++requests;
      pending.set(request, { names, expiry: clock.after(times.connectMs, () => socket.renew('unconfirmed')) });
      socket.send(dialect.subscribe(names, request));
    }
  };

  const forget = (): void => {
    for (const { expiry } of pending.values()) expiry();
    pending.clear();
    up.clear();
  };

  const confirmed = (request: number, refused: string | null): void => {
    const part = pending.get(request);
    if (part === undefined) return;
    part.expiry();
    pending.delete(request);
    if (refused !== null) return say(part.names, false, refused);
    for (const name of part.names) {
      up.add(name);
      down.delete(name);
    }
    say(part.names, true, 'subscribed');
    listening(part.names.flatMap(name => topics.get(name) ?? []));
  };

  const socket = venueSocket({
    clock,
    random,
    times,
    address,
    heartbeat,
    opened: () => ask([...topics.keys()]),
    lost: code => {
      forget();
      // Said once an outage, however many attempts it takes.
      const news = [...topics.keys()].filter(name => !down.has(name));
      for (const name of news) down.add(name);
      say(news, false, code);
    },
    received: received => {
      raw(received);
      let said: readonly TransportEvent[] = [];
      try {
        const parsed = parse(received);
        if (dialect.idle(parsed)) return;
        const answer = dialect.answer(parsed);
        if (answer !== undefined) return confirmed(answer.request, answer.refused);
        said = read(parsed);
      } catch (error) {
        quarantine(error, received);
      }
      // Outside: what a listener throws is no fault of the message.
      for (const event of said) sink(event);
    },
  });

  return {
    add: wanted => {
      const fresh: string[] = [];
      for (const topic of wanted) {
        const known = topics.get(topic.name);
        if (known === undefined) {
          topics.set(topic.name, [topic]);
          fresh.push(topic.name);
        } else if (!known.some(({ channel, symbol }) => channel === topic.channel && symbol === topic.symbol)) {
          known.push(topic);
          if (up.has(topic.name)) sink({ event: 'stream', channel: topic.channel, symbol: topic.symbol, up: true, code: 'subscribed' });
        }
      }
      if (fresh.length === 0) return;
      if (socket.open) ask(fresh);
      else socket.start();
    },
    renew: code => socket.renew(code),
    close: () => {
      forget();
      socket.close();
    },
  };
};
