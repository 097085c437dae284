import type { Instrument } from '../../market/instrument.js';
import { BookFeed } from '../../market/book-sync.js';
import { units, type Units } from '../../market/units.js';
import type { CaptureHead, CaptureLine } from '../../live/feed/capture.js';
import { MessageRows } from '../../live/feed/book-watch.js';
import type { MarketMessage } from '../../live/venue-transport.js';

/** Bars as columns, oldest first; `ts` is the open. */
export interface CapturedBars {
  readonly ts: number[];
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly volume: number[];
}

/** What a session has received of one symbol, as far as it lies in its capture. NaN is not known. */
export interface CapturedSymbol {
  readonly bars: ReadonlyMap<string, CapturedBars>;
  last: number;
  bid: number;
  ask: number;
  mark: number;
  index: number;
  fundingRate: number;
  nextFundingAt: number;
  at: number;
  readonly funding: { readonly ts: number; readonly rate: number }[];
  /** Null without a book that may be believed. */
  book(levels: number): { bids: [number, number][]; asks: [number, number][] } | null;
}

/** The market of an account, as a fold of its capture. Market data that the session doubted is shown all the same: it is what came. */
export interface CapturedMarket {
  head(head: CaptureHead): void;
  line(line: CaptureLine): void;
  readonly synthetic: boolean;
  readonly symbols: readonly string[];
  of(symbol: string): CapturedSymbol | null;
}

/** Bars that are kept of a symbol and timeframe. */
const MOST_BARS = 100_000;
const MOST_RATES = 1_000;

const emptyBars = (): CapturedBars => ({ ts: [], open: [], high: [], low: [], close: [], volume: [] });

const putBar = (bars: CapturedBars, row: readonly (number | null)[]): void => {
  const [ts = NaN, ...values] = row.map(value => value ?? NaN);
  if (!Number.isFinite(ts) || values.length < 4 || values.slice(0, 4).some(value => !(value > 0))) return;
  let at = bars.ts.length;
  while (at > 0 && bars.ts[at - 1]! > ts) at--;
  const isKnown = at > 0 && bars.ts[at - 1] === ts;
  const place = isKnown ? at - 1 : at;
  const columns = [bars.open, bars.high, bars.low, bars.close, bars.volume];
  if (!isKnown) bars.ts.splice(place, 0, ts);
  columns.forEach((column, i) => column.splice(place, isKnown ? 1 : 0, values[i] ?? NaN));
  if (bars.ts.length > MOST_BARS) for (const column of [bars.ts, ...columns]) column.splice(0, bars.ts.length - MOST_BARS);
};

interface Kept extends CapturedSymbol {
  readonly bars: Map<string, CapturedBars>;
  readonly units: Units | null;
  feed: BookFeed | null;
}

const keptSymbol = (instrument: Instrument | undefined): Kept => {
  const made: Kept = {
    bars: new Map(),
    units: instrument === undefined ? null : units(instrument),
    feed: null,
    last: NaN,
    bid: NaN,
    ask: NaN,
    mark: NaN,
    index: NaN,
    fundingRate: NaN,
    nextFundingAt: NaN,
    at: NaN,
    funding: [],
    book: levels => {
      const { feed, units: u } = made;
      if (feed === null || u === null || !feed.valid) return null;
      const side = (way: 1 | -1): [number, number][] =>
        Array.from({ length: Math.min(levels, feed.book.levels(way)) }, (_, n) => feed.book.level(way, n)).flatMap(level =>
          level === undefined ? [] : [[u.price(level.price), u.quantity(level.lots)] as [number, number]],
        );
      return { bids: side(1), asks: side(-1) };
    },
  };
  return made;
};

/** A fold of no capture. */
export const capturedMarket = (): CapturedMarket => {
  const symbols = new Map<string, Kept>();
  const rows = new MessageRows();
  let instruments = new Map<string, Instrument>();
  let synthetic = false;
  const keptOf = (symbol: string): Kept => {
    const found = symbols.get(symbol);
    if (found) return found;
    const made = keptSymbol(instruments.get(symbol));
    symbols.set(symbol, made);
    return made;
  };
  const barsOf = (kept: Kept, timeframe: string): CapturedBars => {
    const found = kept.bars.get(timeframe);
    if (found) return found;
    const made = emptyBars();
    kept.bars.set(timeframe, made);
    return made;
  };
  const rate = (kept: Kept, ts: number, value: number): void => {
    if (!Number.isFinite(value) || kept.funding.some(each => Math.abs(each.ts - ts) < 60_000)) return;
    kept.funding.push({ ts, rate: value });
    kept.funding.sort((a, b) => a.ts - b.ts);
    if (kept.funding.length > MOST_RATES) kept.funding.shift();
  };
  const message = (said: MarketMessage): void => {
    const kept = keptOf(said.symbol);
    if (said.ts > (Number.isNaN(kept.at) ? -Infinity : kept.at)) kept.at = said.ts;
    switch (said.kind) {
      case 'bar': {
        const bars = barsOf(kept, said.timeframe);
        putBar(bars, [said.openTime, said.open, said.high, said.low, said.close, said.volume]);
        if (bars.ts.at(-1) === said.openTime) kept.last = said.close;
        return;
      }
      case 'trade':
        kept.last = said.price;
        return;
      case 'quote':
        kept.bid = said.bid;
        kept.ask = said.ask;
        return;
      case 'mark':
        kept.mark = said.price ?? NaN;
        kept.index = said.index > 0 ? said.index : kept.index;
        return;
      case 'funding':
        return rate(kept, said.ts, said.rate);
      case 'funding-estimate':
        kept.fundingRate = said.rate ?? NaN;
        kept.nextFundingAt = said.nextAt ?? NaN;
        return;
      case 'book': {
        if (kept.units === null) return;
        kept.feed ??= new BookFeed(kept.units);
        // Ids that the venue does not give were written as null.
        const whole = { ...said, firstId: said.firstId ?? NaN, lastId: said.lastId ?? NaN, previousId: said.previousId ?? NaN };
        rows.hold(whole);
        if (rows.rows > 0) kept.feed.apply(rows, 0);
        const { book } = kept.feed;
        if (!kept.feed.valid) return;
        kept.bid = kept.units.price(book.bestBid);
        kept.ask = kept.units.price(book.bestAsk);
        return;
      }
      case 'open-interest':
        return;
    }
  };
  return {
    head: head => {
      ({ synthetic } = head);
      instruments = new Map([...instruments, ...head.instruments.map(each => [each.symbol, each] as const)]);
    },
    line: line => {
      if ('message' in line) message(line.message);
      else if ('bars' in line) {
        const kept = keptOf(line.symbol);
        const bars = barsOf(kept, line.timeframe);
        for (const row of line.bars) putBar(bars, row);
        if (Number.isNaN(kept.last)) kept.last = bars.close.at(-1) ?? NaN;
      } else if ('values' in line && line.kind === 'funding')
        for (const [ts = NaN, value = NaN] of line.values) rate(keptOf(line.symbol), ts, value);
    },
    get synthetic() {
      return synthetic;
    },
    get symbols() {
      return [...symbols.keys()].sort();
    },
    of: symbol => symbols.get(symbol) ?? null,
  };
};
