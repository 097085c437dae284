import type { AccountFact } from '../events/account.js';
import type { Envelope } from '../events/fact.js';
import type { Chunk } from '../events/market.js';
import type { OrderFact } from '../events/order.js';
import type { Broker } from './broker.js';

type Bare<F> = F extends Envelope ? Omit<F, keyof Envelope> & { readonly ts: number } : never;

/** What a venue says before the engine puts it on the stream: a fact without its envelope, at the time it happened. */
export type VenueEvent = Bare<
  Extract<
    OrderFact,
    { type: 'OrderAccepted' | 'OrderRejected' | 'OrderTriggered' | 'OrderFilled' | 'OrderCancelled' | 'OrderExpired' | 'CancelRejected' }
  >
> | Bare<Extract<AccountFact, { type: 'FundingSettled' | 'AccountLiquidated' }>>;

/**
 * Place within one moment: paths that end then, funding on the position held, then the facts of the moment and the answers due, then
 * orders that arrive, and last the bars that open.
 */
export const RANK = { path: 0, funding: 1, facts: 2, answers: 3, timers: 4, arrivals: 5, open: 6 } as const;

/** A simulated exchange: a broker that lives on the engine's time and is stepped by it. */
export interface SimulatedVenue extends Broker {
  /** Time of the next thing that happens at the venue, Infinity when it waits for orders. */
  readonly nextAt: number;
  /** Its place within that moment. */
  readonly nextRank: number;
  /** Milliseconds from an event at the venue until the strategy may know of it. */
  readonly reportLatency: number;
  /** Market data to match against, before the strategy may see it. */
  load(chunk: Chunk): void;
  /** Let the next thing happen. */
  step(): void;
  /** All facts of `now` are out: the venue checks the account's margin. */
  instant(now: number): void;
  /** Close every position at its last price, as a taker. */
  closeAll(now: number, code: string): void;
  /** Where the venue's words go. */
  connect(sink: (event: VenueEvent) => void, clock: () => number): void;
}
