import type { BookTick, QuoteTick } from './microstructure-feature.js';
import { ASK, BID, topOfBook } from './top-of-book.js';

/** The mid price that was in force before a moment, in half ticks (bid + ask), so that it is a whole number. */
export interface PrevailingMid {
  onBook(tick: BookTick): void;
  onQuote(tick: QuoteTick): void;
  /** Before `ts`, which is not before the last event. What came in the same millisecond is not looked at: it may be the answer to the trade that is judged. NaN when there was none. */
  before(ts: number): number;
}

export const prevailingMid = (): PrevailingMid => {
  const { top, onBook, onQuote } = topOfBook();
  /** Time of the last event; the mid since then, and the one in force before that time. */
  const mids = new Float64Array(3).fill(NaN);
  const follow = (ts: number): void => {
    if (ts !== mids[0]!) mids[2] = mids[1]!;
    mids[0] = ts;
    mids[1] = top[BID]! + top[ASK]!;
  };
  return {
    onBook: tick => {
      onBook(tick);
      follow(tick.ts);
    },
    onQuote: tick => {
      onQuote(tick);
      follow(tick.ts);
    },
    before: ts => (ts > mids[0]! ? mids[1]! : mids[2]!),
  };
};
