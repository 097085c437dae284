import type { MarketMessage, Subscription } from '../../venue-transport.js';
import { timeframe } from '../../../market/timeframe.js';
import { BadMessage, fieldsOf, finite, flag, id, positive, positiveOrNull, size, text, time } from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';
import { readLevels } from '../book-levels.js';

/** The venue's name of a stream; null for what has none (open interest). Funding comes with the mark price. */
export const binanceTopic = ({ kind, timeframe: frame }: Subscription, symbolId: string): string | null => {
  const symbol = symbolId.toLowerCase();
  switch (kind) {
    case 'bars':
      return `${symbol}@kline_${frame ?? '1m'}`;
    case 'trades':
      return `${symbol}@trade`;
    case 'quotes':
      return `${symbol}@bookTicker`;
    case 'book':
      return `${symbol}@depth@100ms`;
    case 'mark':
    case 'funding':
      return `${symbol}@markPrice@1s`;
    default:
      return null;
  }
};

/** Ids of book updates are numbers in the port: beyond 2^53 neighbours could not be told apart. */
const bookId = (message: Readonly<Record<string, unknown>>, name: string): number => {
  const value = Number(id(message, name));
  if (!Number.isSafeInteger(value)) throw new BadMessage('bad-id', `${name} is no safe whole number`);
  return value;
};

/**
 * A message of the venue's market streams in the port's words. Zero trades are left out: the venue also writes orders of its insurance fund as trades (`X` other than MARKET). Throws a `BadMessage` for what cannot be.
 */
export const readBinanceMarket = (value: unknown, symbols: SymbolTable): readonly MarketMessage[] => {
  let message = fieldsOf(value);
  // Combined streams put it in an envelope.
  if (message['e'] === undefined && message['data'] !== undefined) message = fieldsOf(message['data']);
  const event = message['e'] === undefined && message['lastUpdateId'] !== undefined ? 'depthSnapshot' : text(message, 'e');
  switch (event) {
    case 'kline': {
      const bar = fieldsOf(message['k'], 'kline');
      const [open, high, low, close] = [positive(bar, 'o'), positive(bar, 'h'), positive(bar, 'l'), positive(bar, 'c')];
      if (high < Math.max(open, close, low) || low > Math.min(open, close))
        throw new BadMessage('bad-bar', 'high and low do not enclose the bar');
      return [
        {
          kind: 'bar',
          symbol: symbols.symbolOf(text(message, 's')),
          timeframe: timeframe(text(bar, 'i')),
          openTime: time(bar, 't'),
          open,
          high,
          low,
          close,
          volume: size(bar, 'v'),
          closed: flag(bar, 'x'),
          ts: time(message, 'E'),
        },
      ];
    }
    case 'trade':
    case 'aggTrade': {
      const symbol = symbols.symbolOf(text(message, 's'));
      if (message['X'] !== undefined && message['X'] !== 'MARKET') return [];
      return [
        {
          kind: 'trade',
          symbol,
          id: id(message, event === 'trade' ? 't' : 'l'),
          price: positive(message, 'p'),
          quantity: positive(message, 'q'),
          side: flag(message, 'm') ? -1 : 1,
          ts: time(message, 'T'),
        },
      ];
    }
    case 'bookTicker': {
      const [bid, ask] = [positive(message, 'b'), positive(message, 'a')];
      if (bid >= ask) throw new BadMessage('crossed', `bid ${bid}, ask ${ask}`);
      return [
        {
          kind: 'quote',
          symbol: symbols.symbolOf(text(message, 's')),
          bid,
          bidSize: size(message, 'B'),
          ask,
          askSize: size(message, 'A'),
          ts: time(message, 'T'),
        },
      ];
    }
    case 'depthUpdate':
      return [
        {
          kind: 'book',
          symbol: symbols.symbolOf(text(message, 's')),
          snapshot: false,
          bids: readLevels(message['b'], 'bids'),
          asks: readLevels(message['a'], 'asks'),
          firstId: bookId(message, 'U'),
          lastId: bookId(message, 'u'),
          previousId: bookId(message, 'pu'),
          ts: time(message, 'T'),
        },
      ];
    case 'markPriceUpdate': {
      const symbol = symbols.symbolOf(text(message, 's'));
      const ts = time(message, 'E');
      const mark: MarketMessage = { kind: 'mark', symbol, price: positive(message, 'p'), index: positiveOrNull(message, 'i') ?? NaN, ts };
      // Delivery contracts have no next settlement: no rate, and 0 for its time.
      return message['r'] === undefined || message['r'] === '' || Number(message['T']) === 0
        ? [mark]
        : [mark, { kind: 'funding-estimate', symbol, rate: finite(message, 'r'), nextAt: time(message, 'T'), ts }];
    }
    default:
      throw new BadMessage('unknown-event', `event ${event}`);
  }
};

/** The answer of the depth request as a book snapshot: updates follow on its `lastId`. */
export const readBinanceDepth = (answer: unknown, symbol: string): Extract<MarketMessage, { kind: 'book' }> => {
  const message = fieldsOf(answer, 'depth');
  return {
    kind: 'book',
    symbol,
    snapshot: true,
    bids: readLevels(message['bids'], 'bids'),
    asks: readLevels(message['asks'], 'asks'),
    firstId: NaN,
    lastId: bookId(message, 'lastUpdateId'),
    previousId: NaN,
    ts: time(message, message['T'] === undefined ? 'E' : 'T'),
  };
};
