import type { PlanEnd } from '../events/forecast.js';
import type { OrderId, Side } from '../events/order.js';
import type { TradePlan } from '../execution/trade-plan.js';
import type { Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';
import type { OrderRequest } from './order-desk.js';

/** What an order of a plan is for. */
export type PlanRole = 'entry' | 'stop-loss' | 'take-profit' | 'exit';

/** One order of a plan, from its request on. */
export interface PlanOrder {
  readonly plan: WorkingPlan;
  readonly role: PlanRole;
  orderId: OrderId;
  remaining: Lots;
  /** The risk gate has let it pass. */
  isWorking: boolean;
  hasEnded: boolean;
  isTakenBack: boolean;
}

/** A plan that has not ended: its orders and what it holds. */
export class WorkingPlan {
  readonly orders: PlanOrder[] = [];
  /** Lots held in the plan's direction by its own fills. */
  held: Lots = 0;
  /** Whether any of its entry has filled. */
  isEntered = false;
  /** Why it is being wound up, or null while it works. */
  closing: PlanEnd | null = null;
  /** Which of its orders took it to flat last. */
  closedBy: 'stop-loss' | 'take-profit' | null = null;
  /** Closes seen by the desk below which no further exit is sent: an exit that was refused would be refused again at the same moment. */
  exitFrom = -Infinity;
  isOver = false;

  constructor(
    readonly id: string,
    readonly index: number,
    readonly symbol: Symbol,
    /** Fact of the signal, by seq. */
    readonly signal: number,
    readonly reason: string,
    readonly trade: TradePlan,
  ) {}

  get exitSide(): Side {
    return this.trade.side === 'buy' ? 'sell' : 'buy';
  }

  add(role: PlanRole, { orderId, lots }: OrderRequest): PlanOrder {
    const order: PlanOrder = { plan: this, role, orderId, remaining: lots, isWorking: false, hasEnded: false, isTakenBack: false };
    this.orders.push(order);
    return order;
  }

  /** Lots that orders of a role can still fill. */
  outstanding(role: PlanRole): Lots {
    let lots = 0;
    for (const order of this.orders) if (order.role === role && !order.hasEnded) lots += order.remaining;
    return lots;
  }

  get hasOpenEntry(): boolean {
    return this.outstanding('entry') > 0;
  }

  get hasOpenOrders(): boolean {
    return this.orders.some(order => !order.hasEnded);
  }
}
