import type { MarketMessage } from '../venue-transport.js';

type Bar = Pick<Extract<MarketMessage, { kind: 'bar' }>, 'open' | 'high' | 'low' | 'close' | 'volume'>;

const isPrice = (value: number): boolean => value > 0 && value < Infinity;
const isSize = (value: number): boolean => value >= 0 && value < Infinity;

/** Why a bar cannot be, or null. A missing volume (NaN) is no fault: some venues give none. */
export const doubtBar = ({ open, high, low, close, volume }: Bar): string | null => {
  if (!isPrice(open) || !isPrice(high) || !isPrice(low) || !isPrice(close)) return 'bad-price';
  if (high < low) return 'high-below-low';
  if (high < Math.max(open, close) || low > Math.min(open, close)) return 'outside-range';
  return Number.isNaN(volume) || isSize(volume) ? null : 'bad-quantity';
};

/** Why a message cannot be, whatever came before it; null when it can. */
export const doubtMessage = (message: MarketMessage): string | null => {
  if (!Number.isFinite(message.ts)) return 'bad-time';
  switch (message.kind) {
    case 'bar':
      return Number.isFinite(message.openTime) ? doubtBar(message) : 'bad-time';
    case 'trade':
      if (!isPrice(message.price)) return 'bad-price';
      if (!(message.quantity > 0 && message.quantity < Infinity)) return 'bad-quantity';
      return message.side === 1 || message.side === -1 ? null : 'bad-side';
    case 'quote':
      if (!isPrice(message.bid) || !isPrice(message.ask)) return 'bad-price';
      if (!isSize(message.bidSize) || !isSize(message.askSize)) return 'bad-quantity';
      return message.bid < message.ask ? null : 'crossed';
    // Levels are judged where the book is kept: a bad one makes the book invalid, which must be told.
    case 'book':
      return null;
    case 'mark':
      return isPrice(message.price) ? null : 'bad-price';
    case 'funding':
      if (!(Math.abs(message.rate) < 1)) return 'bad-rate';
      return message.interval > 0 && message.interval < Infinity ? null : 'bad-interval';
    case 'funding-estimate':
      return Math.abs(message.rate) < 1 ? null : 'bad-rate';
    case 'open-interest':
      return isSize(message.value) ? null : 'bad-quantity';
  }
};
