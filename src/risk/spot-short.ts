import type { Symbol } from '../market/instrument.js';
import { reduces, sureLots, type RiskCheck } from './risk-check.js';

/** Coins that are not held cannot be sold on a spot market, and borrowing them is not modelled: no sale may lead below nothing, working sales included. */
export const spotShort =
  (symbols: readonly Symbol[]): RiskCheck =>
  (ticket, view) => {
    const { symbol, side, lots, reduceOnly } = ticket;
    if (side === 'buy' || !symbols.includes(symbol) || reduces(ticket, view)) return null;
    const atWork = view.workingLots(symbol, 'sell', false);
    const sure = sureLots(symbol, 'sell', view, reduceOnly ? lots : 0);
    return sure - atWork - (reduceOnly ? 0 : lots) < 0
      ? {
          code: 'spot-short',
          text: `${symbol} is spot and cannot be sold short: ${view.held(symbol)} lots are held, ${atWork} are being sold, and ${lots} more were to be`,
        }
      : null;
  };
