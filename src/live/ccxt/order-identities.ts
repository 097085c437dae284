import type { VenueExecution } from '../venue-transport.js';

/** Whose an order is: the client id, and who caused it. */
export interface OrderIdentity {
  readonly clientId: string;
  readonly cause: VenueExecution['cause'];
}

/** What some answers say of an order and others leave out, by the venue's order id. The newest 20,000 are kept. */
export interface OrderIdentities {
  note(venueOrderId: string, identity: OrderIdentity): void;
  find(venueOrderId: string): OrderIdentity | undefined;
}

const KEPT = 20_000;

export const orderIdentities = (): OrderIdentities => {
  const known = new Map<string, OrderIdentity>();
  return {
    note: (venueOrderId, identity) => {
      if (venueOrderId === '' || identity.clientId === '') return;
      known.set(venueOrderId, identity);
      if (known.size > KEPT) for (const oldest of known.keys()) return void known.delete(oldest);
    },
    find: venueOrderId => known.get(venueOrderId),
  };
};
