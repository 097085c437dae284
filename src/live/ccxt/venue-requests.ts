import type { VenueMarket, VenueTransport } from '../venue-transport.js';

/** The requests of a transport: what needs no stream. `markets` also fills the symbol table. */
export type VenueRequests = Omit<
  VenueTransport,
  'venue' | 'receiveWindowMs' | 'open' | 'close' | 'subscribe' | 'resubscribe' | 'listen' | 'markets'
> & {
  markets(): Promise<readonly { readonly id: string; readonly market: VenueMarket }[]>;
};
