import type { Timeframe } from '../../../market/timeframe.js';
import { HOUR, MINUTE } from '../../../time.js';
import { VenueFailure, type VenueHistory } from '../../venue-transport.js';
import { fieldsOf, finite, flag, id, listOf, positiveIn, positive, size, sizeIn, text, time, timeIn } from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';
import type { VenueCalls } from '../venue-calls.js';

const INTERVALS = new Set(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w']);
const PERIODS = new Set(['5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d']);

const offered = (known: ReadonlySet<string>, timeframe: Timeframe): string => {
  if (!known.has(timeframe))
    throw new VenueFailure('refused', 'unsupported', `Binance has no ${timeframe} there; it has ${[...known].join(', ')}.`);
  return timeframe;
};

/** Public history of Binance USDⓈ-M. Most rows at once: 1500 bars, 1000 funding rates and trades, 500 of open interest (the last 30 days only). */
export const binanceHistory = ({ calls, symbols }: { readonly calls: VenueCalls; readonly symbols: SymbolTable }): VenueHistory => {
  const api = 'fapiPublic';
  return {
    bars: async (symbol, timeframe, from, to, limit) =>
      calls.call(
        api,
        'GET',
        'klines',
        {
          symbol: symbols.idOf(symbol),
          interval: offered(INTERVALS, timeframe),
          startTime: from,
          endTime: to,
          limit: Math.min(limit, 1500),
        },
        answer =>
          listOf(answer, 'klines').map(entry => {
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
      ),
    funding: async (symbol, from, to, limit) =>
      calls.call(
        api,
        'GET',
        'fundingRate',
        { symbol: symbols.idOf(symbol), startTime: from, endTime: to, limit: Math.min(limit, 1000) },
        answer =>
          listOf(answer, 'fundingRate').map(entry => {
            const row = fieldsOf(entry);
            return [time(row, 'fundingTime'), finite(row, 'fundingRate')] as const;
          }),
      ),
    openInterest: async (symbol, timeframe, from, to, limit) =>
      calls.call(
        'fapiData',
        'GET',
        'openInterestHist',
        { symbol: symbols.idOf(symbol), period: offered(PERIODS, timeframe), startTime: from, endTime: to, limit: Math.min(limit, 500) },
        answer =>
          listOf(answer, 'openInterestHist').map(entry => {
            const row = fieldsOf(entry);
            return [time(row, 'timestamp'), size(row, 'sumOpenInterest')] as const;
          }),
      ),
    referenceBars: async (kind, symbol, timeframe, from, to, limit) =>
      calls.call(
        api,
        'GET',
        kind === 'mark' ? 'markPriceKlines' : 'indexPriceKlines',
        {
          ...(kind === 'mark' ? { symbol: symbols.idOf(symbol) } : { pair: symbols.idOf(symbol) }),
          interval: offered(INTERVALS, timeframe),
          startTime: from,
          endTime: to,
          limit: Math.min(limit, 1500),
        },
        answer =>
          listOf(answer, 'klines').map(entry => {
            const row = listOf(entry, 'kline');
            return [
              timeIn(row[0], 'open time'),
              positiveIn(row[1], 'open'),
              positiveIn(row[2], 'high'),
              positiveIn(row[3], 'low'),
              positiveIn(row[4], 'close'),
            ] as const;
          }),
      ),
    // Trades by time come aggregated only. Their id here is that of the last trade in each, so that it compares with the stream's.
    trades: async (symbol, from, limit) =>
      calls.call(api, 'GET', 'aggTrades', { symbol: symbols.idOf(symbol), startTime: from, limit: Math.min(limit, 1000) }, answer =>
        listOf(answer, 'aggTrades').map(entry => {
          const row = fieldsOf(entry);
          return [time(row, 'T'), positive(row, 'p'), positive(row, 'q'), flag(row, 'm') ? -1 : 1, id(row, 'l')] as const;
        }),
      ),
    fundingInterval: async symbol => {
      const own = symbols.idOf(symbol);
      // Only symbols that differ from eight hours are listed.
      return calls.call(api, 'GET', 'fundingInfo', {}, answer => {
        const row = listOf(answer, 'fundingInfo')
          .map(entry => fieldsOf(entry))
          .find(entry => text(entry, 'symbol') === own);
        return row === undefined ? 8 * HOUR : Math.max(MINUTE, positive(row, 'fundingIntervalHours') * HOUR);
      });
    },
  };
};
