import { timeframeMs, type Timeframe } from '../../../market/timeframe.js';
import { HOUR, MINUTE } from '../../../time.js';
import { VenueFailure, type VenueHistory } from '../../venue-transport.js';
import { fieldsOf, finite, listOf, positive, positiveIn, size, sizeIn, text, time, timeIn, type Fields } from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';
import type { Params, VenueCalls } from '../venue-calls.js';

export const BYBIT_INTERVALS: Readonly<Record<string, string>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '12h': '720',
  '1d': 'D',
  '1w': 'W',
};
const PERIODS: Readonly<Record<string, string>> = { '5m': '5min', '15m': '15min', '30m': '30min', '1h': '1h', '4h': '4h', '1d': '1d' };

export const bybitInterval = (timeframe: Timeframe, table = BYBIT_INTERVALS): string => {
  const found = table[timeframe];
  if (found === undefined)
    throw new VenueFailure('refused', 'unsupported', `Bybit has no ${timeframe} there; it has ${Object.keys(table).join(', ')}.`);
  return found;
};

/** The result of an answer. */
export const resultOf = (answer: unknown): Fields => fieldsOf(fieldsOf(answer, 'answer')['result'] ?? {}, 'result');

/**
 * Public history of Bybit linear contracts. The venue answers the newest rows of a stretch, newest first: a stretch is cut here to what one answer holds, so that the oldest come first as the port wants it.
 */
export const bybitHistory = ({ calls, symbols }: { readonly calls: VenueCalls; readonly symbols: SymbolTable }): VenueHistory => {
  const rows = <T>(path: string, params: Params, read: (row: unknown) => T): Promise<T[]> =>
    calls.call('public', 'GET', `v5/market/${path}`, { category: 'linear', ...params }, answer =>
      listOf(resultOf(answer)['list'], path).map(read),
    );

  const candles = async <T>(
    path: string,
    symbol: string,
    timeframe: Timeframe,
    from: number,
    to: number,
    limit: number,
    read: (row: unknown) => T,
  ): Promise<T[]> => {
    const most = Math.min(limit, 1000);
    const end = Math.min(to, from + most * timeframeMs(timeframe) - 1);
    const params = { symbol: symbols.idOf(symbol), interval: bybitInterval(timeframe), start: from, end, limit: most };
    return (await rows(path, params, read)).reverse();
  };

  /** Settlements come every one to eight hours and that changes: the stretch is halved until its oldest ones are in the answer. */
  const funding: VenueHistory['funding'] = async (symbol, from, to, limit) => {
    const most = Math.min(limit, 200);
    let end = Math.min(to, from + most * 8 * HOUR - 1);
    for (;;) {
      const found = await rows('funding/history', { symbol: symbols.idOf(symbol), startTime: from, endTime: end, limit: most }, entry => {
        const row = fieldsOf(entry);
        return [time(row, 'fundingRateTimestamp'), finite(row, 'fundingRate')] as const;
      });
      const oldest = found.at(-1)?.[0] ?? from;
      if (found.length < most || oldest - from < HOUR || end - from <= HOUR) return found.reverse();
      end = from + Math.floor((end - from) / 2);
    }
  };

  return {
    bars: async (symbol, timeframe, from, to, limit) =>
      candles('kline', symbol, timeframe, from, to, limit, entry => {
        const row = listOf(entry, 'kline');
        return [
          timeIn(row[0], 'open time'),
          positiveIn(row[1], 'open'),
          positiveIn(row[2], 'high'),
          positiveIn(row[3], 'low'),
          positiveIn(row[4], 'close'),
          sizeIn(row[5], 'volume'),
        ] as const;
      }),
    funding,
    openInterest: async (symbol, timeframe, from, to, limit) => {
      const most = Math.min(limit, 200);
      const end = Math.min(to, from + most * timeframeMs(timeframe) - 1);
      const params = {
        symbol: symbols.idOf(symbol),
        intervalTime: bybitInterval(timeframe, PERIODS),
        startTime: from,
        endTime: end,
        limit: most,
      };
      const found = await rows('open-interest', params, entry => {
        const row = fieldsOf(entry);
        return [time(row, 'timestamp'), size(row, 'openInterest')] as const;
      });
      return found.reverse();
    },
    referenceBars: async (kind, symbol, timeframe, from, to, limit) =>
      candles(kind === 'mark' ? 'mark-price-kline' : 'index-price-kline', symbol, timeframe, from, to, limit, entry => {
        const row = listOf(entry, 'kline');
        return [
          timeIn(row[0], 'open time'),
          positiveIn(row[1], 'open'),
          positiveIn(row[2], 'high'),
          positiveIn(row[3], 'low'),
          positiveIn(row[4], 'close'),
        ] as const;
      }),
    // Only the newest thousand are to be had.
    trades: async (symbol, from, limit) => {
      const found = await rows('recent-trade', { symbol: symbols.idOf(symbol), limit: 1000 }, entry => {
        const row = fieldsOf(entry);
        return [
          time(row, 'time'),
          positive(row, 'price'),
          positive(row, 'size'),
          text(row, 'side') === 'Buy' ? 1 : -1,
          text(row, 'execId'),
        ] as const;
      });
      return found
        .reverse()
        .filter(([at]) => at >= from)
        .slice(0, limit);
    },
    fundingInterval: async symbol => {
      const found = await rows(
        'instruments-info',
        { symbol: symbols.idOf(symbol) },
        entry => positive(fieldsOf(entry), 'fundingInterval') * MINUTE,
      );
      return found[0] ?? 8 * HOUR;
    },
  };
};
