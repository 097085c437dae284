import type { OrderId } from '../../events/order.js';
import type { SimulatedDisk } from './simulated-disk.js';

/** What the disk holds for ever at this moment of the intents of orders: the oracle asks it when an order reaches the venue. */
export interface IntentIndex {
  /** Whether an OrderSubmitted of this order is durable. */
  has(orderId: OrderId): boolean;
}

const NEWLINE = 10;
const INTENT = /"type":"OrderSubmitted"/;
const ORDER = /"orderId":"([^"\\]+)"/;

/**
 * Reads the durable bytes of the journals line by line, the new ones only; before it denies an intent it reads them all again,
 * since a file may have been cut by a repair and have grown past the old end before anybody asked.
 */
export const intentIndex = (disk: SimulatedDisk, isJournal: (path: string) => boolean): IntentIndex => {
  const read = new Map<string, number>();
  const found = new Set<OrderId>();
  const refresh = (): void => {
    for (const path of disk.paths()) {
      if (!isJournal(path)) continue;
      const bytes = disk.durable(path);
      let from = read.get(path) ?? 0;
      if (bytes.length < from) from = 0;
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end <= from) continue;
      for (const line of Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from)
        .toString('latin1')
        .split('\n')) {
        const orderId = INTENT.test(line) ? ORDER.exec(line)?.[1] : undefined;
        if (orderId !== undefined) found.add(orderId);
      }
      read.set(path, end);
    }
  };
  return {
    has: orderId => {
      if (!found.has(orderId)) refresh();
      if (!found.has(orderId)) {
        read.clear();
        refresh();
      }
      return found.has(orderId);
    },
  };
};
