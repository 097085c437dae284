import type { Lots, Ticks } from '../../market/units.js';
import type { Display } from './liquidity.js';

/** Why lots are gone, and until when: traded by others (−1) or taken by us (0), until the next message; taken by us until their level's displayed size changes (1) or their level is gone (2). */
export type Gone = -1 | 0 | 1 | 2;

const WIDTH = 4;
const KEY = 0;
const LOTS = 1;
const SHOWN = 2;
const GONE = 3;

/**
 * Lots that are displayed but no longer there: trades have taken them and the display does not say so yet, or our own orders have, of which it never will. Prices of bids are positive keys, those of
 * asks negative.
 */
export class TakenLots {
  /** Entries, four numbers each: key, lots, displayed lots then, how long. */
  private _entries = new Float64Array(16 * WIDTH);
  count = 0;

  /** Lots gone at a price. */
  at(side: 1 | -1, price: Ticks): Lots {
    if (this.count === 0) return 0;
    const entries = this._entries;
    const key = side * price;
    let sum = 0;
    for (let i = 0; i < this.count * WIDTH; i += WIDTH) if (entries[i] === key) sum += entries[i + LOTS]!;
    return sum;
  }

  /** Those that trades have taken since the last message. */
  traded(side: 1 | -1, price: Ticks): Lots {
    const entries = this._entries;
    const key = side * price;
    for (let i = 0; i < this.count * WIDTH; i += WIDTH) if (entries[i] === key && entries[i + GONE] === -1) return entries[i + LOTS]!;
    return 0;
  }

  take(side: 1 | -1, price: Ticks, lots: Lots, shown: Lots, gone: Gone): void {
    const key = side * price;
    const end = this.count * WIDTH;
    for (let i = 0; i < end; i += WIDTH)
      if (this._entries[i] === key && this._entries[i + GONE] === gone) {
        this._entries[i + LOTS]! += lots;
        return;
      }
    if (end === this._entries.length) {
      const wider = new Float64Array(end * 2);
      wider.set(this._entries);
      this._entries = wider;
    }
    const entries = this._entries;
    entries[end + KEY] = key;
    entries[end + LOTS] = lots;
    entries[end + SHOWN] = shown;
    entries[end + GONE] = gone;
    this.count++;
  }

  /** What we took stays gone until its level is: the order that took it still waits at that price. */
  keep(): void {
    const entries = this._entries;
    const end = this.count * WIDTH;
    this.count = 0;
    for (let i = 0; i < end; i += WIDTH) {
      const gone = entries[i + GONE]!;
      const key = entries[i + KEY]!;
      this.take(key > 0 ? 1 : -1, Math.abs(key), entries[i + LOTS]!, entries[i + SHOWN]!, gone < 0 ? -1 : 2);
    }
  }

  /** A message is applied: forget what is displayed anew. */
  refresh(display: Display): void {
    const entries = this._entries;
    let kept = 0;
    for (let i = 0; i < this.count * WIDTH; i += WIDTH) {
      const gone = entries[i + GONE]!;
      if (gone <= 0) continue;
      const key = entries[i + KEY]!;
      const shown = display.lotsAt(key > 0 ? 1 : -1, Math.abs(key));
      if (shown === 0 || (gone === 1 && shown !== entries[i + SHOWN])) continue;
      const to = kept++ * WIDTH;
      entries[to + KEY] = key;
      entries[to + LOTS] = Math.min(entries[i + LOTS]!, shown);
      entries[to + SHOWN] = shown;
      entries[to + GONE] = gone;
    }
    this.count = kept;
  }
}
