import type { Lots } from './units.js';

/** Keys near the touch that have a slot of their own; a power of two of at least 1,024. Price × size of the recorded books is near the touch nine times in ten at this width. */
const WINDOW = 1 << 15;
const WORDS = WINDOW >> 5;
const GROUPS = WORDS >> 5;
/** Slots kept free before the best key, so that the market can move that far before the window must follow. */
const LEAD = WINDOW >> 2;
/** Once the best key is this deep, the window follows. */
const DEEP = LEAD * 3;

const BEST = 0;
const BASE = 1;
const NEAR = 2;
const FAR = 3;

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
const highestBit = (word: number): number => 31 - Math.clz32(word);

/**
 * One side of an order book: lots by key, where the least key is the best (the price for asks, minus the price for bids). Keys from `base` on have a slot each and a bit that says whether it is
 * taken, in words of 32 with a word above them, so that the next level is found without a search. Keys beyond lie in a sorted list, and none of them is before the window's end.
 */
export class BookSide {
  readonly #lots = new Float64Array(WINDOW);
  readonly #words = new Int32Array(WORDS);
  readonly #groups = new Int32Array(GROUPS);
  /** Best key (NaN: none), first key of the window, levels in it, levels beyond it. */
  readonly #state = Float64Array.of(NaN, 0, 0, 0);
  #farKeys = new Float64Array(1024);
  #farLots = new Float64Array(1024);

  /** The least key, NaN when there are no levels. */
  get best(): number {
    return this.#state[BEST]!;
  }

  /** The greatest key, NaN when there are no levels. */
  get worst(): number {
    const state = this.#state;
    if (state[FAR]! > 0) return this.#farKeys[state[FAR]! - 1]!;
    for (let group = GROUPS - 1; group >= 0; group--) {
      const words = this.#groups[group]!;
      if (words === 0) continue;
      const word = (group << 5) + highestBit(words);
      return state[BASE]! + (word << 5) + highestBit(this.#words[word]!);
    }
    return NaN;
  }

  get size(): number {
    return this.#state[NEAR]! + this.#state[FAR]!;
  }

  /** Lots at a key; 0 removes it. */
  set(key: number, lots: Lots): void {
    const state = this.#state;
    let slot = key - state[BASE]!;
    if (slot >= WINDOW && state[NEAR]! > 0) return this.#setFar(key, lots);
    if (slot < 0 || slot >= WINDOW) {
      if (lots === 0) return;
      this.#moveTo(key);
      slot = key - state[BASE]!;
    }
    const held = this.#lots[slot]!;
    this.#lots[slot] = lots;
    if (lots === 0) {
      if (held !== 0) this.#emptied(slot);
      return;
    }
    if (held !== 0) return;
    this.#take(slot);
    if (!(key > state[BEST]!)) state[BEST] = key;
  }

  at(key: number): Lots {
    const slot = key - this.#state[BASE]!;
    if (slot < 0) return 0;
    if (slot < WINDOW) return this.#lots[slot]!;
    const index = this.#farIndex(key);
    return index < this.#state[FAR]! && this.#farKeys[index] === key ? this.#farLots[index]! : 0;
  }

  /** The least key above `key`, NaN when there is none. */
  after(key: number): number {
    const state = this.#state;
    const slot = key - state[BASE]! + 1;
    if (slot < WINDOW) {
      const next = this.#from(Math.max(0, slot));
      if (next >= 0) return state[BASE]! + next;
    }
    const index = this.#farIndex(key + 1);
    return index < state[FAR]! ? this.#farKeys[index]! : NaN;
  }

  clear(): void {
    const state = this.#state;
    for (let slot = this.#from(0); slot >= 0; slot = this.#from(slot + 1)) this.#lots[slot] = 0;
    this.#words.fill(0);
    this.#groups.fill(0);
    state[BEST] = NaN;
    state[NEAR] = 0;
    state[FAR] = 0;
  }

  #take(slot: number): void {
    const word = slot >> 5;
    this.#words[word] = this.#words[word]! | (1 << (slot & 31));
    this.#groups[word >> 5] = this.#groups[word >> 5]! | (1 << (word & 31));
    this.#state[NEAR] = this.#state[NEAR]! + 1;
  }

  #leave(slot: number): void {
    const word = slot >> 5;
    const left = this.#words[word]! & ~(1 << (slot & 31));
    this.#words[word] = left;
    if (left === 0) this.#groups[word >> 5] = this.#groups[word >> 5]! & ~(1 << (word & 31));
    this.#state[NEAR] = this.#state[NEAR]! - 1;
  }

  #emptied(slot: number): void {
    const state = this.#state;
    this.#leave(slot);
    if (state[BASE]! + slot !== state[BEST]!) return;
    const next = this.#from(slot + 1);
    if (next >= 0) {
      state[BEST] = state[BASE]! + next;
      if (next > DEEP) this.#moveTo(state[BEST]!);
    } else if (state[FAR]! > 0) {
      state[BEST] = this.#farKeys[0]!;
      this.#moveTo(state[BEST]!);
    } else state[BEST] = NaN;
  }

  /** First taken slot from this one on, −1 when there is none. */
  #from(slot: number): number {
    if (slot >= WINDOW) return -1;
    let word = slot >> 5;
    const here = this.#words[word]! & (-1 << (slot & 31));
    if (here !== 0) return (word << 5) + lowestBit(here);
    word++;
    if (word >= WORDS) return -1;
    let group = word >> 5;
    let groups = this.#groups[group]! & (-1 << (word & 31));
    while (groups === 0) {
      if (++group >= GROUPS) return -1;
      groups = this.#groups[group]!;
    }
    word = (group << 5) + lowestBit(groups);
    return (word << 5) + lowestBit(this.#words[word]!);
  }

  /** Lays the window so that `key`, which becomes or is the best, has the lead before it. */
  #moveTo(key: number): void {
    const state = this.#state;
    const base = key - LEAD;
    const shift = base - state[BASE]!;
    // Levels in the window move by `shift` slots; going up from the best when they move down, and down from the last when they move up, none is overwritten before it has moved.
    if (state[NEAR]! > 0) {
      if (shift > 0) {
        for (let slot = this.#from(0); slot >= 0; slot = this.#from(slot + 1)) this.#shiftSlot(slot, slot - shift);
      } else this.#shiftUp(-shift);
    }
    state[BASE] = base;
    const end = base + WINDOW;
    let moved = 0;
    for (; moved < state[FAR]! && this.#farKeys[moved]! < end; moved++) {
      const slot = this.#farKeys[moved]! - base;
      this.#lots[slot] = this.#farLots[moved]!;
      this.#take(slot);
    }
    if (moved > 0) {
      this.#farKeys.copyWithin(0, moved, state[FAR]);
      this.#farLots.copyWithin(0, moved, state[FAR]);
      state[FAR] = state[FAR]! - moved;
    }
  }

  #shiftSlot(slot: number, to: number): void {
    const lots = this.#lots[slot]!;
    this.#lots[slot] = 0;
    this.#leave(slot);
    this.#lots[to] = lots;
    this.#take(to);
  }

  #shiftUp(by: number): void {
    const state = this.#state;
    const first = WINDOW - by;
    // What falls out of the window comes before all that is far already.
    let out = 0;
    for (let slot = this.#from(Math.max(0, first)); slot >= 0; slot = this.#from(slot + 1)) out++;
    if (out > 0) {
      this.#makeRoom(out);
      this.#farKeys.copyWithin(out, 0, state[FAR]);
      this.#farLots.copyWithin(out, 0, state[FAR]);
      let index = 0;
      for (let slot = this.#from(Math.max(0, first)); slot >= 0; slot = this.#from(slot + 1)) {
        this.#farKeys[index] = state[BASE]! + slot;
        this.#farLots[index++] = this.#lots[slot]!;
        this.#lots[slot] = 0;
        this.#leave(slot);
      }
      state[FAR] = state[FAR]! + out;
    }
    for (let slot = first - 1; slot >= 0; slot--) if (this.#lots[slot] !== 0) this.#shiftSlot(slot, slot + by);
  }

  #makeRoom(levels: number): void {
    const needed = this.#state[FAR]! + levels;
    if (needed <= this.#farKeys.length) return;
    const grown = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const wider = new Float64Array(Math.max(needed, old.length * 2));
      wider.set(old);
      return wider;
    };
    this.#farKeys = grown(this.#farKeys);
    this.#farLots = grown(this.#farLots);
  }

  /** Index of the first far key at or above this one. */
  #farIndex(key: number): number {
    let low = 0;
    let high = this.#state[FAR]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#farKeys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #setFar(key: number, lots: Lots): void {
    const state = this.#state;
    const index = this.#farIndex(key);
    const held = index < state[FAR]! && this.#farKeys[index] === key;
    if (lots === 0) {
      if (!held) return;
      this.#farKeys.copyWithin(index, index + 1, state[FAR]);
      this.#farLots.copyWithin(index, index + 1, state[FAR]);
      state[FAR] = state[FAR]! - 1;
      return;
    }
    if (!held) {
      this.#makeRoom(1);
      this.#farKeys.copyWithin(index + 1, index, state[FAR]);
      this.#farLots.copyWithin(index + 1, index, state[FAR]);
      this.#farKeys[index] = key;
      state[FAR] = state[FAR]! + 1;
    }
    this.#farLots[index] = lots;
  }
}
