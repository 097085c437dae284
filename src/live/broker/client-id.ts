import type { OrderId } from '../../events/order.js';

/**
 * Order ids of a live account are `<tag>.<epoch>.<n>`: the tag of the strategy (1 to 10 letters and digits, `x` for the broker's own orders), the epoch of the session that made it, and a count. The
 * venue's client id is `qt-` before that: at most 36 characters of `[a-zA-Z0-9._-]`, unique for ever, and the way back from anything that the venue says to the order in the journal.
 */
export interface OrderName {
  readonly tag: string;
  readonly epoch: number;
  readonly n: number;
}

const PREFIX = 'qt-';

export const orderIdOf = ({ tag, epoch, n }: OrderName): OrderId => `${tag}.${epoch}.${n}`;

export const clientIdOf = (orderId: OrderId): string => `${PREFIX}${orderId}`;

/** The order id in a client id; null when the order was not made by this platform. */
export const orderIdIn = (clientId: string): OrderId | null =>
  /^qt-[a-zA-Z0-9]{1,10}\.\d{1,9}\.\d{1,9}$/.test(clientId) ? clientId.slice(PREFIX.length) : null;

export const orderNameOf = (orderId: OrderId): OrderName | null => {
  const found = /^([a-zA-Z0-9]{1,10})\.(\d{1,9})\.(\d{1,9})$/.exec(orderId);
  return found === null ? null : { tag: found[1] ?? '', epoch: Number(found[2]), n: Number(found[3]) };
};
