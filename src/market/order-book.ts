import { BookSide } from './book-side.js';
import type { Lots, Ticks } from './units.js';

/** A price level. */
export interface BookLevel {
  readonly price: Ticks;
  readonly lots: Lots;
}

/** An order book as everyone but its feed sees it. Prices in ticks, sizes in lots; NaN for the best price of an empty side. */
export interface BookView {
  readonly bestBid: Ticks;
  readonly bestAsk: Ticks;
  /** Displayed lots at a price; `side` is +1 for bids, −1 for asks. 0 where there are none. */
  lotsAt(side: 1 | -1, price: Ticks): Lots;
  /** Levels on a side. */
  levels(side: 1 | -1): number;
  /** The nth level from the best (0), or undefined beyond the last. */
  level(side: 1 | -1, n: number): BookLevel | undefined;
}

/**
 * An aggregated (L2) order book in whole ticks and lots. Setting a level and reading the best price take the same time however deep the book is, and nothing is allocated. It does not mind a bid
 * above an ask: whether a book may be believed is for its feed to say (`BookFeed`).
 */
export class OrderBook implements BookView {
  // Asks by price and bids by minus the price, so that the least key is the best on both sides.
  readonly #asks = new BookSide();
  readonly #bids = new BookSide();

  get bestBid(): Ticks {
    return -this.#bids.best;
  }

  get bestAsk(): Ticks {
    return this.#asks.best;
  }

  #of(side: 1 | -1): BookSide {
    return side > 0 ? this.#bids : this.#asks;
  }

  /** Displayed lots at a price from now on; 0 removes the level. Throws a RangeError for a price that is not a whole number above 0 and for lots below 0. */
  set(side: 1 | -1, price: Ticks, lots: Lots): void {
    if (!(lots >= 0) || !(price > 0) || price !== Math.floor(price))
      throw new RangeError(`${lots} lots at tick ${price} cannot be a level of a book`);
    if (side > 0) this.#bids.set(-price, lots);
    else this.#asks.set(price, lots);
  }

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
  }

  lotsAt(side: 1 | -1, price: Ticks): Lots {
    return this.#of(side).at(-side * price);
  }

  levels(side: 1 | -1): number {
    return this.#of(side).size;
  }

  level(side: 1 | -1, n: number): BookLevel | undefined {
    const price = this.nth(side, n);
    return Number.isNaN(price) ? undefined : { price, lots: this.lotsAt(side, price) };
  }

  /** Price of the nth level from the best (0); NaN beyond the last. */
  nth(side: 1 | -1, n: number): Ticks {
    const levels = this.#of(side);
    let key = levels.best;
    for (let i = 0; i < n && key === key; i++) key = levels.after(key);
    return -side * key;
  }

  /** The price furthest from the market that has a level; NaN for an empty side. */
  worst(side: 1 | -1): Ticks {
    return -side * this.#of(side).worst;
  }

  /** The next worse price that has a level, NaN when there is none: `for (let p = book.bestAsk; p === p; p = book.next(-1, p))` goes through the asks from the best. */
  next(side: 1 | -1, price: Ticks): Ticks {
    return -side * this.#of(side).after(-side * price);
  }

  /** Lots on the best `n` levels together. */
  depth(side: 1 | -1, n: number): Lots {
    const levels = this.#of(side);
    let sum = 0;
    let key = levels.best;
    for (let i = 0; i < n && key === key; i++) {
      sum += levels.at(key);
      key = levels.after(key);
    }
    return sum;
  }

  /**
   * What a taker of `lots` would get from this side (−1, the asks, for a buyer) at `cap` ticks or better (Infinity for a buyer and −Infinity for a seller who takes any price): calls `take` for
   * each level, best first, and gives the lots in all. The book stays as it is.
   */
  walk(side: 1 | -1, lots: Lots, cap: Ticks, take?: (lots: Lots, price: Ticks) => void): Lots {
    const levels = this.#of(side);
    const last = -side * cap;
    let left = lots;
    for (let key = levels.best; left > 0 && key <= last; key = levels.after(key)) {
      const part = Math.min(left, levels.at(key));
      left -= part;
      take?.(part, -side * key);
    }
    return lots - left;
  }
}
