import type { Fact } from '../events/fact.js';
import type { OrderId } from '../events/order.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Amount, Lots } from '../market/units.js';
import { Account } from '../portfolio/account.js';
import type { RiskMemory } from '../risk/rules.js';
import type { RiskState } from '../risk/state.js';
import { PassingMap } from './passing-map.js';

/** What an engine needs to go on where another one of the same strategy stopped. JSON as it is. */
export interface EngineState {
  /** First number that no fact of the strategy has. */
  readonly nextSeq: number;
  /** When the latest fact of the stream was known, market time; 0 before the first. */
  readonly knownAt: number;
  readonly cash: Amount;
  readonly lots: readonly Lots[];
  readonly cost: readonly Amount[];
  /** Facts of everything that is still open, oldest first: the latest target of each symbol, orders at work, plans and executions that have not closed. */
  readonly open: readonly Fact[];
  /** The strategy's own risk state, as its stream last said. */
  readonly risk: { readonly state: RiskState; readonly code: string } | null;
  /** What marks had shown, as its stream last said. */
  readonly marks: RiskMemory | null;
}

/** Facts that belong together: an intent and everything that came of it. */
interface Thread {
  readonly root: number;
  facts: Fact[];
  orders: number;
  /** A plan or an execution that has not closed, or the latest target or signal of a symbol. */
  isKept: boolean;
  /** The latest order of it that has ended, and how it was refused last: of a target that stays for weeks nothing older is kept. */
  ended: OrderId | null;
}

/** The oldest amendment of the order that has no answer was refused: nothing comes of it. Answers come in order. */
const refused = (thread: Thread, orderId: OrderId): void => {
  const { facts } = thread;
  let answered = facts.filter(fact => fact.type === 'OrderAmended' && fact.orderId === orderId).length;
  const asked = facts.findIndex(fact => fact.type === 'AmendRequested' && fact.orderId === orderId && answered-- === 0);
  if (asked >= 0) facts.splice(asked, 1);
};

const orderOf = (fact: Fact): OrderId | null =>
  fact.type === 'OrderApproved' ? fact.ticket.orderId : 'orderId' in fact ? fact.orderId : null;

/**
 * What is still open in a strategy's stream, as a fold of its facts: the account in booking units, and the facts of intents whose consequences have not ended. A restart begins from here; nothing else of
 * the past can change what happens next.
 */
export class EngineMemory {
  readonly account: Account;
  private _nextSeq = 0;
  private _knownAt = 0;
  private _risk: EngineState['risk'] = null;
  private _marks: RiskMemory | null = null;
  private readonly _threads = new PassingMap<number, Thread>();
  /** The thread that a request's fact belongs to, until its order is approved or the thread ends. */
  private readonly _rootOf = new PassingMap<number, number>();
  private readonly _orders = new PassingMap<OrderId, { readonly thread: Thread; readonly symbol: Symbol; lots: Lots; filled: Lots }>();
  private readonly _targets = new Map<Symbol, Thread>();
  /** The latest signal of each symbol: it may be the one that a plan is wound up for. */
  private readonly _signals = new Map<Symbol, Thread>();
  private _requestedAt = 0;

  constructor(instruments: readonly Instrument[], capital: number, hedge = false, state: EngineState | null = null) {
    this.account = new Account(instruments, capital, { hedge });
    if (state === null) return;
    for (const fact of state.open) this._keep(fact);
    this._nextSeq = state.nextSeq;
    this._knownAt = state.knownAt;
    this._risk = state.risk;
    this._marks = state.marks;
    this.account.restore(state);
  }

  get state(): EngineState {
    const facts = [...this._threads.values()].flatMap(thread => thread.facts);
    return {
      nextSeq: this._nextSeq,
      knownAt: this._knownAt,
      cash: this.account.cash,
      lots: [...this.account.lots],
      cost: [...this.account.cost],
      open: facts.sort((a, b) => a.seq - b.seq),
      risk: this._risk,
      marks: this._marks,
    };
  }

  /** First number that no fact of the stream has. */
  get nextSeq(): number {
    return this._nextSeq;
  }

  /** When the latest fact of the stream was known; 0 before the first. */
  get knownAt(): number {
    return this._knownAt;
  }

  /** Symbols with a position or with orders at work, sorted. */
  get inUse(): readonly Symbol[] {
    const { account } = this;
    const held = [...account.lots].flatMap((lots, slot) => (lots === 0 ? [] : [account.symbols[account.symbolOf(slot)] ?? '']));
    return [...new Set([...held, ...[...this._orders.values()].map(({ symbol }) => symbol)])].sort();
  }

  /** The state as an engine of these symbols alone has it, in their order. Nothing of the others may be in use. */
  stateOf(symbols: readonly Symbol[]): EngineState {
    const { state, account } = this;
    const wanted = new Set(symbols);
    const slots = (account.hedge ? [0, account.symbols.length] : [0]).flatMap(leg => symbols.map(symbol => leg + account.indexOf(symbol)));
    const orders = new Set<OrderId>();
    const open = state.open.filter(fact => {
      if (fact.type === 'OrderApproved') {
        if (wanted.has(fact.ticket.symbol)) orders.add(fact.ticket.orderId);
        return wanted.has(fact.ticket.symbol);
      }
      return 'orderId' in fact && fact.orderId !== null ? orders.has(fact.orderId) : !('symbol' in fact) || wanted.has(fact.symbol);
    });
    const of = (values: readonly number[]): number[] => slots.map(slot => values[slot] ?? 0);
    return { ...state, lots: of(state.lots), cost: of(state.cost), open };
  }

  /** The intent behind an order at work, by seq. */
  intentOf(orderId: OrderId): number | undefined {
    return this._orders.get(orderId)?.thread.root;
  }

  /** The fact that let an order at work through or sent it, whichever came last, by seq: what the venue says of the order follows from it. */
  causeOf(orderId: OrderId): number | undefined {
    return this._orders
      .get(orderId)
      ?.thread.facts.findLast(
        fact =>
          (fact.type === 'OrderSubmitted' && fact.orderId === orderId) ||
          (fact.type === 'OrderApproved' && fact.ticket.orderId === orderId),
      )?.seq;
  }

  apply(fact: Fact): void {
    this._nextSeq = fact.seq + 1;
    this._knownAt = Math.max(this._knownAt, fact.knownAt);
    const { account } = this;
    switch (fact.type) {
      case 'OrderFilled':
      case 'ExternalFilled':
        account.fill(
          account.slot(account.indexOf(fact.symbol), fact.positionSide),
          fact.price,
          fact.side === 'buy' ? fact.lots : -fact.lots,
          fact.fee,
        );
        break;
      case 'PositionAdopted':
        if (fact.after !== fact.before)
          account.fill(account.slot(account.indexOf(fact.symbol), fact.positionSide), fact.price, fact.after - fact.before, 0);
        break;
      case 'FundingSettled':
      case 'CashMoved':
        account.pay(fact.amount);
        break;
      case 'PositionLiquidated':
        account.pay(fact.insurance - fact.fee);
        break;
      case 'RiskStateChanged':
        this._risk = { state: fact.state, code: fact.code };
        break;
      case 'RiskRemembered':
        this._marks = { drawdown: fact.drawdown, day: fact.day, streak: fact.streak };
        break;
      default:
    }
    this._keep(fact);
  }

  private _keep(fact: Fact): void {
    // A request is answered at the moment of its own.
    if (this._rootOf.size > 0 && fact.knownAt > this._requestedAt) this._forgetRequests();
    switch (fact.type) {
      case 'TargetSet': {
        const thread = this._begin(fact, true);
        const before = this._targets.get(fact.symbol);
        this._targets.set(fact.symbol, thread);
        if (before) {
          before.isKept = false;
          this._close(before);
        }
        return;
      }
      case 'SignalGiven': {
        const thread = this._begin(fact, true);
        const before = this._signals.get(fact.symbol);
        this._signals.set(fact.symbol, thread);
        // What it planned is kept by its plan.
        if (before && !before.facts.some(each => each.type === 'TradePlanned')) this._drop(before);
        return;
      }
      case 'ExecutionRequested':
        this._begin(fact, true);
        return;
      case 'TradePlanned':
      case 'PlanClosed':
      case 'ExecutionClosed': {
        const thread = this._threads.get(fact.correlationId);
        if (!thread) return;
        thread.facts.push(fact);
        if (fact.type === 'PlanClosed') {
          const signal = this._signals.get(fact.symbol);
          this._signals.delete(fact.symbol);
          if (signal && signal !== thread) this._drop(signal);
        }
        thread.isKept = fact.type === 'TradePlanned';
        this._close(thread);
        return;
      }
      case 'OrderRequested': {
        this._requestedAt = fact.knownAt;
        const thread = this._threads.get(fact.correlationId) ?? this._begin(fact, false);
        if (thread.root !== fact.seq) thread.facts.push(fact);
        this._rootOf.set(fact.seq, thread.root);
        return;
      }
      case 'OrderApproved': {
        const root = this._rootOf.get(fact.correlationId) ?? fact.correlationId;
        this._rootOf.delete(fact.correlationId);
        const thread = this._threads.get(root);
        if (!thread) return;
        thread.facts.push(fact);
        thread.orders++;
        this._orders.set(fact.ticket.orderId, { thread, symbol: fact.ticket.symbol, lots: fact.ticket.lots, filled: 0 });
        return;
      }
      case 'IntentDenied': {
        const thread = this._threads.get(this._rootOf.get(fact.correlationId) ?? fact.correlationId);
        this._rootOf.delete(fact.correlationId);
        if (!thread) return;
        if (thread.facts[0]?.type === 'TargetSet') thread.facts = thread.facts.filter(({ type }) => type !== 'IntentDenied');
        thread.facts.push(fact);
        if (thread.facts[0]?.type === 'SignalGiven' && thread.facts.length === 2) this._drop(thread);
        else this._close(thread);
        return;
      }
      case 'OrderSubmitted':
      case 'OrderAccepted':
      case 'OrderUnknown':
      case 'OrderTriggered':
      case 'CancelRequested':
      case 'AmendRequested':
        this._orders.get(fact.orderId)?.thread.facts.push(fact);
        return;
      case 'AmendRejected': {
        const order = this._orders.get(fact.orderId);
        if (order) refused(order.thread, fact.orderId);
        return;
      }
      case 'OrderAmended': {
        const order = this._orders.get(fact.orderId);
        if (!order) return;
        order.thread.facts.push(fact);
        order.lots = fact.lots;
        if (order.filled >= order.lots) this._ended(fact.orderId, order.thread);
        return;
      }
      case 'OrderFilled': {
        const order = this._orders.get(fact.orderId);
        if (!order) return;
        order.thread.facts.push(fact);
        order.filled += fact.lots;
        if (order.filled >= order.lots) this._ended(fact.orderId, order.thread);
        return;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this._orders.get(fact.orderId);
        if (!order) return;
        order.thread.facts.push(fact);
        this._ended(fact.orderId, order.thread);
        return;
      }
      default:
    }
  }

  private _begin(fact: Fact, isKept: boolean): Thread {
    const thread: Thread = { root: fact.seq, facts: [fact], orders: 0, isKept, ended: null };
    this._threads.set(fact.seq, thread);
    return thread;
  }

  private _ended(orderId: OrderId, thread: Thread): void {
    this._orders.delete(orderId);
    thread.orders--;
    const before = thread.ended;
    thread.ended = orderId;
    if (before !== null && thread.facts[0]?.type === 'TargetSet') thread.facts = thread.facts.filter(fact => orderOf(fact) !== before);
    this._close(thread);
  }

  private _drop(thread: Thread): void {
    thread.isKept = false;
    this._close(thread);
  }

  /** Requests that the desk never answered: it says the same denial twice only once, and a strategy that throws is not heard to its end. */
  private _forgetRequests(): void {
    for (const [request, root] of this._rootOf.entries()) {
      const thread = this._threads.get(root);
      if (thread?.root === request) this._close(thread);
    }
    this._rootOf.clear();
  }

  private _close(thread: Thread): void {
    if (thread.orders === 0 && !thread.isKept) this._threads.delete(thread.root);
  }
}
