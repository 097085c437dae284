import type { SlippageModel } from '../../costs/slippage.js';
import type { Lots, Ticks, Units } from '../../market/units.js';
import type { Liquidity } from './liquidity.js';
import { slippedPrice } from './slipped-price.js';
import { TakenLots, type Gone } from './taken-lots.js';
import type { TradeTape } from './trade-tape.js';

/** What a taker finds: what is displayed, less what is gone already, and what is assumed beyond it. `side` is that of the offers, −1 (the asks) for a buyer. */
export class Offers {
  private readonly _taken = new TakenLots();

  constructor(
    private readonly liquidity: Liquidity,
    private readonly trades: TradeTape,
    private readonly units: Units,
    /** For what nothing displayed can fill. */
    private readonly slippage: SlippageModel,
    /** How long what our takers took stays gone. */
    private readonly ownGone: Gone,
  ) {}

  /** Whether there is a market to take from and to be priced by, on both sides. */
  get areThere(): boolean {
    return this.liquidity.valid && !Number.isNaN(this.best(1)) && !Number.isNaN(this.best(-1));
  }

  /** Halfway between the best bid and the best ask, ticks; NaN where one is missing. */
  get middle(): number {
    return (this.best(1) + this.best(-1)) / 2;
  }

  /** Best price of a side with something left; NaN when there is none. */
  best(side: 1 | -1): Ticks {
    const { display, sized, partial } = this.liquidity;
    const shown = side > 0 ? display.bestBid : display.bestAsk;
    if (!sized || this._taken.count === 0) return shown;
    let price = shown;
    while (!Number.isNaN(price) && this.left(side, price) <= 0) price = display.next(side, price);
    return Number.isNaN(price) && partial ? shown - side : price;
  }

  /** Lots left of a displayed level; not above 0 when all are gone. */
  left(side: 1 | -1, price: Ticks): Lots {
    return this.liquidity.display.lotsAt(side, price) - this._taken.at(side, price);
  }

  /** Lots that have traded at a price and are still displayed. */
  tradedAt(side: 1 | -1, price: Ticks): Lots {
    return this._taken.traded(side, price);
  }

  /** Whether a limit order at this price would take. */
  meet(buy: boolean, limit: Ticks): boolean {
    return buy ? this.best(-1) <= limit : this.best(1) >= limit;
  }

  /**
   * What a taker finds within its limit, price by price from the best, until `each` says that it is enough. `shown` is true for a part of a displayed level, false for what is assumed behind the quotes.
   */
  walk(buy: boolean, want: Lots, within: Ticks, each: (part: Lots, price: Ticks, shown: boolean) => boolean): void {
    const { display, sized, partial } = this.liquidity;
    const { bestBid, bestAsk } = display;
    const side = buy ? -1 : 1;
    let rest = want;
    if (sized)
      for (let price = buy ? bestAsk : bestBid; rest > 0 && side * price >= side * within; price = display.next(side, price)) {
        const part = Math.min(rest, this.left(side, price));
        if (part <= 0) continue;
        rest -= part;
        if (!each(part, price, true)) return;
      }
    if (!partial || rest <= 0) return;
    const behind = this.moved(buy, (bestBid + bestAsk) / 2, want, (bestAsk - bestBid) / 2 + (sized ? 1 : 0));
    if (side * behind >= side * within) each(rest, behind, false);
  }

  /** `from` moved against a taker of `lots` by the slippage model, and by no less than `least` ticks. */
  moved(buy: boolean, from: number, lots: Lots, least: number): Ticks {
    const { tickSize } = this.units;
    const slip = this.slippage({ price: from * tickSize, quantity: this.units.quantity(lots), ...this.trades.range }) / tickSize;
    const away = Math.max(slip, least);
    return slippedPrice(buy, from, away);
  }

  /** One of our takers took these. */
  took(side: 1 | -1, price: Ticks, lots: Lots): void {
    this._taken.take(side, price, lots, this.liquidity.display.lotsAt(side, price), this.ownGone);
  }

  /** The rest of an order of ours that took waits at the venue now, so what it took does not come back. */
  keepTaken(): void {
    this._taken.keep();
  }

  /** These came to a resting order of ours and traded with it. */
  met(side: 1 | -1, price: Ticks, lots: Lots): void {
    this._taken.take(side, price, lots, this.liquidity.display.lotsAt(side, price), 2);
  }

  /** The last trade took its lots, which the display does not say yet. */
  traded(): void {
    const { price, lots, side } = this.trades;
    if (!this.liquidity.sized || (side !== 1 && side !== -1) || lots === 0) return;
    const from = side > 0 ? -1 : 1;
    const shown = this.liquidity.display.lotsAt(from, price);
    if (shown > 0) this._taken.take(from, price, lots, shown, -1);
  }

  /** A message was applied. */
  refresh(): void {
    if (this._taken.count > 0) this._taken.refresh(this.liquidity.display);
  }
}
