import type { Chunk } from '../../events/market.js';
import { Tape } from '../../events/tape.js';
import { BookFeed, type BookFault } from '../../market/book-sync.js';
import type { OrderBook } from '../../market/order-book.js';
import type { Ticks, Units } from '../../market/units.js';
import type { Liquidity } from './liquidity.js';

/** The order book as the venue publishes it. */
export class BookLiquidity implements Liquidity {
  nextAt = Infinity;
  at = -Infinity;
  readonly sized = true;
  readonly partial = false;
  readonly display: OrderBook;
  private readonly _feed: BookFeed;
  private readonly _tape = new Tape();
  private readonly _cursor = this._tape.cursor();

  constructor(units: Units) {
    this._feed = new BookFeed(units);
    this.display = this._feed.book;
  }

  get valid(): boolean {
    return this._feed.valid;
  }

  /** Updates applied and times that the book broke, with the first of these. */
  get record(): { readonly applied: number; readonly breaks: number; readonly first: BookFault | null } {
    const { applied, breaks } = this._feed.counts;
    return { applied, breaks, first: this._feed.faults.find(({ code }) => code !== 'no-snapshot') ?? null };
  }

  load(chunk: Chunk): void {
    this._tape.append(chunk);
    this._plan();
  }

  apply(): void {
    const cursor = this._cursor;
    this.at = this.nextAt;
    cursor.row += this._feed.apply(cursor.chunk as Chunk, cursor.row);
    this._plan();
  }

  covers(side: 1 | -1, price: Ticks): boolean {
    const best = side > 0 ? this.display.bestBid : this.display.bestAsk;
    if (side * price >= side * best || this.display.lotsAt(side, price) > 0) return true;
    return side * price > side * this.display.worst(side);
  }

  printed(): void {}

  private _plan(): void {
    const cursor = this._cursor;
    this.nextAt = cursor.ready() ? (cursor.chunk as Chunk).ts[cursor.row]! : Infinity;
  }
}
