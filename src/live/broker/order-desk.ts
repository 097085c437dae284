import type { Amendment, Ticket } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import { VenueFailure, type VenueExecution, type VenueOrder, type VenueOrderRequest } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { openRecords } from './broker-state.js';
import { clientIdOf } from './client-id.js';
import type { ExecutionBooking } from './execution-booking.js';
import { fillDesk } from './fill-desk.js';
import { isUnsendable, requestOf, type Unsendable } from './market-rules.js';
import { orderAmendments } from './order-amendments.js';
import { orderCancels, type OrderCancels } from './order-cancels.js';
import { orderEnquiry } from './order-enquiry.js';
import { orderHearing, type Learn } from './order-hearing.js';
import type { OrderRecord } from './order-record.js';
import { disowned } from './ownership.js';
import { isUnbound, reducingLots, shrinksAccount } from './reducing-order.js';
import { PRIORITY, WEIGHT } from './request-budget.js';

/** Sends, takes back, changes and asks for orders; hears what the venue says of them. */
export interface OrderDesk {
  /** Send an order that is in the state already, as submitted. */
  send(record: OrderRecord): void;
  cancel(record: OrderRecord): Promise<void>;
  amend(strategy: string, amendment: Amendment): void;
  readonly learn: Learn;
  /** An execution was told by the stream. */
  hear(execution: VenueExecution): void;
  /** Ask until it is known what became of an order. */
  resolve(record: OrderRecord): Promise<void>;
  /** Ask for the executions of a symbol; resolves with how many had not been booked. Rejects when the venue does not answer. */
  pollExecutions(symbol: Symbol): Promise<number>;
  /** Monotonic time of the last answer to a question for a symbol's executions; −Infinity before. */
  answeredAt(symbol: Symbol): number;
  /** Executions whose order the venue has not named, and orders whose fate is being asked for. */
  readonly unsettled: number;
  /** Monotonic time since which some order has been unknown; Infinity when none is. */
  readonly unknownSince: number;
}

/** Whether the order can open exposure. */
const opens = (ticket: Ticket): boolean => !ticket.reduceOnly && ticket.closePosition !== true;

/** An order as one of so many lots, also where it was to close whatever is held: the venue would close what other strategies hold too. */
const sized = (record: OrderRecord, lots: number): OrderRecord => {
  const { closePosition: _, ...ticket } = record.ticket;
  return { ...record, ticket, lots };
};

export const orderDesk = (
  core: BrokerCore,
  booking: ExecutionBooking,
  refusal: () => { readonly code: string; readonly text: string } | null,
): OrderDesk => {
  const { ports, config, state, budget } = core;
  const { transport, clock } = ports;
  const { defences } = config;

  const reject = (record: OrderRecord, code: string): void => {
    if (record.status === 'ended') return;
    core.onRefused(code);
    enquiry.forget(record.ticket.orderId);
    core.say(record.strategy, {
      type: 'OrderRejected',
      ts: core.now(),
      orderId: record.ticket.orderId,
      symbol: record.ticket.symbol,
      code,
    });
  };

  const learn: Learn = orderHearing(core, { booking, fills: () => fills, enquiry: () => enquiry, cancels: () => cancels });
  const fills = fillDesk(core, booking, learn);
  const enquiry = orderEnquiry(core, { fills, learn, reject });
  const cancels: OrderCancels = orderCancels(core, { learn, resolve: enquiry.resolve });
  const { amend } = orderAmendments(core, { learn, resolve: enquiry.resolve });

  /** Why the order must not leave now; asked at the moment of sending. */
  const guard = (record: OrderRecord, queuedAt: number): VenueFailure | null => {
    const { ticket } = record;
    if (core.isClosed) return new VenueFailure('unavailable', 'not-sent', 'the session has ended');
    const fenced = disowned(core, record.strategy === '');
    if (fenced !== null) return fenced;
    if (record.cancelRequested) return new VenueFailure('unavailable', 'withdrawn', 'it was taken back before it left');
    if (clock.monotonic() - queuedAt > config.submitBoundMs)
      return new VenueFailure('unavailable', 'too-late', 'it could not leave in time');
    if (!opens(ticket)) {
      if (!core.isHalted || !defences.haltBlocksSubmits || !isUnbound(state, record)) return null;
      return shrinksAccount(core, record)
        ? null
        : new VenueFailure('unavailable', 'halted', 'the account is halted, and this would open a position of it');
    }
    if (core.isHalted && defences.haltBlocksSubmits) return new VenueFailure('unavailable', 'halted', 'the account is halted');
    const reason = refusal();
    return reason === null ? null : new VenueFailure('unavailable', reason.code, reason.text);
  };

  /** The order as the venue takes it now. */
  const requestNow = (record: OrderRecord): VenueOrderRequest | Unsendable => {
    const { ticket } = record;
    const booking = core.unitsOf(ticket.symbol);
    const rules = core.rules.get(ticket.symbol);
    if (!booking || !rules) return { code: 'unknown-symbol', text: `${ticket.symbol} is not traded here` };
    const terms = { booking, rules, last: ports.lastPrice(ticket.symbol), isSafe: defences.safeRounding };
    if (opens(ticket) || !isUnbound(state, record)) return requestOf(record, { ...terms, reduceOnly: ticket.reduceOnly });
    const lots = reducingLots(state, record);
    core.unbound.set(ticket.orderId, lots);
    return requestOf(sized(record, lots), { ...terms, reduceOnly: false });
  };

  const leave = (record: OrderRecord, queuedAt: number): void => {
    const { orderId, symbol } = record.ticket;
    core.inFlight.add(orderId);
    // Made as it leaves: what is held may have changed while it waited for its turn.
    let request: VenueOrderRequest | null = null;
    const ready = (): VenueFailure | null => {
      const denied = guard(record, queuedAt);
      if (denied !== null) return denied;
      const made = requestNow(record);
      if (isUnsendable(made)) return new VenueFailure('refused', made.code, made.text);
      request = made;
      return null;
    };
    const submit = (): Promise<VenueOrder> => {
      core.sentAt.set(orderId, clock.monotonic());
      core.priceAt.set(orderId, ports.lastPrice(symbol));
      return transport.submit(request!);
    };
    void hearAnswer(record, budget.request(opens(record.ticket) ? PRIORITY.order : PRIORITY.protective, WEIGHT.order, submit, ready));
  };

  const send = (record: OrderRecord): void => {
    const queuedAt = clock.monotonic();
    const { reloading } = core;
    if (reloading === null) return leave(record, queuedAt);
    // The market's rules have changed and are being asked for: it waits for them, and is rounded by them.
    core.inFlight.add(record.ticket.orderId);
    void leaveAfter(reloading, record, queuedAt);
  };

  const leaveAfter = async (reloading: Promise<void>, record: OrderRecord, queuedAt: number): Promise<void> => {
    await reloading;
    core.inFlight.delete(record.ticket.orderId);
    const denied = guard(record, queuedAt);
    if (denied === null) leave(record, queuedAt);
    else if (!core.isClosed) submitFailed(record, denied);
  };

  const hearAnswer = async (record: OrderRecord, answer: Promise<VenueOrder>): Promise<void> => {
    const { orderId } = record.ticket;
    const askedAt = core.now();
    try {
      const order = await answer;
      core.inFlight.delete(orderId);
      learn({ ...order, clientId: clientIdOf(orderId) }, askedAt);
    } catch (error) {
      core.inFlight.delete(orderId);
      if (!core.isClosed) submitFailed(record, error);
    }
  };

  const submitFailed = (record: OrderRecord, error: unknown): void => {
    const { orderId, symbol } = record.ticket;
    const wasSent = core.sentAt.has(orderId);
    if (!wasSent) {
      const code = error instanceof VenueFailure ? error.code : 'not-sent';
      if (code !== 'withdrawn') return reject(record, code === 'banned' ? 'limited' : code);
      core.say(record.strategy, { type: 'OrderCancelled', ts: core.now(), orderId, symbol, code: 'not-sent' });
      return;
    }
    // The stream may have told more than the answer by now.
    if (record.status === 'working' && record.cancelRequested) void cancels.atVenue(record);
    if (record.status === 'ended' || record.status === 'working') return;
    const failure =
      error instanceof VenueFailure ? error : new VenueFailure('ambiguous', 'no-answer', 'the request failed without saying how');
    switch (failure.kind) {
      case 'refused':
        if (failure.code !== 'duplicate') return reject(record, failure.code);
        break;
      case 'limited':
      case 'clock':
      case 'unavailable':
      case 'unauthorised':
        return reject(record, failure.kind);
      case 'absent':
      case 'ambiguous':
        break;
    }
    if (!defences.queryUnknown) return reject(record, failure.code);
    if (record.status !== 'unknown')
      core.say(record.strategy, { type: 'OrderUnknown', ts: core.now(), orderId, symbol, code: failure.code });
    void enquiry.resolve(record);
  };

  return {
    send,
    cancel: cancels.cancel,
    amend,
    learn,
    hear: fills.hear,
    resolve: enquiry.resolve,
    pollExecutions: fills.poll,
    answeredAt: fills.answeredAt,
    get unsettled() {
      return fills.orphans + core.settling.size + openRecords(state).filter(record => record.status !== 'working').length;
    },
    get unknownSince() {
      return enquiry.unknownSince;
    },
  };
};
