import type { Fact } from '../events/fact.js';
import type { OrderId } from '../events/order.js';
import type { Instrument } from '../market/instrument.js';
import type { Lots } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import type { RiskState } from '../risk/state.js';
import { accountState, stateHash, type AccountState, type StateMark } from './account-state.js';
import { RunFold } from './run-fold.js';

/**
 * The state of one stream after each of its facts, from the facts alone: what the engine's own books must have been there. `capital` is a run's; a session's stream begins with nothing and is given its
 * budget by a fact.
 */
export class StateFold {
  private readonly _books: RunFold;
  private readonly _orders = new Map<OrderId, { lots: Lots; filled: Lots }>();
  private _risk: RiskState = 'ACTIVE';
  /** As the latest `RiskStateChanged` has it: what a new engine of the stream begins with. */
  private _said: RiskState = 'ACTIVE';

  constructor(instruments: readonly Instrument[], capital: number, { hedge = false }: { readonly hedge?: boolean } = {}) {
    this._books = new RunFold(instruments, capital, { hedge, keepsLists: false });
  }

  get account(): Account {
    return this._books.account;
  }

  get state(): AccountState {
    const left = [...this._orders].map(([orderId, { lots, filled }]) => [orderId, Math.max(0, lots - filled)] as const);
    return accountState(this.account, left, this._risk);
  }

  apply(fact: Fact): void {
    this._books.apply(fact);
    switch (fact.type) {
      case 'OrderApproved':
        this._orders.set(fact.ticket.orderId, { lots: fact.ticket.lots, filled: 0 });
        return;
      case 'OrderAmended': {
        const order = this._orders.get(fact.orderId);
        if (order) this._changed(fact.orderId, fact.lots, order.filled);
        return;
      }
      case 'OrderFilled': {
        const order = this._orders.get(fact.orderId);
        if (order) this._changed(fact.orderId, order.lots, order.filled + fact.lots);
        return;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired':
        this._orders.delete(fact.orderId);
        return;
      case 'RiskStateChanged':
        this._said = fact.state;
        this._risk = fact.state;
        return;
      case 'AccountLiquidated':
        this._risk = 'HALTED';
        return;
      case 'RunStarted':
        this._risk = this._said;
        return;
      default:
    }
  }

  private _changed(orderId: OrderId, lots: Lots, filled: Lots): void {
    if (filled >= lots) this._orders.delete(orderId);
    else this._orders.set(orderId, { lots, filled });
  }
}

/** The first recorded state that folding the facts does not give, in words; null when all are as recorded. Marks ascend. */
export const stateFault = (facts: readonly Fact[], marks: readonly StateMark[], fold: StateFold): string | null => {
  let next = 0;
  for (const fact of facts) {
    fold.apply(fact);
    const mark = marks[next];
    if (mark === undefined) return null;
    if (fact.seq < mark.seq) continue;
    next++;
    const hash = fact.seq === mark.seq ? stateHash(fold.state) : '';
    if (hash !== mark.hash)
      return `after fact ${mark.seq} the account was in state ${mark.hash.slice(0, 16)}…, and the facts give ${hash === '' ? 'none' : `${hash.slice(0, 16)}…`}`;
  }
  const left = marks[next];
  return left === undefined ? null : `a state is recorded after fact ${left.seq}, which the journal does not have`;
};
