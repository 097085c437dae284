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

  readonly #s: DeskSetup;
  /** Exposure last asked for and accepted, by symbol index; NaN when it was not reached and may be asked for again. */
  readonly #target: Float64Array;
  /** The latest target of each symbol as the journal has it: its exposure and its fact's seq. A retry is no new target. */
  readonly #asked: { exposure: number; seq: number }[];
  /** Signed lots of target orders that have not filled yet, by symbol index. */
  readonly #pending: Float64Array;
  readonly #named = new Map<string, OrderId>();
  /** Last denial by symbol, so that a strategy that repeats itself does not fill the journal. */
  readonly #denied: string[];
  #orders = 0;
  /** After a halt positions are closed until they are gone; a liquidating venue closes them itself. */
  #flattening: string | null = null;
  /** Tickets of requests whose fact has not come up yet, by seq. */
  readonly #requests = new Map<number, { readonly ticket: Ticket; readonly name: string | null }>();

  constructor(setup: DeskSetup) {
    this.#s = setup;
    this.#target = new Float64Array(setup.instruments.length);
    this.#pending = new Float64Array(setup.instruments.length);
    this.#denied = setup.instruments.map(() => '');
    this.#asked = setup.instruments.map(() => ({ exposure: NaN, seq: -1 }));
  }

  // What the risk gate may look at.

  get equity(): number {
    return this.#s.account.equity(this.#s.last);
  }

  get grossNotional(): number {
    let gross = 0;
    for (let i = 0; i < this.#s.last.length; i++)
      if (this.#s.account.lots[i] !== 0) gross += Math.abs(this.#s.account.notionalAt(i, this.#s.last[i] ?? NaN));
    return gross;
  }

  lastPrice(symbol: Symbol): number {
    return this.#s.last[this.#s.account.indexOf(symbol)] ?? NaN;
  }

  held(symbol: Symbol): Lots {
    return this.#s.account.lots[this.#s.account.indexOf(symbol)] ?? 0;
  }

  notional(symbol: Symbol): number {
    const i = this.#s.account.indexOf(symbol);
    return this.#s.account.lots[i] === 0 ? 0 : this.#s.account.notionalAt(i, this.#s.last[i] ?? NaN);
  }

  ticketNotional(ticket: Ticket): number {
    const i = this.#s.account.indexOf(ticket.symbol);
    const u = this.#s.account.unitsAt(i);
    const ticks = ticket.limit ?? ticket.stop;
    return u.quantity(ticket.lots) * (ticks === null ? (this.#s.last[i] ?? NaN) : u.price(ticks));
  }

  limitPrice(ticket: Ticket): number | null {
    return ticket.limit === null ? null : this.#s.account.unitsAt(this.#s.account.indexOf(ticket.symbol)).price(ticket.limit);
  }

  /** Take what the strategy returned. Throws a UserError naming the strategy when an intent makes no sense. */
  take(intent: Intent): void {
    if (intent.intent === 'target') this.target(intent.symbol, intent.exposure, intent.reason);
    else if (intent.intent === 'order') this.#request(intent);
    else this.#cancel(intent.id, intent.reason);
  }

  /**
   * The strategy wants this exposure. The same one again does nothing, unless it drifted out of the rebalance band or is flat and orders of another
   * kind have opened a position since.
   */
  target(symbol: Symbol, exposure: number, reason: string): void {
    const i = this.#indexOf(symbol);
    const drifted = exposure === this.#target[i] && this.#drifted(i, exposure);
    if (exposure === this.#target[i] && !drifted && !(exposure === 0 && this.#expected(i) !== 0)) return;
    const denial = Number.isFinite(exposure)
      ? this.#s.gate(i, exposure === 0)
      : { code: 'not-a-number', text: `target exposure of ${symbol} is ${exposure}` };
    if (denial) return this.#deny(i, denial, `${denial.code}:${exposure}`, this.#s.stream.current);
    this.#target[i] = exposure;
    const asked = this.#asked[i] as { exposure: number; seq: number };
    if (exposure === asked.exposure && !drifted) return this.#plan(symbol, exposure, asked.seq);
    this.#denied[i] = '';
    const seq = this.#s.stream.takeSeq();
    asked.exposure = exposure;
    asked.seq = seq;
    this.#s.stream.publish({
      type: 'TargetSet',
      seq,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this.#s.accountName,
      strategy: this.#s.strategy,
      correlationId: seq,
      causationId: this.#s.stream.current,
      symbol,
      exposure,
      reason,
    });
  }

  /** Cancel everything and bring every position to flat; nothing but reductions passes from now on. */
  halt(denial: Denial): void {
    this.state = 'HALTED';
    this.#s.stream.publish({ ...this.#envelope(-1), type: 'RiskStateChanged', state: 'HALTED', code: denial.code, text: denial.text });
    for (const order of this.working.values()) this.#cancelOrder(order, denial.code);
    this.#flattening = denial.code;
    for (let i = 0; i < this.#target.length; i++) {
      this.#target[i] = 0;
      this.#flatten(i);
    }
  }

  /** Close what is held in a symbol, unless an order that does so is at work already. */
  #flatten(i: number): void {
    if (this.#flattening === null || this.#s.account.lots[i] === 0 || this.#isClosing(i)) return;
    const { symbol } = this.#s.instruments[i] as Instrument;
    const seq = this.#s.stream.takeSeq();
    this.#s.stream.publish({ ...this.#envelope(seq, seq), type: 'TargetSet', symbol, exposure: 0, reason: this.#flattening });
  }

  #isClosing(i: number): boolean {
    const side = (this.#s.account.lots[i] ?? 0) > 0 ? 'sell' : 'buy';
    for (const { index, fromTarget, ticket } of this.working.values())
      if (index === i && fromTarget && ticket.reduceOnly && ticket.side === side) return true;
    return false;
  }

  /** The desk's turn at each fact of the stream. */
  handle(fact: Fact): void {
    switch (fact.type) {
      case 'TargetSet':
        return this.#plan(fact.symbol, fact.exposure, fact.seq);
      case 'OrderRequested': {
        const request = this.#requests.get(fact.seq);
        this.#requests.delete(fact.seq);
        if (request) this.#submit(request.ticket, fact.seq, request.name, false);
        return;
      }
      case 'OrderApproved':
        return this.#send(fact.ticket.orderId);
      case 'OrderFilled': {
        const order = this.working.get(fact.orderId);
        if (!order) return;
        order.remaining -= fact.lots;
        if (order.fromTarget)
          this.#pending[order.index] = (this.#pending[order.index] ?? 0) - (fact.side === 'buy' ? fact.lots : -fact.lots);
        if (order.remaining === 0) this.#forget(order);
        return this.#flatten(order.index);
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this.working.get(fact.orderId);
        if (!order) return;
        if (order.fromTarget) {
          this.#pending[order.index] =
            (this.#pending[order.index] ?? 0) - (order.ticket.side === 'buy' ? order.remaining : -order.remaining);
          // The target was not reached: the same target may be asked for again.
          this.#target[order.index] = NaN;
        }
        this.#forget(order);
        return this.#flatten(order.index);
      }
      case 'AccountLiquidated':
        this.state = 'HALTED';
        this.#flattening = null;
        return;
      default:
        return;
    }
  }

  #indexOf(symbol: Symbol): number {
    const i = this.#s.account.indexOf(symbol);
    if (i < 0)
      throw failed('unknown-symbol', `Strategy ${this.#s.strategy} named ${symbol}, which is not in the run.`, 'Add it to --symbols.');
    return i;
  }

  #envelope(correlationId: number, seq = this.#s.stream.takeSeq()) {
    return {
      seq,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this.#s.accountName,
      strategy: this.#s.strategy,
      correlationId: correlationId < 0 ? seq : correlationId,
      causationId: this.#s.stream.current,
    };
  }

  /** Signed lots when everything that targets have on its way has filled. */
  #expected(i: number): Lots {
    return (this.#s.account.lots[i] ?? 0) + (this.#pending[i] ?? 0);
  }

  #drifted(i: number, exposure: number): boolean {
    const band = this.#s.rebalanceBand;
    if (band === null || this.#pending[i] !== 0) return false;
    const equity = this.equity;
    const held = this.#s.account.lots[i] === 0 ? 0 : this.#s.account.notionalAt(i, this.#s.last[i] ?? NaN);
    return Math.abs(held / equity - exposure) > band;
  }

  #deny(i: number, denial: Denial, key: string, correlationId: number): void {
    if (this.#denied[i] === key) return;
    this.#denied[i] = key;
    const { symbol } = this.#s.instruments[i] as Instrument;
    this.#s.stream.publish({ ...this.#envelope(correlationId), type: 'IntentDenied', symbol, code: denial.code, text: denial.text });
  }

  /** Target → ticket: exposure × equity at the last close, in whole lots toward zero, less what is held and on its way. */
  #plan(symbol: Symbol, exposure: number, intent: number): void {
    const i = this.#indexOf(symbol);
    const { account, last } = this.#s;
    const u = account.unitsAt(i);
    const held = account.lots[i] ?? 0;
    // In a halt what is on its way is being cancelled, and a close that counted on it would be no reduction.
    const pending = this.state === 'HALTED' ? 0 : (this.#pending[i] ?? 0);
    if (this.state === 'HALTED' && this.#isClosing(i)) return;
    const wanted = exposure === 0 ? 0 : u.lots((exposure * this.equity) / (last[i] ?? NaN));
    const delta = wanted - held - pending;
    if (delta === 0) return;
    const ticket: Ticket = {
      orderId: `o${++this.#orders}`,
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
    const { minNotional } = this.#s.instruments[i] as Instrument;
    if (!ticket.reduceOnly && value < minNotional)
      return this.#deny(
        i,
        { code: 'min-notional', text: `order of ${value.toFixed(2)} is below the venue's minimum of ${minNotional}` },
        'min-notional',
        intent,
      );
    this.#submit(ticket, intent, null, true);
  }

  #submit(ticket: Ticket, intent: number, name: string | null, fromTarget: boolean): void {
    const index = this.#indexOf(ticket.symbol);
    const answer = approve(ticket, this, this.#s.checks, this.state);
    if (isDenial(answer)) {
      if (fromTarget) this.#target[index] = NaN;
      return this.#deny(index, answer, `${answer.code}:${ticket.side}${ticket.type}`, intent);
    }
    if (fromTarget) this.#denied[index] = '';
    this.working.set(ticket.orderId, { ticket: answer, intent, index, fromTarget, name, remaining: ticket.lots, cause: intent });
    if (name !== null) this.#named.set(name, ticket.orderId);
    if (fromTarget) this.#pending[index] = (this.#pending[index] ?? 0) + (ticket.side === 'buy' ? ticket.lots : -ticket.lots);
    this.#s.stream.publish({
      type: 'OrderApproved',
      seq: this.#s.stream.takeSeq(),
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this.#s.accountName,
      strategy: this.#s.strategy,
      correlationId: intent,
      causationId: this.#s.stream.current,
      ticket: answer,
    });
  }

  #send(orderId: OrderId): void {
    const order = this.working.get(orderId);
    if (!order) return;
    this.#s.broker.submit(order.ticket);
    order.cause = this.#s.stream.takeSeq();
    this.#s.stream.publish({
      type: 'OrderSubmitted',
      seq: order.cause,
      version: 1,
      ts: this.now,
      knownAt: this.now,
      account: this.#s.accountName,
      strategy: this.#s.strategy,
      correlationId: order.intent,
      causationId: this.#s.stream.current,
      orderId,
      symbol: order.ticket.symbol,
    });
  }

  #request(intent: OrderIntent): void {
    const i = this.#indexOf(intent.symbol);
    const u = this.#s.account.unitsAt(i);
    const buy = intent.side === 'buy';
    const bad = [intent.quantity, intent.limit ?? 1, intent.stop ?? 1].some(x => !(x > 0 && x < Infinity));
    const lots = bad ? 0 : u.lots(intent.quantity);
    const denial = bad
      ? { code: 'not-a-number', text: `order of ${intent.quantity} ${intent.symbol} at limit ${intent.limit}, stop ${intent.stop}` }
      : lots === 0
        ? { code: 'below-lot', text: `${intent.quantity} is less than one lot of ${u.lotSize}` }
        : intent.id !== null && this.#named.has(intent.id)
          ? { code: 'duplicate-id', text: `an order named ${intent.id} is at work already` }
          : intent.postOnly && (intent.type === 'market' || intent.type === 'stop' || intent.tif !== 'gtc')
            ? { code: 'bad-order', text: `a ${intent.type} order with time in force ${intent.tif} cannot be post-only` }
            : this.#s.gate(i, intent.reduceOnly);
    const ticket: Ticket = {
      orderId: denial ? '' : `o${++this.#orders}`,
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
    if (denial) return this.#deny(i, denial, `${denial.code}:${intent.side}${intent.type}`, this.#s.stream.current);
    this.#denied[i] = '';
    const seq = this.#s.stream.takeSeq();
    const fact = {
      ...this.#envelope(seq, seq),
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
    this.#requests.set(seq, { ticket, name: intent.id });
    this.#s.stream.publish(fact);
  }

  #cancel(name: string, reason: string): void {
    const orderId = this.#named.get(name);
    const order = orderId === undefined ? undefined : this.working.get(orderId);
    // The order has ended meanwhile: nothing is left to cancel, which is what was wanted.
    if (order) this.#cancelOrder(order, reason);
  }

  #cancelOrder(order: Working, reason: string): void {
    const { orderId, symbol } = order.ticket;
    this.#s.stream.publish({ ...this.#envelope(order.intent), type: 'CancelRequested', symbol, orderId, reason });
    this.#s.broker.cancel(orderId);
  }

  #forget(order: Working): void {
    this.working.delete(order.ticket.orderId);
    if (order.name !== null && this.#named.get(order.name) === order.ticket.orderId) this.#named.delete(order.name);
  }
}
