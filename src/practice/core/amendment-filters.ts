import type { Side } from '../../events/order.js';
import { checkWorth, isStep, onlyReduces, refuse, type FilterView } from './order-filters.js';
import type { OrderRecord } from './order-record.js';
import type { SymbolState } from './symbol-state.js';

/** What is to become of an order: total quantity, price, and the side that it has. */
export interface OrderChange {
  readonly quantity: number;
  readonly price: number;
  readonly side: Side;
}

/** Throws a refusal for a change that cannot be, whatever has filled. */
export const checkAmendment = (
  state: SymbolState,
  { request, type, status, units, lots, price }: OrderRecord,
  change: OrderChange,
  view: Pick<FilterView, 'last' | 'mark' | 'priceBand'>,
): void => {
  const { tickSize, lotSize, symbol } = state.instrument;
  if (!state.trading) refuse('halted', `${symbol} is not trading.`);
  if (type !== 'limit' || status !== 'open') refuse('unsupported', 'Only limit orders can be changed.');
  if (change.side !== request.side) refuse('bad-order', 'The side of an order cannot be changed.');
  if (!isStep(change.price, tickSize)) refuse('price-step', `The price is not a multiple of the tick size ${tickSize}.`);
  if (!(change.quantity > 0) || !isStep(change.quantity, lotSize))
    refuse('quantity-step', `The quantity is not a multiple of the step ${lotSize}.`);
  if (units.lots(change.quantity) === lots && change.price === price) refuse('unchanged', 'The order is so already.');
  checkWorth(state, { ...change, stopPrice: null, reduces: onlyReduces(request) }, view);
};
