import type { OrderType, PositionSide } from '../../events/order.js';
import type { PracticeOrder } from '../practice-exchange.js';

export const sideWord = ({ side }: { readonly side: 'buy' | 'sell' }): 'Buy' | 'Sell' => (side === 'buy' ? 'Buy' : 'Sell');

/** A position is named by an index: 0 in one-way mode, 1 for the long and 2 for the short side. */
export const positionIndex = (side: PositionSide | null): 0 | 1 | 2 => (side === null ? 0 : side === 'long' ? 1 : 2);

export const typeWord = ({ type }: { readonly type: OrderType }): 'Limit' | 'Market' =>
  type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit' ? 'Limit' : 'Market';

export const isConditional = ({ type }: { readonly type: OrderType }): boolean => type !== 'limit' && type !== 'market';

/** Whether the price must rise to trigger it: a stop lies against its order, a take-profit in its favour. */
export const rises = ({ type, side }: { readonly type: OrderType; readonly side: 'buy' | 'sell' }): boolean =>
  type.startsWith('stop') === (side === 'buy');

/** Status of an order. One that never got to its trigger is `Deactivated` when it is taken back; nothing is ever called expired. */
export const statusWord = (order: PracticeOrder): string => {
  switch (order.status) {
    case 'untriggered':
      return 'Untriggered';
    case 'open':
      return order.filled > 0 ? 'PartiallyFilled' : 'New';
    case 'filled':
      return 'Filled';
    case 'cancelled':
    case 'expired':
      return isConditional(order) && order.triggeredAt === null ? 'Deactivated' : 'Cancelled';
    case 'rejected':
      return order.code === 'post-only' ? 'Cancelled' : 'Rejected';
  }
};

/** Why it ended, in the venue's words. */
export const reasonWord = ({ status, code }: PracticeOrder): string => {
  if (status === 'open' || status === 'untriggered' || status === 'filled') return 'EC_NoError';
  if (code === 'post-only') return 'EC_PostOnlyWillTakeLiquidity';
  return status === 'cancelled' ? 'EC_PerCancelRequest' : 'EC_NoImmediateQtyToFill';
};

export const cancelWord = ({ status, code }: PracticeOrder): string => {
  if (status === 'cancelled') return code === 'reduce-only' ? 'CancelByReduceOnly' : 'CancelByUser';
  return status === 'expired' && code === 'liquidation' ? 'CancelByPrepareLiq' : 'UNKNOWN';
};

/** Who made it. */
export const createWord = ({ cause }: PracticeOrder): string =>
  cause === 'liquidation' ? 'CreateByLiq' : cause === 'adl' ? 'CreateByAdl_PassThrough' : 'CreateByUser';

export const tifWord = (order: PracticeOrder): 'GTC' | 'IOC' | 'FOK' | 'PostOnly' => {
  if (typeWord(order) === 'Market') return 'IOC';
  if (order.postOnly) return 'PostOnly';
  return order.tif === 'ioc' ? 'IOC' : order.tif === 'fok' ? 'FOK' : 'GTC';
};
