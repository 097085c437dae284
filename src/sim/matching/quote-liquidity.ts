import type { Chunk } from '../../events/market.js';
import { Tape } from '../../events/tape.js';
import type { Lots, Ticks, Units } from '../../market/units.js';
import type { Display, Liquidity } from './liquidity.js';
import { slippedPrice } from './slipped-price.js';

/**
 * The best bid and ask with their sizes. Until the first quote, and where the data has none, half an assumed spread to each side of the last trade, rounded away from it to whole ticks, of unknown
 * size.
 */
export class QuoteLiquidity implements Liquidity, Display {
  nextAt = Infinity;
  at = -Infinity;
  sized = false;
  readonly partial = true;
  readonly display: Display = this;
  bestBid = NaN;
  bestAsk = NaN;
  private _bidLots = NaN;
  private _askLots = NaN;
  private readonly _tape = new Tape();
  private readonly _cursor = this._tape.cursor();

  constructor(
    private readonly units: Units,
    /** Assumed spread, bp. */
    private readonly spreadBps: number,
  ) {}

  get valid(): boolean {
    return this.sized ? this.bestBid < this.bestAsk : this.bestBid <= this.bestAsk;
  }

  load(chunk: Chunk): void {
    this._tape.append(chunk);
    this._plan();
  }

  apply(): void {
    const cursor = this._cursor;
    const { columns } = cursor.chunk as Chunk;
    const row = cursor.row++;
    const bid = columns[0]![row]!;
    const ask = columns[2]![row]!;
    this.at = this.nextAt;
    this.sized = true;
    this.bestBid = this._ticks(bid);
    this.bestAsk = this._ticks(ask);
    this._bidLots = this._lots(columns[1]![row]!);
    this._askLots = this._lots(columns[3]![row]!);
    this._plan();
  }

  lotsAt(side: 1 | -1, price: Ticks): Lots {
    if (side > 0) return price === this.bestBid ? this._bidLots : 0;
    return price === this.bestAsk ? this._askLots : 0;
  }

  next(): Ticks {
    return NaN;
  }

  covers(side: 1 | -1, price: Ticks): boolean {
    return this.sized && side * price >= side * (side > 0 ? this.bestBid : this.bestAsk);
  }

  printed(price: Ticks): void {
    if (this.sized) return;
    const half = price * (this.spreadBps / 20_000);
    this.bestBid = slippedPrice(false, price, half);
    this.bestAsk = slippedPrice(true, price, half);
  }

  /** NaN for a price that cannot be. */
  private _ticks(price: number): Ticks {
    const ticks = this.units.ticks(price);
    return ticks > 0 && Number.isSafeInteger(ticks) ? ticks : NaN;
  }

  private _lots(quantity: number): Lots {
    return quantity > 0 && quantity < Infinity ? this.units.lots(quantity) : 0;
  }

  private _plan(): void {
    const cursor = this._cursor;
    this.nextAt = cursor.ready() ? (cursor.chunk as Chunk).ts[cursor.row]! : Infinity;
  }
}
