import { random } from '../../random.js';
import type { SymbolState } from './symbol-state.js';

/** [price, quantity], best first. */
type Ladder = readonly (readonly [price: number, quantity: number])[];

/** A made-up book: a stated spread around a price, and so many levels a tick apart on each side, whose sizes change from bar to bar. */
export interface BookLadder {
  /** Best prices around a price: bid and ask in ticks, at least one apart. */
  bid(price: number): number;
  ask(price: number): number;
  /** Quantity at a price in ticks during the bar of this row, base units. */
  quantity(ticks: number, row: number): number;
  side(buy: boolean, price: number, row: number, levels: number): Ladder;
  /** What changes on a side from one price and row to others: levels that are gone have quantity 0. The best one is always told, so that no update is empty. */
  changes(
    buy: boolean,
    from: { readonly price: number; readonly row: number },
    to: { readonly price: number; readonly row: number },
    levels: number,
  ): Ladder;
}

/** Sizes that a level can have, as a share of the average. */
const SIZES = 1009;

export const bookLadder = (
  state: SymbolState,
  { spreadBps, levelNotional, seed }: { readonly spreadBps: number; readonly levelNotional: number; readonly seed: number },
): BookLadder => {
  const draws = random(`${seed}/book/${state.index}`);
  const share = Float64Array.from({ length: SIZES }, () => 0.2 + 1.6 * draws.next());
  const half = spreadBps / 20_000;
  const bid = (price: number): number => {
    const u = state.units;
    const m = price / u.tickSize;
    return Math.max(1, Math.min(u.ticksDown(price * (1 - half)), Math.ceil(m + 1e-9) - 1));
  };
  const ask = (price: number): number => Math.max(bid(price) + 1, state.units.ticksUp(price * (1 + half)));
  const quantity = (ticks: number, row: number): number => {
    const u = state.units;
    const average = levelNotional / (ticks * u.tickSize);
    return u.quantity(Math.max(1, u.lots(average * share[(ticks * 7 + row * 13) % SIZES]!)));
  };
  const best = (buy: boolean, price: number): number => (buy ? bid(price) : ask(price));
  const level = (buy: boolean, top: number, i: number): number => (buy ? top - i : top + i);
  return {
    bid,
    ask,
    quantity,
    side: (buy, price, row, levels) => {
      const top = best(buy, price);
      const ladder: [number, number][] = [];
      for (let i = 0; i < levels && level(buy, top, i) > 0; i++) {
        const ticks = level(buy, top, i);
        ladder.push([state.units.price(ticks), quantity(ticks, row)]);
      }
      return ladder;
    },
    changes: (buy, from, to, levels) => {
      const u = state.units;
      const before = best(buy, from.price);
      const after = best(buy, to.price);
      const rows: [number, number][] = [];
      for (let i = 0; i < levels; i++) {
        const ticks = level(buy, before, i);
        const depth = buy ? after - ticks : ticks - after;
        if (ticks > 0 && (depth < 0 || depth >= levels)) rows.push([u.price(ticks), 0]);
      }
      for (let i = 0; i < levels; i++) {
        const ticks = level(buy, after, i);
        if (ticks <= 0) continue;
        const depth = buy ? before - ticks : ticks - before;
        const now = quantity(ticks, to.row);
        if (i === 0 || depth < 0 || depth >= levels || quantity(ticks, from.row) !== now) rows.push([u.price(ticks), now]);
      }
      return rows;
    },
  };
};
