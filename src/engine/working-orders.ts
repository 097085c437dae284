import type { OrderId, Side, Ticket } from '../events/order.js';
import type { Approved } from '../execution/broker.js';
import type { Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import type { RiskView } from '../risk/risk-check.js';

/** An order that was approved and has not ended. */
export interface WorkingOrder {
  readonly ticket: Approved<Ticket>;
  readonly intent: number;
  readonly index: number;
  readonly fromTarget: boolean;
  readonly name: string | null;
  remaining: number;
  isSent: boolean;
  /**
   * Why the desk itself takes it back (a newer plan, a halt), or null. It is not counted on any more; what it fills all the same is planned away once that is
   * known.
   */
  takenBack: string | null;
  /** The first step of a turn: the plan goes on when it has ended. */
  isStep: boolean;
  /** Its cancel came before it reached the venue: sent again once the venue has it. */
  cancelAgain: boolean;
  /** The latest fact about it, by seq: what the venue's next answer follows from. */
  cause: number;
}

/** The orders at work beside the account that they will change: what the risk gate looks at, and what targets have on their way. Prices are last known closes. */
export class WorkingOrders implements RiskView {
  private readonly _orders = new Map<OrderId, WorkingOrder>();
  private readonly _named = new Map<string, OrderId>();

  constructor(
    private readonly _account: Account,
    private readonly _last: Float64Array,
  ) {}

  get(orderId: OrderId): WorkingOrder | undefined {
    return this._orders.get(orderId);
  }

  /** The order at work that the strategy calls so. */
  named(name: string): WorkingOrder | undefined {
    const orderId = this._named.get(name);
    return orderId === undefined ? undefined : this._orders.get(orderId);
  }

  all(): IterableIterator<WorkingOrder> {
    return this._orders.values();
  }

  add(order: WorkingOrder): void {
    this._orders.set(order.ticket.orderId, order);
    if (order.name !== null) this._named.set(order.name, order.ticket.orderId);
  }

  forget(order: WorkingOrder): void {
    this._orders.delete(order.ticket.orderId);
    if (order.name !== null && this._named.get(order.name) === order.ticket.orderId) this._named.delete(order.name);
  }

  /** Orders of targets in a symbol; those that are being taken back, or those that are counted on. */
  ofTargets(index: number, isTakenBack: boolean): WorkingOrder[] {
    const found: WorkingOrder[] = [];
    for (const order of this._orders.values())
      if (order.index === index && order.fromTarget && (order.takenBack !== null) === isTakenBack) found.push(order);
    return found;
  }

  /** Signed lots that targets have on their way in a symbol, but for what is being taken back. */
  pending(index: number): Lots {
    let lots = 0;
    for (const { ticket, remaining } of this.ofTargets(index, false)) lots += ticket.side === 'buy' ? remaining : -remaining;
    return lots;
  }

  get equity(): number {
    return this._account.equity(this._last);
  }

  get symbols(): readonly Symbol[] {
    return this._account.symbols;
  }

  lastPrice(symbol: Symbol): number {
    return this._last[this._account.indexOf(symbol)] ?? NaN;
  }

  held(symbol: Symbol): Lots {
    return this._account.lots[this._account.indexOf(symbol)] ?? 0;
  }

  notional(symbol: Symbol): number {
    const i = this._account.indexOf(symbol);
    return this._account.lots[i] === 0 ? 0 : this._account.notionalAt(i, this._last[i] ?? NaN);
  }

  ticketNotional(ticket: Ticket): number {
    return this._value(ticket, ticket.lots);
  }

  workingLots(symbol: Symbol, side: Side, reduceOnly: boolean): Lots {
    let lots = 0;
    for (const { ticket, remaining } of this._orders.values())
      if (ticket.symbol === symbol && ticket.side === side && ticket.reduceOnly === reduceOnly) lots += remaining;
    return lots;
  }

  workingNotional(symbol: Symbol, side: Side): number {
    let notional = 0;
    for (const { ticket, remaining } of this._orders.values())
      if (ticket.symbol === symbol && ticket.side === side && !ticket.reduceOnly) notional += this._value(ticket, remaining);
    return notional;
  }

  limitPrice(ticket: Ticket): number | null {
    return ticket.limit === null ? null : this._account.unitsAt(this._account.indexOf(ticket.symbol)).price(ticket.limit);
  }

  private _value(ticket: Ticket, lots: Lots): number {
    const i = this._account.indexOf(ticket.symbol);
    const u = this._account.unitsAt(i);
    const last = this._last[i] ?? NaN;
    const { limit, stop } = ticket;
    if (ticket.side === 'buy' && limit !== null) return u.quantity(lots) * u.price(limit);
    // Nothing keeps the others from filling above their own price where the market is above it.
    const own = Math.max(limit === null ? 0 : u.price(limit), stop === null ? 0 : u.price(stop));
    return u.quantity(lots) * (last > own || Number.isNaN(last) ? last : own);
  }
}
