import { PHASE, type Chunk, type MarketKind } from '../events/market.js';
import { Tape, type TapeCursor } from '../events/tape.js';
import { BookFeed } from '../market/book-sync.js';
import type { Symbol } from '../market/instrument.js';
import type { Units } from '../market/units.js';
import type { StrategyHost } from './strategy-host.js';

/** Kinds that cross the wire one by one, so that they reach the strategy a feed latency later. */
const STREAMED: ReadonlySet<MarketKind> = new Set(['book', 'quotes', 'trades']);

/** Name of a series, by which its feed latencies are drawn. */
export const seriesName = (kind: MarketKind, symbol: Symbol): string => `${kind} of ${symbol}`;

/** A series that is no bar: one fact a row, or for books one a message. */
interface Line {
  readonly kind: MarketKind;
  readonly index: number;
  readonly name: string;
  /** Milliseconds after it happened at which it can be known, at the least. */
  readonly delay: number;
  readonly isStreamed: boolean;
  readonly tape: Tape;
  readonly cursor: TapeCursor;
  /** Books only: the book as the strategy knows it. */
  readonly book: BookFeed | null;
  nextAt: number;
}

/** Who hears the data. */
export type MarketListener = Pick<StrategyHost, 'bookUpdated' | 'settled' | 'membership' | 'give' | 'mark$' | 'trades$' | 'quotes$'>;

/** What the lines are told about the run. */
export interface LinesSetup {
  readonly host: MarketListener;
  readonly units: readonly Units[];
  /** Publication delays by kind. */
  readonly delays: { readonly funding: number; readonly mark: number };
  /** From the venue to the strategy for what is streamed; `line` names the series. Asked once a datum, in the order of the series. */
  readonly feedLatency: (ts: number, line: string) => number;
  /** Whether the strategy looks at this symbol's order book; rebuilding one for nobody would be waste. */
  readonly wantsBook: (index: number) => boolean;
  /** Sees the first three columns of every datum but books, for forecasts and risk. */
  readonly observe: ((index: number, kind: MarketKind, ts: number, first: number, second: number, third: number) => void) | null;
}

/**
 * Market data other than bars on its way to the strategy, in the order of law 1: by time, then kind, then symbol, then row. What is streamed keeps its order: a datum that travels faster than the one before
 * it arrives together with that one.
 */
export class MarketLines {
  /** When the next datum can be known. */
  nextAt = Infinity;
  private readonly _s: LinesSetup;
  private readonly _lines: Line[] = [];

  constructor(setup: LinesSetup) {
    this._s = setup;
  }

  load(chunk: Chunk, index: number): void {
    const { kind } = chunk;
    if (kind === 'book' && !this._s.wantsBook(index)) return;
    let line = this._lines.find(l => l.kind === kind && l.index === index);
    if (!line) {
      const tape = new Tape();
      const delay = kind === 'funding' ? this._s.delays.funding : kind === 'mark' ? this._s.delays.mark : 0;
      const book = kind === 'book' ? new BookFeed(this._s.units[index] as Units) : null;
      line = {
        kind,
        index,
        name: seriesName(kind, chunk.symbol),
        delay,
        isStreamed: STREAMED.has(kind),
        tape,
        cursor: tape.cursor(),
        book,
        nextAt: Infinity,
      };
      this._lines.push(line);
      this._lines.sort((a, b) => PHASE[a.kind] - PHASE[b.kind] || a.index - b.index);
    }
    line.tape.append(chunk);
    if (line.nextAt === Infinity) this._plan(line, -Infinity);
    this._next();
  }

  /** Everything of one moment goes to the strategy; returns how many data. */
  deliver(now: number): number {
    let delivered = 0;
    for (const line of this._lines)
      while (line.nextAt === now) {
        delivered += this._give(line);
        this._plan(line, now);
      }
    this._next();
    return delivered;
  }

  private _next(): void {
    let at = Infinity;
    for (const line of this._lines) if (line.nextAt < at) at = line.nextAt;
    this.nextAt = at;
  }

  private _plan(line: Line, now: number): void {
    const { cursor } = line;
    if (!cursor.ready()) {
      line.nextAt = Infinity;
      return;
    }
    const ts = (cursor.chunk as Chunk).ts[cursor.row] as number;
    const at = ts + line.delay + (line.isStreamed ? this._s.feedLatency(ts, line.name) : 0);
    line.nextAt = line.isStreamed && at < now ? now : at;
  }

  /** Rows that were given. */
  private _give(line: Line): number {
    const { cursor, index } = line;
    const { host } = this._s;
    const chunk = cursor.chunk as Chunk;
    const row = cursor.row;
    if (line.book !== null) {
      const rows = line.book.apply(chunk, row);
      cursor.row += rows;
      host.bookUpdated(index, chunk.ts[row] as number, line.book);
      return rows;
    }
    cursor.row++;
    const { symbol } = chunk;
    const ts = chunk.ts[row] as number;
    const column = (k: number): number => (chunk.columns[k] as Float64Array)[row] as number;
    this._s.observe?.(
      index,
      line.kind,
      ts,
      column(0),
      chunk.columns.length > 1 ? column(1) : NaN,
      chunk.columns.length > 2 ? column(2) : NaN,
    );
    switch (line.kind) {
      case 'funding':
        host.settled(index, { symbol, ts, rate: column(0), interval: column(1) });
        break;
      case 'universe':
        host.membership(index, column(0) === 1);
        break;
      case 'mark':
        if (host.mark$.observed) host.give(() => host.mark$.next({ symbol, ts, price: column(0) }));
        break;
      case 'trades':
        if (host.trades$.observed)
          host.give(() => host.trades$.next({ symbol, ts, price: column(0), quantity: column(1), side: column(2) }));
        break;
      case 'quotes':
        if (host.quotes$.observed)
          host.give(() => host.quotes$.next({ symbol, ts, bid: column(0), bidSize: column(1), ask: column(2), askSize: column(3) }));
        break;
      case 'index':
      case 'open-interest':
      case 'book':
      case 'bars':
        break;
    }
    return 1;
  }
}
