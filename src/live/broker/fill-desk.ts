import type { OrderId } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import { pause } from '../live-clock.js';
import { VenueFailure, type VenueExecution, type VenueOrder } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { openRecords, venueKey } from './broker-state.js';
import { orderIdIn } from './client-id.js';
import type { ExecutionBooking } from './execution-booking.js';
import { answerTo } from './order-answer.js';
import type { Learn } from './order-hearing.js';
import { PRIORITY, WEIGHT } from './request-budget.js';

/** Answers without the fills that the venue says an order has, before it is closed without them: about half a minute. */
const FILL_POLLS = 8;

/** Executions: told, asked for, and waited for by orders that the venue has ended. */
export interface FillDesk {
  /** An execution was told by the stream. */
  hear(execution: VenueExecution): void;
  /** Ask for the executions of a symbol; resolves with how many had not been booked. Rejects when the venue does not answer. */
  poll(symbol: Symbol): Promise<number>;
  /** Ask for executions until no order of the symbol waits for its fills. */
  fetchSoon(symbol: Symbol): Promise<void>;
  /** The venue has ended this order, and fills of it are missing. */
  await(orderId: OrderId, order: VenueOrder): void;
  /** Whether executions are known whose order the venue has not named: of a symbol, or of any. */
  hasOrphans(symbol: Symbol): boolean;
  readonly orphans: number;
  /** Monotonic time of the last answer to a question for a symbol's executions; −Infinity before. */
  answeredAt(symbol: Symbol): number;
}

/** `learn`: hears what the venue says of an order while its executions are being told apart. */
export const fillDesk = (core: BrokerCore, booking: ExecutionBooking, learn: Learn): FillDesk => {
  const { ports, config, state } = core;
  const { transport, clock } = ports;
  const { defences } = config;
  const polling = new Map<Symbol, Promise<number>>();
  const orphans = new Map<string, { readonly execution: VenueExecution; readonly bookedTo: number | null }>();
  const naming = new Set<string>();
  /** Market time of the last question that was answered: what happened before it is known, but for what the venue tells late. */
  const polledTo = new Map<Symbol, number>();
  const answered = new Map<Symbol, number>();

  /**
   * From when on executions are asked for. Not from the newest that is booked: the stream may have told a later one and left out an earlier one, and a crash may have lost the earlier one. But from the last
   * question that was answered; at start from the last comparison in the journal that is proven, and from the oldest order that has not ended; and from the submission of every order whose fills are waited for.
   */
  const since = (symbol: Symbol): number => {
    const opened = Number.isNaN(state.openedAt) ? 0 : state.openedAt;
    const polled = polledTo.get(symbol);
    let from = (polled ?? (Number.isNaN(state.provenAt) ? opened : state.provenAt)) - config.executionOverlapMs;
    if (polled === undefined)
      for (const { ticket, submittedAt } of openRecords(state))
        if (ticket.symbol === symbol && submittedAt >= 0) from = Math.min(from, submittedAt);
    for (const [orderId, { order }] of core.settling)
      if (order.symbol === symbol) from = Math.min(from, state.orders.get(orderId)?.submittedAt ?? from);
    for (const { execution } of orphans.values()) if (execution.symbol === symbol) from = Math.min(from, execution.ts);
    return Math.max(opened, from);
  };

  const fetchExecutions = async (symbol: Symbol): Promise<number> => {
    const from = since(symbol);
    const to = state.executedTo.get(symbol) ?? -1;
    const { answer: found, askedAt } = await core.ask(PRIORITY.query, WEIGHT.executions, () => transport.executions(symbol, from));
    if (core.isClosed) return 0;
    polledTo.set(symbol, askedAt);
    answered.set(symbol, clock.monotonic());
    let recovered = 0;
    for (const execution of found) {
      const became = booking.book(execution, to);
      if (became === 'booked') recovered++;
      if (became === 'orphan') adoptOrphan(execution, to);
    }
    settle(symbol, true);
    if (recovered > 0)
      void core.record([
        { type: 'GapFound', ts: core.now(), channel: 'private', symbol, from, to: core.now(), recovered, code: 'executions-polled' },
      ]);
    return recovered;
  };

  const poll = (symbol: Symbol): Promise<number> => {
    const running = polling.get(symbol);
    if (running) return running;
    const made = fetchExecutions(symbol).finally(() => polling.delete(symbol));
    polling.set(symbol, made);
    return made;
  };

  const isSettling = (symbol: Symbol): boolean => [...core.settling.values()].some(({ order }) => order.symbol === symbol);

  const fetchSoon = async (symbol: Symbol): Promise<void> => {
    let wait = config.queryMs;
    do {
      try {
        await poll(symbol);
      } catch {
        wait = config.queryMaxMs;
      }
      if (isSettling(symbol)) await pause(clock, wait);
      wait = Math.min(wait * 2, config.queryMaxMs);
    } while (!core.isClosed && isSettling(symbol));
  };

  const adoptOrphan = (execution: VenueExecution, to: number | null): void => {
    const key = venueKey(execution.symbol, execution.venueOrderId);
    orphans.set(`${key}|${execution.id}`, { execution, bookedTo: to });
    if (naming.has(key)) return;
    naming.add(key);
    void nameOrphans(execution).finally(() => naming.delete(key));
  };

  /** Ask whose order it is that traded. */
  const nameOrphans = async ({ symbol, venueOrderId }: VenueExecution): Promise<void> => {
    const key = venueKey(symbol, venueOrderId);
    const rest = () => [...orphans].filter(([, { execution: e }]) => venueKey(e.symbol, e.venueOrderId) === key);
    const book = (clientId: string): void => {
      for (const [id, { execution, bookedTo: to }] of rest()) {
        orphans.delete(id);
        if (booking.book({ ...execution, clientId }, to) === 'doubtful') confirm(symbol);
      }
    };
    for (let wait = config.queryMs; rest().length > 0 && !core.isClosed; wait = Math.min(wait * 2, config.queryMaxMs)) {
      try {
        const { answer: order, askedAt } = await core.ask(PRIORITY.query, WEIGHT.query, () =>
          transport.order({ symbol, clientId: null, venueId: venueOrderId, conditional: false }),
        );
        const ours = orderIdIn(order.clientId);
        booking.name(symbol, venueOrderId, ours);
        book(order.clientId === '' ? 'not-ours' : order.clientId);
        if (ours !== null) learn(order, askedAt);
        settle(symbol, false);
        return;
      } catch (error) {
        if (error instanceof VenueFailure && error.kind === 'absent' && wait >= config.queryMs * 4) {
          booking.name(symbol, venueOrderId, null);
          book('not-ours');
          return;
        }
        await pause(clock, wait);
      }
    }
  };

  /** Orders of a symbol that have ended at the venue: over, if their fills are all here. */
  const settle = (symbol: Symbol, isPoll: boolean): void => {
    for (const [orderId, waiting] of core.settling) {
      if (waiting.order.symbol !== symbol) continue;
      const record = state.orders.get(orderId);
      if (!record || record.status === 'ended') {
        core.settling.delete(orderId);
        continue;
      }
      if (isPoll) waiting.polls++;
      const u = core.unitsOf(symbol);
      if (!u) continue;
      const isHopeless = waiting.polls > FILL_POLLS;
      if (isHopeless)
        core.alarm('no-fills', true, `the venue says that ${orderId} filled and shows no fills of it: the position tells`, 'critical');
      const answer = answerTo(record, waiting.order, u, core.now(), defences.cancelFillRace && !isHopeless);
      for (const word of answer.words) core.say(record.strategy, word);
      if (!answer.waits) core.settling.delete(orderId);
    }
  };

  /** The stream's word alone is not enough: the venue is asked for what it has booked. */
  const confirm = (symbol: Symbol): void => {
    if (defences.pollExecutions) poll(symbol).catch(() => undefined);
  };

  return {
    poll,
    fetchSoon,
    await: (orderId, order) => void core.settling.set(orderId, { order, polls: 0 }),
    hear: execution => {
      if (core.isClosed) return;
      const became = booking.book(execution, null);
      if (became === 'orphan') adoptOrphan(execution, null);
      if (became === 'booked') settle(execution.symbol, false);
      if (became === 'doubtful' || became === 'kept-aside') confirm(execution.symbol);
    },
    hasOrphans: symbol => [...orphans.values()].some(({ execution }) => execution.symbol === symbol),
    get orphans() {
      return orphans.size;
    },
    answeredAt: symbol => answered.get(symbol) ?? -Infinity,
  };
};
