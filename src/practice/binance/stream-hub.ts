import { z } from 'zod';
import type { SocketSession, WireSocket } from '../server/front.js';
import { wireJson } from './wire-json.js';

const command = z.object({
  method: z.string(),
  params: z.array(z.string()).optional(),
  id: z.union([z.int(), z.string(), z.null()]).optional(),
});

/** The venue takes so many streams on one connection. */
const MOST_STREAMS = 200;

interface Listener {
  readonly socket: WireSocket;
  readonly streams: Set<string>;
  /** Whether messages come in an envelope with the stream's name. */
  readonly combined: boolean;
  readonly account: string | null;
  readonly listenKey: string | null;
}

/** Who listens to what. */
export interface StreamHub {
  /** Takes a connection; `account` for one with a listen key. Streams may be named at once. */
  join(socket: WireSocket, streams: readonly string[], combined: boolean, account: string | null, listenKey: string | null): SocketSession;
  hears(stream: string): boolean;
  publish(stream: string, text: string): void;
  /** To the private connections of the account. */
  tell(account: string, text: string): void;
  hasPrivate(account: string): boolean;
  /** The key is dead: its connections stay open and carry nothing any more. */
  silence(listenKey: string): void;
}

/** Nobody listens yet. `onChange` hears all streams that somebody listens to whenever one comes or goes. */
export const streamHub = (onChange: (streams: ReadonlySet<string>) => void): StreamHub => {
  const byStream = new Map<string, Set<Listener>>();
  const byAccount = new Map<string, Set<Listener>>();
  const add = <K>(map: Map<K, Set<Listener>>, key: K, listener: Listener): void => {
    const set = map.get(key) ?? new Set();
    map.set(key, set);
    set.add(listener);
  };
  const remove = <K>(map: Map<K, Set<Listener>>, key: K, listener: Listener): void => {
    const set = map.get(key);
    set?.delete(listener);
    if (set?.size === 0) map.delete(key);
  };
  const follow = (listener: Listener, stream: string): void => {
    listener.streams.add(stream);
    const isNew = !byStream.has(stream);
    add(byStream, stream, listener);
    if (isNew) onChange(new Set(byStream.keys()));
  };
  const leave = (listener: Listener, stream: string): void => {
    listener.streams.delete(stream);
    remove(byStream, stream, listener);
    if (!byStream.has(stream)) onChange(new Set(byStream.keys()));
  };
  const receive = (listener: Listener, text: string): void => {
    let given: z.output<typeof command>;
    try {
      given = command.parse(JSON.parse(text));
    } catch {
      listener.socket.reply(wireJson({ error: { code: 2, msg: 'Invalid request: request must be a JSON object with a method' } }));
      return;
    }
    const { method, params = [], id = null } = given;
    const answer = (rest: object): void => listener.socket.reply(wireJson({ ...rest, id }));
    switch (method) {
      case 'SUBSCRIBE':
        if (listener.streams.size + params.length > MOST_STREAMS) {
          answer({ error: { code: 2, msg: 'Invalid request: too many subscriptions' } });
          return;
        }
        for (const stream of params) follow(listener, stream);
        answer({ result: null });
        return;
      case 'UNSUBSCRIBE':
        for (const stream of params) leave(listener, stream);
        answer({ result: null });
        return;
      case 'LIST_SUBSCRIPTIONS':
        answer({ result: [...listener.streams].sort() });
        return;
      default:
        answer({ error: { code: 1, msg: 'Invalid value type: unknown method' } });
    }
  };
  return {
    join: (socket, streams, combined, account, listenKey) => {
      const listener: Listener = { socket, streams: new Set(), combined, account, listenKey };
      for (const stream of streams) follow(listener, stream);
      if (account !== null) add(byAccount, account, listener);
      return {
        account,
        receive: text => receive(listener, text),
        closed: () => {
          for (const stream of listener.streams) leave(listener, stream);
          if (account !== null) remove(byAccount, account, listener);
        },
      };
    },
    hears: stream => byStream.has(stream),
    publish: (stream, text) => {
      const listeners = byStream.get(stream);
      if (listeners === undefined) return;
      const wrapped = `{"stream":"${stream}","data":${text}}`;
      for (const { socket, combined } of listeners) socket.send(combined ? wrapped : text, { stream, account: null });
    },
    tell: (account, text) => {
      for (const { socket } of byAccount.get(account) ?? []) socket.send(text, { stream: 'user', account });
    },
    hasPrivate: account => byAccount.has(account),
    silence: listenKey => {
      for (const [account, listeners] of byAccount)
        for (const listener of listeners) if (listener.listenKey === listenKey) remove(byAccount, account, listener);
    },
  };
};
