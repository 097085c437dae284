import type { OrderType, PositionSide } from '../../events/order.js';
import type { PracticeOrder } from '../practice-exchange.js';

/** The venue's order types of the plain endpoint. */
export const PLAIN_TYPES = ['LIMIT', 'MARKET'] as const;

const ALGO_TYPES: Readonly<Partial<Record<OrderType, string>>> = {
  stop: 'STOP_MARKET',
  'stop-limit': 'STOP',
  'take-profit': 'TAKE_PROFIT_MARKET',
  'take-profit-limit': 'TAKE_PROFIT',
  'trailing-stop': 'TRAILING_STOP_MARKET',
};

/** Our order types by the venue's, for conditional orders. */
export const TYPE_OF_ALGO: ReadonlyMap<string, OrderType> = new Map(
  (Object.entries(ALGO_TYPES) as [OrderType, string][]).map(([ours, theirs]) => [theirs, ours]),
);

/** The type of an order as it stood when it was placed. */
export const originalType = ({ type }: PracticeOrder): string => ALGO_TYPES[type] ?? (type === 'limit' ? 'LIMIT' : 'MARKET');
/** The type that works in the book: what a triggered order became. */
export const workingType = ({ type }: PracticeOrder): string =>
  type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit' ? 'LIMIT' : 'MARKET';

/** Status of a plain order. */
export const orderStatus = ({ status, filled }: PracticeOrder): string => {
  switch (status) {
    case 'open':
    case 'untriggered':
      return filled > 0 ? 'PARTIALLY_FILLED' : 'NEW';
    case 'filled':
      return 'FILLED';
    case 'cancelled':
      return 'CANCELED';
    case 'expired':
      return 'EXPIRED';
    case 'rejected':
      return 'REJECTED';
  }
};

/** Status of a conditional order: once triggered it lives on as a plain one. */
export const algoStatus = ({ status }: PracticeOrder): string => {
  switch (status) {
    case 'untriggered':
      return 'NEW';
    case 'open':
      return 'TRIGGERED';
    case 'filled':
      return 'FINISHED';
    case 'cancelled':
      return 'CANCELED';
    case 'expired':
      return 'EXPIRED';
    case 'rejected':
      return 'REJECTED';
  }
};

export const sideWord = ({ side }: { readonly side: 'buy' | 'sell' }): 'BUY' | 'SELL' => (side === 'buy' ? 'BUY' : 'SELL');

export const positionSideWord = (side: PositionSide | null): 'BOTH' | 'LONG' | 'SHORT' =>
  side === null ? 'BOTH' : side === 'long' ? 'LONG' : 'SHORT';

/** Time in force as the venue has it: `GTX` is post-only. */
export const tifWord = ({ tif, postOnly, cause }: PracticeOrder): 'GTC' | 'IOC' | 'FOK' | 'GTX' | 'GTD' => {
  if (cause === 'liquidation' || cause === 'adl') return 'IOC';
  if (postOnly) return 'GTX';
  switch (tif) {
    case 'gtc':
      return 'GTC';
    case 'ioc':
      return 'IOC';
    case 'fok':
      return 'FOK';
    case 'gtd':
      return 'GTD';
  }
};

/** Which price a trigger looks at. */
export const workingPriceWord = ({ triggerBy }: PracticeOrder): 'CONTRACT_PRICE' | 'MARK_PRICE' =>
  triggerBy === 'mark' ? 'MARK_PRICE' : 'CONTRACT_PRICE';
