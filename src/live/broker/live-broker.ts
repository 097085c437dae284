import type { Amendment, OrderId, Ticket } from '../../events/order.js';
import type { Approved } from '../../execution/broker.js';
import type { VenueEvent } from '../../execution/venue.js';
import type { Symbol } from '../../market/instrument.js';
import type { Random } from '../../random.js';
import type { LiveClock } from '../live-clock.js';
import type { TransportEvent, VenueTransport } from '../venue-transport.js';
import type { AccountWord } from '../word.js';
import type { Ownership } from './ownership.js';

/** What the broker is given by the session. */
export interface BrokerPorts {
  readonly transport: VenueTransport;
  readonly clock: LiveClock;
  readonly random: Random;
  /** Of this session: part of each of the broker's own order ids. */
  readonly epoch: number;
  /** An answer or an account event for a strategy; its engine makes it a fact, which the session journals. Empty name: the account's own stream. Synchronous, in order. */
  readonly tell: (strategy: string, event: VenueEvent) => void;
  /** A word for the account's stream, journaled in order; resolves when it is durable. */
  readonly record: (words: readonly AccountWord[]) => Promise<void>;
  /** Whose the account is now; when it is another session's, this one ends. */
  readonly owner: () => Ownership;
  /** Last price of a symbol as the feed has it (quote currency), NaN when unknown or too old to act on. */
  readonly lastPrice: (symbol: Symbol) => number;
  /** The account must be HALTED now; the session sees to it (state, words, and `haltOrders`). */
  readonly halt: (code: string, text: string) => void;
}

/** Whether new exposure may be opened, and why not. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly code: string; readonly text: string };

/**
 * Our side of the account at a real venue. Everything that it is told to send was durable before; everything that it learns is told once. It survives lost answers, reconnects, restarts, bans and hostile
 * answers by the rules of docs/live.md.
 */
export interface LiveBroker {
  /** Connects, looks at permissions, position mode, leverage, margin mode and clock, settles what the last session left open, reconciles. Only then strategies may begin. Throws a UserError that says what to do. */
  open(): Promise<void>;
  /** The strategy's order; its OrderApproved and OrderSubmitted are on the disk. Never throws: the answer is told. */
  submit(strategy: string, ticket: Approved<Ticket>): void;
  cancel(strategy: string, orderId: OrderId): void;
  amend(strategy: string, amendment: Approved<Amendment>): void;
  /** Private and request-channel events of the transport. */
  handle(event: TransportEvent): void;
  readonly readiness: Readiness;
  /**
   * Takes back every order and sends nothing new from the moment of the call on, but cancels and reductions. Protective stops stay unless `all`. With `flatten` positions are closed at the market once
   * nothing else is at work. Resolves when the venue has nothing of ours left open that was to go.
   */
  haltOrders(options: { readonly all: boolean; readonly flatten: boolean }): Promise<void>;
  /** A person let the account trade again after a halt. */
  resume?(): void;
  /** Compare everything with the venue now. Resolves with the number of differences. */
  reconcile(cause: string): Promise<number>;
  /** Stops timers and the dead man's timer; sends nothing more. `isReplaced`: the account is another session's, and the dead man's timer with it. */
  close(options?: { readonly isReplaced: boolean }): Promise<void>;
}
