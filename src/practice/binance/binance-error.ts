import { PracticeRefusal } from '../practice-exchange.js';

/** A refusal in the venue's own words and codes. */
export class BinanceError extends Error {
  override readonly name = 'BinanceError';
  constructor(
    readonly code: number,
    message: string,
    readonly status = 400,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** The codes of `VenueFailure` in the venue's; from its error list for USDⓈ-M futures. */
const REFUSALS: Readonly<Record<string, readonly [code: number, message: string]>> = {
  margin: [-2019, 'Margin is insufficient.'],
  'post-only': [
    -5022,
    'Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history',
  ],
  'min-notional': [-4164, "Order's notional must be no smaller than 5 (unless you choose reduce only)."],
  'would-trigger': [-2021, 'Order would immediately trigger.'],
  'price-band': [-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit."],
  'reduce-only': [-2022, 'ReduceOnly Order is rejected.'],
  duplicate: [-4116, 'ClientOrderId is duplicated.'],
  'price-step': [-4014, 'Price not increased by tick size.'],
  'quantity-step': [-4023, 'Qty not increased by step size.'],
  'min-quantity': [-4004, 'Quantity less than min quantity.'],
  'max-quantity': [-4005, 'Quantity greater than max quantity.'],
  halted: [-4140, 'Invalid symbol status for opening position.'],
  'position-side': [-4061, "Order's position side does not match user's setting."],
  'max-orders': [-2025, 'Reach max open order limit.'],
  'bad-order': [-1106, 'Parameter sent when not required, or its value cannot be.'],
  'unknown-symbol': [-1121, 'Invalid symbol.'],
  leverage: [-4028, 'Leverage is not valid'],
  settings: [-4047, 'Margin type cannot be changed if there exists open orders.'],
  unchanged: [-5027, 'No need to modify the order.'],
  'below-filled': [-5028, 'Order quantity must be above what has been executed.'],
  unsupported: [-1116, 'Invalid orderType.'],
};

/** What the exchange said, as the venue would. `asking`: a query says -2013 of an order that it does not have, a cancel -2011. */
export const binanceError = (error: unknown, asking: 'query' | 'change'): BinanceError => {
  if (error instanceof BinanceError) return error;
  if (!(error instanceof PracticeRefusal)) throw error;
  if (error.kind === 'absent')
    return asking === 'query' ? new BinanceError(-2013, 'Order does not exist.') : new BinanceError(-2011, 'Unknown order sent.');
  const [code, message] = REFUSALS[error.code] ?? [-2010, `NEW_ORDER_REJECTED: ${error.message}`];
  return new BinanceError(code, message);
};
