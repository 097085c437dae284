import type { Timeframe } from '../../../market/timeframe.js';
import { timeframe as checked } from '../../../market/timeframe.js';
import type { MarketMessage, Subscription } from '../../venue-transport.js';
import { readLevels } from '../book-levels.js';
import {
  BadMessage,
  fieldsOf,
  finite,
  flag,
  listOf,
  numberIn,
  oneOf,
  positive,
  positiveIn,
  size,
  sizeIn,
  text,
  time,
  timeIn,
  type Fields,
} from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';
import { BYBIT_INTERVALS, bybitInterval } from './bybit-history.js';

const FRAMES: ReadonlyMap<string, Timeframe> = new Map(
  Object.entries(BYBIT_INTERVALS).map(([frame, interval]) => [interval, checked(frame)]),
);

/** The venue's name of a topic. Mark price, funding and open interest come with the ticker; quotes are a book of one level. */
export const bybitTopic = ({ kind, timeframe }: Subscription, symbolId: string): string => {
  switch (kind) {
    case 'bars':
      return `kline.${bybitInterval(timeframe ?? '1m')}.${symbolId}`;
    case 'trades':
      return `publicTrade.${symbolId}`;
    case 'quotes':
      return `orderbook.1.${symbolId}`;
    case 'book':
      return `orderbook.200.${symbolId}`;
    default:
      return `tickers.${symbolId}`;
  }
};

/** The best level of one side, kept from deltas. */
type Best = { price: number; size: number };

const NONE = (): Best => ({ price: NaN, size: 0 });

const follow = (best: Best, levels: readonly (readonly [number, number])[]): void => {
  for (const [price, quantity] of levels) {
    if (quantity > 0) [best.price, best.size] = [price, quantity];
    else if (price === best.price) [best.price, best.size] = [NaN, 0];
  }
};

interface Ticker {
  mark: number;
  index: number;
  rate: number;
  nextAt: number;
  interest: number;
}

/** Reads messages of the public stream. Tickers and the one-level book come as changes, so that the last state of each symbol is kept; `forget` drops it when the connection is new. */
export interface BybitMarketReader {
  read(value: unknown): readonly MarketMessage[];
  forget(): void;
}

export const bybitMarketReader = (symbols: SymbolTable): BybitMarketReader => {
  const bests = new Map<string, { readonly bid: Best; readonly ask: Best }>();
  const tickers = new Map<string, Ticker>();

  const bars = (message: Fields, interval: string, symbol: string): MarketMessage[] => {
    const frame = FRAMES.get(interval);
    if (frame === undefined) throw new BadMessage('unknown-word', `interval ${interval}`);
    return listOf(message['data'], 'data').map(entry => {
      const row = fieldsOf(entry);
      const [open, high, low, close] = [positive(row, 'open'), positive(row, 'high'), positive(row, 'low'), positive(row, 'close')];
      if (high < Math.max(open, close, low) || low > Math.min(open, close))
        throw new BadMessage('bad-bar', 'high and low do not enclose the bar');
      return {
        kind: 'bar',
        symbol: symbols.symbolOf(symbol),
        timeframe: frame,
        openTime: time(row, 'start'),
        open,
        high,
        low,
        close,
        volume: size(row, 'volume'),
        closed: flag(row, 'confirm'),
        ts: time(message, 'ts'),
      };
    });
  };

  const trades = (message: Fields): MarketMessage[] =>
    listOf(message['data'], 'data').map(entry => {
      const row = fieldsOf(entry);
      return {
        kind: 'trade',
        symbol: symbols.symbolOf(text(row, 's')),
        id: text(row, 'i'),
        price: positive(row, 'p'),
        quantity: positive(row, 'v'),
        side: oneOf({ Buy: 1, Sell: -1 } as const, row, 'S'),
        ts: time(row, 'T'),
      };
    });

  const book = (message: Fields, depth: string, id: string): MarketMessage[] => {
    const symbol = symbols.symbolOf(id);
    const data = fieldsOf(message['data'], 'data');
    const bids = readLevels(data['b'] ?? [], 'bids');
    const asks = readLevels(data['a'] ?? [], 'asks');
    const lastId = numberIn(data['u'], 'u');
    // An id of 1 is a restart of the venue's service: everything before it is void.
    const snapshot = oneOf({ snapshot: true, delta: false }, message, 'type') || lastId === 1;
    const ts = message['cts'] === undefined ? time(message, 'ts') : time(message, 'cts');
    if (depth !== '1') return [{ kind: 'book', symbol, snapshot, bids, asks, firstId: NaN, lastId, previousId: NaN, ts }];
    let best = bests.get(id);
    if (best === undefined || snapshot) bests.set(id, (best = { bid: NONE(), ask: NONE() }));
    if (snapshot) {
      const [topBid, topAsk] = [bids[0], asks[0]];
      if (topBid !== undefined) follow(best.bid, [topBid]);
      if (topAsk !== undefined) follow(best.ask, [topAsk]);
    } else {
      follow(best.bid, bids);
      follow(best.ask, asks);
    }
    const { bid, ask } = best;
    if (!(bid.price > 0) || !(ask.price > 0)) return [];
    if (bid.price >= ask.price) throw new BadMessage('crossed', `bid ${bid.price}, ask ${ask.price}`);
    return [{ kind: 'quote', symbol, bid: bid.price, bidSize: bid.size, ask: ask.price, askSize: ask.size, ts }];
  };

  const ticker = (message: Fields, id: string): MarketMessage[] => {
    const symbol = symbols.symbolOf(id);
    const data = fieldsOf(message['data'], 'data');
    const ts = time(message, 'ts');
    let state = tickers.get(id);
    if (state === undefined || message['type'] === 'snapshot')
      tickers.set(id, (state = { mark: NaN, index: NaN, rate: NaN, nextAt: NaN, interest: NaN }));
    const given = (name: string): boolean => data[name] !== undefined && data[name] !== '';
    const said: MarketMessage[] = [];
    if (given('markPrice') || given('indexPrice')) {
      if (given('markPrice')) state.mark = positiveIn(data['markPrice'], 'markPrice');
      if (given('indexPrice')) state.index = positiveIn(data['indexPrice'], 'indexPrice');
      if (state.mark > 0) said.push({ kind: 'mark', symbol, price: state.mark, index: state.index, ts });
    }
    if (given('fundingRate') || given('nextFundingTime')) {
      if (given('fundingRate')) state.rate = finite(data, 'fundingRate');
      if (given('nextFundingTime')) state.nextAt = timeIn(data['nextFundingTime'], 'nextFundingTime');
      if (Number.isFinite(state.rate) && state.nextAt > 0)
        said.push({ kind: 'funding-estimate', symbol, rate: state.rate, nextAt: state.nextAt, ts });
    }
    if (given('openInterest')) {
      state.interest = sizeIn(data['openInterest'], 'openInterest');
      said.push({ kind: 'open-interest', symbol, value: state.interest, ts });
    }
    return said;
  };

  return {
    read: value => {
      const message = fieldsOf(value);
      const [topic, ...rest] = text(message, 'topic').split('.');
      const id = rest.at(-1) ?? '';
      switch (topic) {
        case 'kline':
          return bars(message, rest[0] ?? '', id);
        case 'publicTrade':
        case 'trade':
          return trades(message);
        case 'orderbook':
          return book(message, rest[0] ?? '', id);
        case 'tickers':
          return ticker(message, id);
        default:
          throw new BadMessage('unknown-event', `topic ${topic ?? ''}`);
      }
    },
    forget: () => {
      bests.clear();
      tickers.clear();
    },
  };
};
