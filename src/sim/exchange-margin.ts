import { roundHalfAway } from '../costs/funding.js';
import { openEnvelope, type VenueEvent } from '../execution/venue.js';
import { maintenanceOf, type MarginTier } from '../market/margin-tiers.js';
import { toAmount, toMoney, type Amount, type Lots } from '../market/units.js';
import { clearLiquidation } from '../portfolio/margin/liquidation-clearing.js';
import { liquidationPrice } from '../portfolio/margin/liquidation-price.js';
import type { MarginBook } from '../portfolio/margin-book.js';
import type { Market } from './matching/market.js';

/** How the venue liquidates. */
export interface LiquidationRules {
  /** Fraction of the notional closed. */
  readonly fee: number;
  /** Reduce bracket by bracket before closing. */
  readonly partial: boolean;
  /** By symbol index: whether the mark price is compared, or the last price. */
  readonly byMark: readonly boolean[];
}

/** Without any price nothing can be closed, and the venue has to wait for one. */
const isClosable = (market: Market, now: number): boolean => !Number.isNaN(market.lastPrice(now));

/** What the liquidation desk asks of its exchange. */
export interface LiquidationHost {
  /** Close lots of a slot as a taker under this order id; returns realised profit less fees. */
  close(slot: number, lots: Lots, orderId: string, now: number): Amount;
  cancelAll(now: number, code: string): void;
  cancelIn(market: Market, now: number, code: string): void;
  emit(event: VenueEvent): void;
  /** Nothing more is traded: the account has been liquidated. */
  end(): void;
}

/** A position is liquidated when its margin is below the maintenance margin by more than rounding. */
const SLACK = 1e-9;

/** Share of its distance that a wire is set nearer than it need be, where several positions share the room. */
const KEPT = 0.2;

/**
 * Watches the margin of an account and liquidates when it no longer covers the maintenance margin. It does not look at every price: each position gets a wire, the price at which it alone has used up its share of what
 * is to spare, and nothing can be liquidated before a wire is reached.
 */
export class ExchangeMargin {
  /** By symbol index, quote currency: the market's own price of this moment, where it is not at its last close. */
  private readonly _here: Float64Array;
  /** Prices of this moment by symbol index, of what is held. */
  private readonly _at: Float64Array;
  private readonly _priceAt = (index: number): number => this._at[index] as number;
  private _count = 0;
  /** There can be but one position, and the whole account stands behind it. */
  private readonly _isAlone: boolean;
  /** Wires by symbol index, lower and upper, quote currency; NaN where they must be set anew. */
  private readonly _wires: Float64Array;

  constructor(
    readonly book: MarginBook,
    readonly rules: LiquidationRules,
    private readonly _markets: readonly Market[],
    private readonly _host: LiquidationHost,
    /** Mark price by symbol index, or the last price where none is compared. */
    private readonly _price: (index: number, now: number) => number,
    /** Set the wires of a symbol's mark price. */
    private readonly _watchMark: (index: number, below: number, above: number, now: number) => void,
  ) {
    this._isAlone = book.terms.mode === 'cross' && book.account.lots.length === 1 && !book.isSpot(0);
    this._here = new Float64Array(_markets.length).fill(NaN);
    this._wires = new Float64Array(2 * _markets.length).fill(NaN);
    this._at = new Float64Array(_markets.length).fill(NaN);
  }

  /** Look at the prices of this moment, once: a market may have to walk its path for them. */
  private _look(now: number): void {
    const { account } = this.book;
    this._at.fill(NaN);
    for (let slot = 0; slot < account.lots.length; slot++) {
      if (account.lots[slot] === 0) continue;
      const i = account.symbolOf(slot);
      const here = this._here[i] as number;
      if (Number.isNaN(this._at[i])) this._at[i] = Number.isNaN(here) ? this._price(i, now) : here;
    }
  }

  /** Positions, margins or wires changed: where is the next price at which someone must look? */
  private _arm(now: number, spared: number): void {
    const { book } = this;
    const { account, terms } = book;
    const n = this._markets.length;
    const price = this._priceAt;
    let exposed = 0;
    for (let slot = 0; slot < account.lots.length; slot++) if (this._isExposed(slot)) exposed++;
    const room = spared / exposed;
    const several = terms.mode === 'cross' && exposed > 1 && !account.hedge;
    for (let i = 0; i < n; i++) {
      let below = -Infinity;
      let above = Infinity;
      for (let slot = i; slot < account.lots.length; slot += n) {
        if (!this._isExposed(slot)) continue;
        const at = price(i);
        if (Number.isNaN(at)) continue;
        const spare = terms.mode === 'cross' ? room : book.marginOf(slot, at) - book.maintenance(slot, at);
        const wire = book.isSpot(slot)
          ? at - spare / (terms.spotCollateral * account.unitsAt(i).quantity(account.lots[slot] ?? 0))
          : book.priceAfterLoss(slot, at, Math.max(0, spare));
        if (Number.isNaN(wire)) continue;
        // A wire that has just been reached without effect must not be reached again at the same price.
        const step = account.unitsAt(i).tickSize;
        const passed = !Number.isNaN(this._here[i] as number);
        if ((account.lots[slot] ?? 0) > 0) below = Math.max(below, passed ? Math.min(wire, at - step) : wire);
        else above = Math.min(above, passed ? Math.max(wire, at + step) : wire);
      }
      if (several && account.lots[i] !== 0 && Number.isNaN(this._here[i] as number)) {
        const at = price(i);
        if (this._holds(i, at, below, above)) continue;
        // Some of the room is left, so that what fills cost does not move every wire.
        if (below > -Infinity) below += (at - below) * KEPT;
        if (above < Infinity) above -= (above - at) * KEPT;
      }
      this._watch(i, below, above, now);
    }
  }

  /** Whether a wire may stay where it is: no further than the limit, and not so near that it would be reached for nothing. */
  private _holds(i: number, at: number, below: number, above: number): boolean {
    const lower = this._wires[2 * i] as number;
    const upper = this._wires[2 * i + 1] as number;
    if (below > -Infinity) return upper === Infinity && lower >= below && at - lower >= (at - below) / 2;
    return above < Infinity && lower === -Infinity && upper <= above && upper - at >= (above - at) / 2;
  }

  private _watch(i: number, below: number, above: number, now: number): void {
    this._wires[2 * i] = below;
    this._wires[2 * i + 1] = above;
    const market = this._markets[i] as Market;
    if (this.rules.byMark[i] === true) this._watchMark(i, below, above, now);
    else market.watch(below / market.units.tickSize, above / market.units.tickSize, now);
  }

  /** A wire of a symbol has been reached and is gone. */
  forget(index: number): void {
    this._wires[2 * index] = NaN;
    this._wires[2 * index + 1] = NaN;
  }

  /** The price of a symbol has reached its wire (`price` in quote currency; NaN: look at all prices as they are). */
  check(index: number, price: number, now: number): void {
    if (this._isAlone && this._carriesAlone(index >= 0 ? price : NaN, now)) return;
    if (index >= 0) this._here[index] = price;
    this._look(now);
    const { book } = this;
    let spared = NaN;
    if (book.terms.mode === 'cross') {
      spared = this._spared();
      if (!(spared > SLACK * this._gross())) {
        this._checkCross(now);
        spared = this._spared();
      }
    } else for (let slot = 0; slot < book.account.lots.length; slot++) this._checkIsolated(slot, now);
    this._arm(now, spared);
    if (index >= 0) this._here[index] = NaN;
  }

  /**
   * `check` for the one position of a cross account, taken together: most accounts are that, and each funding payment asks. False, with nothing done, where there is more to do than to move its wire.
   * `here` is the price that reached the old one, NaN where none did.
   */
  private _carriesAlone(here: number, now: number): boolean {
    const { account, terms } = this.book;
    const lots = account.lots[0] as number;
    if (lots === 0) {
      if (!(account.cash > 0)) return false;
      this._watch(0, -Infinity, Infinity, now);
      return true;
    }
    const u = account.unitsAt(0);
    const passed = !Number.isNaN(here);
    const at = passed ? here : this._price(0, now);
    const notional = account.notionalAt(0, at);
    const gross = Math.abs(notional);
    const tiers = terms.tiers[0] as readonly MarginTier[];
    const maintenance = maintenanceOf(tiers, gross);
    const spared = toMoney(account.cash) + ((u.inverse ? -notional : notional) - toMoney(account.cost[0] as number)) - maintenance;
    if (!(spared > SLACK * gross)) return false;
    const wire = liquidationPrice({ inverse: u.inverse, quantity: u.quantity(lots), entryPrice: at, margin: spared + maintenance, tiers });
    const isKnown = !Number.isNaN(wire);
    // As in `_arm`: a wire that has just been reached without effect must not be reached again at the same price.
    const step = u.tickSize;
    if (lots > 0) this._watch(0, isKnown ? (passed ? Math.min(wire, at - step) : wire) : -Infinity, Infinity, now);
    else this._watch(0, -Infinity, isKnown ? (passed ? Math.max(wire, at + step) : wire) : Infinity, now);
    return true;
  }

  /** Whether the position in a slot is to be liquidated at the prices of this moment. */
  isDue(slot: number, now: number): boolean {
    this._look(now);
    return this._isDue(slot);
  }

  private _isDue(slot: number): boolean {
    const { book } = this;
    const { account, terms } = book;
    if (book.isSpot(slot)) return false;
    const price = this._priceAt;
    if (terms.mode === 'cross') return book.balance(price) <= book.maintenanceOfAll(price) + SLACK * this._gross();
    const at = price(account.symbolOf(slot));
    return book.marginOf(slot, at) <= book.maintenance(slot, at) + SLACK * Math.abs(account.notionalAt(slot, at));
  }

  /** What a cross account's balance exceeds its maintenance margin by. */
  private _spared(): number {
    return this.book.balance(this._priceAt) - this.book.maintenanceOfAll(this._priceAt);
  }

  /** Notional of all margined positions, without sign. */
  private _gross(): number {
    const { account } = this.book;
    let gross = 0;
    for (let slot = 0; slot < account.lots.length; slot++)
      if (account.lots[slot] !== 0 && !this.book.isSpot(slot))
        gross += Math.abs(account.notionalAt(slot, this._priceAt(account.symbolOf(slot))));
    return gross;
  }

  private _isExposed(slot: number): boolean {
    const { account, terms } = this.book;
    return account.lots[slot] !== 0 && (!this.book.isSpot(slot) || (terms.mode === 'cross' && terms.spotCollateral > 0));
  }

  private _checkIsolated(slot: number, now: number): void {
    const { book } = this;
    const { account } = book;
    if (book.isSpot(slot)) return;
    const i = account.symbolOf(slot);
    const market = this._markets[i] as Market;
    let isFirst = true;
    while (account.lots[slot] !== 0 && this._isDue(slot) && isClosable(market, now)) {
      if (isFirst) this._host.cancelIn(market, now, 'liquidation');
      isFirst = false;
      const price = this._priceAt(i);
      this._reduce(slot, book.marginOf(slot, price), book.maintenance(slot, price), now);
    }
  }

  private _checkCross(now: number): void {
    const { book } = this;
    const { account } = book;
    const price = this._priceAt;
    let isFirst = true;
    for (;;) {
      let worst = -1;
      let least = Infinity;
      let open = 0;
      for (let slot = 0; slot < account.lots.length; slot++) {
        if (account.lots[slot] === 0 || book.isSpot(slot)) continue;
        open++;
        const i = account.symbolOf(slot);
        const profit = account.profitAt(slot, price(i));
        if (profit < least && isClosable(this._markets[i] as Market, now)) {
          least = profit;
          worst = slot;
        }
      }
      if (open === 0) break;
      if (worst < 0 || !this._isDue(worst)) return;
      if (isFirst) this._host.cancelAll(now, 'liquidation');
      isFirst = false;
      this._reduce(worst, book.balance(price), book.maintenanceOfAll(price), now);
    }
    // A loss beyond everything by an order of the account's own, where its last price jumped and its mark did not.
    if (isFirst && !(account.cash < 0 && book.balance(price) < 0)) return;
    if (isFirst) this._host.cancelAll(now, 'liquidation');
    this._host.emit({ ...openEnvelope(now), type: 'AccountLiquidated', equity: toAmount(book.balance(price)), maintenance: 0 });
    this._host.end();
  }

  /** Take the position down to the next lower bracket, or close it. */
  private _reduce(slot: number, margin: number, maintenance: number, now: number): void {
    const { book, rules } = this;
    const { account, terms } = book;
    const i = account.symbolOf(slot);
    const market = this._markets[i] as Market;
    const markPrice = this._priceAt(i);
    const before = account.lots[slot] ?? 0;
    const own = book.maintenance(slot, markPrice);
    // At its wire a position has its maintenance margin to the last digit: rounding must not make that enough.
    const behind = Math.min(own * (1 - SLACK), terms.mode === 'isolated' ? margin : margin - maintenance + own);
    const planned = rules.partial ? book.lotsToClose(slot, markPrice, behind, rules.fee) : Math.abs(before);
    const lots = Math.max(1, planned);
    const bankruptcyPrice = book.bankruptcyPrice(slot, behind, markPrice);
    const set = book.isolated[slot] ?? 0;
    const orderId = `liquidation-${++this._count}`;
    const notional = market.units.notionalOf(market.units.quantity(lots), markPrice);
    const realised = this._host.close(slot, lots, orderId, now);
    const after = account.lots[slot] ?? 0;
    const left = terms.mode === 'isolated' ? set + realised : toAmount(book.balance(this._priceAt));
    const isLast = after === 0 && (terms.mode === 'isolated' || !this._holdsMore());
    const cleared = clearLiquidation(left, 0, roundHalfAway(rules.fee * toAmount(notional)));
    const fee = cleared.fee;
    const insurance = isLast ? cleared.insurance : 0;
    account.pay(insurance - fee);
    if (terms.mode === 'isolated') book.isolated[slot] = after === 0 ? 0 : left - fee;
    const leg = account.legOf(slot);
    this._host.emit({
      ...openEnvelope(now),
      type: 'PositionLiquidated',
      symbol: market.instrument.symbol,
      orderId,
      ...(leg && { positionSide: leg }),
      before,
      after,
      markPrice,
      bankruptcyPrice,
      margin: toAmount(margin),
      maintenance: toAmount(maintenance),
      fee,
      insurance,
    });
  }

  private _holdsMore(): boolean {
    const { account } = this.book;
    return account.lots.some((lots, slot) => lots !== 0 && !this.book.isSpot(slot));
  }

  /** Price at which the position in a slot is liquidated if nothing else changes, quote currency; NaN when there is none. */
  liquidationPrice(slot: number, now: number): number {
    const { book } = this;
    const { account, terms } = book;
    if (account.lots[slot] === 0 || book.isSpot(slot)) return NaN;
    this._look(now);
    const price = this._priceAt;
    const at = price(account.symbolOf(slot));
    const spare =
      terms.mode === 'cross' ? book.balance(price) - book.maintenanceOfAll(price) : book.marginOf(slot, at) - book.maintenance(slot, at);
    return book.priceAfterLoss(slot, at, Math.max(0, spare));
  }
}
