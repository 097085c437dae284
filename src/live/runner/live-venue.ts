import type { Amendment, OrderId, Ticket } from '../../events/order.js';
import type { Approved } from '../../execution/broker.js';
import { RANK, type SimulatedVenue, type VenueEvent } from '../../execution/venue.js';
import type { BrokerRequest } from './broker-request.js';

/**
 * The venue as a live engine sees it: requests are kept until the session has made the facts before them durable, and answers come in when the broker tells them. It matches nothing and knows no prices.
 */
export class LiveVenue implements SimulatedVenue {
  readonly nextAt = Infinity;
  readonly nextRank: number = RANK.arrivals;
  private _requests: BrokerRequest[] = [];
  private _sink: (event: VenueEvent) => void = () => {};
  private _now: () => number = () => -Infinity;
  /** When what is told now is known. */
  private _at = -Infinity;

  connect(sink: (event: VenueEvent) => void, clock: () => number): void {
    this._sink = sink;
    this._now = clock;
  }

  /** What the engine asked for since the last call, in its order. */
  taken(): readonly BrokerRequest[] {
    const requests = this._requests;
    this._requests = [];
    return requests;
  }

  /** The broker tells something, known at `at` and not before anything that the engine knows already. */
  tell(event: VenueEvent, at: number): void {
    this._at = Math.max(at, this._now(), event.ts);
    this._sink(event);
  }

  reportedAt(): number {
    return this._at;
  }

  submit(ticket: Approved<Ticket>): void {
    this._requests.push({ ask: 'submit', ticket });
  }

  cancel(orderId: OrderId): void {
    this._requests.push({ ask: 'cancel', orderId });
  }

  amend(amendment: Approved<Amendment>): void {
    this._requests.push({ ask: 'amend', amendment });
  }

  // Everything else is the real venue's own business, and it tells of it.
  load(): void {}
  step(): void {}
  instant(): void {}
  closeAll(): void {}
}
