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

const ACCOUNTS: readonly LedgerAccount[] = ['capital', 'cash', 'trading', 'fees', 'funding', 'insurance', 'transfers'];
const CASH = 1;

/** Of a posting: its fact's seq and time, the account that is not cash by its place in `ACCOUNTS`, and what came into cash. */
const WIDTH = 4;

/**
 * Double-entry ledger: every posting takes from one account what it gives to another, so that all balances always sum to zero and each
 * cent of cash can be traced to the fact that moved it. A posting of nothing is not written.
 */
export class Ledger {
  private readonly _balances = new Float64Array(ACCOUNTS.length);
  // Postings as numbers, for an object that is kept costs more than a fill, and few runs are asked where each cent went.
  private _rows = new Float64Array(64 * WIDTH);
  private readonly _symbols: (Symbol | null)[] = [];

  /** `keepsPostings`: false to keep the balances alone. */
  constructor(private readonly _keepsPostings = true) {}

  /** Move `amount` between cash and another account: positive comes into cash. */
  post(seq: number, ts: number, symbol: Symbol | null, account: Exclude<LedgerAccount, 'cash'>, amount: Amount): void {
    if (amount === 0) return;
    const other = ACCOUNTS.indexOf(account);
    if (this._keepsPostings) this._keep(seq, ts, symbol, other, amount);
    // What gives before what is given.
    if (amount > 0) {
      this._add(other, -amount);
      this._add(CASH, amount);
    } else {
      this._add(CASH, amount);
      this._add(other, -amount);
    }
  }

  /** Every posting so far, in order. */
  get postings(): readonly Posting[] {
    return this._symbols.map((symbol, i) => {
      const [seq = NaN, ts = NaN, account = NaN, amount = NaN] = this._rows.subarray(i * WIDTH, (i + 1) * WIDTH);
      const other = ACCOUNTS[account] as LedgerAccount;
      return amount > 0
        ? { seq, ts, symbol, from: other, to: 'cash', amount }
        : { seq, ts, symbol, from: 'cash', to: other, amount: -amount };
    });
  }

  balance(account: LedgerAccount): Amount {
    return this._balances[ACCOUNTS.indexOf(account)] as Amount;
  }

  /** What the run earned and paid, in the settlement asset: realised trading profit, fees paid, funding received. */
  totals(): { readonly trading: number; readonly fees: number; readonly funding: number } {
    return { trading: -toMoney(this.balance('trading')), fees: toMoney(this.balance('fees')), funding: -toMoney(this.balance('funding')) };
  }

  private _keep(seq: number, ts: number, symbol: Symbol | null, account: number, amount: Amount): void {
    const at = this._symbols.length * WIDTH;
    if (at === this._rows.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this._rows);
      this._rows = larger;
    }
    const rows = this._rows;
    rows[at] = seq;
    rows[at + 1] = ts;
    rows[at + 2] = account;
    rows[at + 3] = amount;
    this._symbols.push(symbol);
  }

  private _add(account: number, amount: Amount): void {
    const balance = (this._balances[account] as number) + amount;
    this._balances[account] = Number.isSafeInteger(balance) ? balance : exact(balance, `the balance of ${ACCOUNTS[account]}`);
  }
}
