import { canonicalJson } from '../datasets/canonical-json.js';
import type { Fact } from '../events/fact.js';
import type { ExecutionRequested, OrderId } from '../events/order.js';
import type { FactStream } from '../events/stream.js';
import type { AlgorithmAction, AlgorithmEvent } from '../execution/algorithms/algorithm.js';
import { VolumeProfile } from '../execution/algorithms/volume-profile.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import type { Denial } from '../risk/risk-check.js';
import type { ExecutionIntent } from '../strategies/execution-intent.js';
import type { Intent, SignalIntent } from '../strategies/intent.js';
import type { BarLine } from './bar-line.js';
import { algorithmOf } from './execution-booking.js';
import type { OrderDesk } from './order-desk.js';
import { WorkingExecution, type ExecutionOrder } from './working-execution.js';

/** What the desk is told about the run. */
export interface ExecutionDeskSetup {
  readonly strategy: string;
  readonly accountName: string;
  readonly instruments: readonly Instrument[];
  readonly account: Account;
  /** Last known close by symbol index. */
  readonly last: Float64Array;
  readonly stream: FactStream;
  readonly orders: OrderDesk;
  /** Of a session: columns of bars may change once they have been played. */
  readonly isSession: boolean;
  /** Of the run; for slices at random times. */
  readonly seed: number;
  /** Length of a bar, ms. */
  readonly barMs: number;
  /** Why an intent in this symbol is refused now, or null. */
  readonly gate: (index: number, reduces: boolean) => Denial | null;
}

const duplicate = (name: string): Denial => ({ code: 'duplicate-id', text: `an order or execution named ${name} is at work already` });

/** Symbol, side and quantity of an execution, and how it is called. */
const headOf = (intent: ExecutionIntent): Pick<ExecutionRequested, 'execution' | 'symbol' | 'side' | 'quantity'> => {
  const { symbol, side, quantity } = intent.intent === 'oco' ? intent.orders[0] : intent;
  return { execution: intent.intent === 'execute' ? intent.algorithm : intent.intent, symbol, side, quantity };
};

/** Everything of an intent that its fact does not say by itself. */
const termsOf = (intent: ExecutionIntent): string => {
  const { intent: _, id: __, reason: ___, ...terms } = intent;
  return canonicalJson(terms);
};

const onlyReduces = (intent: ExecutionIntent): boolean =>
  intent.intent === 'oco'
    ? intent.orders.every(each => each.reduceOnly || each.closePosition === true)
    : intent.intent === 'execute' && intent.reduceOnly;

/** Bars whose volume nobody has asked for yet. */
interface Unread {
  openTimes: Float64Array;
  volumes: Float64Array;
  from: number;
  to: number;
}

const NO_BARS: Float64Array = new Float64Array(0);

/** An execution that was open when an earlier engine stopped. */
interface EarlierExecution {
  readonly symbol: Symbol;
  filled: Lots;
  /** Requests of its orders by seq, and those of them that could open a position. */
  readonly requests: number[];
  readonly entries: number[];
  readonly orders: { readonly orderId: OrderId; readonly isEntry: boolean }[];
}

/**
 * Hosts execution algorithms: brackets, linked orders and worked ones. Their orders go through the order desk and its risk gate like all others, in the name of the execution's own request; what becomes of
 * them, traded volume and the time go back to the algorithm.
 */
export class ExecutionDesk {
  /** When an algorithm next wants to hear of the time; Infinity when none does. */
  nextAt = Infinity;
  private readonly _s: ExecutionDeskSetup;
  private readonly _working: WorkingExecution[] = [];
  private _made = 0;
  private _isFinishing = false;
  /** Executions whose request has not come up yet, by its seq. */
  private readonly _asked = new Map<number, WorkingExecution>();
  /** Orders by the seq of their request until its turn, and by id until the execution is over. */
  private readonly _requested = new Map<number, ExecutionOrder>();
  private readonly _byId = new Map<OrderId, ExecutionOrder>();
  private readonly _profiles: readonly VolumeProfile[];
  /** By symbol: bars whose volume is not in the profile yet, for nobody has asked. */
  private readonly _unread: Unread[];
  /** Lots traded since algorithms were told, by symbol; and whether single trades say so. */
  private readonly _traded: Float64Array;
  private readonly _byTrades: Uint8Array;
  private readonly _events: { readonly execution: WorkingExecution; readonly event: AlgorithmEvent }[] = [];
  private _isTelling = false;
  /** Executions of an earlier engine while they are taken over, by the seq of their request. */
  private readonly _earlier = new Map<number, EarlierExecution>();

  constructor(setup: ExecutionDeskSetup) {
    this._s = setup;
    this._profiles = setup.instruments.map(() => new VolumeProfile());
    this._unread = setup.instruments.map(() => ({ openTimes: NO_BARS, volumes: NO_BARS, from: 0, to: 0 }));
    this._traded = new Float64Array(setup.instruments.length);
    this._byTrades = new Uint8Array(setup.instruments.length);
  }

  /** Take what the strategy returned: executions and their cancels here, everything else is the order desk's. Throws a UserError for a symbol that is not in the run. */
  take(intent: Exclude<Intent, SignalIntent>): void {
    switch (intent.intent) {
      case 'target':
        return this._s.orders.take(intent);
      case 'bracket':
      case 'oco':
      case 'execute':
        return this._request(intent);
      case 'cancel': {
        const execution = this._named(intent.id);
        return execution ? this._tell(execution, { on: 'cancel' }) : this._s.orders.take(intent);
      }
      case 'order':
        if (intent.id !== null && this._named(intent.id)) return this._deny(intent.symbol, duplicate(intent.id), 'order');
        return this._s.orders.take(intent);
      default:
        return this._s.orders.take(intent);
    }
  }

  /** Whether no execution is at work: then a new close changes nothing here, and its bar may be kept later. */
  get isIdle(): boolean {
    return this._working.length === 0;
  }

  /**
   * Bars `from` to `to` (exclusive) of these columns have closed, each as its length ended; they follow those given before. Their volume is read when somebody asks for it.
   */
  keepBars(i: number, openTimes: Float64Array, volumes: Float64Array, from: number, to: number): void {
    const unread = this._unread[i] as Unread;
    if (unread.openTimes === openTimes && unread.to === from) {
      unread.to = to;
      return;
    }
    this._read(i);
    unread.openTimes = openTimes;
    unread.volumes = volumes;
    unread.from = from;
    unread.to = to;
  }

  private _read(i: number): void {
    const unread = this._unread[i] as Unread;
    const { openTimes, volumes, from, to } = unread;
    const profile = this._profiles[i] as VolumeProfile;
    const { barMs } = this._s;
    for (let row = from; row < to; row++) {
      const volume = volumes[row] as number;
      if (volume > 0) profile.add((openTimes[row] as number) + barMs, barMs, volume);
    }
    unread.from = to;
  }

  /** Keep the volume of a symbol's newest bar. Not for lines of longer timeframes. */
  keepBar(line: BarLine): void {
    const i = line.index;
    const { row } = line;
    const { now } = this._s.orders;
    // Bars that are late have another end, and columns of a session may be used again.
    if (!this._s.isSession && (line.openTimes[row] as number) + this._s.barMs === now)
      this.keepBars(i, line.openTimes, line.volumes, row, row + 1);
    else {
      this._read(i);
      const volume = line.volume();
      if (volume > 0) (this._profiles[i] as VolumeProfile).add(now, this._s.barMs, volume);
    }
    if (this._working.length === 0 || this._byTrades[i] !== 0) return;
    const volume = line.volume();
    if (volume > 0) this._traded[i] = (this._traded[i] as number) + volume / this._s.account.unitsAt(i).quantity(1);
  }

  /** A trade of the market is known. From the first one on bars no longer count as traded volume in the symbol. */
  traded(index: number, quantity: number): void {
    this._byTrades[index] = 1;
    if (this._working.length === 0) return;
    this._traded[index] = (this._traded[index] as number) + quantity / this._s.account.unitsAt(index).quantity(1);
    this._tellVolume(index);
  }

  /** The bars of an instant are kept: what was traded is told. */
  closes(): void {
    if (this._working.length > 0) for (let i = 0; i < this._traded.length; i++) this._tellVolume(i);
  }

  /** The time that some algorithm waits for has come. */
  tick(now: number): void {
    for (const execution of this._working.slice())
      if (!execution.isOver && execution.algorithm.nextAt <= now) this._tell(execution, { on: 'time', now });
  }

  /** The desk's turn at each fact of the stream, after the order desk's. */
  handle(fact: Fact): void {
    switch (fact.type) {
      case 'ExecutionRequested': {
        const execution = this._asked.get(fact.seq);
        this._asked.delete(fact.seq);
        if (execution && !execution.isOver) this._tell(execution, { on: 'start', now: this._s.orders.now });
        return;
      }
      case 'OrderRequested': {
        const order = this._requested.get(fact.seq);
        if (!order) return;
        this._requested.delete(fact.seq);
        return this._answered(order);
      }
      case 'OrderFilled': {
        if (this._working.length === 0) return;
        const order = this._byId.get(fact.orderId);
        if (order) this._hear(order, { on: 'filled', child: order.child, lots: fact.lots });
        return this._tellHeld(fact.symbol);
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this._byId.get(fact.orderId);
        if (order) this._hear(order, { on: 'ended', child: order.child, code: fact.code });
        return;
      }
      case 'OrderAmended': {
        const order = this._byId.get(fact.orderId);
        const { lots, limit, stop } = fact;
        if (order) this._hear(order, { on: 'amended', child: order.child, lots, limit, stop });
        return;
      }
      case 'AmendRejected': {
        const order = this._byId.get(fact.orderId);
        if (order) this._hear(order, { on: 'amend-rejected', child: order.child });
        return;
      }
      case 'RiskStateChanged':
        if (fact.state === 'HALTED') this._forgetAll();
        return;
      case 'AccountLiquidated':
        return this._forgetAll();
      default:
        return;
    }
  }

  /**
   * Take over one fact of what was still open when an earlier engine of the strategy stopped. An algorithm's own state is not in its facts, so it does not go on: `restored` closes it with the code
   * `restarted`, takes back what could open more, and leaves what protects a position at the venue.
   */
  restore(fact: Fact): void {
    switch (fact.type) {
      case 'ExecutionRequested':
        this._earlier.set(fact.seq, { symbol: fact.symbol, filled: 0, entries: [], requests: [], orders: [] });
        return;
      case 'OrderRequested': {
        const earlier = this._earlier.get(fact.correlationId);
        earlier?.requests.push(fact.seq);
        if (earlier && !fact.reduceOnly && fact.closePosition !== true) earlier.entries.push(fact.seq);
        return;
      }
      case 'OrderApproved':
        for (const earlier of this._earlier.values())
          if (earlier.requests.includes(fact.correlationId))
            earlier.orders.push({ orderId: fact.ticket.orderId, isEntry: earlier.entries.includes(fact.correlationId) });
        return;
      case 'ExecutionClosed':
        this._earlier.delete(fact.correlationId);
        return;
      case 'OrderFilled':
        for (const earlier of this._earlier.values())
          if (earlier.orders.some(order => order.orderId === fact.orderId)) earlier.filled += fact.lots;
        return;
      default:
    }
  }

  /** Everything that was open is taken over: executions end here, as said at `restore`. */
  restored(): void {
    for (const [seq, { symbol, filled, orders }] of this._earlier) {
      for (const { orderId, isEntry } of orders) if (isEntry) this._s.orders.takeBack(orderId, 'restarted');
      this._s.stream.publish({ ...this._envelope(seq), type: 'ExecutionClosed', symbol, code: 'restarted', filled });
    }
    this._earlier.clear();
  }

  /** The data has ended: nothing is sent any more. */
  ending(): void {
    this._isFinishing = true;
  }

  /** Everything that was on its way has been heard: end the executions that are left. */
  finish(): void {
    for (const execution of this._working.slice()) this._end(execution, 'end-of-data');
  }

  private _named(name: string): WorkingExecution | undefined {
    return this._working.find(each => each.name === name);
  }

  private _request(intent: ExecutionIntent): void {
    const { orders, account, last, stream, seed } = this._s;
    const head = headOf(intent);
    const { symbol } = head;
    const i = orders.indexOf(symbol);
    const answer =
      this._taken(intent) ??
      algorithmOf(intent, {
        units: account.unitsAt(i),
        now: orders.now,
        last: last[i] ?? NaN,
        hedge: account.hedge,
        targetsAtWork: false,
        profile: this._profile(i),
        seed: `${seed}/execution/${this._made + 1}`,
      });
    if ('code' in answer) return this._deny(symbol, answer, head.execution);
    const denial = this._s.gate(i, onlyReduces(intent));
    if (denial) return this._deny(symbol, denial, head.execution);
    this._made++;
    const seq = stream.takeSeq();
    const execution = new WorkingExecution(seq, i, symbol, intent, answer);
    this._working.push(execution);
    this._asked.set(seq, execution);
    stream.publish({
      ...this._envelope(seq, seq),
      type: 'ExecutionRequested',
      ...head,
      terms: termsOf(intent),
      name: intent.id,
      reason: intent.reason,
    });
  }

  private _profile(i: number): VolumeProfile {
    this._read(i);
    return this._profiles[i] as VolumeProfile;
  }

  /** Why its names cannot be given, or nothing at all be started; or null. */
  private _taken(intent: ExecutionIntent): Denial | null {
    const { orders } = this._s;
    if (orders.state === 'HALTED') return { code: 'halted', text: 'the account is HALTED: nothing is executed' };
    const names = intent.intent === 'oco' ? [intent.id, ...intent.orders.map(each => each.id)] : [intent.id];
    const given = names.filter(name => name !== null);
    const twice = given.find((name, k) => given.indexOf(name) !== k || this._named(name) || orders.orders.named(name));
    return twice === undefined ? null : duplicate(twice);
  }

  /** An algorithm hears of an event, once those before it have been acted on. */
  private _tell(execution: WorkingExecution, event: AlgorithmEvent): void {
    this._events.push({ execution, event });
    if (this._isTelling) return;
    this._isTelling = true;
    try {
      for (let next = this._events.shift(); next !== undefined; next = this._events.shift())
        if (!next.execution.isOver) this._act(next.execution, next.execution.algorithm.handle(next.event));
    } finally {
      this._isTelling = false;
      this._events.length = 0;
      this._plan();
    }
  }

  private _hear(order: ExecutionOrder, event: AlgorithmEvent): void {
    this._tell(order.execution, event);
  }

  private _tellVolume(i: number): void {
    const lots = this._traded[i] as number;
    if (lots === 0) return;
    this._traded[i] = 0;
    for (const execution of this._working.slice())
      if (execution.index === i && execution.algorithm.countsVolume) this._tell(execution, { on: 'volume', lots, now: this._s.orders.now });
  }

  /** Something filled in the symbol: what the account holds of it bounds what an execution can still have open. */
  private _tellHeld(symbol: Symbol): void {
    const { account } = this._s;
    for (const execution of this._working.slice()) {
      if (execution.symbol !== symbol || execution.isOver) continue;
      const held = account.lots[account.slot(execution.index, execution.positionSide)] ?? 0;
      this._tell(execution, { on: 'held', lots: Math.max(0, execution.side === 'buy' ? held : -held) });
    }
  }

  private _plan(): void {
    let at = Infinity;
    for (const { algorithm } of this._working) at = Math.min(at, algorithm.nextAt);
    this.nextAt = at;
  }

  private _act(execution: WorkingExecution, actions: readonly AlgorithmAction[]): void {
    for (const action of actions) {
      if (execution.isOver) return;
      if (action.act === 'close') this._end(execution, action.code);
      else if (this._isFinishing) continue;
      else if (action.act === 'place') this._place(execution, action);
      else {
        const order = execution.orders[action.child];
        if (order === undefined) continue;
        if (action.act === 'cancel') order.takenBack = action.reason;
        else order.wanted = action.lots;
        if (order.isWorking) this._change(order);
      }
    }
  }

  private _place(execution: WorkingExecution, action: Extract<AlgorithmAction, { act: 'place' }>): void {
    const { orders, account } = this._s;
    const intent = execution.intentOf(action.child, action.role, action.order, account.unitsAt(execution.index));
    const order = execution.add(action.child);
    let isRequested = false;
    orders.request(intent, execution.seq, request => {
      isRequested = true;
      order.orderId = request.orderId;
      this._requested.set(request.seq, order);
      this._byId.set(request.orderId, order);
    });
    if (!isRequested) this._tell(execution, { on: 'ended', child: action.child, code: 'denied' });
  }

  /** The risk gate has answered a request. */
  private _answered(order: ExecutionOrder): void {
    const { orders } = this._s;
    order.isWorking = orders.orders.get(order.orderId) !== undefined;
    if (order.execution.isOver) return orders.takeBack(order.orderId, 'halted');
    if (order.isWorking) this._change(order);
    else this._hear(order, { on: 'ended', child: order.child, code: 'denied' });
  }

  /** Pass on what the algorithm wants of an order at work. */
  private _change(order: ExecutionOrder): void {
    const { orders } = this._s;
    const { orderId, wanted, takenBack } = order;
    order.wanted = null;
    if (takenBack !== null) return orders.takeBack(orderId, takenBack);
    if (wanted !== null && orders.orders.get(orderId)) orders.amend({ orderId, lots: wanted, limit: null, stop: null }, 'resized');
  }

  /** The order desk has taken back what was at work; what was let through since then is taken back here. */
  private _forgetAll(): void {
    for (const execution of this._working.slice()) {
      for (const order of execution.orders) this._s.orders.takeBack(order.orderId, 'halted');
      this._end(execution, 'halted');
    }
  }

  private _end(execution: WorkingExecution, code: string): void {
    execution.isOver = true;
    this._working.splice(this._working.indexOf(execution), 1);
    for (const order of execution.orders) this._byId.delete(order.orderId);
    this._plan();
    const { symbol, seq, algorithm } = execution;
    this._s.stream.publish({ ...this._envelope(seq), type: 'ExecutionClosed', symbol, code, filled: algorithm.filled });
  }

  private _deny(symbol: Symbol, denial: Denial, kind: string): void {
    const { orders, stream } = this._s;
    orders.deny(orders.indexOf(symbol), denial, `${denial.code}:${kind}`, stream.current);
  }

  private _envelope(correlationId: number, seq = this._s.stream.takeSeq()) {
    const { now } = this._s.orders;
    const { accountName: account, strategy, stream } = this._s;
    return { seq, version: 1, ts: now, knownAt: now, account, strategy, correlationId, causationId: stream.current };
  }
}
