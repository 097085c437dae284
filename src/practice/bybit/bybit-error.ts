import { PracticeRefusal } from '../practice-exchange.js';

/** A refusal in the venue's own words and codes. The venue answers most of them with HTTP status 200. */
export class BybitError extends Error {
  override readonly name = 'BybitError';
  constructor(
    readonly code: number,
    message: string,
    readonly status = 200,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const paramsError = (what: string): BybitError => new BybitError(10001, `params error: ${what}`);

/** The codes of `VenueFailure` in the venue's. Source: Bybit v5 documentation, "Error codes" (2025). */
const REFUSALS: Readonly<Record<string, readonly [code: number, message: string]>> = {
  margin: [110007, 'ab not enough for new order'],
  'min-notional': [110094, 'Order does not meet minimum order value 5USDT'],
  'price-band': [110003, 'Order price exceeds the allowable range.'],
  'reduce-only': [110017, 'current position is zero, cannot fix reduce-only order qty'],
  duplicate: [110072, 'OrderLinkedID is duplicate'],
  'price-step': [170134, 'Order price has too many decimals.'],
  'quantity-step': [170137, 'Order volume has too many decimals.'],
  'min-quantity': [170136, 'Order quantity exceeded lower limit.'],
  'max-quantity': [170135, 'Order quantity exceeded upper limit.'],
  halted: [110074, 'This contract is not live'],
  'position-side': [10001, 'position idx not match position mode'],
  'max-orders': [110020, 'Not allowed to have more than 500 active orders'],
  'bad-order': [10001, 'params error: the order cannot be'],
  'unknown-symbol': [10001, 'params error: symbol invalid'],
  leverage: [110013, 'Cannot set leverage due to risk limit'],
  settings: [110024, 'You have an existing position or order, so the mode cannot be switched'],
  unchanged: [10001, 'The order remains unchanged as the parameters entered match the existing ones.'],
  'below-filled': [10001, 'params error: the new quantity is below what has been executed'],
  unsupported: [10001, 'params error: the order type is not supported'],
};

/** What the exchange said, as the venue would. `rises`: which way a refused trigger was to be reached. */
export const bybitError = (error: unknown, rises = true): BybitError => {
  if (error instanceof BybitError) return error;
  if (!(error instanceof PracticeRefusal)) throw error;
  if (error.kind === 'absent') return new BybitError(110001, 'order not exists or too late to cancel');
  if (error.code === 'would-trigger')
    return rises
      ? new BybitError(110092, 'expect Rising, but trigger_price is not above the current one')
      : new BybitError(110093, 'expect Falling, but trigger_price is not below the current one');
  const [code, message] = REFUSALS[error.code] ?? [10001, `params error: ${error.message}`];
  return new BybitError(code, message);
};
