import type { Bar } from '../events/market.js';
import { usageError, didYouMean } from '../errors.js';

/** What of a bar to read: a field, or the mean of several (`hl2` median, `hlc3` typical, `ohlc4` average, `hlcc4` weighted close). */
export type Source = 'open' | 'high' | 'low' | 'close' | 'volume' | 'hl2' | 'hlc3' | 'ohlc4' | 'hlcc4';

/** Every source by name. */
const SOURCES: readonly Source[] = ['open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4', 'hlcc4'];

/** The option of features that read one number of each bar; the close unless said. */
export interface SourceOption {
  readonly source?: Source;
}

/** The source asked for, or `standard`. Throws a usage error for a word that is none. */
export const sourceOf = (options: SourceOption, standard: Source = 'close'): Source => {
  const source = options.source ?? standard;
  if (!SOURCES.includes(source))
    throw usageError(
      'bad-source',
      `"${source}" is not something a bar has.${didYouMean(source, SOURCES)}`,
      `Choose one of ${SOURCES.join(', ')}.`,
    );
  return source;
};

/** For keys: the source, or nothing when it is the standard one. */
export const sourceKey = (source: Source, standard: Source = 'close'): string | undefined => (source === standard ? undefined : source);

/** That number of a bar; NaN when a field it needs is missing. One switch, small enough to be inlined into each feature's loop. */
export const read = (bar: Bar, source: Source): number => {
  switch (source) {
    case 'close':
      return bar.close;
    case 'open':
      return bar.open;
    case 'high':
      return bar.high;
    case 'low':
      return bar.low;
    case 'volume':
      return bar.volume;
    case 'hl2':
      return (bar.high + bar.low) / 2;
    case 'hlc3':
      return (bar.high + bar.low + bar.close) / 3;
    case 'ohlc4':
      return (bar.open + bar.high + bar.low + bar.close) / 4;
    case 'hlcc4':
      return (bar.high + bar.low + 2 * bar.close) / 4;
  }
};

/** Whether high, low and close are all there. */
export const hasRange = (bar: Bar): boolean => Number.isFinite(bar.high + bar.low + bar.close);
