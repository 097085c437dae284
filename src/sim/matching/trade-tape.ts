import type { Chunk } from '../../events/market.js';
import { Tape, type TapeCursor } from '../../events/tape.js';
import type { Lots, Ticks, Units } from '../../market/units.js';
import { MINUTE } from '../../time.js';

/** Public trades, one at a time. */
export class TradeTape {
  /** Time of the next trade, Infinity when there is none. */
  nextAt = Infinity;
  /** Whether the data has trades at all. */
  known = false;
  /** The last trade that was taken from the tape: ticks, lots, +1 when the taker bought and −1 when it sold. */
  price: Ticks = NaN;
  lots: Lots = 0;
  side = 0;
  private readonly _tape = new Tape();
  private readonly _cursor: TapeCursor = this._tape.cursor();
  private readonly _minute = Float64Array.of(NaN, NaN, NaN, NaN);
  private readonly _before = Float64Array.of(NaN, NaN, NaN, NaN);

  constructor(private readonly units: Units) {}

  /** The last minute of the clock that is over and had trades, in quote currency and base units. NaN before the first. */
  get range(): { readonly high: number; readonly low: number; readonly volume: number } {
    return { high: this._before[1]!, low: this._before[2]!, volume: this._before[3]! };
  }

  load(chunk: Chunk): void {
    this.known = true;
    this._tape.append(chunk);
    this._plan();
  }

  /** The next trade happens. */
  take(): void {
    const cursor = this._cursor;
    const { ts, columns } = cursor.chunk as Chunk;
    const row = cursor.row++;
    const price = columns[0]![row]!;
    const quantity = columns[1]![row]!;
    // A price that cannot be is no trade: the last one stands, and nothing of it trades again.
    const ticks = this.units.ticks(price);
    const isTrade = ticks > 0 && Number.isSafeInteger(ticks);
    if (isTrade) this.price = ticks;
    this.lots = isTrade && quantity > 0 && quantity < Infinity ? this.units.lots(quantity) : 0;
    this.side = isTrade ? columns[2]![row]! : NaN;
    if (isTrade) this._count(Math.floor(ts[row]! / MINUTE), price, quantity);
    this._plan();
  }

  /** When a trade at or beyond one of the wires comes, or the last of the next `most` trades; Infinity when none is left. */
  crossing(below: Ticks, above: Ticks, most: number): number {
    const cursor = this._cursor;
    if (!cursor.ready()) return Infinity;
    const { ts, columns, rows } = cursor.chunk as Chunk;
    const prices = columns[0]!;
    const last = Math.min(rows, cursor.row + most) - 1;
    for (let row = cursor.row; row < last; row++) {
      const price = this.units.ticks(prices[row]!);
      if (price <= below || price >= above) return ts[row]!;
    }
    return ts[last]!;
  }

  private _count(minute: number, price: number, quantity: number): void {
    const now = this._minute;
    if (now[0] !== minute) {
      this._before.set(now);
      now[0] = minute;
      now[1] = price;
      now[2] = price;
      now[3] = 0;
    }
    if (price > now[1]!) now[1] = price;
    if (price < now[2]!) now[2] = price;
    if (quantity > 0) now[3]! += quantity;
  }

  private _plan(): void {
    const cursor = this._cursor;
    this.nextAt = cursor.ready() ? (cursor.chunk as Chunk).ts[cursor.row]! : Infinity;
  }
}
