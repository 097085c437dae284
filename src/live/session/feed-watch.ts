import type { Chunk } from '../../events/market.js';
import type { MarketWatch } from '../../risk/market-watch.js';

/** What a watch hears of a chunk of a symbol with this index, as the engine's own does: the newest quote, the time of the newest trade, the newest close as of `now`. */
export const feedWatch = (watch: MarketWatch, index: number, { kind, rows, ts, columns }: Chunk, now: number): void => {
  if (rows === 0) return;
  const newest = (column: number): number => columns[column]?.[rows - 1] ?? NaN;
  if (kind === 'quotes') watch.quoted(index, newest(0), newest(2));
  else if (kind === 'trades') watch.traded(index, ts[rows - 1]!);
  else if (kind === 'bars') watch.close(index, now, newest(3));
};
