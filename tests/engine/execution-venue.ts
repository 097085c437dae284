import { ExecutionDesk } from '../../src/engine/execution-desk.js';
import { OrderDesk } from '../../src/engine/order-desk.js';
import type { Fact } from '../../src/events/fact.js';
import type { OrderId, Ticket } from '../../src/events/order.js';
import { FactStream } from '../../src/events/stream.js';
import type { Instrument } from '../../src/market/instrument.js';
import { Account } from '../../src/portfolio/account.js';
import { checksOf } from '../../src/risk/approve.js';
import { A, NO_RISK, T0, perpetual } from './scenario.js';

/** An order as the made-up venue has it. */
export interface VenueOrder {
  readonly ticket: Ticket;
  lots: number;
  limit: number | null;
  stop: number | null;
  filled: number;
  isOpen: boolean;
}

type Said = { readonly type: Fact['type'] } & Readonly<Record<string, unknown>>;

/**
 * An order desk and an execution desk over a venue that does what the test says. What it says is heard at once, or with `isSlow` only at `hear`: until then venue and desk know different things. A tick and a
 * lot are 1, the last price is 100.
 */
export const venue = (
  options: { hedge?: boolean; isSlow?: boolean; risk?: Partial<typeof NO_RISK>; instrument?: Partial<Instrument>; capital?: number } = {},
) => {
  const instruments = [perpetual(A, options.instrument)];
  const account = new Account(instruments, options.capital ?? 10_000, { hedge: options.hedge ?? false });
  /** Signed lots of the net or long position and of the short one, as the venue has them. */
  const held = [0, 0];
  const stream = new FactStream();
  const facts: Fact[] = [];
  const orders = new Map<OrderId, VenueOrder>();
  const requests: (
    { readonly cancel: OrderId } | { readonly amend: OrderId; lots: number | null; limit: number | null; stop: number | null }
  )[] = [];
  const said: Said[] = [];
  const last = Float64Array.of(100);
  stream.handle(fact => {
    facts.push(fact);
    if (fact.type === 'OrderFilled')
      account.fill(account.slot(0, fact.positionSide), fact.price, fact.side === 'buy' ? fact.lots : -fact.lots, fact.fee);
  });
  const desk = new OrderDesk({
    strategy: 'test',
    accountName: 'test',
    instruments,
    account,
    last,
    stream,
    broker: {
      submit: ticket =>
        orders.set(ticket.orderId, { ticket, lots: ticket.lots, limit: ticket.limit, stop: ticket.stop, filled: 0, isOpen: true }),
      cancel: orderId => requests.push({ cancel: orderId }),
      amend: ({ orderId, lots, limit, stop }) => requests.push({ amend: orderId, lots, limit, stop }),
    },
    checks: checksOf({ ...NO_RISK, ...options.risk }, instruments),
    rebalanceBand: null,
    leverage: 100,
    gate: () => null,
  });
  const executions = new ExecutionDesk({
    strategy: 'test',
    accountName: 'test',
    instruments,
    account,
    last,
    stream,
    orders: desk,
    isSession: false,
    seed: 1,
    barMs: 3_600_000,
    gate: () => null,
  });
  stream.handle(fact => desk.handle(fact));
  stream.handle(fact => executions.handle(fact));
  desk.now = T0;
  const hear = (): boolean => {
    const next = said.shift();
    if (next === undefined) return false;
    const order = desk.orders.get(String(next['orderId']));
    const fact = {
      seq: stream.takeSeq(),
      version: 1,
      ts: desk.now,
      knownAt: desk.now,
      account: 'test',
      strategy: 'test',
      correlationId: order?.intent ?? -1,
      causationId: -1,
      ...next,
    };
    stream.publish(fact as Fact);
    return true;
  };
  const say = (next: Said): void => {
    said.push(next);
    if (options.isSlow !== true) while (hear());
  };
  const end = (order: VenueOrder, type: 'OrderExpired' | 'OrderCancelled' | 'OrderRejected', code: string): void => {
    order.isOpen = false;
    say({ type, orderId: order.ticket.orderId, symbol: A, code });
  };
  const slotOf = ({ ticket }: VenueOrder): 0 | 1 => (ticket.positionSide === 'short' ? 1 : 0);
  const self = {
    account,
    desk,
    executions,
    facts,
    orders,
    held,
    last,
    requests,
    hear,
    open: (): VenueOrder[] => [...orders.values()].filter(({ isOpen }) => isOpen),
    /** `sell stop 5 ≤90`: side, type, lots left, prices; of orders that are open at the venue. */
    book: (): string[] =>
      self
        .open()
        .map(
          ({ ticket, lots, filled, limit, stop }) =>
            `${ticket.side} ${ticket.type} ${lots - filled}${limit === null ? '' : ` @${limit}`}${stop === null ? '' : ` !${stop}`}`,
        ),
    /** Fill so many lots of an order; a reduce-only one no more than there is to reduce, and it ends where there is nothing. */
    fill: (orderId: OrderId, lots = Infinity): void => {
      const order = orders.get(orderId);
      if (!order?.isOpen) return;
      const { ticket } = order;
      const sign = ticket.side === 'buy' ? 1 : -1;
      const slot = slotOf(order);
      const most = ticket.reduceOnly ? Math.max(0, -sign * (held[slot] ?? 0)) : Infinity;
      const part = Math.min(lots, order.lots - order.filled, most);
      if (part === 0) return end(order, 'OrderExpired', 'reduce-only');
      order.filled += part;
      held[slot] = (held[slot] ?? 0) + sign * part;
      if (order.filled === order.lots) order.isOpen = false;
      say({
        type: 'OrderFilled',
        orderId,
        symbol: A,
        side: ticket.side,
        price: order.limit ?? order.stop ?? 100,
        lots: part,
        fee: 0,
        liquidity: 'taker',
        slippage: 0,
        realised: 0,
        ...(ticket.positionSide !== undefined && { positionSide: ticket.positionSide }),
      });
    },
    end: (orderId: OrderId, type: 'OrderExpired' | 'OrderCancelled' | 'OrderRejected', code: string): void => {
      const order = orders.get(orderId);
      if (order?.isOpen) end(order, type, code);
    },
    /** Answer the oldest cancel or amendment; amendments that cannot be, or that the test forbids, are refused. */
    answer: (allowsAmendments = true): boolean => {
      const request = requests.shift();
      if (request === undefined) return false;
      const orderId = 'cancel' in request ? request.cancel : request.amend;
      const order = orders.get(orderId);
      if ('cancel' in request) {
        if (order?.isOpen) end(order, 'OrderCancelled', 'requested');
        else say({ type: 'CancelRejected', orderId, code: 'not-working' });
      } else if (!order?.isOpen || !allowsAmendments || (request.lots ?? Infinity) <= order.filled)
        say({ type: 'AmendRejected', orderId, code: 'not-working' });
      else {
        order.lots = request.lots ?? order.lots;
        order.limit = request.limit ?? order.limit;
        order.stop = request.stop ?? order.stop;
        say({ type: 'OrderAmended', orderId, symbol: A, lots: order.lots, limit: order.limit, stop: order.stop, keepsPlace: false });
      }
      return true;
    },
    /** Answer everything and hear everything, until nothing is left to say. */
    settle: (allowsAmendments = true): void => {
      while (self.answer(allowsAmendments) || hear());
    },
    at: (ms: number): void => {
      while (executions.nextAt <= T0 + ms) {
        desk.now = executions.nextAt;
        executions.tick(desk.now);
      }
      desk.now = T0 + ms;
    },
    told: <T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] =>
      facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type),
    denials: (): string[] => self.told('IntentDenied').map(({ code }) => code),
    closed: (): string[] => self.told('ExecutionClosed').map(({ code, filled }) => `${code} ${filled}`),
  };
  return self;
};
