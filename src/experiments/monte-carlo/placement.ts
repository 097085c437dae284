import type { Random } from '../../random.js';

/**
 * Draws places for trades that keep their lengths and do not overlap, every such arrangement equally likely: any order of the trades, any
 * division of the free bars over the gaps before, between and after them. `lengths` in bars between entry and exit; one trade may begin on the
 * bar on which another ends. Writes the entry bar of each trade into `entries`. `free` = bars − 1 − Σ lengths, not negative.
 */
export const placeTrades = (lengths: Int32Array, free: number, draw: Random, entries: Int32Array): void => {
  const k = lengths.length;
  const order = Int32Array.from({ length: k }, (_, i) => i);
  for (let i = k - 1; i > 0; i--) {
    const j = draw.int(i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  // k of free + k places hold a trade, by Floyd's algorithm (Bentley, Programming Pearls, Communications of the ACM 30 (1987)).
  const chosen = new Set<number>();
  for (let top = free; top < free + k; top++) {
    const place = draw.int(top + 1);
    chosen.add(chosen.has(place) ? top : place);
  }
  const places = Int32Array.from(chosen).sort();
  let held = 0;
  for (let i = 0; i < k; i++) {
    const trade = order[i]!;
    // Free bars before it, then the trades before it.
    entries[trade] = places[i]! - i + held;
    held += lengths[trade]!;
  }
};
