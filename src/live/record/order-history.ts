import type { Fact } from '../../events/fact.js';
import type { OrderId, Ticket } from '../../events/order.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { toMoney, unitsOf, type Amount, type Lots, type Ticks, type Units } from '../../market/units.js';

/** Where an order stands. A part that has filled does not change it. */
export type OrderState = 'approved' | 'submitted' | 'unknown' | 'accepted' | 'triggered' | 'filled' | 'cancelled' | 'rejected' | 'expired';

/** An order of an account with its life so far. Prices in quote currency, quantities in base units, times epoch ms; null is not known or does not apply. */
export interface RecordedOrder {
  /** seq of its approval in the strategy's stream. */
  readonly seq: number;
  readonly orderId: OrderId;
  /** Empty for the broker's own. */
  readonly strategy: string;
  readonly symbol: Symbol;
  readonly side: 'buy' | 'sell';
  readonly type: string;
  /** Null for an order that closes whatever is held. */
  readonly quantity: number | null;
  readonly filled: number;
  readonly limit: number | null;
  readonly stop: number | null;
  readonly tif: string;
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
  readonly state: OrderState;
  readonly code: string | null;
  readonly reason: string;
  readonly approvedAt: number;
  readonly submittedAt: number | null;
  readonly acceptedAt: number | null;
  readonly endedAt: number | null;
  readonly averagePrice: number | null;
  readonly fee: number;
}

interface Order {
  readonly seq: number;
  readonly strategy: string;
  readonly ticket: Ticket;
  readonly reason: string;
  readonly approvedAt: number;
  state: OrderState;
  lots: Lots;
  limit: Ticks | null;
  stop: Ticks | null;
  filled: Lots;
  /** Σ price × lots. */
  value: number;
  fee: Amount;
  code: string | null;
  submittedAt: number | null;
  acceptedAt: number | null;
  endedAt: number | null;
}

/** Every order of an account, as a fold of its journal. */
export interface OrderHistory {
  handle(fact: Fact): void;
  /** Those that have not ended, oldest first. */
  open(): readonly RecordedOrder[];
  /** Those that have ended, in the order in which they did. */
  readonly ended: number;
  /** The nth that ended, from 0. */
  endedAt(n: number): RecordedOrder | undefined;
  /** All, in the order of approval. */
  all(): readonly RecordedOrder[];
}

/** A fold without orders. */
export const orderHistory = (instrumentOf: (symbol: Symbol) => Instrument | undefined): OrderHistory => {
  const orders = new Map<string, Order>();
  const working = new Map<string, Order>();
  const ended: Order[] = [];
  /** Keys by symbol and the venue's own id: what closes a position for several strategies is told as trades of its venue id. */
  const byVenue = new Map<string, string>();
  /** Reasons of intents, by stream and seq. */
  const reasons = new Map<string, string>();
  const unitsNamed = (symbol: Symbol): Units | null => {
    const instrument = instrumentOf(symbol);
    return instrument === undefined ? null : unitsOf(instrument);
  };
  const keyOf = (strategy: string, orderId: OrderId): string => `${strategy}\u0000${orderId}`;
  const end = (key: string, order: Order | undefined, state: OrderState, code: string | null, ts: number): void => {
    if (!order || order.endedAt !== null) return;
    // A close-position order has no size that it could be filled to: the venue ends it when nothing is held any more.
    const isFilled = order.ticket.closePosition === true && order.filled > 0 && code === 'position-closed';
    order.state = isFilled ? 'filled' : state;
    order.code = isFilled ? null : code;
    order.endedAt = ts;
    working.delete(key);
    ended.push(order);
  };
  const fill = (
    key: string,
    order: Order,
    { lots, price, fee, ts }: Pick<Extract<Fact, { type: 'ExternalFilled' }>, 'lots' | 'price' | 'fee' | 'ts'>,
  ): void => {
    order.filled += lots;
    order.value += price * lots;
    order.fee += fee;
    if (order.endedAt !== null) return;
    if (order.state !== 'triggered') order.state = 'accepted';
    if (order.ticket.closePosition !== true && order.filled >= order.lots) end(key, order, 'filled', null, ts);
  };
  const rowOf = (order: Order): RecordedOrder => {
    const { seq, strategy, ticket, reason, approvedAt, state, code, submittedAt, acceptedAt, endedAt } = order;
    const u = unitsNamed(ticket.symbol);
    const price = (ticks: Ticks | null): number | null => (ticks === null || u === null ? null : u.price(ticks));
    return {
      seq,
      orderId: ticket.orderId,
      strategy,
      symbol: ticket.symbol,
      side: ticket.side,
      type: ticket.type,
      quantity: ticket.closePosition === true || u === null ? null : u.quantity(order.lots),
      filled: u?.quantity(order.filled) ?? 0,
      limit: price(order.limit),
      stop: price(order.stop),
      tif: ticket.tif,
      reduceOnly: ticket.reduceOnly,
      postOnly: ticket.postOnly,
      state,
      code,
      reason,
      approvedAt,
      submittedAt,
      acceptedAt,
      endedAt,
      averagePrice: order.filled === 0 ? null : price(order.value / order.filled),
      fee: toMoney(order.fee),
    };
  };
  return {
    handle: fact => {
      switch (fact.type) {
        case 'TargetSet':
        case 'OrderRequested':
        case 'ExecutionRequested':
        case 'SignalGiven':
          if (fact.reason !== '') reasons.set(`${fact.strategy}\u0000${fact.seq}`, fact.reason);
          return;
        case 'OrderApproved': {
          const { ticket, seq, strategy, ts } = fact;
          const key = keyOf(strategy, ticket.orderId);
          if (orders.has(key)) return;
          const order: Order = {
            seq,
            strategy,
            ticket,
            reason: reasons.get(`${strategy}\u0000${fact.correlationId}`) ?? '',
            approvedAt: ts,
            state: 'approved',
            lots: ticket.lots,
            limit: ticket.limit,
            stop: ticket.stop,
            filled: 0,
            value: 0,
            fee: 0,
            code: null,
            submittedAt: null,
            acceptedAt: null,
            endedAt: null,
          };
          orders.set(key, order);
          working.set(key, order);
          return;
        }
        case 'OrderSubmitted':
        case 'OrderUnknown':
        case 'OrderAccepted':
        case 'OrderTriggered':
        case 'OrderAmended':
        case 'OrderFilled':
        case 'OrderRejected':
        case 'OrderCancelled':
        case 'OrderExpired': {
          const key = keyOf(fact.strategy, fact.orderId);
          const order = orders.get(key);
          if (!order) return;
          const isOver = order.endedAt !== null;
          switch (fact.type) {
            case 'OrderSubmitted':
              order.submittedAt = fact.ts;
              if (order.state === 'approved') order.state = 'submitted';
              return;
            case 'OrderUnknown':
              if (!isOver && order.acceptedAt === null) order.state = 'unknown';
              return;
            case 'OrderAccepted':
              order.acceptedAt ??= fact.ts;
              if (fact.venueOrderId !== undefined) byVenue.set(`${fact.symbol}\u0000${fact.venueOrderId}`, key);
              if (!isOver && order.state !== 'triggered') order.state = 'accepted';
              return;
            case 'OrderTriggered':
              if (!isOver) order.state = 'triggered';
              return;
            case 'OrderAmended':
              Object.assign(order, { lots: fact.lots, limit: fact.limit, stop: fact.stop });
              if (order.filled > 0 && order.filled >= order.lots) end(key, order, 'filled', null, fact.ts);
              return;
            case 'OrderFilled':
              return fill(key, order, fact);
            case 'OrderRejected':
              return end(key, order, 'rejected', fact.code, fact.ts);
            case 'OrderCancelled':
              return end(key, order, 'cancelled', fact.code, fact.ts);
            case 'OrderExpired':
              return end(key, order, 'expired', fact.code, fact.ts);
          }
          return;
        }
        case 'ExternalFilled': {
          const key = byVenue.get(`${fact.symbol}\u0000${fact.venueOrderId}`);
          const order = key === undefined ? undefined : orders.get(key);
          if (key !== undefined && order) fill(key, order, fact);
          return;
        }
        case 'AccountLiquidated':
          for (const [key, order] of working) if (order.strategy === fact.strategy) end(key, order, 'cancelled', 'liquidation', fact.ts);
          return;
        default:
          return;
      }
    },
    open: () => [...working.values()].map(rowOf),
    get ended() {
      return ended.length;
    },
    endedAt: n => {
      const order = ended[n];
      return order && rowOf(order);
    },
    all: () => [...orders.values()].map(rowOf),
  };
};
