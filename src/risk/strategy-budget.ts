import { LIMIT_SLACK } from './limits.js';
import { grossAfter, reduces, type RiskCheck, type RiskView } from './risk-check.js';

/** What one of several strategies on an account may use of it; null is no bound. */
export interface StrategyBudget {
  /** Gross notional, in money. */
  readonly notional: number | null;
  /** Gross notional as a multiple of the equity of the whole account. */
  readonly share: number | null;
}

/**
 * The gross notional of one strategy, its orders at work included, stays within its budget. `own` is the account as the strategy alone has it: its positions and its orders. The view that the check is
 * given is the whole account's. What reduces the strategy's own position passes, also where it adds to another's.
 */
export const strategyBudget =
  (strategy: string, { notional, share }: StrategyBudget, own: () => RiskView): RiskCheck =>
  (ticket, view) => {
    const mine = own();
    if (reduces(ticket, mine)) return null;
    const gross = grossAfter(ticket, mine);
    const bound = Math.min(notional ?? Infinity, share === null ? Infinity : share * view.equity);
    return !(gross <= bound * LIMIT_SLACK)
      ? {
          code: 'strategy-budget',
          text: `${strategy} would hold ${gross.toFixed(2)}, above its budget of ${bound.toFixed(2)}`,
        }
      : null;
  };
