import type { Channel } from '../../events/session.js';
import type { Random } from '../../random.js';
import type { Subscription, TransportEvent } from '../venue-transport.js';
import type { SocketTimes } from './venue-socket.js';

/** What the streams of a venue are given. */
export interface StreamPorts {
  readonly random: Random;
  readonly times: SocketTimes;
  readonly sink: (event: TransportEvent) => void;
  readonly onRaw: (channel: Channel, text: string) => void;
  readonly quarantine: (channel: Channel, error: unknown, text: string) => void;
}

/** Streams of a venue: market data by channel, each on a connection of its own, and the private one. */
export interface VenueStreams {
  subscribe(subscriptions: readonly Subscription[]): void;
  resubscribe(subscription: Subscription): void;
  listen(): void;
  close(): void;
}
