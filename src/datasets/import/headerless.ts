import type { Field } from './field-names.js';
import { parseDateText } from './date-text.js';
import { sampleColumn, type Sample } from './sample.js';

type Mapping = Partial<Record<Field, number>>;

const share = (cells: readonly string[], test: (cell: string) => boolean): number => {
  const filled = cells.filter(cell => cell !== '');
  return filled.length === 0 ? 0 : filled.filter(test).length / filled.length;
};

const isFlag = (cell: string): boolean => /^(true|false)$/i.test(cell);
/** Milli-, micro- or nanoseconds since 2001; seconds are only believed where nothing better is there, because ids look like them. */
const isLongEpoch = (cell: string): boolean => /^\d{12,19}(\.\d+)?$/.test(cell) && Number(cell) >= 1e12;
const isSeconds = (cell: string): boolean => /^\d{9,10}(\.\d+)?$/.test(cell);
const isDate = (cell: string): boolean => !Number.isNaN(parseDateText(cell).ms);

const hasOhlc = (sample: Sample, at: number): boolean => {
  const good = sample.rows.filter(row => {
    const [o, h, l, c] = [0, 1, 2, 3].map(k => Number(row[at + k]?.trim() || NaN));
    return (
      o !== undefined && h !== undefined && l !== undefined && c !== undefined && h >= Math.max(o, c, l) && l <= Math.min(o, c) && l > 0
    );
  });
  return good.length > 0.9 * sample.rows.length;
};

/**
 * Meaning of the columns of a file without a header, from their number and contents: the archives of Binance (klines with 12 columns, trades and
 * aggTrades ending in flags), and otherwise a time followed by open, high, low, close and volume (Bybit, Kraken, exports of ccxt).
 */
export const headerlessColumns = (sample: Sample): { readonly columns: Mapping; readonly layout: string } | undefined => {
  const width = sample.rows[0]?.length ?? 0;
  const cells = Array.from({ length: width }, (_, index) => sampleColumn(sample, index));
  const flagAt = (index: number): boolean => share(cells[index] ?? [], isFlag) > 0.9;
  const longAt = (index: number): boolean => share(cells[index] ?? [], isLongEpoch) > 0.9;
  if (flagAt(6) && longAt(5)) return { columns: { price: 1, quantity: 2, time: 5, buyerMaker: 6 }, layout: 'Binance aggTrades archive' };
  if (flagAt(5) && longAt(4)) return { columns: { price: 1, quantity: 2, time: 4, buyerMaker: 5 }, layout: 'Binance trades archive' };
  const tests = [isLongEpoch, isDate, isSeconds];
  for (const test of tests) {
    const time = cells.findIndex(column => share(column, test) > 0.9);
    if (time < 0) continue;
    if (width >= time + 5 && hasOhlc(sample, time + 1)) {
      const bars = { time, open: time + 1, high: time + 2, low: time + 3, close: time + 4 };
      return {
        columns: width > time + 5 ? { ...bars, volume: time + 5 } : bars,
        layout: width === 12 && longAt(6) ? 'Binance klines archive' : 'time, open, high, low, close',
      };
    }
    if (width === 2) return { columns: { time }, layout: 'time and one value' };
  }
  return undefined;
};
