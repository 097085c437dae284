import { symbolOfPosition } from './position-name.js';
import { reduces, type RiskCheck } from './risk-check.js';

/** What the rule is told of the market. */
export interface StaleDataOptions {
  /** Bars that may pass without a new price. */
  readonly limit: number;
  /** Length of a bar, ms. */
  readonly barMs: number;
  readonly now: () => number;
  /** When the latest price of a symbol happened, epoch ms; NaN when none has come. */
  readonly pricedAt: (symbol: string) => number;
}

/** Nothing is opened in a symbol whose latest price is older than so many bars, or that has none: the market may be anywhere. Reductions pass. */
export const staleData =
  ({ limit, barMs, now, pricedAt }: StaleDataOptions): RiskCheck =>
  (ticket, view) => {
    const age = now() - pricedAt(symbolOfPosition(ticket.symbol));
    if (age <= limit * barMs || reduces(ticket, view)) return null;
    return {
      code: 'stale-data',
      text: Number.isNaN(age)
        ? `${ticket.symbol} has no price yet`
        : `the latest price of ${ticket.symbol} is ${(age / barMs).toFixed(2)} bars old; the limit is ${limit}`,
    };
  };
