import type { Amendment, OrderId, Side, Ticket } from '../events/order.js';
import type { Approved } from '../execution/broker.js';
import type { Symbol } from '../market/instrument.js';
import type { Lots, Ticks } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import type { RiskView } from '../risk/risk-check.js';

/** What an amendment can change, in booking units. `lots` is the total, what has filled included. */
export interface OrderTerms {
  readonly lots: Lots;
  readonly limit: Ticks | null;
  readonly stop: Ticks | null;
}

/** An order that was approved and has not ended. */
export interface WorkingOrder {
  /** As it was approved. */
  readonly ticket: Approved<Ticket>;
  readonly intent: number;
  readonly index: number;
  /** Place of the position that it acts on in the account. */
  readonly slot: number;
  readonly fromTarget: boolean;
  readonly name: string | null;
  /** As the venue last said. */
  terms: OrderTerms;
  filled: Lots;
  remaining: Lots;
  /** Amendments whose answers are on their way; and the worst that can come of them, part by part: what the order is valued at until all are known. */
  unanswered: number;
  worst: OrderTerms;
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

/** An order as it is when it has just been approved. */
export const workingOrder = (
  ticket: Approved<Ticket>,
  place: Pick<WorkingOrder, 'intent' | 'index' | 'slot' | 'fromTarget' | 'name'>,
): WorkingOrder => ({
  ticket,
  intent: place.intent,
  index: place.index,
  slot: place.slot,
  fromTarget: place.fromTarget,
  name: place.name,
  terms: ticket,
  filled: 0,
  remaining: ticket.lots,
  unanswered: 0,
  worst: ticket,
  isSent: false,
  takenBack: null,
  isStep: false,
  cancelAgain: false,
  cause: place.intent,
});

/** Terms with what an amendment changes of them. */
export const amendedTerms = ({ lots, limit, stop }: OrderTerms, amendment: Amendment): OrderTerms => ({
  lots: amendment.lots ?? lots,
  limit: amendment.limit ?? limit,
  stop: amendment.stop ?? stop,
});

/** The parts of two terms that make an order worth more: an inverse contract is worth the more coins the lower its price. */
export const worseTerms = (a: OrderTerms, b: OrderTerms, isInverse: boolean): OrderTerms => {
  const worse = (x: Ticks | null, y: Ticks | null): Ticks | null =>
    x === null || y === null ? x : isInverse ? Math.min(x, y) : Math.max(x, y);
  return { lots: Math.max(a.lots, b.lots), limit: worse(a.limit, b.limit), stop: worse(a.stop, b.stop) };
};

const NO_ORDERS: WorkingOrder[] = [];

/** The short position of a symbol in hedge mode, as the risk gate names it. */
const shortOf = (symbol: Symbol): string => `${symbol} short`;

/**
 * The orders at work beside the account that they will change: what the risk gate looks at, and what targets have on their way. Prices are last known closes. In hedge mode each symbol is two positions, and
 * each position counts as a symbol of its own.
 */
export class WorkingOrders implements RiskView {
  /** Names of positions: the symbols, and in hedge mode the short positions after them. */
  readonly symbols: readonly string[];
  private readonly _slots: ReadonlyMap<string, number>;
  private readonly _orders = new Map<OrderId, WorkingOrder>();
  /** The same by symbol index, each in the order of `_orders`: with a hundred symbols nearly every question is about one that has none. */
  private readonly _ofSymbol: WorkingOrder[][];
  private readonly _named = new Map<string, OrderId>();
  private _hidden: WorkingOrder | null = null;

  constructor(
    private readonly _account: Account,
    private readonly _last: Float64Array,
  ) {
    this.symbols = _account.hedge ? [..._account.symbols, ..._account.symbols.map(shortOf)] : _account.symbols;
    this._slots = new Map(this.symbols.map((symbol, slot) => [symbol, slot]));
    this._ofSymbol = _account.symbols.map(() => []);
  }

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
    this._inSymbol(order.index).push(order);
    if (order.name !== null) this._named.set(order.name, order.ticket.orderId);
  }

  forget(order: WorkingOrder): void {
    this._orders.delete(order.ticket.orderId);
    const others = this._inSymbol(order.index);
    const at = others.indexOf(order);
    if (at >= 0) others.splice(at, 1);
    if (order.name !== null && this._named.get(order.name) === order.ticket.orderId) this._named.delete(order.name);
  }

  /** The ticket as the checks see it: its symbol is the position that it acts on. */
  judged(ticket: Ticket): Ticket {
    return this._account.hedge && ticket.positionSide === 'short' ? { ...ticket, symbol: shortOf(ticket.symbol) } : ticket;
  }

  /** What `judge` says when this order is left out of account. */
  without<T>(order: WorkingOrder, judge: () => T): T {
    this._hidden = order;
    try {
      return judge();
    } finally {
      this._hidden = null;
    }
  }

  /** Orders of targets in a symbol; those that are being taken back, or those that are counted on. */
  ofTargets(index: number, isTakenBack: boolean): WorkingOrder[] {
    const found: WorkingOrder[] = [];
    for (const order of this._inSymbol(index)) if (order.fromTarget && (order.takenBack !== null) === isTakenBack) found.push(order);
    return found;
  }

  /** Signed lots that targets have on their way in a symbol, but for what is being taken back. */
  pending(index: number): Lots {
    let lots = 0;
    // Asked at every bar, nearly always with nothing at work.
    if (this._orders.size === 0 || this._inSymbol(index).length === 0) return lots;
    for (const { ticket, remaining } of this.ofTargets(index, false)) lots += ticket.side === 'buy' ? remaining : -remaining;
    return lots;
  }

  get openOrders(): number {
    return this._orders.size - (this._hidden === null ? 0 : 1);
  }

  get equity(): number {
    return this._account.equity(this._last);
  }

  engaged(also: string): readonly string[] {
    const named = this._slot(also);
    const engaged: string[] = [];
    for (let slot = 0; slot < this.symbols.length; slot++)
      if (slot === named || this._account.lots[slot] !== 0 || this._inSlot(slot).length > 0) engaged.push(this.symbols[slot] as string);
    return engaged;
  }

  lastPrice(symbol: string): number {
    return this._lastAt(this._slot(symbol));
  }

  held(symbol: string): Lots {
    return this._account.lots[this._slot(symbol)] ?? 0;
  }

  notional(symbol: string): number {
    const slot = this._slot(symbol);
    return this._account.lots[slot] === 0 ? 0 : this._account.notionalAt(slot, this._lastAt(slot));
  }

  ticketNotional(ticket: Ticket): number {
    const slot = this._slot(ticket.symbol);
    return this._value(ticket.side, ticket, slot, ticket.closePosition ? this._closing(slot) : ticket.lots);
  }

  workingLots(symbol: string, side: Side, reduceOnly: boolean): Lots {
    const slot = this._slot(symbol);
    let lots = 0;
    for (const order of this._inSlot(slot))
      if (this._counts(order, slot, side) && order.ticket.reduceOnly === reduceOnly)
        lots += order.ticket.closePosition ? this._closing(slot) : order.worst.lots - order.filled;
    return lots;
  }

  workingNotional(symbol: string, side: Side): number {
    const slot = this._slot(symbol);
    let notional = 0;
    for (const order of this._inSlot(slot))
      if (this._counts(order, slot, side) && !order.ticket.reduceOnly)
        notional += this._value(side, order.worst, slot, order.worst.lots - order.filled);
    return notional;
  }

  limitPrice(ticket: Ticket): number | null {
    return ticket.limit === null ? null : this._account.unitsAt(this._account.symbolOf(this._slot(ticket.symbol))).price(ticket.limit);
  }

  private _slot(symbol: string): number {
    return this._slots.get(symbol) ?? -1;
  }

  private _inSymbol(index: number): WorkingOrder[] {
    return this._ofSymbol[index] ?? NO_ORDERS;
  }

  /** Orders of the symbol whose position the slot is. */
  private _inSlot(slot: number): readonly WorkingOrder[] {
    return slot < 0 ? NO_ORDERS : this._inSymbol(this._account.symbolOf(slot));
  }

  private _lastAt(slot: number): number {
    return this._last[this._account.symbolOf(slot)] ?? NaN;
  }

  private _counts(order: WorkingOrder, slot: number, side: Side): boolean {
    return order.slot === slot && order.ticket.side === side && order !== this._hidden;
  }

  /** Lots that a close-position order would fill now. */
  private _closing(slot: number): Lots {
    return Math.abs(this._account.lots[slot] ?? 0);
  }

  private _value(side: Side, { limit, stop }: Pick<OrderTerms, 'limit' | 'stop'>, slot: number, lots: Lots): number {
    const u = this._account.unitsAt(this._account.symbolOf(slot));
    const quantity = u.quantity(lots);
    const last = this._lastAt(slot);
    if (u.inverse) {
      // Worth the more coins the lower the price.
      const own = Math.min(limit === null ? Infinity : u.price(limit), stop === null ? Infinity : u.price(stop));
      return u.notionalOf(quantity, last < own || (Number.isNaN(last) && own === Infinity) ? last : own);
    }
    if (side === 'buy' && limit !== null) return quantity * u.price(limit);
    // Nothing keeps the others from filling above their own price where the market is above it.
    const own = Math.max(limit === null ? 0 : u.price(limit), stop === null ? 0 : u.price(stop));
    return quantity * (last > own || Number.isNaN(last) ? last : own);
  }
}
