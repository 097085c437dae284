import type { OrderRef } from '../../live/venue-transport.js';
import { PracticeRefusal } from '../practice-exchange.js';
import { isAlive, type OrderRecord } from './order-record.js';

/** The orders of one account in both id spaces. */
export interface OrderTable {
  readonly all: readonly OrderRecord[];
  add(record: OrderRecord): void;
  /** The latest order of that name in its id space, also one that has ended; throws `absent` when there never was one. */
  find(ref: OrderRef): OrderRecord;
  /** Whether an order of this client id is at work in the id space. */
  isTaken(clientId: string, conditional: boolean): boolean;
  /** Orders at work, oldest first; of all symbols for −1, of both spaces for null. A conditional order that became a plain one is no longer among them. */
  alive(symbol: number, conditional: boolean | null): readonly OrderRecord[];
  /** Forget what has ended among those at work. */
  ended(record: OrderRecord): void;
}

/** `spaces`: two id spaces, or one for all. */
export const orderTable = (spaces: 1 | 2): OrderTable => {
  const all: OrderRecord[] = [];
  const alive = new Set<OrderRecord>();
  const byVenue = new Map<string, OrderRecord>();
  const byClient = new Map<string, OrderRecord>();
  const key = (id: string, conditional: boolean): string => (spaces === 2 && conditional ? `c/${id}` : `p/${id}`);
  return {
    all,
    add: record => {
      all.push(record);
      alive.add(record);
      byVenue.set(key(record.venueId, record.conditional), record);
      byClient.set(key(record.request.clientId, record.conditional), record);
    },
    find: ({ symbol, clientId, venueId, conditional }) => {
      const found =
        clientId !== null
          ? byClient.get(key(clientId, conditional))
          : venueId !== null
            ? byVenue.get(key(venueId, conditional))
            : undefined;
      if (found === undefined || found.request.symbol !== symbol) throw new PracticeRefusal('absent', 'absent', 'There is no such order.');
      return found;
    },
    isTaken: (clientId, conditional) => {
      const found = byClient.get(key(clientId, conditional));
      return found !== undefined && isAlive(found);
    },
    alive: (symbol, conditional) =>
      [...alive].filter(
        record =>
          isAlive(record) &&
          record.child === null &&
          (symbol < 0 || record.symbol === symbol) &&
          (conditional === null || record.conditional === conditional),
      ),
    ended: record => void alive.delete(record),
  };
};
