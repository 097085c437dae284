import type { FeeModel } from '../costs/fees.js';
import type { SlippageModel } from '../costs/slippage.js';
import type { Fact } from '../events/fact.js';
import type { PlanEnd, Signal, SignalGiven } from '../events/forecast.js';
import type { FundingRate } from '../events/market.js';
import type { FactStream } from '../events/stream.js';
import { isRefusal, planTrade, unfit, type PlanRefusal, type PlanRules, type TradePlan } from '../execution/trade-plan.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Account } from '../portfolio/account.js';
import { sizerNamed } from '../portfolio/sizing/sizer-named.js';
import type { Denial } from '../risk/risk-check.js';
import { order as orderIntent, type SignalIntent } from '../strategies/intent.js';
import type { OrderDesk } from './order-desk.js';
import type { PlanConfig } from './run-config.js';
import { WorkingPlan, type PlanOrder, type PlanRole } from './working-plan.js';

/** What trades cost at the venue. */
export interface TradingCosts {
  readonly fees: FeeModel;
  readonly slippage: SlippageModel;
}

/** What the desk is told about the run. */
interface PlanDeskSetup {
  readonly strategy: string;
  readonly accountName: string;
  readonly instruments: readonly Instrument[];
  readonly account: Account;
  /** Last known close by symbol index. */
  readonly last: Float64Array;
  readonly stream: FactStream;
  readonly orders: OrderDesk;
  readonly config: PlanConfig;
  readonly costs: TradingCosts;
  /** Length of a bar, ms. */
  readonly barMs: number;
  /** Last settled rate known now; undefined when none is, or funding does not count. */
  readonly funding: (symbol: Symbol) => FundingRate | undefined;
  /** Of a symbol's newest bar what slippage depends on: quote currency and base units, NaN before the first. */
  readonly lastBar: (index: number) => { readonly high: number; readonly low: number; readonly volume: number };
  /** Why an intent in this symbol is refused now, or null. */
  readonly gate: (index: number, reduces: boolean) => Denial | null;
}

/** A number as a fact may carry it. */
const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

/**
 * From signals to trades, one at a time in each symbol: a signal is planned, the plan's entry sent, what fills of it protected by a stop-loss and a take-profit, and the whole wound up at one of them, at the
 * horizon, by another signal or with the account. Orders go through the order desk and its risk gate; all but the entry are reduce-only. A plan ends once nothing of it is held and none of its
 * orders is at work.
 */
export class PlanDesk {
  private readonly _s: PlanDeskSetup;
  private readonly _rules: PlanRules;
  /** Whether the strategy has given any signal. */
  isUsed = false;
  /** The plan at work by symbol index. */
  private readonly _plans: (WorkingPlan | null)[];
  private _working = 0;
  private _made = 0;
  private _sizeFactor = 1;
  private _isFinishing = false;
  /** Orders of plans by the seq of their request until its turn, and by id until their plan is over. */
  private readonly _requested = new Map<number, PlanOrder>();
  private readonly _byId = new Map<string, PlanOrder>();
  /** While another engine's plans are taken over: reasons of signals by seq. */
  private readonly _reasons = new Map<number, string>();

  constructor(setup: PlanDeskSetup) {
    this._s = setup;
    const { stopMultiple, targetMultiple, maxExposure, minConfidence, sizing } = setup.config;
    this._rules = { stopMultiple, targetMultiple, maxExposure, minConfidence, sizer: sizerNamed(sizing) };
    this._plans = setup.instruments.map(() => null);
  }

  get config(): PlanConfig {
    return this._s.config;
  }

  /**
   * Take a signal that the strategy returned. Towards the side of a plan at work, towards none without one, and while a plan is being wound up it changes nothing. Throws a
   * UserError naming the strategy for a symbol that is not in the run.
   */
  take(intent: SignalIntent): void {
    this.isUsed = true;
    const { symbol, direction, reason } = intent;
    const i = this._s.orders.indexOf(symbol);
    if (this._isIdle(i, intent)) return;
    const { stream } = this._s;
    if (direction !== 'flat') {
      const denial = this._refusal(i, intent);
      if (denial) return this._deny(i, intent, denial, stream.current);
    }
    const seq = stream.takeSeq();
    stream.publish({
      ...this._envelope(seq, seq),
      type: 'SignalGiven',
      symbol,
      direction,
      // A flat signal needs no forecast, and a journal has no place for a number that is none.
      confidence: finite(intent.confidence),
      riskScore: finite(intent.riskScore),
      horizon: finite(intent.horizon),
      mean: finite(intent.mean),
      sd: finite(intent.sd),
      reason,
    });
  }

  /** Whether no plan is at work: then a new close changes nothing here. */
  get isIdle(): boolean {
    return this._working === 0;
  }

  /** New closes are out: plans at their horizon are wound up, and exits that were refused tried again. */
  closes(): void {
    if (this._working === 0) return;
    for (const plan of this._plans) {
      if (plan === null) continue;
      if (plan.closing === null && this._s.orders.now >= plan.trade.expiresAt) plan.closing = 'expired';
      if (plan.closing !== null) this._settle(plan);
    }
  }

  /** The desk's turn at each fact of the stream, after the order desk's. */
  handle(fact: Fact): void {
    switch (fact.type) {
      case 'SignalGiven':
        return this._act(fact);
      case 'TradePlanned': {
        const plan = this._plans.find(each => each?.id === fact.plan);
        if (!plan || plan.closing !== null) return;
        this._request(plan, 'entry', plan.trade.lots);
        return this._settle(plan);
      }
      case 'SizeScaled':
        this._sizeFactor = fact.factor;
        return;
      case 'OrderRequested': {
        const order = this._requested.get(fact.seq);
        if (!order) return;
        this._requested.delete(fact.seq);
        order.isWorking = this._s.orders.orders.get(order.orderId) !== undefined;
        if (order.plan.isOver) return this._s.orders.takeBack(order.orderId, 'halted');
        if (!order.isWorking) this._gone(order);
        return this._settle(order.plan);
      }
      case 'OrderFilled': {
        if (this._working === 0) return;
        const order = this._byId.get(fact.orderId);
        if (order) this._filled(order, fact.lots);
        const plan = order?.plan ?? this._plans[this._s.account.indexOf(fact.symbol)];
        if (plan) this._settle(plan);
        return;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this._byId.get(fact.orderId);
        if (!order) return;
        this._gone(order);
        return this._settle(order.plan);
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

  /** Take over one fact of what was still open when an earlier engine of the strategy stopped. Nothing is sent or said. */
  restore(fact: Fact): void {
    switch (fact.type) {
      case 'SignalGiven': {
        this.isUsed = true;
        this._reasons.set(fact.seq, fact.reason);
        const plan = this._plans[this._s.orders.indexOf(fact.symbol)];
        if (plan) plan.closing ??= fact.direction === 'flat' ? 'flat' : 'reversed';
        return;
      }
      case 'TradePlanned': {
        const i = this._s.orders.indexOf(fact.symbol);
        const lots = this._s.account.unitsAt(i).lots(fact.quantity);
        const reason = this._reasons.get(fact.correlationId) ?? '';
        this._plans[i] = new WorkingPlan(fact.plan, i, fact.symbol, fact.correlationId, reason, { ...fact, lots });
        this._made = Math.max(this._made, Number(fact.plan.slice('plan-'.length)));
        this._working++;
        return;
      }
      case 'PlanClosed': {
        const plan = this._plans.find(each => each?.id === fact.plan);
        if (!plan) return;
        // A halt ends a plan before its orders.
        for (const order of plan.orders) this._byId.delete(order.orderId);
        this._plans[plan.index] = null;
        this._working--;
        return;
      }
      case 'OrderRequested': {
        const plan = this._plans.find(each => each?.signal === fact.correlationId);
        if (!plan) return;
        const role: PlanRole = !fact.reduceOnly ? 'entry' : fact.stop !== null ? 'stop-loss' : fact.limit !== null ? 'take-profit' : 'exit';
        const lots = this._s.account.unitsAt(plan.index).lots(fact.quantity);
        this._requested.set(fact.seq, plan.add(role, { seq: fact.seq, orderId: '', lots }));
        return;
      }
      case 'OrderApproved': {
        const order = this._requested.get(fact.correlationId);
        if (!order) return;
        this._requested.delete(fact.correlationId);
        order.orderId = fact.ticket.orderId;
        order.isWorking = true;
        this._byId.set(order.orderId, order);
        return;
      }
      case 'IntentDenied': {
        const order = this._requested.get(fact.correlationId);
        if (!order) return;
        this._requested.delete(fact.correlationId);
        order.hasEnded = true;
        return;
      }
      case 'CancelRequested': {
        const order = this._byId.get(fact.orderId);
        if (!order) return;
        order.isTakenBack = true;
        // A plan takes its entry back only when it is being wound up.
        if (order.plan.closing === null && order.role === 'entry') order.plan.closing = 'flat';
        return;
      }
      case 'OrderFilled': {
        const order = this._byId.get(fact.orderId);
        if (order) this._filled(order, fact.lots);
        return;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired': {
        const order = this._byId.get(fact.orderId);
        if (order) order.hasEnded = true;
        return;
      }
      default:
    }
  }

  /** Everything that was open is taken over: each plan's orders are brought in line with what it holds. */
  restored(): void {
    this._reasons.clear();
    // Requests that nobody answered: the engine failed in between, and nothing was sent.
    for (const order of this._requested.values()) order.hasEnded = true;
    this._requested.clear();
    for (const plan of this._plans) if (plan !== null) this._settle(plan);
  }

  /** The data has ended: nothing is sent any more. */
  ending(): void {
    this._isFinishing = true;
  }

  /** Everything that was on its way has been heard: end the plans that are left. */
  finish(): void {
    for (const plan of this._plans) {
      if (plan === null) continue;
      const isDone = plan.isEntered && plan.held === 0 && !plan.hasOpenOrders;
      this._end(plan, (isDone ? (plan.closing ?? plan.closedBy) : null) ?? 'end-of-data');
    }
  }

  /** Whether a signal would change nothing. */
  private _isIdle(i: number, { direction }: Signal): boolean {
    const plan = this._plans[i];
    if (!plan) return direction === 'flat';
    return plan.closing !== null || direction === (plan.trade.side === 'buy' ? 'long' : 'short');
  }

  /** Why nothing can be planned on a signal, whatever its figures say; or null. */
  private _refusal(i: number, signal: Signal): Denial | null {
    const wrong = unfit(signal);
    if (wrong || this._plans[i]) return wrong;
    if (this._s.orders.state === 'HALTED') return { code: 'halted', text: 'the account is HALTED: nothing is entered' };
    return this._s.gate(i, false);
  }

  private _act(fact: SignalGiven): void {
    const { orders, stream } = this._s;
    const i = orders.indexOf(fact.symbol);
    if (this._isIdle(i, fact)) return;
    const plan = this._plans[i];
    if (plan) {
      plan.closing = fact.direction === 'flat' ? 'flat' : 'reversed';
      return this._settle(plan);
    }
    const answer = this._refusal(i, fact) ?? this._planned(i, fact);
    if (isRefusal(answer)) return this._deny(i, fact, answer, fact.seq);
    const id = `plan-${++this._made}`;
    this._plans[i] = new WorkingPlan(id, i, fact.symbol, fact.seq, fact.reason, answer);
    this._working++;
    const { side, entry, stopLoss, takeProfit, quantity, rewardToRisk, expectedValue, expiresAt } = answer;
    stream.publish({
      ...this._envelope(fact.seq),
      type: 'TradePlanned',
      plan: id,
      symbol: fact.symbol,
      side,
      entry,
      stopLoss,
      takeProfit,
      quantity,
      rewardToRisk,
      expectedValue,
      expiresAt,
    });
  }

  private _planned(i: number, signal: Signal): TradePlan | PlanRefusal {
    const { account, instruments, last, costs, orders, barMs, funding } = this._s;
    return planTrade(
      signal,
      {
        now: orders.now,
        barMs,
        instrument: instruments[i] as Instrument,
        units: account.unitsAt(i),
        price: last[i] ?? NaN,
        bar: this._s.lastBar(i),
        equity: account.equity(last),
        fees: costs.fees,
        slippage: costs.slippage,
        funding: funding(signal.symbol) ?? null,
        sizeFactor: this._sizeFactor,
      },
      this._rules,
    );
  }

  private _filled(order: PlanOrder, lots: number): void {
    const { plan, role } = order;
    order.remaining -= lots;
    if (order.remaining === 0) order.hasEnded = true;
    if (role === 'entry') {
      plan.held += lots;
      plan.isEntered = true;
      return;
    }
    plan.held = Math.max(0, plan.held - lots);
    if (role !== 'exit') plan.closedBy = role;
  }

  /** An order will fill no more, or was never let through. */
  private _gone(order: PlanOrder): void {
    const { plan, role } = order;
    order.hasEnded = true;
    if (role === 'exit') plan.exitFrom = this._s.orders.closes + 1;
    else if (role !== 'entry' && !order.isTakenBack) {
      this._reconcile(plan);
      if (plan.held > 0 && plan.closing === null) plan.closing = 'unprotected';
    }
  }

  /** Other orders may have closed what the plan held. */
  private _reconcile(plan: WorkingPlan): void {
    const lots = this._s.account.lots[plan.index] ?? 0;
    plan.held = Math.min(plan.held, Math.max(0, plan.trade.side === 'buy' ? lots : -lots));
  }

  /** Bring the plan's orders in line with what it holds. */
  private _settle(plan: WorkingPlan): void {
    if (plan.isOver) return;
    this._reconcile(plan);
    if (this._isFinishing) return;
    if (plan.closing === null && plan.held === 0 && plan.isEntered) plan.closing = plan.closedBy ?? 'flat';
    if (plan.closing === null && plan.held === 0 && !plan.hasOpenEntry) plan.closing = 'not-entered';
    if (plan.closing === null) this._protect(plan);
    if (plan.closing !== null) this._windUp(plan, plan.closing);
  }

  /** A stop-loss and a take-profit for all that is held. Never less: what is too much after a part of one has filled cannot open anything, for both are reduce-only. */
  private _protect(plan: WorkingPlan): void {
    for (const role of ['stop-loss', 'take-profit'] as const) {
      const bare = plan.held - plan.outstanding(role);
      if (bare > 0 && plan.closing === null && !this._request(plan, role, bare)) plan.closing = 'unprotected';
    }
  }

  private _windUp(plan: WorkingPlan, code: PlanEnd): void {
    for (const order of plan.orders) {
      if (order.hasEnded || order.role === 'exit' || order.isTakenBack || !order.isWorking) continue;
      order.isTakenBack = true;
      this._s.orders.takeBack(order.orderId, code);
    }
    const bare = plan.held - plan.outstanding('exit');
    if (bare > 0 && this._s.orders.closes >= plan.exitFrom && !this._request(plan, 'exit', bare)) plan.exitFrom = this._s.orders.closes + 1;
    if (!plan.isOver && plan.held === 0 && !plan.hasOpenOrders) this._end(plan, plan.isEntered ? code : 'not-entered');
  }

  /** Ask for an order of the plan; false when it is denied at once. */
  private _request(plan: WorkingPlan, role: PlanRole, lots: number): boolean {
    const { symbol, trade, reason } = plan;
    const isEntry = role === 'entry';
    let isRequested = false;
    this._s.orders.request(
      orderIntent({
        symbol,
        side: isEntry ? trade.side : plan.exitSide,
        quantity: this._s.account.unitsAt(plan.index).quantity(lots),
        ...(role === 'stop-loss' ? { stop: trade.stopLoss } : role === 'take-profit' ? { limit: trade.takeProfit } : {}),
        reduceOnly: !isEntry,
        reason: isEntry ? reason : role === 'exit' ? (plan.closing ?? role) : role,
      }),
      plan.signal,
      request => {
        isRequested = true;
        const order = plan.add(role, request);
        this._requested.set(request.seq, order);
        this._byId.set(request.orderId, order);
      },
    );
    return isRequested;
  }

  /** The order desk closes what is held and has taken back what was at work; what was let through since then is taken back here. */
  private _forgetAll(): void {
    for (const plan of this._plans) {
      if (plan === null) continue;
      for (const order of plan.orders) this._s.orders.takeBack(order.orderId, 'halted');
      this._end(plan, 'halted');
    }
  }

  private _end(plan: WorkingPlan, code: PlanEnd): void {
    plan.isOver = true;
    this._plans[plan.index] = null;
    this._working--;
    for (const order of plan.orders) this._byId.delete(order.orderId);
    this._s.stream.publish({ ...this._envelope(plan.signal), type: 'PlanClosed', plan: plan.id, symbol: plan.symbol, code });
  }

  private _deny(i: number, { direction }: Signal, denial: Denial, correlationId: number): void {
    this._s.orders.deny(i, denial, `${denial.code}:${direction}`, correlationId);
  }

  private _envelope(correlationId: number, seq = this._s.stream.takeSeq()) {
    const { now } = this._s.orders;
    const { accountName: account, strategy, stream } = this._s;
    return { seq, version: 1, ts: now, knownAt: now, account, strategy, correlationId, causationId: stream.current };
  }
}
