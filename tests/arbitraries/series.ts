import fc from 'fast-check';
import { KIND_COLUMNS, type MarketKind } from '../../src/events/market.js';
import type { Instrument } from '../../src/market/instrument.js';
import type { Imported, Series } from '../../src/datasets/series.js';

/** A perpetual with Binance-like units. */
export const perpetual = (symbol = 'BTC/USDT:USDT'): Instrument => ({
  symbol,
  exchange: 'testnet',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.005,
  source: 'made up for a test',
});

/** A series as an importer hands it over. */
export const imported = (series: Series, file = 'test.csv'): Imported => ({
  series,
  instrument: perpetual(series.symbol),
  source: { file, sha256: `sha of ${file}`, bytes: 1, rows: series.rows, reading: {} },
  findings: [],
  synthetic: false,
});

/** Bars from plain rows `[ts, open, high, low, close, volume]`. */
export const barsOf = (rows: readonly (readonly number[])[], symbol = 'BTC/USDT:USDT'): Series => {
  const column = (index: number): Float64Array => Float64Array.from(rows, row => row[index] ?? NaN);
  return { kind: 'bars', symbol, timeframe: '1h', rows: rows.length, ts: column(0), columns: [1, 2, 3, 4, 5].map(column) };
};

/** Any double, every bit pattern but NaN's payloads: what a lossless lake must give back. */
const anyDouble = fc.double({ noDefaultInfinity: false, noNaN: false });

/** A series of any values, ascending in time from 2024-01-01 with steps of any fraction, over several months; events may share an instant. */
export const arbitrarySeries = (
  kind: MarketKind,
  symbol: string,
  { maxLength = 200, maxStepMs = 3 * 86_400_000 } = {},
): fc.Arbitrary<Series> => {
  const isEvent = kind === 'trades' || kind === 'book' || kind === 'quotes';
  const least = isEvent ? 0 : 0.25;
  const step = fc.oneof(fc.integer({ min: isEvent ? 0 : 1, max: maxStepMs }), fc.double({ min: least, max: 1000, noNaN: true }));
  const width = KIND_COLUMNS[kind].length;
  const row = fc.tuple(step, fc.array(anyDouble, { minLength: width, maxLength: width }));
  return fc.array(row, { minLength: 1, maxLength }).map(rows => {
    let ts = Date.UTC(2024, 0, 1);
    const times = Float64Array.from(rows, ([gap]) => (ts += gap));
    const columns = KIND_COLUMNS[kind].map((_, index) => Float64Array.from(rows, ([, values]) => values[index] ?? NaN));
    return { kind, symbol, ...(kind === 'bars' ? { timeframe: '1h' as const } : {}), rows: rows.length, ts: times, columns };
  });
};
