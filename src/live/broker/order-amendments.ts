import type { Amendment, Ticket } from '../../events/order.js';
import { pause } from '../live-clock.js';
import { VenueFailure, type VenueOrder } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { evolve } from './broker-state.js';
import { clientIdOf } from './client-id.js';
import { isUnsendable, requestOf } from './market-rules.js';
import type { Learn } from './order-hearing.js';
import { refOf, type OrderRecord } from './order-record.js';
import { disowned } from './ownership.js';
import { closable } from './reducing-order.js';
import { PRIORITY, WEIGHT } from './request-budget.js';

/** How amendments hear and ask of orders. */
export interface AmendmentPorts {
  readonly learn: Learn;
  readonly resolve: (record: OrderRecord) => Promise<void>;
}

/** Changes limit orders at work. */
export const orderAmendments = (
  core: BrokerCore,
  { learn, resolve }: AmendmentPorts,
): { readonly amend: (strategy: string, amendment: Amendment) => void } => {
  const { ports, config, state, budget } = core;
  const { transport, clock } = ports;
  const { defences } = config;

  const amend = (strategy: string, amendment: Amendment): void => {
    const { orderId } = amendment;
    const record = state.orders.get(orderId);
    const no = (code: string): void => core.sayAmended(strategy, { type: 'AmendRejected', ts: core.now(), orderId, code });
    if (!record || record.status === 'ended') return no('unknown-order');
    const { ticket } = record;
    evolve(state, {
      type: 'AmendRequested',
      ts: core.now(),
      strategy,
      symbol: ticket.symbol,
      orderId,
      lots: amendment.lots,
      limit: amendment.limit,
      stop: amendment.stop,
      reason: '',
    });
    const limit = amendment.limit ?? record.limit;
    if (ticket.type !== 'limit' || limit === null || amendment.stop !== null) return no('unsupported');
    if (record.status !== 'working') return no('not-working');
    const u = core.unitsOf(ticket.symbol);
    const rules = core.rules.get(ticket.symbol);
    if (!u || !rules) return no('unknown-symbol');
    const wanted = amendment.lots ?? record.lots;
    const sent = core.unbound.get(orderId);
    const lots = sent === undefined ? wanted : Math.min(wanted, record.filled + closable(state, record));
    const request = requestOf(
      { ...record, lots, limit },
      { booking: u, rules, last: ports.lastPrice(ticket.symbol), reduceOnly: ticket.reduceOnly, isSafe: defences.safeRounding },
    );
    if (isUnsendable(request) || request.price === null) return no(isUnsendable(request) ? request.code : 'unsupported');
    const change = { quantity: request.quantity, price: request.price, side: ticket.side };
    const isGrowing =
      lots > (sent ?? record.lots) || (ticket.side === 'buy' ? limit > (record.limit ?? limit) : limit < (record.limit ?? limit));
    void hearAmended(record, strategy, { lots, limit }, change, isGrowing);
  };

  const hearAmended = async (
    record: OrderRecord,
    strategy: string,
    terms: { readonly lots: number; readonly limit: number },
    change: { readonly quantity: number; readonly price: number; readonly side: Ticket['side'] },
    isGrowing: boolean,
  ): Promise<void> => {
    const { orderId, symbol } = record.ticket;
    const guarded = (): VenueFailure | null =>
      disowned(core, false) ??
      (isGrowing && core.isHalted && defences.haltBlocksSubmits ? new VenueFailure('refused', 'halted', 'the account is halted') : null);
    let order: VenueOrder | null = null;
    let code = 'ambiguous';
    const askedAt = core.now();
    try {
      order = await budget.request(PRIORITY.order, WEIGHT.order, () => transport.amend(refOf(record), change), guarded);
    } catch (error) {
      if (core.isClosed) return;
      const kind = error instanceof VenueFailure ? error.kind : 'ambiguous';
      code = error instanceof VenueFailure && kind === 'refused' ? error.code : kind;
      if (kind === 'ambiguous') order = await amendedAfterAll(record, change.quantity, change.price);
      else if (kind === 'absent') void resolve(record);
    }
    if (core.isClosed) return;
    if (order === null) {
      core.onRefused(code);
      core.sayAmended(strategy, { type: 'AmendRejected', ts: core.now(), orderId, code });
      return;
    }
    core.sayAmended(strategy, { type: 'OrderAmended', ts: core.now(), orderId, symbol, ...terms, stop: record.stop, keepsPlace: false });
    learn({ ...order, clientId: clientIdOf(orderId) }, askedAt);
  };

  /** Whether an amendment without an answer took effect: the order as the venue has it then, or null. */
  const amendedAfterAll = async (record: OrderRecord, quantity: number, price: number): Promise<VenueOrder | null> => {
    const since = clock.monotonic();
    for (
      let wait = config.queryMs;
      !core.isClosed && !core.isFenced && record.status !== 'ended';
      wait = Math.min(wait * 2, config.queryMaxMs)
    ) {
      const isPast = clock.monotonic() - since > transport.receiveWindowMs + config.windowMarginMs;
      try {
        const { answer, askedAt } = await core.ask(PRIORITY.query, WEIGHT.query, () => transport.order(refOf(record)));
        if (answer.quantity === quantity && answer.price === price) return answer;
        learn({ ...answer, clientId: clientIdOf(record.ticket.orderId) }, askedAt);
        if (isPast) return null;
      } catch (error) {
        if (error instanceof VenueFailure && error.kind === 'absent' && isPast) {
          void resolve(record);
          return null;
        }
      }
      await pause(clock, wait);
    }
    return null;
  };

  return { amend };
};
