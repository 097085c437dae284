import { bankruptcyPrice } from './bankruptcy-price.js';
import { liquidationPrice, type LiquidationBasis } from './liquidation-price.js';
import { maintenanceMargin } from './maintenance-margin.js';
import { positionValue } from './position-value.js';

/**
 * How a venue works out the liquidation price that it displays:
 * - `binance`: margin covers maintenance margin at that price, closing fee left out;
 * - `gate-okx`: the same with the taker fee of closing inside;
 * - `bybit`: what margin exceeds maintenance margin by, both at the ENTRY price, is the loss that is allowed; a taker fee, when one is given, is that of closing at the bankruptcy price.
 */
export type LiquidationConvention = 'binance' | 'gate-okx' | 'bybit';

/**
 * The liquidation price as a venue displays it, to compare with its screen. Our own account liquidates where `liquidationPrice` says, whatever the venue displays: the first two agree with
 * it, Bybit's lies a little nearer where a loss makes the position smaller (linear longs, inverse shorts) and farther otherwise. `margin` is the position's own with all that was added; in cross mode see `crossedMargin`. NaN where there is none.
 * Binance: How to Calculate Liquidation Price of USDⓈ-M Futures. Gate, OKX: isolated liquidation price. Bybit: Liquidation Price (USDT Contract), (Inverse Contract).
 */
export const venueLiquidationPrice = (convention: LiquidationConvention, position: LiquidationBasis): number => {
  const { inverse, quantity, entryPrice, margin, tiers, takerFee = 0 } = position;
  if (convention !== 'bybit') return liquidationPrice({ ...position, takerFee: convention === 'binance' ? 0 : takerFee });
  const bankruptcy = bankruptcyPrice(position, takerFee);
  const fee = takerFee === 0 || Number.isNaN(bankruptcy) ? 0 : Math.abs(positionValue(inverse, quantity, bankruptcy)) * takerFee;
  const loss = margin - maintenanceMargin(tiers, inverse, quantity, entryPrice) - fee;
  const y = (positionValue(inverse, quantity, entryPrice) - loss) / (inverse ? -quantity : quantity);
  if (!(y > 0)) return NaN;
  return inverse ? 1 / y : y;
};
