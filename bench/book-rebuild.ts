import { existsSync } from 'node:fs';
import { readFiles } from '../src/datasets/import/read-files.js';
import { BookFeed } from '../src/market/book-sync.js';
import type { BookRows } from '../src/market/book-rows.js';
import { units } from '../src/market/units.js';
import { BOOK_UNITS, bookStream } from './fixtures/book-stream.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const RECORDING = '../shared/data/binance-usdm_BTCUSDT_2024-08-08_book_l2.csv.gz';
const TARGET = { on: 'value', atLeast: 4e6, text: '≥ 4 million level updates/s' } as const;

/** The book of a stream, message by message. */
export const rebuild = (rows: BookRows, scale: { readonly tickSize: number; readonly lotSize: number }): BookFeed => {
  const feed = new BookFeed(units(scale));
  for (let row = 0; row < rows.rows;) row += feed.apply(rows, row);
  return feed;
};

/** The same levels into a map a side, and no more: no best price, no check. */
export const intoMaps = ({ rows, columns }: BookRows): number => {
  const [side, price, quantity] = columns as [Float64Array, Float64Array, Float64Array];
  const maps = [new Map<number, number>(), new Map<number, number>()] as const;
  for (let i = 0; i < rows; i++) {
    const map = side[i]! > 0 ? maps[0] : maps[1];
    if (quantity[i] === 0) map.delete(price[i]!);
    else map.set(price[i]!, quantity[i]!);
  }
  return maps[0].size + maps[1].size;
};

const measure = async (
  name: string,
  rows: BookRows,
  scale: typeof BOOK_UNITS | { tickSize: number; lotSize: number },
  rounds: number,
): Promise<Measurement> => {
  const { valid, counts } = rebuild(rows, scale);
  if (!valid || counts.breaks > 0) throw new Error(`the book of ${name} is not valid`);
  const [rebuilt = [], maps = []] = await interleave(
    [
      { run: () => rebuild(rows, scale), repeat: 3 },
      { run: () => intoMaps(rows), repeat: 3 },
    ],
    {
      warmups: 2,
      rounds,
    },
  );
  return measurement(name, rows.rows / median(rebuilt), 'level updates/s', {
    timings: rebuilt,
    ratio: ratioOf(rebuilt, maps),
    of: 'a Map a side',
    targets: [TARGET],
  });
};

/** What it takes to keep an order book: sequence checks, units, levels and best prices, from decoded columns. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rounds = quick ? 3 : 9;
    const made = await measure('book rebuild: made-up stream', bookStream(quick ? 100_000 : 1_000_000), BOOK_UNITS, rounds);
    if (!existsSync(RECORDING)) return [made];
    const [recorded] = await readFiles([RECORDING], { mode: 'report', exchange: 'binance', symbol: 'BTC/USDT:USDT' });
    if (recorded === undefined) throw new Error('the recording holds nothing');
    return [made, await measure('book rebuild: recorded stream', recorded.series, { tickSize: 0.1, lotSize: 0.001 }, rounds)];
  },
};
