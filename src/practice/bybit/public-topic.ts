import type { MarketMessage } from '../../live/venue-transport.js';
import { isInterval } from './intervals.js';

/** A topic of the public stream. */
export interface PublicTopic {
  readonly family: 'kline' | 'publicTrade' | 'orderbook' | 'tickers';
  /** Interval of a kline, depth of a book; empty for the others. */
  readonly detail: string;
  readonly market: string;
}

const DEPTHS: ReadonlySet<string> = new Set(['1', '50', '200', '1000']);

/** Null for what is no topic; whether there is such a market is for others to say. */
export const publicTopic = (name: string): PublicTopic | null => {
  const [family = '', ...rest] = name.split('.');
  const market = rest.at(-1) ?? '';
  const detail = rest.length === 2 ? (rest[0] ?? '') : '';
  if (market === '' || rest.length > 2) return null;
  switch (family) {
    case 'publicTrade':
    case 'tickers':
      return rest.length === 1 ? { family, detail: '', market } : null;
    case 'kline':
      return isInterval(detail) ? { family, detail, market } : null;
    case 'orderbook':
      return DEPTHS.has(detail) ? { family, detail, market } : null;
    default:
      return null;
  }
};

/** The kinds of market data that a topic is made of. */
export const kindsOf = ({ family, detail }: PublicTopic): readonly MarketMessage['kind'][] => {
  switch (family) {
    case 'kline':
      return ['bar'];
    case 'publicTrade':
      return ['trade'];
    case 'orderbook':
      return [detail === '1' ? 'quote' : 'book'];
    case 'tickers':
      return ['mark', 'trade'];
  }
};
