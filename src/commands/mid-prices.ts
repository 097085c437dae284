import type { Dataset } from '../datasets/catalogue.js';
import { loadSeries } from '../datasets/load-series.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Chunk } from '../events/market.js';
import { BookFeed } from '../market/book-sync.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { units } from '../market/units.js';
import type { MidPrices } from '../metrics/markout.js';

const ofQuotes = ({ rows, ts, columns }: Chunk): MidPrices => {
  const [bid, , ask] = columns as [Float64Array, Float64Array, Float64Array];
  return { ts: ts.subarray(0, rows), mid: Float64Array.from({ length: rows }, (_, i) => ((bid[i] ?? NaN) + (ask[i] ?? NaN)) / 2) };
};

/** A book that is not whole has no mid price: what comes then is left out. */
const ofBook = (chunk: Chunk, instrument: Instrument): MidPrices => {
  const u = units(instrument);
  const feed = new BookFeed(u);
  const ts: number[] = [];
  const mid: number[] = [];
  for (let row = 0; row < chunk.rows;) {
    const at = chunk.ts[row] ?? NaN;
    row += feed.apply(chunk, row);
    ts.push(at);
    mid.push(feed.valid ? ((feed.book.bestBid + feed.book.bestAsk) / 2) * u.tickSize : NaN);
  }
  return { ts: Float64Array.from(ts), mid: Float64Array.from(mid) };
};

/** Mid prices over a run, from the quotes of the dataset or else its order book, by symbol; null when no symbol has either. */
export const midPrices = async (
  dataset: Dataset,
  { symbols, from, to }: RunConfig,
  instruments: readonly Instrument[],
): Promise<Readonly<Record<Symbol, MidPrices>> | null> => {
  const found: [Symbol, MidPrices][] = [];
  for (const symbol of symbols) {
    const has = (kind: string): boolean => dataset.entries.some(entry => entry.kind === kind && entry.symbol === symbol && entry.rows > 0);
    const instrument = instruments.find(each => each.symbol === symbol);
    if (has('quotes')) found.push([symbol, ofQuotes(await loadSeries(dataset, { symbol, kind: 'quotes', from, to }))]);
    else if (has('book') && instrument) found.push([symbol, ofBook(await loadSeries(dataset, { symbol, kind: 'book', to }), instrument)]);
  }
  return found.length === 0 ? null : Object.fromEntries(found);
};
