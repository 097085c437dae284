import type { Chunk } from '../../events/market.js';
import { Tape, type TapeCursor } from '../../events/tape.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { Ticks, Units } from '../../market/units.js';
import type { FinerBars } from './bar-finer.js';

/** Asked when a bar opens, prices in ticks and volume in base units: does its low come before its high? */
export type BarOpening = (open: Ticks, high: Ticks, low: Ticks, close: Ticks, volume: number) => boolean;

/**
 * The path of one symbol's bars: four points a bar, straight lines between them (docs/matching-rules.md §1), along finer bars where a bar is covered by them. It is walked
 * by whoever asks it to, and bars that nobody asked for are passed over.
 */
export class BarWalk {
  /** A bar is open: the path is on its segment from point `segment`, at `price` (ticks). */
  open = false;
  segment = 0;
  price = NaN;
  readonly ts = new Float64Array(4);
  readonly path = new Float64Array(4);
  /** Of the bar that opened last, quote currency and base units. */
  high = NaN;
  low = NaN;
  volume = NaN;

  /** Bars of the run that were walked along finer ones, that were not, and how many of the latter had finer ones that contradict them. */
  finerBars = 0;
  coarseBars = 0;
  inconsistent = 0;

  private readonly _bars = new Tape();
  private readonly _ahead: TapeCursor = this._bars.cursor();
  private readonly _behind: TapeCursor = this._bars.cursor();
  private _length = 0;
  private _lastClose = NaN;
  private _closedAt = -Infinity;
  private _lastHigh = NaN;
  private _lastLow = NaN;
  private _lastVolume = NaN;
  /** Row of `_finer` that opens next or is open, −1 outside bars that are walked along it. */
  private _inner = -1;
  /** Open of the latest bar that was compared with its finer ones. */
  private _compared = NaN;

  constructor(
    private readonly _units: Units,
    private readonly _finer: FinerBars | null,
    private readonly _opening: BarOpening,
  ) {}

  append(chunk: Chunk): void {
    this._length = timeframeMs(chunk.timeframe ?? '');
    this._bars.append(chunk);
  }

  /** Close of the latest bar of the run that ended at or before `now`, before the first such close the path's price; quote currency. */
  lastPrice(now: number): number {
    const cursor = this._behind;
    while (cursor.ready()) {
      const chunk = cursor.chunk as Chunk;
      const ts = chunk.ts;
      const close = chunk.columns[3] as Float64Array;
      let row = cursor.row;
      while (row < chunk.rows && (ts[row] as number) + this._length <= now) this._lastClose = close[row++] as number;
      if (row > cursor.row) {
        this._closedAt = (ts[row - 1] as number) + this._length;
        this._lastHigh = (chunk.columns[1] as Float64Array)[row - 1] as number;
        this._lastLow = (chunk.columns[2] as Float64Array)[row - 1] as number;
        this._lastVolume = (chunk.columns[4] as Float64Array)[row - 1] as number;
      }
      cursor.row = row;
      if (row < chunk.rows) break;
    }
    return Number.isNaN(this._lastClose) ? this.price * this._units.tickSize : this._lastClose;
  }

  /** The bar whose close `lastPrice` gave; NaN before the first. */
  lastBar(now: number): { readonly high: number; readonly low: number; readonly volume: number } {
    this.lastPrice(now);
    return { high: this._lastHigh, low: this._lastLow, volume: this._lastVolume };
  }

  /** When the bar whose close `lastPrice` gave ended; −Infinity before the first. */
  closedAt(now: number): number {
    this.lastPrice(now);
    return this._closedAt;
  }

  /** Chunk of the bar of the run that is open or opens next; null when none is loaded. */
  get chunk(): Chunk | null {
    return this._ahead.ready() ? this._ahead.chunk : null;
  }

  /** Row of that bar. */
  get row(): number {
    return this._ahead.row;
  }

  /** Some finer bars of the present bar of the run are still to be walked after the open one. */
  get isInner(): boolean {
    return this._inner >= 0;
  }

  /** When the next bar opens; Infinity when none is loaded. No bar is open. */
  nextOpen(): number {
    if (this._inner >= 0) return this._finer!.ts[this._inner]!;
    return this._ahead.ready() ? ((this._ahead.chunk as Chunk).ts[this._ahead.row] as number) : Infinity;
  }

  /** Price at which it opens, quote currency. */
  nextOpenPrice(): number {
    return this._inner >= 0 ? this._finer!.columns[0]![this._inner]! : (this._ahead.chunk as Chunk).columns[0]![this._ahead.row]!;
  }

  /** Open of the first finer bar still to open in the present bar of the run of which `wanted` (low and high in ticks) holds; Infinity when there is none. */
  nextInner(wanted: (low: Ticks, high: Ticks) => boolean): number {
    if (this._inner < 0) return Infinity;
    const { columns, rows, ts } = this._finer!;
    for (let i = this.open ? this._inner + 1 : this._inner; i < rows; i++)
      if (wanted(this._units.ticks(columns[2]![i]!), this._units.ticks(columns[1]![i]!))) return ts[i]!;
    return Infinity;
  }

  /** Pass over bars that ended by `now`, unless one is open. */
  skip(now: number): void {
    if (this.open) return;
    if (this._inner >= 0) {
      const { ts, rows, length } = this._finer!;
      while (this._inner < rows && ts[this._inner]! + length <= now) this._inner++;
      if (this._inner < rows) return;
      this._inner = -1;
      this._ahead.row++;
    }
    const cursor = this._ahead;
    while (cursor.ready()) {
      const chunk = cursor.chunk as Chunk;
      let row = cursor.row;
      while (row < chunk.rows && (chunk.ts[row] as number) + this._length <= now) row++;
      cursor.row = row;
      if (row < chunk.rows) break;
    }
  }

  /** Walk the open bar to `now` past everything on it. */
  idleTo(now: number): void {
    while (this.open && (this.ts[this.segment + 1] as number) <= now) this.endSegment();
  }

  /** Bring the path to `now`; true when a bar is open then, one that opens at `now` only if it has `opened`. Nothing can match on the way: whoever calls has stepped up to `now`. */
  meet(now: number, opened = false): boolean {
    this.idleTo(now);
    if (!this.open) {
      this.skip(now);
      if (!this._opensBy(now, opened)) return false;
      if (this._finer !== null && this._inner < 0) {
        this._compare(this._finer);
        this.skip(now);
        if (!this._opensBy(now, opened)) return false;
      }
      // Idle since before its open, so no order worked there and the position has not changed since.
      this.openBar();
      this.idleTo(now);
      if (!this.open) return false;
    }
    this.price = this.priceAt(now);
    return true;
  }

  /** Price on the present segment at `now`, ticks. */
  priceAt(now: number): number {
    const k = this.segment;
    const ta = this.ts[k] as number;
    const tb = this.ts[k + 1] as number;
    const pa = this.path[k] as number;
    const pb = this.path[k + 1] as number;
    return pa + (pb - pa) * ((now - ta) / (tb - ta));
  }

  /** Open the next bar. */
  openBar(): void {
    if (this._finer !== null && this._inner < 0) this._compare(this._finer);
    if (this._inner >= 0) this._draw(this._finer!.ts, this._finer!.columns, this._inner, this._finer!.length);
    else {
      const chunk = this._ahead.chunk as Chunk;
      this._draw(chunk.ts, chunk.columns, this._ahead.row, this._length);
    }
  }

  /** Walk to the end of the segment, which at the last one ends the bar. */
  endSegment(): void {
    this.segment++;
    this.price = this.path[this.segment] as number;
    if (this.segment < 3) return;
    this.open = false;
    if (this._inner < 0) this._ahead.row++;
    else if (++this._inner === this._finer!.rows) {
      this._inner = -1;
      this._ahead.row++;
    }
  }

  private _opensBy(now: number, opened: boolean): boolean {
    const at = this.nextOpen();
    return at < now || (opened && at === now);
  }

  private _draw(ts: Float64Array, columns: readonly Float64Array[], row: number, d: number): void {
    // By index: taking a list apart by its iterator shows in the bench.
    const t0 = ts[row] as number;
    this.high = (columns[1] as Float64Array)[row] as number;
    this.low = (columns[2] as Float64Array)[row] as number;
    this.volume = (columns[4] as Float64Array)[row] as number;
    const open = this._units.ticks((columns[0] as Float64Array)[row] as number);
    const high = this._units.ticks(this.high);
    const low = this._units.ticks(this.low);
    const close = this._units.ticks((columns[3] as Float64Array)[row] as number);
    const down = this._opening(open, high, low, close, this.volume);
    this.ts[0] = t0;
    this.ts[1] = t0 + d / 3;
    this.ts[2] = t0 + (2 * d) / 3;
    this.ts[3] = t0 + d;
    this.path[0] = open;
    this.path[1] = down ? low : high;
    this.path[2] = down ? high : low;
    this.path[3] = close;
    this.segment = 0;
    this.price = open;
    this.open = true;
  }

  /** Is the bar of the run that opens next covered by finer ones? Then they open in its place. */
  private _compare(finer: FinerBars): void {
    const chunk = this._ahead.chunk as Chunk;
    const row = this._ahead.row;
    const t0 = chunk.ts[row] as number;
    if (t0 === this._compared) return;
    this._compared = t0;
    const u = this._units;
    const [open, high, low, close] = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array];
    const bar = { open: u.ticks(open[row]!), high: u.ticks(high[row]!), low: u.ticks(low[row]!), close: u.ticks(close[row]!) };
    const cover = finer.cover(t0, this._length, bar, price => u.ticks(price));
    if (cover === 'covered') {
      this._inner = 0;
      this.finerBars++;
    } else {
      this.coarseBars++;
      if (cover === 'inconsistent') this.inconsistent++;
    }
  }
}
