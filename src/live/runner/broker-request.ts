import type { Amendment, OrderId, Ticket } from '../../events/order.js';
import type { Approved } from '../../execution/broker.js';

/** What an engine asks of the broker, after its facts are on the disk. */
export type BrokerRequest =
  | { readonly ask: 'submit'; readonly ticket: Approved<Ticket> }
  | { readonly ask: 'cancel'; readonly orderId: OrderId }
  | { readonly ask: 'amend'; readonly amendment: Approved<Amendment> };
