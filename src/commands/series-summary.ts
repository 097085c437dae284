import type { Series } from '../datasets/series.js';
import { formatTime } from '../time.js';
import { grouped } from './figures.js';

/** What is said of a series that was written into a dataset. Times are epoch ms, null where it has no rows. */
export const seriesSummary = ({ kind, symbol, timeframe, rows, ts }: Series) => ({
  kind,
  symbol,
  timeframe: timeframe ?? null,
  rows,
  from: ts[0] ?? null,
  to: ts[rows - 1] ?? null,
});

/** The same as a line: `1,440 bars 1m of BTC/USDT, 2024-01-01 00:00 to 2024-01-01 23:59`. */
export const seriesLine = ({ kind, symbol, timeframe, rows, from, to }: ReturnType<typeof seriesSummary>): string =>
  `${grouped(rows)} ${kind}${timeframe === null ? '' : ` ${timeframe}`} of ${symbol}${from === null || to === null ? '' : `, ${formatTime(from)} to ${formatTime(to)}`}`;
