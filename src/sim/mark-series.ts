import type { Chunk } from '../events/market.js';
import { Tape, type TapeCursor } from '../events/tape.js';

/** Mark prices of one symbol as the venue publishes them: the latest one, and when the next one comes that matters. */
export class MarkSeries {
  /** When the venue must look at the mark price next. */
  nextAt = Infinity;
  private readonly _tape = new Tape();
  private readonly _latest: TapeCursor = this._tape.cursor();
  /** First price that nobody has looked at yet: that of this very moment is still to come when wires are set in it. */
  private readonly _ahead: TapeCursor = this._tape.cursor();
  private _passed = -Infinity;
  private _price = NaN;
  private _below = -Infinity;
  private _above = Infinity;
  private _each = false;

  append(chunk: Chunk, now: number): void {
    this._tape.append(chunk);
    this._skip(now);
    this._plan(now);
  }

  /** Latest mark price at `now`, quote currency; NaN before the first. */
  priceAt(now: number): number {
    const cursor = this._latest;
    while (cursor.ready()) {
      const chunk = cursor.chunk as Chunk;
      if ((chunk.ts[cursor.row] as number) > now) break;
      this._price = (chunk.columns[0] as Float64Array)[cursor.row] as number;
      cursor.row++;
    }
    return this._price;
  }

  /** From `now` on stop at the first price at or beyond these. */
  watch(below: number, above: number, now: number): void {
    if (below === this._below && above === this._above) return;
    this._below = below;
    this._above = above;
    this._plan(now);
  }

  /** From `now` on stop at every price, or only at those that are watched for. */
  each(every: boolean, now: number): void {
    if (every === this._each) return;
    this._each = every;
    this._plan(now);
  }

  /** The price of `now` has been looked at. */
  passed(now: number): void {
    this._passed = now;
    this._plan(now);
  }

  /** Pass over prices that came before `now` or were looked at. */
  private _skip(now: number): void {
    const cursor = this._ahead;
    while (cursor.ready()) {
      const { ts, rows } = cursor.chunk as Chunk;
      let row = cursor.row;
      while (row < rows && (ts[row]! < now || ts[row]! <= this._passed)) row++;
      cursor.row = row;
      if (row < rows) return;
    }
  }

  private _plan(now: number): void {
    this.nextAt = Infinity;
    if (!this._each && this._below === -Infinity && this._above === Infinity) return;
    this._skip(now);
    const ahead = this._ahead.copy();
    while (ahead.ready()) {
      const chunk = ahead.chunk as Chunk;
      const prices = chunk.columns[0] as Float64Array;
      for (let row = ahead.row; row < chunk.rows; row++) {
        const price = prices[row] as number;
        if (this._each || price <= this._below || price >= this._above) {
          this.nextAt = chunk.ts[row] as number;
          return;
        }
      }
      ahead.row = chunk.rows;
    }
  }
}
