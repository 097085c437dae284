import type { PracticeKeys } from '../server/practice-keys.js';
import type { SocketSession, WireSocket } from '../server/front.js';
import { BybitError } from './bybit-error.js';
import type { DisconnectGuard } from './disconnect-guard.js';
import { authorisedBy } from './signed-request.js';
import { socketMessage } from './socket-message.js';

/** What an account is told of. */
export type PrivateFamily = 'order' | 'execution' | 'position' | 'wallet';

const TOPICS: ReadonlySet<string> = new Set([
  ...['order', 'execution', 'position', 'wallet'].flatMap(family => [family, `${family}.linear`]),
  'dcp',
  'dcp.future',
]);

interface Subscriber {
  readonly socket: WireSocket;
  readonly topics: Set<string>;
  account: string | null;
  /** It counts for the venue's watch over connections. */
  guards: boolean;
}

/** The private stream: a client shows its key on the open connection, then subscribes. */
export interface PrivateStream {
  join(socket: WireSocket): SocketSession;
  tell(account: string, family: PrivateFamily, data: readonly unknown[]): void;
  isHeard(account: string): boolean;
  /** Cuts the connections of the account, of all when null. Returns how many there were. */
  cut(account: string | null): number;
}

export interface PrivateStreamOptions {
  readonly keys: PracticeKeys;
  readonly guard: DisconnectGuard;
  readonly wall: () => number;
  /** Market time, whole ms. */
  readonly now: () => number;
}

export const privateStream = ({ keys, guard, wall, now }: PrivateStreamOptions): PrivateStream => {
  const subscribers = new Set<Subscriber>();
  let connections = 0;
  let messages = 0;

  const authorise = (subscriber: Subscriber, args: readonly unknown[]): object => {
    try {
      subscriber.account = authorisedBy(args, keys, wall()).name;
      return { success: true, ret_msg: '' };
    } catch (error) {
      if (!(error instanceof BybitError)) throw error;
      return { success: false, ret_msg: error.message, retCode: error.code };
    }
  };
  const subscribe = (subscriber: Subscriber, names: readonly string[]): object => {
    if (subscriber.account === null) return { success: false, ret_msg: 'Request not authorized' };
    const unknown = names.find(name => !TOPICS.has(name));
    if (unknown !== undefined) return { success: false, ret_msg: `error:handler not found,topic:${unknown}` };
    for (const name of names) subscriber.topics.add(name);
    if (!subscriber.guards && names.some(name => name.startsWith('dcp'))) {
      subscriber.guards = true;
      guard.joined(subscriber.account);
    }
    return { success: true, ret_msg: '' };
  };
  const receive = (subscriber: Subscriber, connection: string, text: string): void => {
    const said = socketMessage(text);
    const answer = (fields: object): void => subscriber.socket.reply(JSON.stringify({ ...fields, conn_id: connection, ...said?.tag }));
    if (said === null) {
      answer({ success: false, ret_msg: 'error:Params Error', op: '' });
      return;
    }
    const { op, args } = said;
    switch (op) {
      case 'ping':
        answer({ op: 'pong', args: [String(Math.round(wall()))] });
        return;
      case 'auth':
        answer({ ...authorise(subscriber, args), op });
        return;
      case 'subscribe':
        answer({ ...subscribe(subscriber, args.map(String)), op });
        return;
      case 'unsubscribe':
        for (const name of args) subscriber.topics.delete(String(name));
        answer({ success: true, ret_msg: '', op });
        return;
      default:
        answer({ success: false, ret_msg: 'error:invalid op', op });
    }
  };
  const of = (account: string | null): readonly Subscriber[] =>
    [...subscribers].filter(each => each.account !== null && (account === null || each.account === account));

  return {
    join: socket => {
      const subscriber: Subscriber = { socket, topics: new Set(), account: null, guards: false };
      const connection = `private-${++connections}`;
      subscribers.add(subscriber);
      return {
        get account() {
          return subscriber.account;
        },
        receive: text => receive(subscriber, connection, text),
        closed: () => {
          subscribers.delete(subscriber);
          if (subscriber.guards && subscriber.account !== null) guard.left(subscriber.account);
        },
      };
    },
    tell: (account, family, data) => {
      for (const { socket, topics } of of(account))
        for (const topic of [family, `${family}.linear`])
          if (topics.has(topic))
            socket.send(JSON.stringify({ id: `${account}-${++messages}`, topic, creationTime: now(), data }), { stream: 'user', account });
    },
    isHeard: account => of(account).length > 0,
    cut: account => {
      const chosen = of(account);
      for (const { socket } of chosen) socket.close(1001, 'connection expired');
      return chosen.length;
    },
  };
};
