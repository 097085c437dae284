import type { Envelope, Fact } from '../events/fact.js';
import type { Chunk } from '../events/market.js';
import type { Broker } from './broker.js';

type Words<F> = F extends Fact ? { -readonly [K in keyof Envelope]: F[K] } & Omit<F, keyof Envelope> : never;

/**
 * What a venue says: a fact whose place in the stream is still open. The venue fills in `ts`; the engine, which owns it from then on, the rest of the envelope when the
 * answer becomes known. (Copying each answer into a new object would cost more than the rest of its way.)
 */
export type VenueEvent = Words<
  Extract<
    Fact,
    {
      type:
        | 'OrderAccepted'
        | 'OrderUnknown'
        | 'OrderRejected'
        | 'OrderTriggered'
        | 'OrderFilled'
        | 'OrderCancelled'
        | 'OrderExpired'
        | 'CancelRejected'
        | 'OrderAmended'
        | 'AmendRejected'
        | 'PositionLiquidated'
        | 'FundingSettled'
        | 'AccountLiquidated'
        | 'ExternalFilled'
        | 'PositionAdopted'
        | 'CashMoved';
    }
  >
>;

/** An envelope that only says when. */
export const openEnvelope = (ts: number) => ({
  seq: -1,
  version: 1,
  ts,
  knownAt: ts,
  account: '',
  strategy: '',
  correlationId: -1,
  causationId: -1,
});

/**
 * Place within one moment: paths that end then (and trades, quotes and book updates at the venue), new mark prices, funding on the position held, then the facts of the moment and the answers
 * due, then orders that arrive, and last the bars that open.
 */
export const RANK = { path: 0, mark: 1, funding: 2, facts: 3, answers: 4, timers: 5, arrivals: 6, open: 7 } as const;

/** A simulated exchange: a broker that lives on the engine's time and is stepped by it. */
export interface SimulatedVenue extends Broker {
  /** Time of the next thing that happens at the venue, Infinity when it waits for orders. */
  readonly nextAt: number;
  /** Its place within that moment. */
  readonly nextRank: number;
  /** When the strategy may know of what happens at the venue at `ts`: not before, and never before what happened earlier. */
  reportedAt(ts: number): number;
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
