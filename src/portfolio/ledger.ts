import type { Symbol } from '../market/instrument.js';
import { exact, toMoney, type Amount } from '../market/units.js';

/** Where money is, where it came from and where it went. */
export type LedgerAccount = 'capital' | 'cash' | 'trading' | 'fees' | 'funding' | 'insurance' | 'transfers';

/** One posting: `amount` moves from `from` to `to` because of the fact `seq`. */
export interface Posting {
  readonly seq: number;
  readonly ts: number;
  readonly symbol: Symbol | null;
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  /** Positive amount units. */
  readonly amount: Amount;
}

/**
 * Double-entry ledger: every posting takes from one account what it gives to another, so that all balances always sum to zero and each
 * cent of cash can be traced to the fact that moved it. A posting of nothing is not written.
 */
export class Ledger {
  readonly postings: Posting[] = [];
  private readonly _balances: Record<LedgerAccount, Amount> = {
    capital: 0,
    cash: 0,
    trading: 0,
    fees: 0,
    funding: 0,
    insurance: 0,
    transfers: 0,
  };

  /** `keepsPostings`: false to keep the balances alone. */
  constructor(private readonly _keepsPostings = true) {}

  /** Move `amount` between cash and another account: positive comes into cash. */
  post(seq: number, ts: number, symbol: Symbol | null, account: Exclude<LedgerAccount, 'cash'>, amount: Amount): void {
    if (amount === 0) return;
    const size = Math.abs(amount);
    const from = amount > 0 ? account : 'cash';
    const to = amount > 0 ? 'cash' : account;
    if (this._keepsPostings) this.postings.push({ seq, ts, symbol, from, to, amount: size });
    this._balances[from] = exact(this._balances[from] - size, `the balance of ${from}`);
    this._balances[to] = exact(this._balances[to] + size, `the balance of ${to}`);
  }

  balance(account: LedgerAccount): Amount {
    return this._balances[account];
  }

  /** What the run earned and paid, in the settlement asset: realised trading profit, fees paid, funding received. */
  totals(): { readonly trading: number; readonly fees: number; readonly funding: number } {
    return { trading: -toMoney(this._balances.trading), fees: toMoney(this._balances.fees), funding: -toMoney(this._balances.funding) };
  }
}
