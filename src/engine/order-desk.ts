import type { FactStream } from '../events/stream.js';
import type { Fact } from '../events/fact.js';
import type { OrderId, Ticket } from '../events/order.js';
import type { Approved, Broker } from '../execution/broker.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import { approve, isDenial } from '../risk/approve.js';
import type { Denial, RiskCheck, RiskView } from '../risk/risk-check.js';
import type { RiskState } from '../risk/state.js';
import type { Intent, OrderIntent } from '../strategies/intent.js';
import { failed } from '../errors.js';

interface Working {
  readonly ticket: Approved<Ticket>;
  readonly intent: number;
  readonly index: number;
  readonly fromTarget: boolean;
  readonly name: string | null;
  remaining: number;
  /** The latest fact about it, by seq: what the venue's next answer follows from. */
  cause: number;
}

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
  readonly rebalanceBand: number | null;
  /** Why an intent in this symbol is refused now (warm-up, window, not listed; what only reduces may leave a delisted symbol), or null. */
  readonly gate: (index: number, reduces: boolean) => Denial | null;
}

/**
 * From intents to orders at the broker: targets become tickets, tickets pass the risk gate, what passes is sent. Each step is a fact, and each
 * step is taken when the fact before it comes up on the stream.
 */
export class OrderDesk implements RiskView {
  now = -Infinity;
  state: RiskState = 'ACTIVE';
  /** Orders at work, by id. */
  readonly working = new Map<OrderId, Working>();

  private readonly _s: DeskSetup;
  /** Exposure last asked for and accepted, by symbol index; NaN when it was not reached and may be asked for again. */
  private readonly _target: Float64Array;
  /** The latest target of each symbol as the journal has it: its exposure and its fact's seq. A retry is no new target. */
  private readonly _asked: { exposure: number; seq: number }[];
  /** Signed lots of target orders that have not filled yet, by symbol index. */
  private readonly _pending: Float64Array;
  private readonly _named = new Map<string, OrderId>();
  /** Last denial by symbol, so that a strategy that repeats itself does not fill the journal. */
  private readonly _denied: string[];
  private _orders = 0;
  /** After a halt positions are closed until they are gone; a liquidating venue closes them itself. */
  private _flattening: string | null = null;
  /** Tickets of requests whose fact has not come up yet, by seq. */
  private readonly _requests = new Map<number, { readonly ticket: Ticket; readonly name: string | null }>();

  constructor(setup: DeskSetup) {
    this._s = setup;
    this._target = new Float64Array(setup.instruments.length);
    this._pending = new Float64Array(setup.instruments.length);
    this._denied = setup.instruments.map(() => '');
    this._asked = setup.instruments.map(() => ({ exposure: NaN, seq: -1 }));
  }

  // What the risk gate may look at.

  get equity(): number {
    return this._s.account.equity(this._s.last);
  }

  get grossNotional(): number {
    let gross = 0;
    for (let i = 0; i < this._s.last.length; i++)
      if (this._s.account.lots[i] !== 0) gross += Math.abs(this._s.account.notionalAt(i, this._s.last[i] ?? NaN));
    return gross;
  }

  lastPrice(symbol: Symbol): number {
    return this._s.last[this._s.account.indexOf(symbol)] ?? NaN;
  }

  held(symbol: Symbol): Lots {
    return this._s.account.lots[this._s.account.indexOf(symbol)] ?? 0;
  }

  notional(symbol: Symbol): number {
    const i = this._s.account.indexOf(symbol);
    return this._s.account.lots[i] === 0 ? 0 : this._s.account.notionalAt(i, this._s.last[i] ?? NaN);
  }

  ticketNotional(ticket: Ticket): number {
    const i = this._s.account.indexOf(ticket.symbol);
    const u = this._s.account.unitsAt(i);
    const ticks = ticket.limit ?? ticket.stop;
    return u.quantity(ticket.lots) * (ticks === null ? (this._s.last[i] ?? NaN) : u.price(ticks));
  }

  limitPrice(ticket: Ticket): number | null {
    return ticket.limit === null ? null : this._s.account.unitsAt(this._s.account.indexOf(ticket.symbol)).price(ticket.limit);
  }

  /** Take what the strategy returned. Throws a UserError naming the strategy when an intent makes no sense. */
  take(intent: Intent): void {
    if (intent.intent === 'target') this.target(intent.symbol, intent.exposure, intent.reason);
    else if (intent.intent === 'order') this._request(intent);
    else this._cancel(intent.id, intent.reason);
  }

  /**
   * The strategy wants this exposure. The same one again does nothing, unless it drifted out of the rebalance band or is flat and orders of another
   * kind have opened a position since.
   */
  target(symbol: Symbol, exposure: number, reason: string): void {
    const i = this._indexOf(symbol);
    if (exposure === this._target[i] && !(exposure === 0 && this._expected(i) !== 0) && !this._drifted(i, exposure)) return;
    const denial = Number.isFinite(exposure)
      ? this._s.gate(i, exposure === 0)
      : { code: 'not-a-number', text: `target exposure of ${symbol} is ${exposure}` };
    if (denial) return this._deny(i, denial, `${denial.code}:${exposure}`, this._s.stream.current);
    this._target[i] = exposure;
    const asked = this._asked[i] as { exposure: number; seq: number };
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

  /** Cancel everything and bring every position to flat; nothing but reductions passes from now on. */
  halt(denial: Denial): void {
    this.state = 'HALTED';
    this._s.stream.publish({ ...this._envelope(-1), type: 'RiskStateChanged', state: 'HALTED', code: denial.code, text: denial.text });
    for (const order of this.working.values()) this._cancelOrder(order, denial.code);
    this._flattening = denial.code;
    for (let i = 0; i < this._target.length; i++) {
      this._target[i] = 0;
      this._flatten(i);
    }
  }

  /** Close what is held in a symbol, unless an order that does so is at work already. */
  private _flatten(i: number): void {
    if (this._flattening === null || this._s.account.lots[i] === 0 || this._isClosing(i)) return;
    const { symbol } = this._s.instruments[i] as Instrument;
    const seq = this._s.stream.takeSeq();
    this._s.stream.publish({ ...this._envelope(seq, seq), type: 'TargetSet', symbol, exposure: 0, reason: this._flattening });
  }

  private _isClosing(i: number): boolean {
    const side = (this._s.account.lots[i] ?? 0) > 0 ? 'sell' : 'buy';
    for (const { index, fromTarget, ticket } of this.working.values())
      if (index === i && fromTarget && ticket.reduceOnly && ticket.side === side) return true;
    return false;
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
      case 'OrderFilled': {
        const order = this.working.get(fact.orderId);
        if (!order) return;
        order.remaining -= fact.lots;
        if (order.fromTarget)
          this._pending[order.index] = (this._pending[order.index] ?? 0) - (fact.side === 'buy' ? fact.lots : -fact.lots);
        if (order.remaining === 0) this._forget(order);
        return this._flatten(order.index);
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this.working.get(fact.orderId);
        if (!order) return;
        if (order.fromTarget) {
          this._pending[order.index] =
            (this._pending[order.index] ?? 0) - (order.ticket.side === 'buy' ? order.remaining : -order.remaining);
          // The target was not reached: the same target may be asked for again.
          this._target[order.index] = NaN;
        }
        this._forget(order);
        return this._flatten(order.index);
      }
      case 'AccountLiquidated':
        this.state = 'HALTED';
        this._flattening = null;
        return;
      default:
        return;
    }
  }

  private _indexOf(symbol: Symbol): number {
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

  /** Signed lots when everything that targets have on its way has filled. */
  private _expected(i: number): Lots {
    return (this._s.account.lots[i] ?? 0) + (this._pending[i] ?? 0);
  }

  private _drifted(i: number, exposure: number): boolean {
    const band = this._s.rebalanceBand;
    if (band === null || this._pending[i] !== 0) return false;
    const equity = this.equity;
    const held = this._s.account.lots[i] === 0 ? 0 : this._s.account.notionalAt(i, this._s.last[i] ?? NaN);
    return Math.abs(held / equity - exposure) > band;
  }

  private _deny(i: number, denial: Denial, key: string, correlationId: number): void {
    if (this._denied[i] === key) return;
    this._denied[i] = key;
    const { symbol } = this._s.instruments[i] as Instrument;
    this._s.stream.publish({ ...this._envelope(correlationId), type: 'IntentDenied', symbol, code: denial.code, text: denial.text });
  }

  /** Target → ticket: exposure × equity at the last close, in whole lots toward zero, less what is held and on its way. */
  private _plan(symbol: Symbol, exposure: number, intent: number): void {
    const i = this._indexOf(symbol);
    const { account, last } = this._s;
    const u = account.unitsAt(i);
    const held = account.lots[i] ?? 0;
    // In a halt what is on its way is being cancelled, and a close that counted on it would be no reduction.
    const pending = this.state === 'HALTED' ? 0 : (this._pending[i] ?? 0);
    if (this.state === 'HALTED' && this._isClosing(i)) return;
    const wanted = exposure === 0 ? 0 : u.lots((exposure * this.equity) / (last[i] ?? NaN));
    const delta = wanted - held - pending;
    if (delta === 0) return;
    const ticket: Ticket = {
      orderId: `o${++this._orders}`,
      symbol,
      side: delta > 0 ? 'buy' : 'sell',
      type: 'market',
      lots: Math.abs(delta),
      limit: null,
      stop: null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: wanted === 0 && pending === 0,
    };
    const value = u.quantity(ticket.lots) * (last[i] ?? NaN);
    const { minNotional } = this._s.instruments[i] as Instrument;
    if (!ticket.reduceOnly && value < minNotional)
      return this._deny(
        i,
        { code: 'min-notional', text: `order of ${value.toFixed(2)} is below the venue's minimum of ${minNotional}` },
        'min-notional',
        intent,
      );
    this._submit(ticket, intent, null, true);
  }

  private _submit(ticket: Ticket, intent: number, name: string | null, fromTarget: boolean): void {
    const index = this._indexOf(ticket.symbol);
    const answer = approve(ticket, this, this._s.checks, this.state);
    if (isDenial(answer)) {
      if (fromTarget) this._target[index] = NaN;
      return this._deny(index, answer, `${answer.code}:${ticket.side}${ticket.type}`, intent);
    }
    if (fromTarget) this._denied[index] = '';
    this.working.set(ticket.orderId, { ticket: answer, intent, index, fromTarget, name, remaining: ticket.lots, cause: intent });
    if (name !== null) this._named.set(name, ticket.orderId);
    if (fromTarget) this._pending[index] = (this._pending[index] ?? 0) + (ticket.side === 'buy' ? ticket.lots : -ticket.lots);
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
    const order = this.working.get(orderId);
    if (!order) return;
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

  private _request(intent: OrderIntent): void {
    const i = this._indexOf(intent.symbol);
    const u = this._s.account.unitsAt(i);
    const buy = intent.side === 'buy';
    const bad = [intent.quantity, intent.limit ?? 1, intent.stop ?? 1].some(x => !(x > 0 && x < Infinity));
    const lots = bad ? 0 : u.lots(intent.quantity);
    const denial = bad
      ? { code: 'not-a-number', text: `order of ${intent.quantity} ${intent.symbol} at limit ${intent.limit}, stop ${intent.stop}` }
      : lots === 0
        ? { code: 'below-lot', text: `${intent.quantity} is less than one lot of ${u.lotSize}` }
        : intent.id !== null && this._named.has(intent.id)
          ? { code: 'duplicate-id', text: `an order named ${intent.id} is at work already` }
          : intent.postOnly && (intent.type === 'market' || intent.type === 'stop' || intent.tif !== 'gtc')
            ? { code: 'bad-order', text: `a ${intent.type} order with time in force ${intent.tif} cannot be post-only` }
            : this._s.gate(i, intent.reduceOnly);
    const ticket: Ticket = {
      orderId: denial ? '' : `o${++this._orders}`,
      symbol: intent.symbol,
      side: intent.side,
      type: intent.type,
      lots,
      // A limit is rounded away from paying more; a stop to the nearest tick.
      limit: intent.limit === null ? null : buy ? u.ticksDown(intent.limit) : u.ticksUp(intent.limit),
      stop: intent.stop === null ? null : u.ticks(intent.stop),
      tif: intent.tif,
      postOnly: intent.postOnly,
      reduceOnly: intent.reduceOnly,
    };
    if (denial) return this._deny(i, denial, `${denial.code}:${intent.side}${intent.type}`, this._s.stream.current);
    this._denied[i] = '';
    const seq = this._s.stream.takeSeq();
    const fact = {
      ...this._envelope(seq, seq),
      type: 'OrderRequested' as const,
      symbol: intent.symbol,
      side: intent.side,
      orderType: intent.type,
      quantity: intent.quantity,
      limit: intent.limit,
      stop: intent.stop,
      tif: intent.tif,
      postOnly: intent.postOnly,
      reduceOnly: intent.reduceOnly,
      name: intent.id,
      reason: intent.reason,
    };
    this._requests.set(seq, { ticket, name: intent.id });
    this._s.stream.publish(fact);
  }

  private _cancel(name: string, reason: string): void {
    const orderId = this._named.get(name);
    const order = orderId === undefined ? undefined : this.working.get(orderId);
    // The order has ended meanwhile: nothing is left to cancel, which is what was wanted.
    if (order) this._cancelOrder(order, reason);
  }

  private _cancelOrder(order: Working, reason: string): void {
    const { orderId, symbol } = order.ticket;
    this._s.stream.publish({ ...this._envelope(order.intent), type: 'CancelRequested', symbol, orderId, reason });
    this._s.broker.cancel(orderId);
  }

  private _forget(order: Working): void {
    this.working.delete(order.ticket.orderId);
    if (order.name !== null && this._named.get(order.name) === order.ticket.orderId) this._named.delete(order.name);
  }
}
