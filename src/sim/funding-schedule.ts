import type { Chunk } from '../events/market.js';
import { Tape, type TapeCursor } from '../events/tape.js';

/** Funding that was settled. */
export interface Settlement {
  readonly ts: number;
  readonly rate: number;
  /** Price that positions were valued at, quote currency; NaN where there was none. */
  readonly price: number;
}

const NEVER: Settlement = { ts: -Infinity, rate: NaN, price: NaN };

/** The settlements of funding of all symbols in order of time, then symbol. */
export class FundingSchedule {
  /** When the next one is, and of which symbol (by index). */
  nextAt = Infinity;
  index = -1;
  private readonly _tapes: readonly Tape[];
  private readonly _cursors: readonly TapeCursor[];
  private readonly _last: Settlement[];

  constructor(symbols: number) {
    this._tapes = Array.from({ length: symbols }, () => new Tape());
    this._cursors = this._tapes.map(tape => tape.cursor());
    this._last = this._tapes.map(() => NEVER);
  }

  append(i: number, chunk: Chunk): void {
    this._tapes[i]!.append(chunk);
    this._plan();
  }

  /** The next settlement happens, at this price of its symbol. */
  settle(price: number): Settlement {
    const cursor = this._cursors[this.index]!;
    const chunk = cursor.chunk as Chunk;
    const settlement = { ts: chunk.ts[cursor.row]!, rate: chunk.columns[0]![cursor.row]!, price };
    cursor.row++;
    this._last[this.index] = settlement;
    this._plan();
    return settlement;
  }

  /** The next settlement happens, and nobody will ask for it: nothing was held, and nothing that is opened later takes part in it. */
  pass(): void {
    this._cursors[this.index]!.row++;
    this._plan();
  }

  /** Latest settlement of a symbol; at −Infinity before the first. */
  last(i: number): Settlement {
    return this._last[i]!;
  }

  private _plan(): void {
    this.nextAt = Infinity;
    for (let i = 0; i < this._cursors.length; i++) {
      const cursor = this._cursors[i]!;
      if (!cursor.ready()) continue;
      const at = (cursor.chunk as Chunk).ts[cursor.row]!;
      if (at < this.nextAt) {
        this.nextAt = at;
        this.index = i;
      }
    }
  }
}
