import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Chunk, MarketKind } from '../../../src/events/market.js';

const STEM = '../shared/data/binance-usdm_BTCUSDT_2024-08-08_';

/** Rows of one of the recording's files up to a time, as a chunk of numbers. */
const chunkOf = (
  kind: MarketKind,
  file: string,
  until: number,
  width: number,
  read: (cells: readonly string[], put: (k: number, value: number) => void) => void,
): Chunk => {
  const text = gunzipSync(readFileSync(`${STEM}${file}.csv.gz`)).toString();
  const ts: number[] = [];
  const columns = Array.from({ length: width }, (): number[] => []);
  for (let from = text.indexOf('\n') + 1; from < text.length;) {
    const to = text.indexOf('\n', from);
    const cells = text.slice(from, to < 0 ? text.length : to).split(',');
    const at = Number(cells[1]);
    if (at > until) break;
    ts.push(at);
    read(cells, (k, value) => columns[k]?.push(value));
    from = to < 0 ? text.length : to + 1;
  }
  return {
    kind,
    symbol: 'BTC/USDT:USDT',
    rows: ts.length,
    ts: Float64Array.from(ts),
    columns: columns.map(column => Float64Array.from(column)),
  };
};

const number = (text: string | undefined): number => (text === '' || text === undefined ? NaN : Number(text));

/** The recorded perpetual's book, quotes and trades from its start to a time, epoch ms. */
export const recordedMarket = (until: number) => ({
  book: chunkOf('book', 'book_l2', until, 7, ([, , kind, first, last, previous, side, price, size], put) => {
    [
      side === 'bid' ? 1 : -1,
      number(price),
      number(size),
      kind === 'snapshot' ? 1 : 0,
      number(first),
      number(last),
      number(previous),
    ].forEach((value, k) => put(k, value));
  }),
  quotes: chunkOf('quotes', 'bookticker', until, 4, ([, , , ...prices], put) => prices.forEach((price, k) => put(k, number(price)))),
  trades: chunkOf('trades', 'trades', until, 3, ([, , , side, price, size], put) => {
    [number(price), number(size), side === 'buy' ? 1 : -1].forEach((value, k) => put(k, value));
  }),
});
