import type { MarketKind } from '../../events/market.js';
import type { Symbol } from '../../market/instrument.js';
import type { MarketMessage } from '../venue-transport.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedCounters } from './feed-counters.js';
import type { FeedSink } from './feed-port.js';
import type { SymbolLine } from './symbol-line.js';

type Quote = Extract<MarketMessage, { kind: 'quote' }>;
type Estimate = Extract<MarketMessage, { kind: 'funding-estimate' }>;

/** Where messages that are believed go. */
export interface MarketIntake {
  accept(message: MarketMessage, line: SymbolLine): void;
  /** The last quote that may still be believed, whatever its age. */
  quote(symbol: Symbol): Quote | null;
  forgetQuote(symbol: Symbol): void;
  estimate(symbol: Symbol): Estimate | null;
}

export const marketIntake = ({
  config,
  counters,
  sink,
  isBusy,
  gave,
}: {
  readonly config: Pick<FeedConfig, 'pendingRows'>;
  readonly counters: FeedCounters;
  readonly sink: FeedSink;
  readonly isBusy: () => boolean;
  readonly gave: () => void;
}): MarketIntake => {
  const quotes = new Map<Symbol, Quote>();
  const estimates = new Map<Symbol, Estimate>();
  const pricedAt = new Map<Symbol, number>();
  /** Newest event time of kinds of which only the newest counts. */
  const newest = new Map<SymbolLine, Map<MarketKind, number>>();

  /** The row for a value of which only the newest counts: a pending one is replaced while the consumer is busy. −1 for one that is older than what was given. */
  const rowFor = (line: SymbolLine, kind: MarketKind, ts: number): number => {
    const buffer = line.buffers.get(kind);
    if (buffer === undefined) return -1;
    const times = newest.get(line) ?? new Map<MarketKind, number>();
    newest.set(line, times);
    if (ts < (times.get(kind) ?? -Infinity)) {
      counters.late++;
      return -1;
    }
    times.set(kind, ts);
    if (buffer.rows === 0 || !(isBusy() || buffer.rows >= config.pendingRows)) return buffer.push(ts);
    counters.conflated++;
    buffer.stamp(buffer.rows - 1, ts);
    return buffer.rows - 1;
  };
  const priced = ({ symbol }: SymbolLine, price: number, ts: number): void => {
    if (ts < (pricedAt.get(symbol) ?? -Infinity)) return;
    pricedAt.set(symbol, ts);
    sink.price?.(symbol, price, ts);
  };
  const isSame = (a: Quote | undefined, b: Quote): boolean =>
    a !== undefined && a.ts === b.ts && a.bid === b.bid && a.bidSize === b.bidSize && a.ask === b.ask && a.askSize === b.askSize;
  const quoted = (line: SymbolLine, quote: Quote): void => {
    if (isSame(quotes.get(line.symbol), quote)) {
      counters.duplicates++;
      return;
    }
    const row = rowFor(line, 'quotes', quote.ts);
    if (row < 0) return;
    const rows = line.buffers.get('quotes')!;
    rows.set(0, row, quote.bid);
    rows.set(1, row, quote.bidSize);
    rows.set(2, row, quote.ask);
    rows.set(3, row, quote.askSize);
    quotes.set(line.symbol, quote);
    sink.quote?.(line.symbol, quote.bid, quote.ask, quote.ts);
    gave();
  };
  const marked = (line: SymbolLine, { price, index, ts }: Extract<MarketMessage, { kind: 'mark' }>): void => {
    // One mark a moment, as a dataset has it.
    if (newest.get(line)?.get('mark') === ts) {
      counters.duplicates++;
      return;
    }
    const row = rowFor(line, 'mark', ts);
    if (row < 0) return;
    line.buffers.get('mark')!.set(0, row, price);
    const indexRow = index > 0 && index < Infinity ? rowFor(line, 'index', ts) : -1;
    if (indexRow >= 0) line.buffers.get('index')!.set(0, indexRow, index);
    sink.mark?.(line.symbol, price, ts);
    gave();
  };

  return {
    accept: (message, line) => {
      switch (message.kind) {
        case 'bar':
          line.bars.find(({ timeframe }) => timeframe === message.timeframe)?.receive(message);
          priced(line, message.close, message.ts);
          break;
        case 'trade':
          if (line.tape?.receive(message) !== true) break;
          priced(line, message.price, message.ts);
          gave();
          break;
        case 'quote':
          quoted(line, message);
          break;
        case 'book':
          line.book?.receive(message);
          gave();
          break;
        case 'mark':
          marked(line, message);
          break;
        case 'funding':
          line.interval = message.interval;
          if (line.funding?.receive(message.ts, message.rate) === false) counters.duplicates++;
          break;
        case 'funding-estimate':
          estimates.set(line.symbol, message);
          break;
        case 'open-interest':
          if (line.interest?.receive(message.ts, message.value) === false) counters.duplicates++;
          break;
      }
    },
    quote: symbol => quotes.get(symbol) ?? null,
    forgetQuote: symbol => {
      quotes.delete(symbol);
    },
    estimate: symbol => estimates.get(symbol) ?? null,
  };
};
