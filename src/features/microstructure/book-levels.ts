import type { BookView } from '../../market/order-book.js';
import type { Lots, Ticks } from '../../market/units.js';

/** The best levels of one side: as many as there are, up to the length of the arrays. Returns how many; what lies beyond is left as it was. */
export const readLevels = (book: BookView, side: 1 | -1, prices: Float64Array, lots: Float64Array): number => {
  for (let n = 0; n < prices.length; n++) {
    const level: { readonly price: Ticks; readonly lots: Lots } | undefined = book.level(side, n);
    if (level === undefined) return n;
    prices[n] = level.price;
    lots[n] = level.lots;
  }
  return prices.length;
};
