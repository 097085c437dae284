import type { Amendment, OrderId, Ticket } from '../events/order.js';

declare const approved: unique symbol;
/** A value that the risk gate has let pass. Only `risk/approve.ts` makes one. */
export type Approved<T> = T & { readonly [approved]: true };

/** Where orders go: a simulated exchange or a real one. It takes nothing that risk has not approved. */
export interface Broker {
  /** Send an order. The answer comes as facts. */
  submit(order: Approved<Ticket>): void;
  /** Ask for an order to be taken back. The answer comes as a fact. */
  cancel(orderId: OrderId): void;
  /** Ask for an order to be changed. The answer comes as a fact. */
  amend(amendment: Approved<Amendment>): void;
}
