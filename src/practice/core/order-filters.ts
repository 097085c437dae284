import type { VenueOrderRequest } from '../../live/venue-transport.js';
import { hasLimit, hasTrigger, isReached, stays, triggersAbove } from '../../sim/matching/trigger.js';
import { PracticeRefusal } from '../practice-exchange.js';
import type { SymbolState } from './symbol-state.js';

/** What an order is judged by besides itself. Prices in quote currency. */
export interface FilterView {
  readonly last: number;
  readonly mark: number;
  readonly priceBand: number;
  /** Lots of the position that the order could reduce, without sign. */
  readonly reducible: number;
  readonly hedge: boolean;
}

export const refuse = (code: string, message: string): never => {
  throw new PracticeRefusal('refused', code, message);
};

/** A number of steps that is whole but for the noise of binary fractions. */
export const isStep = (value: number, step: number): boolean => Math.abs(value / step - Math.round(value / step)) <= 1e-6;

const isPrice = (price: number | null): price is number => price !== null && price > 0 && price < Infinity;

/** Whether an order can only reduce: by its own terms, or because it acts against the leg that it names. */
export const onlyReduces = ({ reduceOnly, closePosition, positionSide, side }: VenueOrderRequest): boolean =>
  reduceOnly || closePosition || (positionSide !== null && (positionSide === 'long') !== (side === 'buy'));

/** Throws where the terms of an order do not go together. */
const checkTerms = (request: VenueOrderRequest, hedge: boolean): void => {
  const { type, price, stopPrice, trail, positionSide, postOnly, tif, quantity, closePosition } = request;
  if (hedge === (positionSide === null)) refuse('position-side', 'The position side does not match the position mode of the account.');
  if (hasLimit(type) !== (price !== null) || (price !== null && !isPrice(price)))
    refuse('bad-order', 'The price is missing, or there should be none.');
  const isTrailing = type === 'trailing-stop';
  if ((hasTrigger(type) && !isTrailing) !== (stopPrice !== null) || (stopPrice !== null && !isPrice(stopPrice)))
    refuse('bad-order', 'The trigger price is missing, or there should be none.');
  if (isTrailing !== (trail !== null) || (trail !== null && !(trail.fraction > 0 && trail.fraction < 1)))
    refuse('bad-order', 'The callback rate cannot be.');
  if (postOnly && (!hasLimit(type) || !stays(tif))) refuse('bad-order', 'Only a limit order that stays can be post-only.');
  if (closePosition && type !== 'stop' && type !== 'take-profit')
    refuse('bad-order', 'Only stops and take-profits close a whole position.');
  if (!closePosition && !(quantity > 0 && quantity < Infinity)) refuse('bad-order', 'The quantity cannot be.');
};

/** Throws where price or quantity break the symbol's steps and bounds. */
const checkSteps = (state: SymbolState, { price, stopPrice, trail, quantity, closePosition }: VenueOrderRequest): void => {
  const { tickSize, lotSize } = state.instrument;
  for (const each of [price, stopPrice, trail?.activation ?? null])
    if (each !== null && !isStep(each, tickSize)) refuse('price-step', `The price is not a multiple of the tick size ${tickSize}.`);
  if (closePosition) return;
  if (!isStep(quantity, lotSize)) refuse('quantity-step', `The quantity is not a multiple of the step ${lotSize}.`);
  if (quantity < state.minQuantity * (1 - 1e-9)) refuse('min-quantity', `The quantity is less than ${state.minQuantity}.`);
  if (quantity > state.maxQuantity * (1 + 1e-9)) refuse('max-quantity', `The quantity is more than ${state.maxQuantity}.`);
};

/** Throws where a limit price is too far through the mark, or the order's value too small. */
export const checkWorth = (
  state: SymbolState,
  {
    side,
    price,
    stopPrice,
    quantity,
    reduces,
  }: Pick<VenueOrderRequest, 'side' | 'price' | 'stopPrice' | 'quantity'> & { readonly reduces: boolean },
  { last, mark, priceBand }: Pick<FilterView, 'last' | 'mark' | 'priceBand'>,
): void => {
  const { minNotional, kind } = state.instrument;
  const value = kind === 'inverse-perpetual' ? quantity : quantity * (price ?? stopPrice ?? last);
  if (!reduces && value < minNotional * (1 - 1e-9)) refuse('min-notional', `The order's value is below ${minNotional}.`);
  if (price === null) return;
  // What waits for a price is a limit order there.
  const around = stopPrice ?? mark;
  if (side === 'buy' ? price > around * (1 + priceBand) : price < around * (1 - priceBand))
    refuse('price-band', 'The price is too far from the mark price.');
};

/** Throws a refusal, in the order in which Binance looks: terms, steps, value, then what the market and the position say. */
export const checkOrder = (state: SymbolState, request: VenueOrderRequest, view: FilterView): void => {
  if (!state.trading) refuse('halted', `${state.instrument.symbol} is not trading.`);
  checkTerms(request, view.hedge);
  checkSteps(state, request);
  const reduces = onlyReduces(request);
  const { side, type, price, stopPrice, quantity, closePosition, postOnly } = request;
  const buy = side === 'buy';
  if (!closePosition) checkWorth(state, { side, price, stopPrice, quantity, reduces }, view);
  if (reduces && view.reducible === 0) refuse('reduce-only', 'There is no position that the order could reduce.');
  if (stopPrice !== null && isReached(triggersAbove(type, buy), stopPrice, request.triggerBy === 'mark' ? view.mark : view.last))
    refuse('would-trigger', 'The order would trigger at once.');
  if (postOnly && type === 'limit' && isReached(!buy, price!, view.last)) refuse('post-only', 'The order would take, and it must not.');
};
