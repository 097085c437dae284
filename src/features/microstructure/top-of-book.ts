import type { BookTick, QuoteTick } from './microstructure-feature.js';

/** Places in `TopOfBook.top`. */
export const BID = 0;
export const BID_LOTS = 1;
export const ASK = 2;
export const ASK_LOTS = 3;

/** The last best bid and ask that book or quotes gave. */
export interface TopOfBook {
  /** Best bid, its lots, best ask, its lots; all NaN while there is none that can be believed: an empty side or a bid not below the ask. */
  readonly top: Float64Array;
  onBook(tick: BookTick): void;
  onQuote(tick: QuoteTick): void;
}

export const topOfBook = (): TopOfBook => {
  const top = new Float64Array(4).fill(NaN);
  const check = (): void => {
    if (!(top[BID]! < top[ASK]! && top[BID_LOTS]! > 0 && top[ASK_LOTS]! > 0)) top.fill(NaN);
  };
  return {
    top,
    onBook: ({ book }) => {
      const { bestBid, bestAsk } = book;
      top[BID] = bestBid;
      top[BID_LOTS] = book.lotsAt(1, bestBid);
      top[ASK] = bestAsk;
      top[ASK_LOTS] = book.lotsAt(-1, bestAsk);
      check();
    },
    onQuote: tick => {
      top[BID] = tick.bid;
      top[BID_LOTS] = tick.bidLots;
      top[ASK] = tick.ask;
      top[ASK_LOTS] = tick.askLots;
      check();
    },
  };
};
