import type { OrderId } from '../../events/order.js';
import type { SimulatedDisk } from './simulated-disk.js';

/** What the disk holds for ever at this moment of the intents of orders: the oracle asks it when an order reaches the venue. */
export interface IntentIndex {
  /** Whether an OrderSubmitted of this order is durable, and the commit that it belongs to. */
  has(orderId: OrderId): boolean;
}

const NEWLINE = 10;
const COMMIT = '{"commit":';
const INTENT = /"type":"OrderSubmitted"/;
const ORDER = /"orderId":"([^"\\]+)"/;

/** Where a line stands, and what it is. */
interface Place {
  readonly path: string;
  readonly byte: number;
  readonly line: string;
}

/**
 * Reads the durable bytes of the journals commit by commit, the new ones only. A file may be cut by a repair and grow past its old end before anybody asks: what was found is looked at again where it stood, and before
 * an intent is denied all of it is read again.
 */
export const intentIndex = (disk: SimulatedDisk, isJournal: (path: string) => boolean): IntentIndex => {
  const read = new Map<string, number>();
  const found = new Map<OrderId, Place>();
  const textAt = (path: string, from: number, to: number): string => {
    const bytes = disk.durable(path).subarray(from, to);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  };
  const refresh = (): void => {
    for (const path of disk.paths()) {
      if (!isJournal(path)) continue;
      const from = read.get(path) ?? 0;
      const end = disk.durable(path).lastIndexOf(NEWLINE) + 1;
      if (end <= from) continue;
      let byte = from;
      let pending: [OrderId, Place][] = [];
      for (const line of textAt(path, from, end - 1).split('\n')) {
        const orderId = INTENT.test(line) ? ORDER.exec(line)?.[1] : undefined;
        if (orderId !== undefined) pending.push([orderId, { path, byte, line }]);
        byte += line.length + 1;
        if (!line.startsWith(COMMIT)) continue;
        for (const [id, place] of pending) found.set(id, place);
        pending = [];
        read.set(path, byte);
      }
    }
  };
  const stands = (orderId: OrderId): boolean => {
    const place = found.get(orderId);
    return place !== undefined && textAt(place.path, place.byte, place.byte + place.line.length) === place.line;
  };
  return {
    has: orderId => {
      if (stands(orderId)) return true;
      refresh();
      if (stands(orderId)) return true;
      read.clear();
      found.clear();
      refresh();
      return stands(orderId);
    },
  };
};
