import type { Chunk } from '../../events/market.js';
import type { Lots, Ticks } from '../../market/units.js';

/** The prices and sizes that a venue displays: an `OrderBook`, or no more than the best quotes. `side` is +1 for bids, −1 for asks. */
export interface Display {
  readonly bestBid: Ticks;
  readonly bestAsk: Ticks;
  /** Displayed lots at a price; NaN where prices are known but sizes are not. */
  lotsAt(side: 1 | -1, price: Ticks): Lots;
  /** The next worse price that has a level, NaN when there is none. */
  next(side: 1 | -1, price: Ticks): Ticks;
}

/** Where a market's displayed prices come from, message by message. */
export interface Liquidity {
  readonly display: Display;
  /** Time of the next message, Infinity when there is none. */
  readonly nextAt: number;
  /** Time of the last message applied, −Infinity before the first. */
  readonly at: number;
  /** Whether what is displayed may be believed: no break in its sequence, not crossed. */
  readonly valid: boolean;
  /** Whether sizes are known. */
  readonly sized: boolean;
  /** Whether takers go past what is displayed, which only shows the best of what is there. */
  readonly partial: boolean;
  load(chunk: Chunk): void;
  /** Apply the next message. */
  apply(): void;
  /** Whether a size of 0 at this price means that nothing is there, rather than that it is out of sight. */
  covers(side: 1 | -1, price: Ticks): boolean;
  /** The market traded at this price. */
  printed(price: Ticks): void;
}
