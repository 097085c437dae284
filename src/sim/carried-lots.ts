import type { FeeModel } from '../costs/fees.js';
import { toMoney, type Lots, type Ticks } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import type { MarginBook } from '../portfolio/margin-book.js';
import { feeBasis } from './fee-basis.js';
import type { Market } from './matching/market.js';

/** A fill that is about to happen. */
export interface Opening {
  readonly buy: boolean;
  readonly lots: Lots;
  readonly price: Ticks;
  /** The market's price then, ticks: what the position is valued at. */
  readonly marketPrice: number;
  readonly maker: boolean;
  /** The first of its order. */
  readonly first: boolean;
}

/** What the account is judged by. */
export interface CarryRules {
  readonly fees: FeeModel;
  /** Of the account. */
  readonly leverage: number;
}

/** Sums of money that differ by less than this share are equal. */
const SLACK = 1 + 1e-9;

/** Fee and slippage of a fill, settlement asset: what it costs the equity that must carry it. */
const costOf = (fee: number, slippage: number): number => Math.max(0, toMoney(fee)) + slippage;

/**
 * How many lots of a fill the account can carry. What only takes away from a position always passes. In cross mode the notional of all positions over their leverage must not exceed the equity after costs, in isolated mode the margin of what is opened
 * must be free, and spot is paid in full.
 */
export class CarriedLots {
  constructor(
    private readonly _account: Account,
    private readonly _book: MarginBook | null,
    private readonly _rules: CarryRules,
    private readonly _markets: readonly Pick<Market, 'lastPrice'>[],
  ) {}

  /** Of `lots`, at most. */
  of(market: Pick<Market, 'index' | 'units'>, slot: number, { buy, lots, price, marketPrice, maker, first }: Opening, now: number): Lots {
    const held = this._account.lots[slot]!;
    const isAgainst = held !== 0 && held > 0 !== buy;
    // What leaves no more than there is. A turned isolated position needs a margin of its own.
    const sure = isAgainst ? (this._isIsolated(slot) ? Math.abs(held) : 2 * Math.abs(held)) : 0;
    if (lots <= sure) return lots;
    const u = market.units;
    const tick = u.tickSize;
    const slip = Math.abs(price - marketPrice);
    const fits = this._room(market, slot, marketPrice * tick, now);
    const isCarried = (n: Lots): boolean => {
      const after = Math.abs(buy ? held + n : held - n);
      const fee = this._rules.fees(feeBasis(u, u.notional(price, n), n, maker ? 'maker' : 'taker', first, now));
      const slippage = u.inverse
        ? Math.abs(u.notionalOf(u.quantity(n), price * tick) - u.notionalOf(u.quantity(n), marketPrice * tick))
        : u.quantity(n) * slip * tick;
      return fits(u.notionalOf(u.quantity(after), price * tick), after, n, costOf(fee, slippage));
    };
    if (isCarried(lots)) return lots;
    // More lots are never carried more easily once they add to the exposure: halve what is in doubt.
    let carried = sure;
    let refused = lots;
    while (refused - carried > 1) {
      const middle = carried + Math.floor((refused - carried) / 2);
      // Beyond 2^53 there is none.
      if (middle === carried || middle === refused) break;
      if (isCarried(middle)) carried = middle;
      else refused = middle;
    }
    return carried;
  }

  private _isIsolated(slot: number): boolean {
    const book = this._book;
    return book !== null && book.terms.mode === 'isolated' && !book.isSpot(slot);
  }

  /** How many times as much margin as the account's leverage asks for a position of this notional needs. */
  private _weight(i: number, notional: number): number {
    if (this._book === null) return 1;
    const { leverage } = this._rules;
    const own = this._book.leverageAt(i, notional);
    return own === leverage ? 1 : leverage / own;
  }

  /**
   * What the account can carry besides what it has: a test of a position of so much notional (and lots) in the slot, so many lots of which are filled now, which costs so much to reach. The symbol at hand is
   * priced at the market, the others at their last prices.
   */
  private _room(
    market: Pick<Market, 'index' | 'units'>,
    slot: number,
    here: number,
    now: number,
  ): (notional: number, lots: Lots, opened: Lots, cost: number) => boolean {
    const account = this._account;
    const book = this._book;
    const u = market.units;
    const { leverage } = this._rules;
    if (book !== null && this._isIsolated(slot)) {
      const held = Math.abs(account.lots[slot]!);
      return (notional, lots, opened, cost) => {
        // What turns the position first gives back the margin of what was held, with its profit.
        const isTurned = opened > lots;
        const free = book.free() + (isTurned ? book.marginOf(slot, here) : 0);
        const opening = isTurned ? opened - held : opened;
        return u.notionalOf(u.quantity(opening), here) / book.leverageAt(slot, notional) + cost <= free * SLACK;
      };
    }
    let elsewhere = 0;
    let equity = toMoney(account.cash);
    for (let other = 0; other < account.lots.length; other++) {
      if (account.lots[other] === 0) continue;
      const i = account.symbolOf(other);
      const last = i === market.index ? here : this._markets[i]!.lastPrice(now);
      if (book?.isSpot(other) === true) {
        equity -= toMoney(account.cost[other]!);
        if (book.terms.spotCollateral > 0) equity += book.terms.spotCollateral * account.notionalAt(other, last);
        continue;
      }
      equity += account.profitAt(other, last);
      if (other !== slot) {
        const notional = Math.abs(account.notionalAt(other, last));
        elsewhere += notional * this._weight(i, notional);
      }
    }
    if (book?.isSpot(slot) === true) {
      const free = book.terms.mode === 'isolated' ? book.free() : equity - elsewhere / leverage;
      return (_, __, opened, cost) => u.notionalOf(u.quantity(opened), here) + cost <= free * SLACK;
    }
    return (notional, _, __, cost) => elsewhere + notional * this._weight(market.index, notional) <= leverage * (equity - cost) * SLACK;
  }
}
