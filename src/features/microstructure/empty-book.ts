import type { BookView } from '../../market/order-book.js';

/** A book of which nothing is known: what folds are shown when the feed's book can no longer be believed. */
export const EMPTY_BOOK: BookView = {
  bestBid: NaN,
  bestAsk: NaN,
  lotsAt: () => 0,
  levels: () => 0,
  level: () => undefined,
};
