import { createHash } from 'node:crypto';
import { canonicalJson } from '../datasets/canonical-json.js';
import type { OrderId, PositionSide } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import type { RiskState } from '../risk/state.js';

/** Facts between two recorded states of a run. */
export const STATE_EVERY = 256;
/** And of a session, which says little and lives long. */
export const SESSION_STATE_EVERY = 32;

/** What an engine and the fold of its facts both know to the last unit, in booking units. Flat positions and orders that have ended are not in it. */
export interface AccountState {
  readonly cash: Amount;
  /** Signed lots and their cost, by symbol and leg (empty outside hedge mode), in that order. */
  readonly positions: readonly (readonly [symbol: Symbol, leg: PositionSide | '', lots: Lots, cost: Amount])[];
  /** Lots that may still fill, by order id, sorted. */
  readonly orders: readonly (readonly [orderId: OrderId, remaining: Lots])[];
  readonly risk: RiskState;
}

/** The state after a fact, by its `seq`, as the SHA-256 of its canonical JSON. */
export interface StateMark {
  readonly seq: number;
  /** When that fact was known. */
  readonly ts: number;
  readonly hash: string;
}

const byText = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

/** The state that books, orders and a risk state are. */
export const accountState = (
  account: Account,
  orders: Iterable<readonly [orderId: OrderId, remaining: Lots]>,
  risk: RiskState,
): AccountState => {
  const positions: AccountState['positions'][number][] = [];
  account.lots.forEach((lots, slot) => {
    if (lots === 0) return;
    positions.push([account.symbols[account.symbolOf(slot)] ?? '', account.legOf(slot) ?? '', lots, account.cost[slot] ?? 0]);
  });
  // Of a symbol's two legs the long one has the lower slot, and sorting is stable.
  return { cash: account.cash, positions: positions.sort(byText), orders: [...orders].sort(byText), risk };
};

/** SHA-256 of the state's canonical JSON, 64 hex digits. */
export const stateHash = (state: AccountState | Readonly<Record<string, AccountState>>): string =>
  createHash('sha256').update(canonicalJson(state)).digest('hex');
