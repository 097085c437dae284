import { usageError } from '../../errors.js';
import type { Chunk } from '../../events/market.js';
import type { BookView } from '../../market/order-book.js';
import type { Units } from '../../market/units.js';
import type { NamedColumns } from '../columns.js';
import { EMPTY_BOOK } from './empty-book.js';
import type { MicrostructureFeature } from './microstructure-feature.js';

/** What rebuilds an order book from the rows of book chunks, as `BookFeed` does. */
export interface BookReplay {
  /** Take the message that begins at this row; returns how many rows it has. */
  apply(chunk: Chunk, row: number): number;
  /** Whether the book can be believed now. */
  readonly valid: boolean;
  readonly book: BookView;
}

/** Recorded events of one instrument, chunks of each kind in order of time. */
export interface MicrostructureData {
  readonly book?: { readonly chunks: readonly Chunk[]; readonly replay: BookReplay };
  readonly trades?: readonly Chunk[];
  readonly quotes?: readonly Chunk[];
}

/** Where the next event of a kind is. */
interface Cursor {
  readonly chunks: readonly Chunk[];
  chunk: number;
  row: number;
}

const cursor = (chunks: readonly Chunk[]): Cursor => settled({ chunks, chunk: 0, row: 0 });

/** Past chunks that have no rows left. */
const settled = (at: Cursor): Cursor => {
  while (at.chunk < at.chunks.length && at.row >= at.chunks[at.chunk]!.rows) {
    at.chunk++;
    at.row = 0;
  }
  return at;
};

const timeOf = ({ chunks, chunk, row }: Cursor): number => (chunk < chunks.length ? chunks[chunk]!.ts[row]! : Infinity);

const cell = ({ chunks, chunk, row }: Cursor, column: number): number => chunks[chunk]!.columns[column]![row]!;

const lastTime = (chunks: readonly Chunk[]): number => chunks.reduce((last, { ts, rows }) => (rows > 0 ? ts[rows - 1]! : last), -Infinity);

/**
 * Features over recorded events, sampled at every whole multiple of `everyMs` from the first event to the last: `ts` and one column per feature under its key. A sample knows what happened at or before
 * its time and nothing else. Within one instant the book comes first, then quotes, then trades (law 1), each in the order of its rows; a book that can no longer be believed is shown as an empty one.
 * It is the very fold that runs live (law 7). Throws a usage error for an `everyMs` that is not a whole number above 0.
 */
export const microstructureColumns = (
  data: MicrostructureData,
  features: readonly MicrostructureFeature[],
  units: Units,
  everyMs: number,
): NamedColumns => {
  if (!Number.isInteger(everyMs) || everyMs < 1)
    throw usageError(
      'bad-step',
      `A step of ${String(everyMs)} ms cannot be sampled at.`,
      'Give a step that is a whole number of milliseconds above 0.',
    );
  const book = cursor(data.book?.chunks ?? []);
  const quotes = cursor(data.quotes ?? []);
  const trades = cursor(data.trades ?? []);
  const replay = data.book?.replay;
  const folds = features.map(feature => feature.create(units));
  const first = Math.ceil(Math.min(timeOf(book), timeOf(quotes), timeOf(trades)) / everyMs) * everyMs;
  const end = Math.max(lastTime(book.chunks), lastTime(quotes.chunks), lastTime(trades.chunks));
  const rows = end >= first ? Math.floor((end - first) / everyMs) + 1 : 0;
  const ts = new Float64Array(rows);
  const columns = folds.map(() => new Float64Array(rows));

  const bookTick = { ts: 0, book: EMPTY_BOOK };
  const quoteTick = { ts: 0, bid: 0, bidLots: 0, ask: 0, askLots: 0 };
  const tradeTick = { ts: 0, price: 0, lots: 0, side: 0 };
  let row = 0;
  for (;;) {
    const now = Math.min(timeOf(book), timeOf(quotes), timeOf(trades));
    for (let at = first + row * everyMs; at < now && row < rows; at += everyMs, row++) {
      ts[row] = at;
      for (let k = 0; k < folds.length; k++) columns[k]![row] = folds[k]!.value(at);
    }
    if (now === Infinity) break;
    if (replay !== undefined && timeOf(book) === now) {
      book.row += replay.apply(book.chunks[book.chunk]!, book.row);
      settled(book);
      bookTick.ts = now;
      bookTick.book = replay.valid ? replay.book : EMPTY_BOOK;
      for (let k = 0; k < folds.length; k++) folds[k]!.onBook(bookTick);
    } else if (timeOf(quotes) === now) {
      quoteTick.ts = now;
      quoteTick.bid = units.ticks(cell(quotes, 0));
      quoteTick.bidLots = units.lots(cell(quotes, 1));
      quoteTick.ask = units.ticks(cell(quotes, 2));
      quoteTick.askLots = units.lots(cell(quotes, 3));
      quotes.row++;
      settled(quotes);
      for (let k = 0; k < folds.length; k++) folds[k]!.onQuote(quoteTick);
    } else {
      tradeTick.ts = now;
      tradeTick.price = units.ticks(cell(trades, 0));
      tradeTick.lots = units.lots(cell(trades, 1));
      tradeTick.side = cell(trades, 2);
      trades.row++;
      settled(trades);
      for (let k = 0; k < folds.length; k++) folds[k]!.onTrade(tradeTick);
    }
  }
  return { ts, ...Object.fromEntries(features.map((feature, k) => [feature.key, columns[k] ?? new Float64Array(0)])) };
};
