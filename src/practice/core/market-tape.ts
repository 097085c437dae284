import { RANK } from '../../execution/venue.js';
import type { MarketMessage } from '../../live/venue-transport.js';
import { barStart, timeframeMs, type Timeframe } from '../../market/timeframe.js';
import type { BarHistory } from './bar-history.js';
import type { BarPoints } from './bar-points.js';
import type { BookLadder } from './book-ladder.js';
import type { FundingBoard } from './funding-board.js';
import type { PriceView } from './price-view.js';
import type { SymbolState } from './symbol-state.js';

type Kind = MarketMessage['kind'];

/** What a symbol's market data is told from. */
interface MarketSources {
  readonly state: SymbolState;
  readonly points: BarPoints;
  readonly prices: PriceView;
  readonly history: BarHistory;
  readonly ladder: BookLadder;
  readonly funding: FundingBoard;
  readonly timeframes: readonly Timeframe[];
  readonly levels: number;
}

/**
 * Tells the market data of one symbol while time passes: at each point of a bar's path the mark, the book, the quote, a trade and the running bars, at its end the closed ones. While nobody wants any it has nothing
 * to do. Ids follow from the place in the data, so that they are the same whoever listens.
 */
interface MarketTape {
  readonly nextAt: number;
  readonly nextRank: number;
  step(): void;
  /** From `now` on tell these kinds; what happened by then is past. */
  want(kinds: ReadonlySet<Kind>, now: number): void;
  /** Disturbances changed when funding is published. */
  replan(now: number): void;
  /** No deeper than the updates are: what they do not tell of would go stale in it. */
  depth(now: number, levels: number): Extract<MarketMessage, { kind: 'book' }>;
  trades(from: number, now: number, limit: number): readonly Extract<MarketMessage, { kind: 'trade' }>[];
}

/** Updates of the book are numbered ten apart, as a venue's are that sums up many changes. */
const IDS_PER_UPDATE = 10;
const FIRST_ID = 1_000_000_000;

export const marketTape = (sources: MarketSources, say: (message: MarketMessage) => void): MarketTape => {
  const { state, points, prices, history, ladder, funding, levels } = sources;
  const { symbol } = state.instrument;
  const { bars, barMs } = state;
  const frames = sources.timeframes.map(timeframe => ({ timeframe, ms: timeframeMs(timeframe) }));
  const { count } = points;
  let kinds: ReadonlySet<Kind> = new Set();
  /** Next point: row, and its place in it; `count` is the end of the bar. */
  let row = 0;
  let k = 0;
  const next = Float64Array.of(Infinity, Infinity, Infinity);
  /** Bars that end between bars of the data. */
  let late: { at: number; timeframe: Timeframe; ms: number; row: number }[] = [];

  const plan = (): void => {
    if (kinds.size === 0) next[0] = Infinity;
    else if (row >= bars.rows) next[0] = Infinity;
    else if (k === 0) next[0] = bars.ts[row]!;
    else if (k === count) next[0] = bars.ts[row]! + barMs;
    else {
      points.lay(row);
      next[0] = points.ts[k]!;
    }
    next[1] = late[0]?.at ?? Infinity;
  };
  const planNews = (now: number): void => {
    next[2] = kinds.has('funding') ? funding.nextNews(now) : Infinity;
  };
  const tellBar = (timeframe: Timeframe, ms: number, of: number, at: number, closed: boolean): void => {
    const bar = history.bar(of, ms, at);
    if (bar === null) return;
    const [openTime, open, high, low, close, volume] = bar;
    say({ kind: 'bar', symbol, timeframe, openTime, open, high, low, close, volume, closed, ts: at });
  };
  const tradeAt = (at: number, place: number): Extract<MarketMessage, { kind: 'trade' }> => {
    points.lay(at);
    const price = points.price[place]!;
    const before = place > 0 ? points.price[place - 1]! : at > 0 ? bars.columns[3]![at - 1]! : price;
    const side = price > before ? 1 : price < before ? -1 : (at + place) % 2 === 0 ? 1 : -1;
    return {
      kind: 'trade',
      symbol,
      id: String(FIRST_ID + at * count + place),
      price,
      quantity: points.quantity[place]!,
      side,
      ts: points.ts[place]!,
    };
  };
  /** The point before one, as price and row. */
  const before = (at: number, place: number): { price: number; row: number } => {
    if (place > 0) {
      points.lay(at);
      return { price: points.price[place - 1]!, row: at };
    }
    return at > 0 ? { price: bars.columns[3]![at - 1]!, row: at - 1 } : { price: bars.columns[0]![0]!, row: 0 };
  };
  const lastId = (at: number, place: number): number => FIRST_ID + (at * count + place) * IDS_PER_UPDATE;

  const tellPoint = (): void => {
    points.lay(row);
    const ts = points.ts[k]!;
    const price = points.price[k]!;
    if (kinds.has('mark')) {
      const mark = state.mark === null ? price : prices.mark(ts);
      say({ kind: 'mark', symbol, price: mark, index: mark, ts });
    }
    if (kinds.has('book')) {
      const was = before(row, k);
      const is = { price, row };
      const id = lastId(row, k);
      say({
        kind: 'book',
        symbol,
        snapshot: false,
        bids: ladder.changes(true, was, is, levels),
        asks: ladder.changes(false, was, is, levels),
        firstId: id - IDS_PER_UPDATE + 1,
        lastId: id,
        previousId: id - IDS_PER_UPDATE,
        ts,
      });
    }
    if (kinds.has('quote')) {
      const bid = ladder.bid(price);
      const ask = ladder.ask(price);
      const u = state.units;
      say({
        kind: 'quote',
        symbol,
        bid: u.price(bid),
        bidSize: ladder.quantity(bid, row),
        ask: u.price(ask),
        askSize: ladder.quantity(ask, row),
        ts,
      });
    }
    if (kinds.has('trade')) say(tradeAt(row, k));
    if (k === 0 && kinds.has('funding-estimate') && state.funding !== null) {
      const { at, rate } = funding.next(ts);
      say({ kind: 'funding-estimate', symbol, rate, nextAt: at, ts });
    }
    if (kinds.has('bar')) {
      // At its open a bar has one price; the history has it from the next moment on.
      const seen = k === 0 ? ts + 1e-6 : ts;
      for (const { timeframe, ms } of frames) {
        const bar = history.bar(row, ms, seen);
        if (bar === null) continue;
        const [openTime, open, high, low, close, volume] = bar;
        say({ kind: 'bar', symbol, timeframe, openTime, open, high, low, close, volume, closed: false, ts });
      }
    }
  };
  const tellEnd = (): void => {
    const end = bars.ts[row]! + barMs;
    const following = row + 1 < bars.rows ? bars.ts[row + 1]! : Infinity;
    if (!kinds.has('bar')) return;
    for (const { timeframe, ms } of frames) {
      const closes = barStart(bars.ts[row]!, ms) + ms;
      if (closes === end) tellBar(timeframe, ms, row, end, true);
      else if (following >= closes) late.push({ at: closes, timeframe, ms, row });
    }
    late.sort((a, b) => a.at - b.at);
  };

  return {
    get nextAt() {
      return Math.min(next[0]!, next[1]!, next[2]!);
    },
    get nextRank() {
      return next[2]! <= next[0]! || next[1]! <= next[0]! ? RANK.facts : k === 0 ? RANK.open : RANK.facts;
    },
    step: () => {
      if (next[2]! <= next[0]! && next[2]! <= next[1]!) {
        const at = next[2]!;
        for (const { ts, rate, interval } of funding.news(at)) say({ kind: 'funding', symbol, rate, interval, ts });
        planNews(at);
        return;
      }
      if (next[1]! <= next[0]!) {
        const { at, timeframe, ms, row: of } = late.shift()!;
        if (kinds.has('bar')) tellBar(timeframe, ms, of, at, true);
      } else if (k < count) {
        tellPoint();
        k++;
      } else {
        tellEnd();
        k = 0;
        row++;
      }
      plan();
    },
    want: (wanted, now) => {
      const wasIdle = kinds.size === 0;
      kinds = wanted;
      if (wasIdle) {
        late = [];
        row = Math.max(0, prices.row(now));
        if (bars.ts[row]! + barMs <= now) {
          row++;
          k = 0;
        } else k = bars.ts[row]! < now ? points.passed(row, now) : 0;
      }
      plan();
      planNews(now);
    },
    replan: planNews,
    depth: (now, deep) => {
      const at = Math.max(0, prices.row(now));
      const place = Math.max(1, bars.ts[at]! < now ? points.passed(at, now) : 1) - 1;
      points.lay(at);
      const price = points.price[place]!;
      const id = lastId(at, place) + 1;
      const bids = ladder.side(true, price, at, Math.min(deep, levels));
      const asks = ladder.side(false, price, at, Math.min(deep, levels));
      return { kind: 'book', symbol, snapshot: true, bids, asks, firstId: id, lastId: id, previousId: NaN, ts: now };
    },
    trades: (from, now, limit) => {
      const found = [];
      let at = Math.max(0, prices.row(from));
      for (const last = prices.row(now); at <= last && found.length < limit; at++)
        for (let place = 0; place < count && found.length < limit; place++) {
          const trade = tradeAt(at, place);
          if (trade.ts >= from && trade.ts <= now) found.push(trade);
        }
      return found;
    },
  };
};
