import type { Chunk } from '../../events/market.js';
import type { Ticks, Units } from '../../market/units.js';

/** Rows looked at in one go: re-set wires then cost no more than this, and a market that waits for far ones steps once in so many bars. */
const WINDOW = 512;

/**
 * Two prices at which somebody wants to be told, and a search for the first bar that reaches one. What was searched is remembered with its range, so that wires outside it
 * need no second look.
 */
export class TripWires {
  /** Ticks; −Infinity and Infinity for none. */
  below: Ticks = -Infinity;
  above: Ticks = Infinity;
  armed = false;
  private readonly _chunks: Chunk[] = [];
  /** Rows from the market's place up to this chunk and row have been searched; they range from `_low` to `_high`. */
  private _chunk = 0;
  private _row = -1;
  private readonly _range = Float64Array.of(Infinity, -Infinity);

  constructor(private readonly _units: Units) {}

  set(below: Ticks, above: Ticks): void {
    this.below = below;
    this.above = above;
    this.armed = below > -Infinity || above < Infinity;
  }

  append(chunk: Chunk): void {
    if (chunk.rows > 0) this._chunks.push(chunk);
  }

  /** Whether prices (ticks) from `low` to `high` touch a wire. */
  touch(low: number, high: number): boolean {
    return low <= this.below || high >= this.above;
  }

  /**
   * Where a path that falls from `from` to `to` meets the lower wire, NaN where it does not. One that is below the wire already meets it at the next whole tick, so that a
   * wire set too late still works, and once it was met the walk goes on.
   */
  onTheWayDown(from: number, to: number): number {
    if (!(from > to)) return NaN;
    const at = this.below < from ? this.below : Math.max(to, Math.ceil(from) - 1);
    return at >= to ? at : NaN;
  }

  /** The same for a path that rises and the upper wire. */
  onTheWayUp(from: number, to: number): number {
    if (!(from < to)) return NaN;
    const at = this.above > from ? this.above : Math.min(to, Math.floor(from) + 1);
    return at <= to ? at : NaN;
  }

  /** Forget the chunks before this one, which the market has passed. */
  pass(chunk: Chunk | null): void {
    while (this._chunks.length > 0 && this._chunks[0] !== chunk) {
      this._chunks.shift();
      this._chunk--;
    }
  }

  /** Open time of the first bar from `row` of `chunk` on that reaches a wire, or of one at which to search on; Infinity at the end of the data. */
  search(chunk: Chunk | null, row: number): number {
    this.pass(chunk);
    const range = this._range;
    const isBehind = this._chunk < 0 || (this._chunk === 0 && this._row < row);
    if (isBehind || this.touch(this._units.ticks(range[0]!), this._units.ticks(range[1]!))) {
      this._chunk = 0;
      this._row = row;
      range[0] = Infinity;
      range[1] = -Infinity;
    }
    const { tickSize } = this._units;
    // A little wide, for the division: what it lets through is looked at in ticks.
    const atMost = this.below === -Infinity ? -Infinity : (this.below + 0.5) * tickSize * (1 + 1e-12);
    const atLeast = this.above === Infinity ? Infinity : (this.above - 0.5) * tickSize * (1 - 1e-12);
    let left = WINDOW;
    for (; this._chunk < this._chunks.length; this._chunk++, this._row = 0) {
      const { ts, columns, rows } = this._chunks[this._chunk] as Chunk;
      const high = columns[1] as Float64Array;
      const low = columns[2] as Float64Array;
      for (let i = this._row; i < rows; i++) {
        const l = low[i]!;
        const h = high[i]!;
        if (left-- === 0 || ((l <= atMost || h >= atLeast) && this.touch(this._units.ticks(l), this._units.ticks(h)))) {
          this._row = i;
          return ts[i]!;
        }
        if (l < range[0]!) range[0] = l;
        if (h > range[1]!) range[1] = h;
      }
    }
    return Infinity;
  }
}
