import { barStart, timeframeMs } from '../../market/timeframe.js';
import { DAY, HOUR } from '../../time.js';
import type { MarketMessage } from '../venue-transport.js';
import { clockSlack, type FeedParts } from './feed-parts.js';
import { doubtMessage } from './market-doubts.js';
import type { PriceGuard } from './price-guard.js';

/** Why a message is not believed, by its values, its time and the prices before it; null when it is. */
export type FeedDoubts = (message: MarketMessage, guard: PriceGuard) => string | null;

export const feedDoubts = (parts: Pick<FeedParts, 'clock' | 'config'>): FeedDoubts => {
  const { clock, config } = parts;
  const doubtBar = (bar: Extract<MarketMessage, { kind: 'bar' }>, guard: PriceGuard, now: number, ahead: number): string | null => {
    const length = timeframeMs(bar.timeframe);
    if (bar.openTime !== barStart(bar.openTime, length)) return 'off-grid';
    if (bar.openTime > ahead) return 'from-the-future';
    if (bar.closed && bar.openTime + length > ahead) return 'closed-too-early';
    // An old bar says nothing of the price now.
    if (bar.openTime + length < now - DAY) return null;
    // A day may well halve a price, an hour may not without a second source.
    if (length <= HOUR && !(guard.inBand(bar.high, bar.close) && guard.inBand(bar.low, bar.close))) return 'wild-range';
    return guard.believes(bar.close) ? null : 'price-jump';
  };
  return (message, guard) => {
    const impossible = doubtMessage(message);
    if (impossible !== null) return impossible;
    const now = clock.market();
    const slack = clockSlack(parts);
    const ahead = now + config.futureMs + slack;
    if (message.ts > ahead) return 'from-the-future';
    if (message.kind !== 'bar' && message.ts < now - config.pastMs - slack) return 'from-the-past';
    switch (message.kind) {
      case 'bar':
        return doubtBar(message, guard, now, ahead);
      case 'quote':
        return guard.inBand(message.bid, message.ask) && guard.believes((message.bid + message.ask) / 2) ? null : 'price-jump';
      case 'trade':
      case 'mark':
        return guard.believes(message.price) ? null : 'price-jump';
      default:
        return null;
    }
  };
};
