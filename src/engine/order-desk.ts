import type { FactStream } from '../events/stream.js';
import type { Fact } from '../events/fact.js';
import type { Amendment, OrderId, OrderRequested, Side, Ticket } from '../events/order.js';
import type { Broker } from '../execution/broker.js';
import { marketTicket } from '../execution/market-ticket.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import { approve, approveAmendment, approvedBefore, isDenial } from '../risk/approve.js';
import type { Denial, RiskCheck } from '../risk/risk-check.js';
import type { RiskState } from '../risk/state.js';
import type { AmendIntent, CancelIntent, OrderIntent, TargetIntent } from '../strategies/intent.js';
import { failed } from '../errors.js';
import { amendmentOf, impossible, ticketOf } from './order-booking.js';
import { amendedTerms, workingOrder, WorkingOrders, worseTerms, type WorkingOrder } from './working-orders.js';

/** What the desk is told about the run. */
export interface DeskSetup {
  readonly strategy: string;
  readonly accountName: string;
  readonly instruments: readonly Instrument[];
  readonly account: Account;
  /** Last known close by symbol index. */
  readonly last: Float64Array;
  readonly stream: FactStream;
  readonly broker: Broker;
  readonly checks: readonly RiskCheck[];
  /** An order or an amendment passed the gate and will leave. */
  readonly sent?: () => void;
  readonly rebalanceBand: number | null;
  /** Gross exposure ÷ equity that the venue carries. */
  readonly leverage: number;
  /** Begins the id of each of its orders; `o` in a backtest. */
  readonly orderPrefix?: string;
  /** Denials up to this moment are not said: a session that warms up walks through times that its journal has behind it. left out in a backtest. */
  readonly quietUntil?: number;
  /** Why an intent in this symbol is refused now (warm-up, window, not listed; what only reduces may leave a delisted symbol), or null. */
  readonly gate: (index: number, reduces: boolean) => Denial | null;
}

/** An order that was asked for and has not passed the risk gate yet. */
export interface OrderRequest {
  /** Of the request's fact. */
  readonly seq: number;
  readonly orderId: OrderId;
  readonly lots: Lots;
}

/**
 * From intents to orders at the broker: targets become tickets, tickets pass the risk gate, what passes is sent. Each step is a fact, and each
 * step is taken when the fact before it comes up on the stream.
 */
export class OrderDesk {
  now = -Infinity;
  /** Instants that brought new closes so far. */
  closes = 0;
  state: RiskState = 'ACTIVE';
  readonly orders: WorkingOrders;

  private readonly _s: DeskSetup;
  /** Exposure last asked for and accepted, by symbol index; NaN when it was not reached and may be asked for again. */
  private readonly _target: Float64Array;
  /** The latest target of each symbol as the journal has it: its exposure and its fact's seq. A retry is no new target. */
  private readonly _asked: { exposure: number; seq: number }[];
  /** Signed lots that the latest plan of each symbol leads to, and the intent behind it: what is planned again when an order that was taken back filled, or ended. */
  private readonly _plans: { lots: Lots; intent: number }[];
  /** Signed lots of the plan that the account could not carry, by symbol index. */
  private readonly _cut: Float64Array;
  /** `closes` and `_moves` at the latest plan of each symbol. */
  private readonly _tried: { closes: number; moves: number }[];
  /** Fills and ends of orders that are no target's, by symbol index: after one, the same target may be another task. */
  private readonly _moves: Float64Array;
  /** Last denial by symbol, so that a strategy that repeats itself does not fill the journal. */
  private readonly _denied: string[];
  private _orders = 0;
  private readonly _prefix: string;
  private readonly _quietUntil: number;
  /** After a halt positions are closed until they are gone; a liquidating venue closes them itself. */
  private _flattening: string | null = null;
  /** Symbols whose closing was refused: asked for again with the next close, for an answer that comes at once would be asked for without end. */
  private readonly _refused = new Set<number>();
  /** While another engine's orders are taken over: what the strategy called them, by the seq of their request. */
  private readonly _names = new Map<number, string | null>();
  /** Tickets of requests whose fact has not come up yet, by seq. */
  private readonly _requests = new Map<number, { readonly ticket: Ticket; readonly name: string | null }>();

  constructor(setup: DeskSetup) {
    this._s = setup;
    this._prefix = setup.orderPrefix ?? 'o';
    this._quietUntil = setup.quietUntil ?? -Infinity;
    this._target = new Float64Array(setup.instruments.length);
    this.orders = new WorkingOrders(setup.account, setup.last);
    this._denied = setup.instruments.map(() => '');
    this._asked = setup.instruments.map(() => ({ exposure: NaN, seq: -1 }));
    this._cut = new Float64Array(setup.instruments.length);
    this._moves = new Float64Array(setup.instruments.length);
    this._tried = setup.instruments.map(() => ({ closes: -1, moves: -1 }));
    this._plans = setup.instruments.map(() => ({ lots: NaN, intent: -1 }));
  }

  /** Take what the strategy returned. Throws a UserError naming the strategy when an intent makes no sense. */
  take(intent: TargetIntent | OrderIntent | CancelIntent | AmendIntent): void {
    if (intent.intent === 'target') this.target(intent.symbol, intent.exposure, intent.reason);
    else if (intent.intent === 'order') this.request(intent, -1);
    else if (intent.intent === 'amend') this._amendNamed(intent);
    else this._cancel(intent.id, intent.reason);
  }

  /**
   * The strategy wants this exposure. The same one again does nothing, unless it drifted out of the rebalance band or is flat and orders of another
   * kind have opened a position since.
   */
  target(symbol: Symbol, exposure: number, reason: string): void {
    const i = this.indexOf(symbol);
    const asked = this._asked[i] as { exposure: number; seq: number };
    // One try at the prices of one bar: an answer to the refusal would be refused again, at the same moment and for ever.
    const tried = this._tried[i] as { closes: number; moves: number };
    if (exposure === asked.exposure && tried.closes === this.closes && tried.moves === this._moves[i]) return;
    if (exposure === this._target[i] && !(exposure === 0 && this._expected(i) !== 0) && !this._drifted(i, exposure))
      return this._finish(i, symbol, exposure);
    const denial = !Number.isFinite(exposure)
      ? { code: 'not-a-number', text: `target exposure of ${symbol} is ${exposure}` }
      : this._s.account.hedge
        ? { code: 'hedge-mode', text: `${symbol} has a long and a short position: a target would name neither` }
        : this._s.gate(i, exposure === 0);
    if (denial) return this.deny(i, denial, `${denial.code}:${exposure}`, this._s.stream.current);
    this._target[i] = exposure;
    if (exposure === asked.exposure) return this._plan(symbol, exposure, asked.seq);
    this._denied[i] = '';
    const seq = this._s.stream.takeSeq();
    asked.exposure = exposure;
    asked.seq = seq;
    this._s.stream.publish({
      type: 'TargetSet',
      seq,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this._s.accountName,
      strategy: this._s.strategy,
      correlationId: seq,
      causationId: this._s.stream.current,
      symbol,
      exposure,
      reason,
    });
  }

  /** Whether this target, asked for at a new close, is where the desk already is: `target` would do nothing. False also where that takes a closer look. */
  isThere(i: number, exposure: number): boolean {
    return (
      exposure === this._target[i] &&
      this._cut[i] === 0 &&
      this._s.rebalanceBand === null &&
      this.orders.openOrders === 0 &&
      (exposure !== 0 || this._s.account.lots[i] === 0)
    );
  }

  /** Whether a new close changes nothing here. */
  get isIdle(): boolean {
    return this._refused.size === 0;
  }

  /** The account's risk state changes, decided above the strategy. HALTED cancels every order but those that only reduce, and flattens when asked; ACTIVE lets targets be asked for again. */
  setState(state: RiskState, denial: Denial, flatten: boolean): void {
    if (state === this.state) return;
    if (state === 'HALTED' && flatten) return this.halt(denial);
    this.state = state;
    this._flattening = null;
    this._s.stream.publish({ ...this._envelope(-1), type: 'RiskStateChanged', state, code: denial.code, text: denial.text });
    if (state === 'ACTIVE') this._target.fill(NaN);
    else for (const order of this.orders.all()) if (!order.ticket.reduceOnly) this._takeBack(order, denial.code);
  }

  /** Cancel everything and bring every position to flat; nothing but reductions passes from now on. */
  halt(denial: Denial): void {
    this.state = 'HALTED';
    this._s.stream.publish({ ...this._envelope(-1), type: 'RiskStateChanged', state: 'HALTED', code: denial.code, text: denial.text });
    for (const order of this.orders.all()) this._takeBack(order, denial.code);
    this._flattening = denial.code;
    for (let i = 0; i < this._target.length; i++) {
      this._target[i] = 0;
      this._flatten(i);
    }
  }

  /**
   * Take over one fact of what was still open when an earlier engine of the strategy stopped. Nothing is sent or said; `restored` ends it.
   */
  restore(fact: Fact): void {
    switch (fact.type) {
      case 'TargetSet': {
        const i = this.indexOf(fact.symbol);
        this._target[i] = fact.exposure;
        this._asked[i] = { exposure: fact.exposure, seq: fact.seq };
        return;
      }
      case 'OrderRequested':
        this._names.set(fact.seq, fact.name);
        return;
      case 'OrderApproved': {
        const ticket = approvedBefore(fact);
        const index = this.indexOf(ticket.symbol);
        const name = this._names.get(fact.correlationId);
        const slot = this._s.account.slot(index, ticket.positionSide);
        const asked = this._asked[index] as { exposure: number; seq: number };
        // A target that was refused had been asked for again.
        if (name === undefined && fact.correlationId === asked.seq) this._target[index] = asked.exposure;
        this.orders.add(
          workingOrder(ticket, { intent: fact.correlationId, index, slot, fromTarget: name === undefined, name: name ?? null }),
        );
        return;
      }
      case 'IntentDenied': {
        const i = this._s.account.indexOf(fact.symbol);
        // What is not worth an order is not asked for again; whatever else was refused may be.
        if (i >= 0 && fact.correlationId === this._asked[i]?.seq && fact.code !== 'min-notional') this._target[i] = NaN;
        return;
      }
      case 'OrderSubmitted': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        order.isSent = true;
        order.cause = fact.seq;
        return;
      }
      case 'AmendRequested': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        order.unanswered++;
        order.worst = worseTerms(order.worst, amendedTerms(order.worst, fact), this._s.account.unitsAt(order.index).inverse);
        return;
      }
      case 'CancelRequested': {
        const order = this.orders.get(fact.orderId);
        // A strategy cancels orders that it named; every other cancel is the desk's own.
        if (order && order.name === null) order.takenBack = fact.reason;
        return;
      }
      case 'OrderAmended': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        order.terms = { lots: fact.lots, limit: fact.limit, stop: fact.stop };
        order.unanswered = Math.max(0, order.unanswered - 1);
        order.worst =
          order.unanswered > 0 ? worseTerms(order.worst, order.terms, this._s.account.unitsAt(order.index).inverse) : order.terms;
        order.remaining = Math.max(0, fact.lots - order.filled);
        if (order.remaining === 0) this.orders.forget(order);
        return;
      }
      case 'OrderFilled': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        order.filled += fact.lots;
        order.remaining = Math.max(0, order.terms.lots - order.filled);
        if (order.remaining === 0) this.orders.forget(order);
        return;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        if (order.fromTarget && order.takenBack === null && fact.code !== 'reduce-only') this._target[order.index] = NaN;
        this.orders.forget(order);
        return;
      }
      default:
    }
  }

  /** Everything that was open is taken over: what never left is over, and where orders lead is where the plans led. */
  restored(risk: { readonly state: RiskState; readonly code: string } | null, flattens = true): void {
    this._names.clear();
    for (const order of this.orders.all()) {
      if (order.isSent) continue;
      const { orderId, symbol } = order.ticket;
      this._s.stream.publish({ ...this._envelope(order.intent), type: 'OrderCancelled', orderId, symbol, code: 'not-sent' });
    }
    // Steps of a turn, and orders that a newer plan waits for: where that plan led is in no fact, so the same target may be asked for again.
    for (const order of this.orders.all()) {
      const { exposure } = this._asked[order.index] as { exposure: number };
      if (order.fromTarget && (order.takenBack !== null || (order.ticket.reduceOnly && exposure !== 0))) this._target[order.index] = NaN;
    }
    for (let i = 0; i < this._plans.length; i++)
      this._plans[i] = { lots: this._expected(i), intent: (this._asked[i] as { seq: number }).seq };
    if (risk === null) return;
    this.state = risk.state;
    if (risk.state === 'HALTED' && flattens) this._flattening = risk.code;
  }

  /** Places of a symbol's positions in the account. */
  private _slots(i: number): readonly number[] {
    return this._s.account.hedge ? [i, i + this._s.instruments.length] : [i];
  }

  /** After a restart in a halt: close what is still held. */
  flatten(): void {
    for (let i = 0; i < this._target.length; i++) this._flatten(i);
  }

  /** In a halt, with each new close: close what was refused before. */
  flattenAgain(): void {
    if (this._refused.size === 0) return;
    const refused = [...this._refused];
    this._refused.clear();
    if (this.state === 'HALTED') for (const i of refused) this._flatten(i);
  }

  /** Close what is held in a symbol, unless orders that do so are at work already. */
  private _flatten(i: number): void {
    if (this._flattening === null || this._slots(i).every(slot => this._s.account.lots[slot] === 0 || this._isClosing(i, slot))) return;
    const { symbol } = this._s.instruments[i] as Instrument;
    const seq = this._s.stream.takeSeq();
    this._s.stream.publish({ ...this._envelope(seq, seq), type: 'TargetSet', symbol, exposure: 0, reason: this._flattening });
  }

  /** Close both legs of a symbol. */
  private _flattenLegs(i: number, intent: number): void {
    const { account } = this._s;
    for (const slot of this._slots(i)) {
      const held = account.lots[slot] ?? 0;
      const positionSide = account.legOf(slot);
      if (held === 0 || positionSide === undefined || this._isClosing(i, slot)) continue;
      const ticket = this._marketTicket(i, held > 0 ? 'sell' : 'buy', Math.abs(held), true);
      this._submit({ ...ticket, positionSide }, intent, null, true);
    }
  }

  private _isClosing(i: number, slot: number): boolean {
    const side = (this._s.account.lots[slot] ?? 0) > 0 ? 'sell' : 'buy';
    const isClose = (order: WorkingOrder): boolean => order.slot === slot && order.ticket.reduceOnly && order.ticket.side === side;
    return this.orders.ofTargets(i, false).some(isClose) || this.orders.ofTargets(i, true).some(isClose);
  }

  /** The desk's turn at each fact of the stream. */
  handle(fact: Fact): void {
    switch (fact.type) {
      case 'TargetSet':
        return this._plan(fact.symbol, fact.exposure, fact.seq);
      case 'OrderRequested': {
        const request = this._requests.get(fact.seq);
        this._requests.delete(fact.seq);
        if (request) this._submit(request.ticket, fact.seq, request.name, false);
        return;
      }
      case 'OrderApproved':
        return this._send(fact.ticket.orderId);
      case 'AmendRequested':
        return this._submitAmendment(fact);
      case 'OrderAmended': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        order.terms = { lots: fact.lots, limit: fact.limit, stop: fact.stop };
        order.worst = worseTerms(order.worst, order.terms, this._s.account.unitsAt(order.index).inverse);
        order.remaining = Math.max(0, fact.lots - order.filled);
        return this._answered(order);
      }
      case 'AmendRejected': {
        const order = this.orders.get(fact.orderId);
        if (order) this._answered(order);
        return;
      }
      case 'OrderAccepted': {
        const order = this.orders.get(fact.orderId);
        if (order?.cancelAgain) this._cancelAgain(order);
        return;
      }
      case 'OrderFilled': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        order.filled += fact.lots;
        order.remaining = Math.max(0, order.terms.lots - order.filled);
        if (!order.fromTarget) this._moves[order.index] = (this._moves[order.index] ?? 0) + 1;
        if (order.remaining === 0) this.orders.forget(order);
        else if (order.cancelAgain) this._cancelAgain(order);
        return this._after(order);
      }
      case 'CancelRejected': {
        // Gone already, as its facts have said by now; or not there yet, when orders travel longer than cancels.
        const order = this.orders.get(fact.orderId);
        if (order) order.cancelAgain = order.takenBack !== null;
        return;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this.orders.get(fact.orderId);
        if (!order) return;
        if (!order.fromTarget) this._moves[order.index] = (this._moves[order.index] ?? 0) + 1;
        if (order.fromTarget && order.takenBack === null) {
          // What the account could not carry is left for when it can. A reduction that found nothing to reduce leaves nothing to do: something else closed the position.
          if (fact.code === 'margin')
            this._cut[order.index] = (this._cut[order.index] ?? 0) + (order.ticket.side === 'buy' ? order.remaining : -order.remaining);
          // Otherwise the target was not reached, and the same one may be asked for again.
          else if (fact.code !== 'reduce-only') this._target[order.index] = NaN;
        }
        this.orders.forget(order);
        if (fact.type === 'OrderRejected' && this.state === 'HALTED') {
          this._refused.add(order.index);
          return;
        }
        // The venue clears the way for closing the position itself: what is left then is another matter.
        return fact.code === 'liquidation' ? undefined : this._after(order);
      }
      case 'ExternalFilled':
      case 'PositionAdopted': {
        const i = this.indexOf(fact.symbol);
        this._moves[i] = (this._moves[i] ?? 0) + 1;
        if (this.state === 'HALTED') this._flatten(i);
        return;
      }
      case 'PositionLiquidated':
        if (this.state === 'HALTED' && fact.after !== 0) this._flatten(this.indexOf(fact.symbol));
        return;
      case 'AccountLiquidated':
        this.state = 'HALTED';
        this._flattening = null;
        return;
      default:
        return;
    }
  }

  /** Index of a symbol; throws a UserError naming the strategy for one that is not in the run. */
  indexOf(symbol: Symbol): number {
    const i = this._s.account.indexOf(symbol);
    if (i < 0)
      throw failed('unknown-symbol', `Strategy ${this._s.strategy} named ${symbol}, which is not in the run.`, 'Add it to --symbols.');
    return i;
  }

  private _envelope(correlationId: number, seq = this._s.stream.takeSeq()) {
    return {
      seq,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this._s.accountName,
      strategy: this._s.strategy,
      correlationId: correlationId < 0 ? seq : correlationId,
      causationId: this._s.stream.current,
    };
  }

  /** An order filled or ended: in a halt close what is left, else go on to what was planned if this order was no part of it any more. */
  private _after(order: WorkingOrder): void {
    if (this.state === 'HALTED') this._flatten(order.index);
    else if (order.fromTarget && (order.takenBack !== null || (order.isStep && this.orders.get(order.ticket.orderId) === undefined)))
      this._planAgain(order.index);
  }

  /** Signed lots when everything that targets have on its way has filled. */
  private _expected(i: number): Lots {
    return (this._s.account.lots[i] ?? 0) + this.orders.pending(i);
  }

  private _drifted(i: number, exposure: number): boolean {
    const band = this._s.rebalanceBand;
    if (band === null || this.orders.pending(i) !== 0 || this.orders.ofTargets(i, true).length > 0) return false;
    const { account, last } = this._s;
    const lots = account.lots[i] ?? 0;
    // A position that orders of another kind changed did not drift: a stop must not be undone at the next bar.
    if ((this._plans[i] as { lots: Lots }).lots - lots !== this._cut[i]) return false;
    const now = (lots === 0 ? 0 : account.notionalAt(i, last[i] ?? NaN)) / this.orders.equity;
    if (!(Math.abs(now - exposure) > band)) return false;
    return this._cut[i] === 0 || Math.abs(now) > Math.abs(exposure) || this._carries(i, this._lotsFor(i, exposure) - lots);
  }

  /**
   * The same target is asked for again and the account could not carry all of it: at last prices it may now, because something else has made room. Not
   * when the position has changed since. Of a target of which nothing is held the size is taken anew; the rest of another goes to the lots that were planned, once half of
   * it fits: costs and a rising price may keep the very last lots out for ever.
   */
  private _finish(i: number, symbol: Symbol, exposure: number): void {
    const rest = this._cut[i] ?? 0;
    if (rest === 0) return;
    const plan = this._plans[i] as { lots: Lots; intent: number };
    const expected = this._expected(i);
    if (plan.lots - expected !== rest) return;
    if (!this._carries(i, expected === 0 ? this._lotsFor(i, exposure) : Math.ceil(Math.abs(rest) / 2))) return;
    if (expected === 0) this._plan(symbol, exposure, plan.intent);
    else this._planAgain(i);
  }

  /** Whether the account could carry so many lots more, at last prices. */
  private _carries(i: number, more: Lots): boolean {
    const { account, last, leverage } = this._s;
    const u = account.unitsAt(i);
    let gross = u.notionalOf(u.quantity(Math.abs(more)), last[i] ?? NaN);
    for (const symbol of this.orders.symbols) gross += Math.abs(this.orders.notional(symbol));
    return gross <= leverage * this.orders.equity;
  }

  /** Say no, once as long as the answer to the symbol's intents stays the same by `key`. */
  deny(i: number, denial: Denial, key: string, correlationId: number): void {
    if (this._denied[i] === key || this.now <= this._quietUntil) return;
    this._denied[i] = key;
    const { symbol } = this._s.instruments[i] as Instrument;
    this._s.stream.publish({ ...this._envelope(correlationId), type: 'IntentDenied', symbol, code: denial.code, text: denial.text });
  }

  /** Exposure × equity at the last close, in whole lots toward zero. */
  private _lotsFor(i: number, exposure: number): Lots {
    const u = this._s.account.unitsAt(i);
    return exposure === 0 ? 0 : u.lots(u.quantityOf(exposure * this.orders.equity, this._s.last[i] ?? NaN));
  }

  /** Target → lots. */
  private _plan(symbol: Symbol, exposure: number, intent: number): void {
    const i = this.indexOf(symbol);
    // Only a halt sets one in hedge mode.
    if (this._s.account.hedge) return this._flattenLegs(i, intent);
    if (this.state === 'HALTED' && this._isClosing(i, i)) return;
    const lots = this._lotsFor(i, exposure);
    this._plans[i] = { lots, intent };
    this._cut[i] = 0;
    this._tried[i] = { closes: this.closes, moves: this._moves[i] ?? 0 };
    this._reach(i, lots, intent);
  }

  /** What was planned was disturbed by an order that it had taken back: to the same lots as before, for drift is not traded. */
  private _planAgain(i: number): void {
    this._cut[i] = 0;
    this._tried[i] = { closes: this.closes, moves: this._moves[i] ?? 0 };
    const { lots, intent } = this._plans[i] as { lots: Lots; intent: number };
    const held = this._s.account.lots[i] ?? 0;
    if (lots === this._expected(i)) return;
    const denial = this._s.gate(i, lots === 0 || (held * lots > 0 && Math.abs(lots) < Math.abs(held)));
    if (denial) {
      this._target[i] = NaN;
      return this.deny(i, denial, `${denial.code}:${lots}`, intent);
    }
    this._reach(i, lots, intent);
  }

  /**
   * Lots → ticket, less what is held and on its way. What is on its way in the other direction is taken back first: an exit must not wait for the entry to fill, nor let
   * it go on. While an order of the ticket's own direction is being taken back the ticket waits until that has ended, for both could fill.
   */
  private _reach(i: number, wanted: Lots, intent: number): void {
    const { account, last } = this._s;
    const { symbol, minNotional } = this._s.instruments[i] as Instrument;
    const u = account.unitsAt(i);
    const held = account.lots[i] ?? 0;
    const net = wanted - this._expected(i);
    if (net === 0) return;
    for (const order of this.orders.ofTargets(i, false)) if ((order.ticket.side === 'buy') !== net > 0) this._takeBack(order, 'superseded');
    const expected = this._expected(i);
    const delta = wanted - expected;
    if (delta === 0) return;
    const side = delta > 0 ? 'buy' : 'sell';
    if (this.orders.ofTargets(i, true).some(({ ticket }) => ticket.side === side)) return;
    // A stop at work may close the position first: then a turn must not sell twice. It closes, and plans again when that is done.
    const turnsInSteps = held * delta < 0 && held * wanted < 0 && this.orders.workingLots(symbol, side, true) > 0;
    const closing = held * expected > 0 ? Math.abs(expected) : 0;
    if (turnsInSteps && closing === 0 && this._isStepping(i, side)) return;
    const lots = turnsInSteps ? Math.min(closing === 0 ? Math.abs(held) : closing, Math.abs(delta)) : Math.abs(delta);
    const reduceOnly = held * delta < 0 && lots <= Math.abs(held) && (turnsInSteps || wanted * held >= 0);
    const ticket = this._marketTicket(i, side, lots, reduceOnly);
    // In quote currency, of which the quantity of an inverse contract is one already.
    const value = u.quantity(ticket.lots) * (u.inverse ? 1 : (last[i] ?? NaN));
    if (!ticket.reduceOnly && value < minNotional) {
      // What is not worth an order is not planned: the position is where the plan leads.
      this._plans[i] = { lots: expected, intent };
      return this.deny(
        i,
        { code: 'min-notional', text: `order of ${value.toFixed(2)} is below the venue's minimum of ${minNotional}` },
        'min-notional',
        intent,
      );
    }
    this._submit(ticket, intent, null, true);
    const order = this.orders.get(ticket.orderId);
    if (order) order.isStep = turnsInSteps;
  }

  private _marketTicket(i: number, side: Side, lots: Lots, reduceOnly: boolean): Ticket {
    const { symbol } = this._s.instruments[i] as Instrument;
    return marketTicket(`${this._prefix}${++this._orders}`, symbol, side, lots, reduceOnly);
  }

  /** Whether reductions of this side are on their way already; then they are the steps after which a turn goes on. */
  private _isStepping(i: number, side: Side): boolean {
    const steps = this.orders.ofTargets(i, false).filter(({ ticket }) => ticket.side === side && ticket.reduceOnly);
    for (const order of steps) order.isStep = true;
    return steps.length > 0;
  }

  private _submit(ticket: Ticket, intent: number, name: string | null, fromTarget: boolean): void {
    const index = this.indexOf(ticket.symbol);
    const answer = approve(ticket, this.orders, this._s.checks, this.state, this.orders.judged(ticket));
    if (isDenial(answer)) {
      if (fromTarget) this._target[index] = NaN;
      return this.deny(index, answer, `${answer.code}:${ticket.side}${ticket.type}`, intent);
    }
    if (fromTarget) this._denied[index] = '';
    this._s.sent?.();
    const slot = this._s.account.slot(index, ticket.positionSide);
    const order = workingOrder(answer, { intent, index, slot, fromTarget, name });
    this.orders.add(order);
    this._s.stream.publish({
      type: 'OrderApproved',
      seq: this._s.stream.takeSeq(),
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this._s.accountName,
      strategy: this._s.strategy,
      correlationId: intent,
      causationId: this._s.stream.current,
      ticket: answer,
    });
  }

  private _send(orderId: OrderId): void {
    const order = this.orders.get(orderId);
    if (!order) return;
    if (order.takenBack !== null) {
      const { symbol } = order.ticket;
      this._s.stream.publish({ ...this._envelope(order.intent), type: 'OrderCancelled', orderId, symbol, code: 'not-sent' });
      return;
    }
    order.isSent = true;
    this._s.broker.submit(order.ticket);
    order.cause = this._s.stream.takeSeq();
    this._s.stream.publish({
      type: 'OrderSubmitted',
      seq: order.cause,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this._s.accountName,
      strategy: this._s.strategy,
      correlationId: order.intent,
      causationId: this._s.stream.current,
      orderId,
      symbol: order.ticket.symbol,
    });
  }

  /**
   * Ask for this very order, in the name of the intent `correlationId` or, when it is negative, of itself. `onRequest` hears of the request before its fact is published; it does not when the order
   * is denied at once. The risk gate answers when the request's own turn comes: then the order is at work or not.
   */
  request(intent: OrderIntent, correlationId: number, onRequest?: (request: OrderRequest) => void): void {
    const i = this.indexOf(intent.symbol);
    const { account, last } = this._s;
    const units = account.unitsAt(i);
    const targetsAtWork = intent.closePosition === true && this._hasTargets(i);
    const denial =
      impossible(intent, { units, now: this.now, last: last[i] ?? NaN, hedge: account.hedge, targetsAtWork }) ??
      (intent.id !== null && this.orders.named(intent.id) !== undefined
        ? { code: 'duplicate-id', text: `an order named ${intent.id} is at work already` }
        : this._s.gate(i, intent.reduceOnly || intent.closePosition === true));
    if (denial) {
      const cause = correlationId < 0 ? this._s.stream.current : correlationId;
      return this.deny(i, denial, `${denial.code}:${intent.side}${intent.type}`, cause);
    }
    const ticket = ticketOf(intent, `${this._prefix}${++this._orders}`, units);
    this._denied[i] = '';
    const seq = this._s.stream.takeSeq();
    // Spelled out, as spreads would cost more than the rest of an order.
    const fact: { -readonly [K in keyof OrderRequested]: OrderRequested[K] } = {
      seq,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this._s.accountName,
      strategy: this._s.strategy,
      correlationId: correlationId < 0 ? seq : correlationId,
      causationId: this._s.stream.current,
      type: 'OrderRequested',
      symbol: intent.symbol,
      side: intent.side,
      orderType: intent.type,
      quantity: intent.quantity,
      limit: intent.limit,
      stop: intent.takeProfit ?? intent.stop,
      tif: intent.tif,
      postOnly: intent.postOnly,
      reduceOnly: intent.reduceOnly,
      name: intent.id,
      reason: intent.reason,
    };
    if (intent.goodTill !== undefined) fact.goodTill = intent.goodTill;
    if (intent.triggerBy !== undefined) fact.triggerBy = intent.triggerBy;
    if (intent.trail !== undefined) fact.trail = intent.trail;
    if (intent.closePosition !== undefined) fact.closePosition = intent.closePosition;
    if (intent.positionSide !== undefined) fact.positionSide = intent.positionSide;
    this._requests.set(seq, { ticket, name: intent.id });
    onRequest?.({ seq, orderId: ticket.orderId, lots: ticket.lots });
    this._s.stream.publish(fact);
  }

  private _hasTargets(i: number): boolean {
    return this.orders.ofTargets(i, false).length > 0 || this.orders.ofTargets(i, true).length > 0;
  }

  /** Ask for an order at work to be changed. Its answer is an `OrderAmended` or an `AmendRejected`. */
  amend(amendment: Amendment, reason: string): void {
    const order = this.orders.get(amendment.orderId);
    if (!order) return;
    order.unanswered++;
    const { symbol } = order.ticket;
    this._s.stream.publish({ ...this._envelope(order.intent), type: 'AmendRequested', symbol, ...amendment, reason });
  }

  /** The strategy wants an order changed. */
  private _amendNamed(intent: AmendIntent): void {
    const order = this.orders.named(intent.id);
    if (!order) return this._rejectAmendment(intent.id, this._s.stream.current, 'not-working');
    const units = this._s.account.unitsAt(order.index);
    const answer = amendmentOf(intent, order, units);
    if ('code' in answer) return this.deny(order.index, answer, `${answer.code}:amend`, this._s.stream.current);
    this._denied[order.index] = '';
    this.amend(answer, intent.reason);
  }

  /** The amendment's own turn: past the risk gate and to the venue. */
  private _submitAmendment({ orderId, lots, limit, stop }: Amendment): void {
    const order = this.orders.get(orderId);
    if (!order || order.takenBack !== null || !order.isSent)
      return this._rejectAmendment(orderId, order?.intent ?? this._s.stream.current, 'not-working');
    const { ticket } = order;
    const terms = amendedTerms(order.worst, { orderId, lots, limit, stop });
    const onlySmaller = limit === null && stop === null && terms.lots <= order.terms.lots;
    const left = { ...this.orders.judged(ticket), ...terms, lots: Math.max(0, terms.lots - order.filled) };
    const answer = this.orders.without(order, () =>
      approveAmendment({ orderId, lots, limit, stop }, onlySmaller ? null : left, this.orders, this._s.checks, this.state),
    );
    if (isDenial(answer)) {
      this.deny(order.index, answer, `${answer.code}:amend`, order.intent);
      return this._rejectAmendment(orderId, order.intent, answer.code);
    }
    order.worst = worseTerms(order.worst, terms, this._s.account.unitsAt(order.index).inverse);
    this._s.sent?.();
    this._s.broker.amend(answer);
  }

  private _rejectAmendment(orderId: OrderId, correlationId: number, code: string): void {
    this._s.stream.publish({ ...this._envelope(correlationId), type: 'AmendRejected', orderId, code });
  }

  /** An amendment was answered: once all are, nothing but the order's own terms counts. */
  private _answered(order: WorkingOrder): void {
    if (--order.unanswered <= 0) order.worst = order.terms;
    if (order.remaining > 0) return;
    this.orders.forget(order);
    this._after(order);
  }

  /** Cancel an order at work for good: again once the venue has it, should the cancel come before the order. */
  takeBack(orderId: OrderId, reason: string): void {
    const order = this.orders.get(orderId);
    if (order && order.takenBack === null) this._takeBack(order, reason);
  }

  private _cancel(name: string, reason: string): void {
    const order = this.orders.named(name);
    // The order has ended meanwhile: nothing is left to cancel, which is what was wanted.
    if (order) this._cancelOrder(order, reason);
  }

  /** Cancel an order and count on it no more. */
  private _takeBack(order: WorkingOrder, reason: string): void {
    order.takenBack = reason;
    this._cancelOrder(order, reason);
  }

  private _cancelAgain(order: WorkingOrder): void {
    order.cancelAgain = false;
    this._cancelOrder(order, order.takenBack ?? '');
  }

  private _cancelOrder(order: WorkingOrder, reason: string): void {
    const { orderId, symbol } = order.ticket;
    const seq = this._s.stream.takeSeq();
    this._s.stream.publish({
      seq,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this._s.accountName,
      strategy: this._s.strategy,
      correlationId: order.intent < 0 ? seq : order.intent,
      causationId: this._s.stream.current,
      type: 'CancelRequested',
      symbol,
      orderId,
      reason,
    });
    if (order.isSent) this._s.broker.cancel(orderId);
  }
}
