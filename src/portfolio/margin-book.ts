import { maintenanceOf, tierOf, type MarginTier } from '../market/margin-tiers.js';
import { toMoney, type Amount, type Lots, type Ticks } from '../market/units.js';
import type { Account } from './account.js';
import { bankruptcyPrice } from './margin/bankruptcy-price.js';
import { liquidationPlan } from './margin/liquidation-plan.js';
import { liquidationPrice } from './margin/liquidation-price.js';

/** How a venue margins an account; arrays are by symbol index. */
export interface MarginTerms {
  readonly mode: 'cross' | 'isolated';
  readonly leverage: readonly number[];
  readonly tiers: readonly (readonly MarginTier[])[];
  /** Spot is paid in full and has no maintenance margin. */
  readonly isSpot: readonly boolean[];
  /** Share of the value of spot holdings that counts as margin. */
  readonly spotCollateral: number;
}

/**
 * Which margin stands behind which position of an account, and what it must cover. It keeps no prices: they are given with each question, by symbol index, in quote currency. Money in the settlement
 * asset. The same arithmetic judges a simulated account, a paper one and a live one before it sends an order.
 */
export class MarginBook {
  /** Margin set aside for the position in a slot, amount units; isolated mode only. It is a part of the account's cash. */
  readonly isolated: Float64Array;

  constructor(
    readonly account: Account,
    readonly terms: MarginTerms,
  ) {
    this.isolated = new Float64Array(account.lots.length);
  }

  /** A fill has been booked that found `held` lots in the slot: what it opened is margined, what it closed gives its margin back. */
  booked(slot: number, held: Lots, price: Ticks, signedLots: Lots): void {
    if (this.terms.mode === 'cross' || this.isSpot(slot)) return;
    const closing = held * signedLots < 0 ? Math.min(Math.abs(held), Math.abs(signedLots)) : 0;
    const opening = Math.abs(signedLots) - closing;
    let margin = this.isolated[slot] ?? 0;
    if (closing > 0) margin = closing === Math.abs(held) ? 0 : margin - Math.round((margin * closing) / Math.abs(held));
    if (opening > 0) {
      const u = this.account.unitsAt(this.account.symbolOf(slot));
      const after = u.notional(price, Math.abs(held + signedLots));
      margin += Math.round(u.notional(price, opening) / this.leverageAt(slot, toMoney(after)));
    }
    this.isolated[slot] = margin;
  }

  /** Funding is taken from the margin of an isolated position, and paid to it. */
  settled(slot: number, amount: Amount): void {
    if (this.terms.mode === 'isolated' && !this.isSpot(slot)) this.isolated[slot] = (this.isolated[slot] ?? 0) + amount;
  }

  /** The position's margin is gone with it. */
  released(slot: number): void {
    this.isolated[slot] = 0;
  }

  isSpot(slot: number): boolean {
    return this.terms.isSpot[this.account.symbolOf(slot)] === true;
  }

  /** Leverage that a position of this notional is opened with: the symbol's own, or what its bracket allows. */
  leverageAt(slot: number, notional: number): number {
    const i = this.account.symbolOf(slot);
    return Math.min(this.terms.leverage[i]!, tierOf(this.terms.tiers[i]!, notional)?.maxLeverage ?? Infinity);
  }

  /** Maintenance margin of the position in a slot at a price. */
  maintenance(slot: number, price: number): number {
    if (this.isSpot(slot) || this.account.lots[slot] === 0) return 0;
    return maintenanceOf(
      this.terms.tiers[this.account.symbolOf(slot)] as readonly MarginTier[],
      Math.abs(this.account.notionalAt(slot, price)),
    );
  }

  /** Maintenance margin of everything that shares the account's equity. */
  maintenanceOfAll(price: (index: number) => number): number {
    const { account } = this;
    let sum = 0;
    for (let slot = 0; slot < account.lots.length; slot++)
      if (account.lots[slot] !== 0) sum += this.maintenance(slot, price(account.symbolOf(slot)));
    return sum;
  }

  /** What stands behind the positions of a cross account: cash, less what spot cost, plus unrealised profit and the share of spot that counts. */
  balance(price: (index: number) => number): number {
    const { account, terms } = this;
    let sum = toMoney(account.cash);
    for (let slot = 0; slot < account.lots.length; slot++) {
      if (account.lots[slot] === 0) continue;
      const i = account.symbolOf(slot);
      if (this.isSpot(slot)) {
        const cost = toMoney(account.cost[slot] ?? 0);
        sum += (terms.spotCollateral === 0 ? 0 : terms.spotCollateral * account.notionalAt(slot, price(i))) - cost;
      } else sum += account.profitAt(slot, price(i));
    }
    return sum;
  }

  /** What stands behind an isolated position. */
  marginOf(slot: number, price: number): number {
    return toMoney(this.isolated[slot] ?? 0) + this.account.profitAt(slot, price);
  }

  /** Cash that backs nothing: what new isolated positions and spot can be paid from. */
  free(): number {
    const { account } = this;
    let sum = account.cash;
    for (let slot = 0; slot < account.lots.length; slot++)
      sum -= this.isSpot(slot) ? (account.cost[slot] ?? 0) : (this.isolated[slot] ?? 0);
    return toMoney(sum);
  }

  /**
   * Price at which the position in a slot has lost `room` more than at `price`, the change of its maintenance margin included: where an isolated position with that much to spare is liquidated. NaN when no price
   * takes it there.
   */
  priceAfterLoss(slot: number, price: number, room: number): number {
    const { account } = this;
    const i = account.symbolOf(slot);
    const u = account.unitsAt(i);
    return liquidationPrice({
      inverse: u.inverse,
      quantity: u.quantity(account.lots[slot] ?? 0),
      entryPrice: price,
      margin: room + this.maintenance(slot, price),
      tiers: this.terms.tiers[i] as readonly MarginTier[],
    });
  }

  /** Lots of the position that a venue closes first when `margin` stands behind it at `price`: without sign. */
  lotsToClose(slot: number, price: number, margin: number, feeRate: number): Lots {
    const { account } = this;
    const i = account.symbolOf(slot);
    const u = account.unitsAt(i);
    return liquidationPlan({
      lots: Math.abs(account.lots[slot] ?? 0),
      lotValue: u.notionalOf(u.quantity(1), price),
      tiers: this.terms.tiers[i] as readonly MarginTier[],
      margin,
      feeRate,
    }).close;
  }

  /** Price at which `margin` that stands behind the position at `price` is used up; NaN where none is. */
  bankruptcyPrice(slot: number, margin: number, price: number): number {
    const { account } = this;
    const u = account.unitsAt(account.symbolOf(slot));
    return bankruptcyPrice({ inverse: u.inverse, quantity: u.quantity(account.lots[slot] ?? 0), entryPrice: price, margin });
  }
}
