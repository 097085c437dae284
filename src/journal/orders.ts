import type { Fact } from '../events/fact.js';
import type { OrderId, OrderType, PositionSide, Side, TimeInForce, Ticket } from '../events/order.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { toMoney, units, type Amount, type Lots, type Ticks, type Units } from '../market/units.js';
import type { RunTableRow } from './tables.js';

interface Order {
  readonly orderId: OrderId;
  readonly symbol: Symbol;
  side: Side;
  readonly type: OrderType;
  lots: Lots;
  limit: Ticks | null;
  stop: Ticks | null;
  readonly tif: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly goodTill?: number;
  readonly triggerBy?: 'mark';
  readonly trail?: NonNullable<Ticket['trail']>;
  readonly closePosition?: true;
  readonly positionSide?: PositionSide;
  /** The venue closed a position by itself: the order was never ours to size. */
  readonly own: boolean;
  submitted: number | null;
  accepted: number | null;
  endedTs: number | null;
  ended: 'filled' | 'rejected' | 'cancelled' | 'expired' | null;
  code: string | null;
  filled: Lots;
  /** Σ price × lots, in ticks × lots: whole, so that an order's average is exact where its fills had one price. */
  value: number;
  fee: Amount;
  /** How often its terms were changed. */
  amended: number;
  readonly reason: string;
}

/**
 * One row an order, as a fold of a run's facts: its ticket with the terms that it had last, when it was sent and taken, how and with what code it ended (NULL while it works), what of it filled and at
 * which average price. In order of approval. Orders by which the venue itself closed a position (at the end of the data, in a liquidation) are among them; they were never submitted.
 */
export class OrderTable {
  readonly #units: ReadonlyMap<Symbol, Units>;
  readonly #orders = new Map<OrderId, Order>();
  readonly #reasons = new Map<number, string>();

  constructor(instruments: readonly Instrument[]) {
    this.#units = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  }

  apply(fact: Fact): void {
    switch (fact.type) {
      case 'TargetSet':
      case 'OrderRequested':
      case 'ExecutionRequested':
        this.#reasons.set(fact.seq, fact.reason);
        return;
      case 'OrderApproved': {
        this.#add({ ...fact.ticket, own: true, reason: this.#reasons.get(fact.correlationId) ?? '' });
        return;
      }
      case 'OrderSubmitted': {
        const order = this.#orders.get(fact.orderId);
        if (order) order.submitted = fact.ts;
        return;
      }
      case 'OrderAccepted': {
        const order = this.#orders.get(fact.orderId) ?? this.#closing(fact.orderId, fact.symbol);
        order.accepted = fact.ts;
        return;
      }
      case 'OrderFilled': {
        const order = this.#orders.get(fact.orderId) ?? this.#closing(fact.orderId, fact.symbol);
        order.filled += fact.lots;
        order.value += fact.price * fact.lots;
        order.fee += fact.fee;
        if (!order.own) {
          order.side = fact.side;
          order.lots = order.filled;
        }
        if (order.filled === order.lots) this.#end(order, 'filled', fact.ts, null);
        return;
      }
      case 'OrderRejected':
        return this.#end(this.#orders.get(fact.orderId), 'rejected', fact.ts, fact.code);
      case 'OrderCancelled':
        return this.#end(this.#orders.get(fact.orderId), 'cancelled', fact.ts, fact.code);
      case 'OrderExpired':
        return this.#end(this.#orders.get(fact.orderId), 'expired', fact.ts, fact.code);
      case 'OrderAmended': {
        const order = this.#orders.get(fact.orderId);
        if (order) {
          order.lots = fact.lots;
          order.limit = fact.limit;
          order.stop = fact.stop;
          order.amended++;
        }
        return;
      }
      case 'CancelRequested':
      case 'CancelRejected':
      case 'AmendRequested':
      case 'AmendRejected':
      case 'ExecutionClosed':
      case 'PositionLiquidated':
      case 'OrderTriggered':
      case 'IntentDenied':
      case 'FundingSettled':
      case 'AccountLiquidated':
      case 'RiskStateChanged':
      case 'TrainingRequested':
      case 'ModelActivated':
      case 'ModelLate':
      case 'ModelExpired':
      case 'CalibrationFitted':
      case 'WeightsChanged':
      case 'DriftChanged':
      case 'SizeScaled':
      case 'SignalGiven':
      case 'TradePlanned':
      case 'PlanClosed':
      case 'RunStarted':
      case 'InputConsumed':
      case 'NoteWritten':
      case 'RunFinished':
        return;
    }
  }

  rows(): RunTableRow<'orders'>[] {
    return [...this.#orders.values()].map(order => {
      const u = this.#units.get(order.symbol);
      const price = (ticks: Ticks | null): number | null => (ticks === null ? null : (u?.price(ticks) ?? null));
      const quantity = (lots: Lots): number => u?.quantity(lots) ?? NaN;
      return {
        order_id: order.orderId,
        symbol: order.symbol,
        side: order.side,
        type: order.type,
        // Whatever is held when it fills: it has no size of its own.
        lots: order.closePosition ? null : order.lots,
        quantity: order.closePosition ? null : quantity(order.lots),
        limit_price: price(order.limit),
        stop_price: price(order.stop),
        tif: order.tif,
        post_only: order.postOnly,
        reduce_only: order.reduceOnly,
        good_till: order.goodTill ?? null,
        trigger_by: order.triggerBy ?? null,
        trail_bps: order.trail?.bps ?? null,
        trail_distance: price(order.trail?.distance ?? null),
        trail_activation: price(order.trail?.activation ?? null),
        close_position: order.closePosition === true,
        position_side: order.positionSide ?? null,
        amended: order.amended,
        submitted_ts: order.submitted,
        accepted_ts: order.accepted,
        ended_ts: order.endedTs,
        ended: order.ended,
        code: order.code,
        filled_lots: order.filled,
        filled_quantity: quantity(order.filled),
        average_price: order.filled === 0 ? null : price(order.value / order.filled),
        fee: toMoney(order.fee),
        reason: order.reason,
      };
    });
  }

  #add(ticket: Ticket & Pick<Order, 'own' | 'reason'>): Order {
    const order: Order = {
      ...ticket,
      submitted: null,
      accepted: null,
      endedTs: null,
      ended: null,
      code: null,
      filled: 0,
      value: 0,
      fee: 0,
      amended: 0,
    };
    this.#orders.set(order.orderId, order);
    return order;
  }

  #closing(orderId: OrderId, symbol: Symbol): Order {
    const reason = orderId.replace(/-\d+$/, '');
    return this.#add({
      orderId,
      symbol,
      side: 'sell',
      type: 'market',
      lots: 0,
      limit: null,
      stop: null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: true,
      own: false,
      reason,
    });
  }

  #end(order: Order | undefined, how: NonNullable<Order['ended']>, ts: number, code: string | null): void {
    if (!order) return;
    // A close-position order has no size that it could be filled to: the venue ends it when nothing is held any more.
    const isFilled = order.closePosition && order.filled > 0 && code === 'position-closed';
    order.ended = isFilled ? 'filled' : how;
    order.endedTs = ts;
    order.code = isFilled ? null : code;
  }
}
