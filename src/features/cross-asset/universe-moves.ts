import type { Bar } from '../../events/market.js';
import { delay } from '../windows/delay.js';

/**
 * Log returns of every symbol over its own last n bars, as known at one instant; NaN where a symbol has no bar or not enough of them. The array is reused. A close that is
 * missing or not above 0 is passed over.
 */
export const universeMoves = (symbols: number, n: number): ((bars: readonly (Bar | null)[]) => Float64Array) => {
  const past = Array.from({ length: symbols }, () => delay(n));
  const moves = new Float64Array(symbols);
  return bars => {
    for (let s = 0; s < symbols; s++) {
      const close = bars[s]?.close ?? NaN;
      moves[s] = close > 0 ? Math.log(close / past[s]!(close)) : NaN;
    }
    return moves;
  };
};
