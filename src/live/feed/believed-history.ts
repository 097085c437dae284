import type { Symbol } from '../../market/instrument.js';
import { barStart, timeframeMs, type Timeframe } from '../../market/timeframe.js';
import type { VenueHistory } from '../venue-transport.js';
import type { FeedConfig } from './feed-config.js';
import { FeedStopped, type HistoryDesk } from './history-desk.js';
import { doubtBar } from './market-doubts.js';
import type { PriceGuard } from './price-guard.js';

/** A bar by its values: open time, open, high, low, close, volume. */
export type BarRow = readonly [openTime: number, open: number, high: number, low: number, close: number, volume: number];

/** The bar's values in words. */
export const showBar = ([, open, high, low, close, volume]: BarRow): string =>
  `open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`;

/**
 * The bars of an answer that can be believed. A close outside the band of the one before it needs a second source: the stream, when it had that price too, or the mark price of the same bar. `before` is the close
 * of the bar before the first one; where it is NaN the middle close of the answer stands for it.
 */
export const believedHistory = ({
  symbol,
  timeframe,
  config,
  history,
  desk,
  guard,
  quarantine,
}: {
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
  readonly config: Pick<FeedConfig, 'agreeWithin'>;
  readonly history: Pick<VenueHistory, 'referenceBars'>;
  readonly desk: HistoryDesk;
  readonly guard: PriceGuard;
  readonly quarantine: (code: string, text: string) => void;
}): ((rows: readonly BarRow[], before: number) => Promise<readonly BarRow[]>) => {
  const length = timeframeMs(timeframe);
  const isMarked = async (openTime: number, close: number): Promise<boolean> => {
    try {
      const [mark] = await desk.ask(() => history.referenceBars('mark', symbol, timeframe, openTime, openTime, 1));
      return mark !== undefined && mark[0] === openTime && Math.abs(mark[4] - close) <= config.agreeWithin * close;
    } catch (error) {
      if (error instanceof FeedStopped) throw error;
      return false;
    }
  };
  return async (rows, before) => {
    const good: BarRow[] = [];
    const closes = rows.map(row => row[4]).sort((a, b) => a - b);
    let reference = Number.isNaN(before) ? (closes[closes.length >> 1] ?? NaN) : before;
    for (const row of rows) {
      const [openTime, open, high, low, close, volume] = row;
      const doubt = openTime === barStart(openTime, length) ? doubtBar({ open, high, low, close, volume }) : 'off-grid';
      if (doubt !== null) {
        quarantine(doubt, `History has an impossible bar ${timeframe} at ${openTime}: ${showBar(row)}.`);
        continue;
      }
      if (!guard.inBand(close, reference) && !guard.isSuspected(close) && !(await isMarked(openTime, close))) {
        quarantine('price-jump', `History has a close of ${close} at ${openTime} after ${reference}, and no second source has it.`);
        continue;
      }
      reference = close;
      good.push(row);
    }
    if (Number.isNaN(guard.last) && !Number.isNaN(reference)) guard.settle(reference);
    return good;
  };
};
