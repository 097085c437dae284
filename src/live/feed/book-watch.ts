import { BookFeed } from '../../market/book-sync.js';
import type { BookView } from '../../market/order-book.js';
import type { Symbol } from '../../market/instrument.js';
import type { Units } from '../../market/units.js';
import type { MarketMessage } from '../venue-transport.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedCounters } from './feed-counters.js';
import type { RowBuffer } from './row-buffer.js';

type BookMessage = Extract<MarketMessage, { kind: 'book' }>;

/** The order book of one symbol as far as it may be believed. */
export interface BookWatch {
  /** Null while the book is invalid: gapped, crossed, or without a snapshot. */
  readonly view: BookView | null;
  /** False when the message left the book invalid. */
  receive(message: BookMessage): boolean;
  /** The stream is away: nothing is believed until the next snapshot. */
  distrust(): void;
}

/** Rows of messages in the shape of a chunk, reused from message to message. */
export class MessageRows {
  rows = 0;
  ts = new Float64Array(64);
  columns = Array.from({ length: 7 }, () => new Float64Array(64));

  hold({ bids, asks, snapshot, firstId, lastId, previousId, ts }: BookMessage): void {
    const rows = bids.length + asks.length;
    if (rows > this.ts.length) {
      this.ts = new Float64Array(rows * 2);
      this.columns = this.columns.map(() => new Float64Array(rows * 2));
    }
    const [side, price, quantity, flag, first, last, previous] = this.columns;
    for (let i = 0; i < rows; i++) {
      const level = i < bids.length ? bids[i] : asks[i - bids.length];
      this.ts[i] = ts;
      side![i] = i < bids.length ? 1 : -1;
      price![i] = level?.[0] ?? NaN;
      quantity![i] = level?.[1] ?? NaN;
      flag![i] = snapshot ? 1 : 0;
      first![i] = firstId;
      last![i] = lastId;
      previous![i] = previousId;
    }
    this.rows = rows;
  }
}

/**
 * Follows a book by the venue's own sequence rules and passes its messages on, those that break it too, so that whoever rebuilds it downstream sees it break. When it breaks the stream is opened anew, for the
 * snapshot that comes with it. When the consumer is too slow for every message, the book as it is now replaces what was pending, as a snapshot.
 */
export const bookWatch = ({
  symbol,
  units,
  config,
  rows,
  counters,
  broken,
}: {
  readonly symbol: Symbol;
  readonly units: Units;
  readonly config: FeedConfig;
  readonly rows: RowBuffer;
  readonly counters: FeedCounters;
  readonly broken: (code: string, text: string) => void;
}): BookWatch => {
  const feed = new BookFeed(units);
  const message = new MessageRows();
  let isDistrusted = false;

  const pushSnapshot = (ts: number): void => {
    rows.clear();
    const { book } = feed;
    for (const side of [1, -1] as const)
      for (let price = side > 0 ? book.bestBid : book.bestAsk; price === price; price = book.next(side, price)) {
        const row = rows.push(ts);
        rows.set(0, row, side);
        rows.set(1, row, units.price(price));
        rows.set(2, row, units.quantity(book.lotsAt(side, price)));
        rows.set(3, row, 1);
        rows.set(4, row, NaN);
        rows.set(5, row, feed.lastId);
        rows.set(6, row, NaN);
      }
  };

  return {
    get view() {
      return feed.valid && !isDistrusted ? feed.book : null;
    },
    receive: update => {
      message.hold(update);
      if (message.rows === 0) return feed.valid;
      const wasValid = feed.valid;
      feed.apply(message, 0);
      if (feed.valid && update.snapshot) isDistrusted = false;
      if (rows.rows + message.rows > config.pendingRows) {
        counters.conflated += rows.rows;
        if (feed.valid) {
          pushSnapshot(update.ts);
          return !isDistrusted;
        }
        rows.clear();
      }
      for (let i = 0; i < message.rows; i++) {
        const row = rows.push(update.ts);
        for (let c = 0; c < message.columns.length; c++) rows.set(c, row, message.columns[c]![i]!);
      }
      // On a new connection updates come before the snapshot: that they do not link is no news.
      if (wasValid && !feed.valid && !isDistrusted)
        broken(feed.fault?.code ?? 'invalid', feed.fault?.text ?? `The book of ${symbol} is not valid.`);
      return feed.valid && !isDistrusted;
    },
    distrust: () => {
      isDistrusted = true;
    },
  };
};
