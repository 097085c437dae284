import type { Display } from './liquidity.js';

/** The best levels of a side as [ticks, lots], best first. */
export const bestLevels = (display: Display, side: 1 | -1, most: number): [number, number][] => {
  const levels: [number, number][] = [];
  let price = side > 0 ? display.bestBid : display.bestAsk;
  for (; levels.length < most && !Number.isNaN(price); price = display.next(side, price)) levels.push([price, display.lotsAt(side, price)]);
  return levels;
};
