import { symbolOfPosition } from './position-name.js';
import { reduces, type RiskCheck } from './risk-check.js';

/** Share of the bound that volatility must fall below before a symbol is opened again: a market at its bound would be traded in and out of. */
export const VOLATILITY_RELEASE = 0.8;

/** Nothing is opened in a symbol while it is too wild: `wildness` is its realised volatility per year when it is held up, else NaN. Reductions pass. */
export const volatilityHalt =
  (limit: number, wildness: (symbol: string) => number): RiskCheck =>
  (ticket, view) => {
    const volatility = wildness(symbolOfPosition(ticket.symbol));
    return volatility >= 0 && !reduces(ticket, view)
      ? {
          code: 'volatility',
          text: `${ticket.symbol} moves at ${(volatility * 100).toFixed(1)} % a year, above the bound of ${(limit * 100).toFixed(1)} % or not yet below ${(VOLATILITY_RELEASE * 100).toFixed(0)} % of it again`,
        }
      : null;
  };
