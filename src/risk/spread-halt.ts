import { LIMIT_SLACK } from './limits.js';
import { symbolOfPosition } from './position-name.js';
import { reduces, type RiskCheck } from './risk-check.js';

/** Nothing is opened in a symbol while its quoted spread is wider than `limit` bp of the middle. `spread` is NaN where no quote is known, which holds nothing up. Reductions pass. */
export const spreadHalt =
  (limit: number, spread: (symbol: string) => number): RiskCheck =>
  (ticket, view) => {
    const bp = spread(symbolOfPosition(ticket.symbol));
    return bp > limit * LIMIT_SLACK && !reduces(ticket, view)
      ? { code: 'spread', text: `the spread of ${ticket.symbol} is ${bp.toFixed(2)} bp, above the limit of ${limit}` }
      : null;
  };
