import type { Chunk } from '../../events/market.js';
import { Tape, type TapeCursor } from '../../events/tape.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { Ticks } from '../../market/units.js';

/**
 * Finer bars under those of the run. One bar of the run is looked at at a time: `cover` copies its finer bars into `ts` and `columns` and says whether they are the same
 * bar: all of them are there, one behind the other, and to the tick they open, close and reach where it does.
 */
export class FinerBars {
  /** Length of a finer bar, ms; NaN before the first chunk. */
  length = NaN;
  ts = new Float64Array(0);
  /** Open, high, low, close, volume, as in a chunk of bars. */
  columns: readonly Float64Array[] = [];
  rows = 0;
  private readonly _tape = new Tape();
  private readonly _cursor: TapeCursor = this._tape.cursor();

  append(chunk: Chunk): void {
    this.length = timeframeMs(chunk.timeframe ?? '');
    this._tape.append(chunk);
  }

  /** Prices in ticks by `ticks`. Bars are asked for in order of time; what ended before one of them is forgotten. */
  cover(
    t0: number,
    length: number,
    bar: { readonly open: Ticks; readonly high: Ticks; readonly low: Ticks; readonly close: Ticks },
    ticks: (price: number) => Ticks,
  ): 'covered' | 'missing' | 'inconsistent' {
    const count = length / this.length;
    const rows = this._copy(t0, t0 + length, Number.isInteger(count) ? count : 0);
    this.rows = rows;
    if (rows === 0 || rows !== count) return 'missing';
    for (let i = 0; i < rows; i++) if (this.ts[i] !== t0 + i * this.length) return 'missing';
    const [open, high, low, close] = this.columns as [Float64Array, Float64Array, Float64Array, Float64Array];
    let highest = -Infinity;
    let lowest = Infinity;
    for (let i = 0; i < rows; i++) {
      highest = Math.max(highest, high[i]!);
      lowest = Math.min(lowest, low[i]!);
    }
    const isSame =
      ticks(open[0]!) === bar.open && ticks(highest) === bar.high && ticks(lowest) === bar.low && ticks(close[rows - 1]!) === bar.close;
    return isSame ? 'covered' : 'inconsistent';
  }

  /** How many finer bars open in [from, to); the first `room` of them are copied. */
  private _copy(from: number, to: number, room: number): number {
    if (this.ts.length < room) {
      this.ts = new Float64Array(room);
      this.columns = [0, 1, 2, 3, 4].map(() => new Float64Array(room));
    }
    const cursor = this._cursor;
    let n = 0;
    while (cursor.ready()) {
      const chunk = cursor.chunk as Chunk;
      let row = cursor.row;
      while (row < chunk.rows && chunk.ts[row]! < from) row++;
      for (; row < chunk.rows && chunk.ts[row]! < to; row++, n++) {
        if (n >= room) continue;
        this.ts[n] = chunk.ts[row]!;
        for (let c = 0; c < 5; c++) this.columns[c]![n] = chunk.columns[c]![row]!;
      }
      cursor.row = row;
      if (row < chunk.rows) break;
    }
    return n;
  }
}
