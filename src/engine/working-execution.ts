import type { OrderId, PositionSide, Side } from '../events/order.js';
import type { Algorithm, ChildId, ChildOrder, Role } from '../execution/algorithms/algorithm.js';
import type { Symbol } from '../market/instrument.js';
import type { Lots, Units } from '../market/units.js';
import type { ExecutionIntent } from '../strategies/execution-intent.js';
import { order as orderIntent, type OrderIntent } from '../strategies/intent.js';

/** One order of an execution, on its way through the gate or at work. */
export interface ExecutionOrder {
  readonly execution: WorkingExecution;
  readonly child: ChildId;
  /** Empty until it is requested. */
  orderId: OrderId;
  /** The gate let it pass. */
  isWorking: boolean;
  /** What is to be passed on once it is at work: its new total, and why it is taken back. */
  wanted: Lots | null;
  takenBack: string | null;
}

/** An execution that has not closed. */
export class WorkingExecution {
  isOver = false;
  readonly name: string | null;
  readonly side: Side;
  readonly positionSide: PositionSide | undefined;
  readonly orders: ExecutionOrder[] = [];
  private readonly _named = new Set<Role>();

  constructor(
    /** Of the request's fact. */
    readonly seq: number,
    readonly index: number,
    readonly symbol: Symbol,
    readonly intent: ExecutionIntent,
    readonly algorithm: Algorithm,
  ) {
    const first = intent.intent === 'oco' ? intent.orders[0] : intent;
    this.name = intent.id;
    this.side = first.side;
    this.positionSide = first.positionSide;
  }

  /** Take note of an order that is about to be requested. */
  add(child: ChildId): ExecutionOrder {
    const order = { execution: this, child, orderId: '', isWorking: false, wanted: null, takenBack: null };
    this.orders[child] = order;
    return order;
  }

  /** The order as the order desk takes it. Exits say what they are for; the first order of each part of a bracket has a name. */
  intentOf(child: ChildId, role: Role, order: ChildOrder, u: Units): OrderIntent {
    const { intent } = this;
    if (intent.intent === 'oco') return intent.orders[child === 0 ? 0 : 1];
    const isNamed = intent.intent === 'bracket' && this.name !== null && !this._named.has(role);
    this._named.add(role);
    return orderIntent({
      symbol: this.symbol,
      side: order.side,
      quantity: u.quantity(order.lots),
      ...(order.limit !== null && { limit: u.price(order.limit) }),
      ...(order.stop !== null && { stop: u.price(order.stop) }),
      postOnly: order.postOnly,
      reduceOnly: order.reduceOnly,
      ...(order.positionSide !== undefined && { positionSide: order.positionSide }),
      ...(isNamed && { id: `${this.name}.${role}` }),
      reason: role === 'slice' || role === 'entry' ? intent.reason : role,
    });
  }
}
