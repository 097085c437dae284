import type { Fact } from '../events/fact.js';
import type { TradePlanned } from '../events/forecast.js';
import type { OrderId, PositionSide, Ticket } from '../events/order.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { toMoney } from '../market/units.js';
import type { RiskState } from '../risk/state.js';
import { stateHash } from './account-state.js';
import { StateFold } from './state-fold.js';

/** A position: signed base units and the average entry price in quote currency. */
interface KnownPosition {
  readonly symbol: Symbol;
  readonly leg: PositionSide | null;
  readonly quantity: number;
  readonly entry: number;
}

/** An order at work: what of it may still fill, in base units, and its prices in quote currency. */
interface KnownOrder {
  readonly orderId: OrderId;
  readonly symbol: Symbol;
  readonly side: Ticket['side'];
  readonly type: Ticket['type'];
  readonly remaining: number;
  readonly limit: number | null;
  readonly stop: number | null;
  readonly reduceOnly: boolean;
}

/** A model in force. */
interface KnownModel {
  readonly model: string;
  readonly checkpoint: string;
  readonly rows: number;
  readonly since: number;
  readonly calibration: string | null;
}

/** Everything that a stream of facts leaves behind after one of them. Money in the settlement asset. */
export interface KnownState {
  readonly cash: number;
  readonly positions: readonly KnownPosition[];
  readonly orders: readonly KnownOrder[];
  /** Plans and executions that are not over. */
  readonly plans: readonly Pick<
    TradePlanned,
    'plan' | 'symbol' | 'side' | 'entry' | 'stopLoss' | 'takeProfit' | 'quantity' | 'expiresAt'
  >[];
  readonly executions: readonly { readonly seq: number; readonly execution: string; readonly symbol: Symbol; readonly quantity: number }[];
  /** The latest target of each symbol, as exposure ÷ equity. */
  readonly targets: Readonly<Record<Symbol, number>>;
  readonly risk: { readonly state: RiskState; readonly code: string; readonly text: string };
  /** Weights of the ensemble; empty without one. */
  readonly weights: Readonly<Record<string, number>>;
  readonly models: readonly KnownModel[];
  /** By which new entries are sized. */
  readonly sizeFactor: number;
  /** Drift detectors that are not calm, `subject detector`. */
  readonly drifts: Readonly<Record<string, string>>;
  readonly alarms: Readonly<Record<string, string>>;
  /** The state as runs and sessions record it. */
  readonly hash: string;
}

const sorted = <V>(map: ReadonlyMap<string, V>): Readonly<Record<string, V>> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** What a run or a strategy of a session knew after each fact of its stream, as a fold of nothing else. */
export class KnownStateFold {
  private readonly _books: StateFold;
  private readonly _tickets = new Map<OrderId, Ticket>();
  private readonly _plans = new Map<string, TradePlanned>();
  private readonly _executions = new Map<number, { readonly execution: string; readonly symbol: Symbol; readonly quantity: number }>();
  private readonly _targets = new Map<string, number>();
  private readonly _models = new Map<string, KnownModel>();
  private readonly _calibrations = new Map<string, string>();
  private readonly _drifts = new Map<string, string>();
  private readonly _alarms = new Map<string, string>();
  private _risk: { readonly code: string; readonly text: string } = { code: '', text: '' };
  private _weights: Readonly<Record<string, number>> = {};
  private _sizeFactor = 1;

  /** `capital`: what a run begins with; a stream of a session begins with nothing. */
  constructor(instruments: readonly Instrument[], capital: number, options: { readonly hedge?: boolean } = {}) {
    this._books = new StateFold(instruments, capital, options);
  }

  apply(fact: Fact): void {
    this._books.apply(fact);
    switch (fact.type) {
      case 'OrderApproved':
        this._tickets.set(fact.ticket.orderId, fact.ticket);
        return;
      case 'OrderAmended': {
        const ticket = this._tickets.get(fact.orderId);
        if (ticket) this._tickets.set(fact.orderId, { ...ticket, lots: fact.lots, limit: fact.limit, stop: fact.stop });
        return;
      }
      case 'TargetSet':
        this._targets.set(fact.symbol, fact.exposure);
        return;
      case 'TradePlanned':
        this._plans.set(fact.plan, fact);
        return;
      case 'PlanClosed':
        this._plans.delete(fact.plan);
        return;
      case 'ExecutionRequested':
        this._executions.set(fact.seq, { execution: fact.execution, symbol: fact.symbol, quantity: fact.quantity });
        return;
      case 'ExecutionClosed':
        this._executions.delete(fact.correlationId);
        return;
      case 'RiskStateChanged':
        this._risk = { code: fact.code, text: fact.text };
        return;
      case 'AccountLiquidated':
        this._risk = { code: 'liquidated', text: 'the venue liquidated the account' };
        return;
      case 'ModelActivated':
        this._models.set(fact.model, {
          model: fact.model,
          checkpoint: fact.checkpoint,
          rows: fact.rows,
          since: fact.ts,
          calibration: null,
        });
        return;
      case 'ModelExpired':
        this._models.delete(fact.model);
        return;
      case 'CalibrationFitted':
        this._calibrations.set(fact.model, `${fact.kind}, ${fact.samples} samples`);
        return;
      case 'WeightsChanged':
        this._weights = fact.weights;
        return;
      case 'SizeScaled':
        this._sizeFactor = fact.factor;
        return;
      case 'DriftChanged': {
        const key = `${fact.subject} ${fact.detector}`;
        if (fact.level === 'none') this._drifts.delete(key);
        else this._drifts.set(key, fact.level);
        return;
      }
      case 'AlarmRaised':
        this._alarms.set(fact.code, fact.text);
        return;
      case 'AlarmCleared':
        this._alarms.delete(fact.code);
        return;
      default:
    }
  }

  get state(): KnownState {
    const { account, state } = this._books;
    const { cash, orders, risk } = state;
    const positions = state.positions.map(([symbol, leg]): KnownPosition => {
      const i = account.indexOf(symbol);
      const slot = account.slot(i, leg === '' ? undefined : leg);
      return {
        symbol,
        leg: leg === '' ? null : leg,
        quantity: account.unitsAt(i).quantity(account.lots[slot] ?? 0),
        entry: account.entryPrice(slot),
      };
    });
    return {
      cash: toMoney(cash),
      positions,
      orders: orders.flatMap(([orderId, remaining]): KnownOrder[] => {
        const ticket = this._tickets.get(orderId);
        if (ticket === undefined) return [];
        const u = account.unitsAt(account.indexOf(ticket.symbol));
        const { symbol, side, type, reduceOnly } = ticket;
        const priced = (ticks: number | null): number | null => (ticks === null ? null : u.price(ticks));
        return [
          {
            orderId,
            symbol,
            side,
            type,
            remaining: u.quantity(remaining),
            limit: priced(ticket.limit),
            stop: priced(ticket.stop),
            reduceOnly,
          },
        ];
      }),
      plans: [...this._plans.values()].map(({ plan, symbol, side, entry, stopLoss, takeProfit, quantity, expiresAt }) => ({
        plan,
        symbol,
        side,
        entry,
        stopLoss,
        takeProfit,
        quantity,
        expiresAt,
      })),
      executions: [...this._executions].map(([seq, execution]) => ({ seq, ...execution })),
      targets: sorted(this._targets),
      risk: { state: risk, ...this._risk },
      weights: this._weights,
      models: [...this._models.values()].map(model => ({ ...model, calibration: this._calibrations.get(model.model) ?? null })),
      sizeFactor: this._sizeFactor,
      drifts: sorted(this._drifts),
      alarms: sorted(this._alarms),
      hash: stateHash(state),
    };
  }
}
