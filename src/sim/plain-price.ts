import type { Ticks, Units } from '../market/units.js';

/** Price of a bar's path at a time, ticks (docs/matching-rules.md §1), for one moment and without the path. `d`: length of the bar in ms; `prices`: open, high, low and close, quote currency. */
export const priceAt = (
  now: number,
  openTime: number,
  d: number,
  u: Units,
  prices: readonly [number, number, number, number],
  isDown: (open: Ticks, high: Ticks, low: Ticks, close: Ticks) => boolean,
): number => {
  const open = u.ticks(prices[0]);
  const high = u.ticks(prices[1]);
  const low = u.ticks(prices[2]);
  const close = u.ticks(prices[3]);
  const down = isDown(open, high, low, close);
  const first = openTime + d / 3;
  const second = openTime + (2 * d) / 3;
  if (first > now) return along(open, down ? low : high, openTime, first, now);
  if (second > now) return along(down ? low : high, down ? high : low, first, second, now);
  return along(down ? high : low, close, second, openTime + d, now);
};

const along = (pa: number, pb: number, ta: number, tb: number, now: number): number => pa + (pb - pa) * ((now - ta) / (tb - ta));
