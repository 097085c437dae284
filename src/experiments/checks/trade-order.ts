import { share } from '../evidence/figure-text.js';
import { tradeOrder } from '../monte-carlo/trade-order.js';
import type { Check } from './check.js';
import { simulatedPoints } from './simulated-points.js';
import { checkResult, untestedResult } from './verdict-of-check.js';
import { FEWEST_TRADES, TOO_FEW_TRADES } from './fewest-trades.js';

const SAMPLES = 1_000;
/** A drawdown that only one order in twenty undercuts was luck. */
const LUCKY = 0.95;

/**
 * The same trades in 1,000 other orders: how much of a shallow drawdown was luck of the order. The return is what it was; only the way there differs. Drawdowns are of closed trades.
 * `warn` when 95 % of the orders fall deeper: plan for theirs. Never `fail`, for the order is nobody's merit. A drawdown deeper than most says that losses came together, and is told.
 */
export const tradeOrderCheck = (): Check => {
  const identity = { id: 'trade-order', title: 'Order of trades', family: 'chance' } as const;
  return {
    ...identity,
    plan: () => [],
    judge: ({ seed }, { segment }) => {
      const trips = segment?.roundTrips ?? [];
      if (segment === null || trips.length < FEWEST_TRADES) return untestedResult(identity, TOO_FEW_TRADES);
      const { final, maxDrawdown } = tradeOrder(trips, { samples: SAMPLES, seed, initialCapital: segment.initialCapital });
      const { observed, rank, percentiles } = maxDrawdown;
      const total = final.observed / segment.initialCapital - 1;
      const verdict = rank > LUCKY ? 'warn' : 'pass';
      const luck = rank > LUCKY ? ', so it came in a lucky order' : rank < 1 - LUCKY ? ', so its losses came together' : '';
      return checkResult(
        identity,
        verdict,
        `It fell ${share(-observed)} at most; the same trades in another order fall ${share(-percentiles.p50)} (one order in twenty ${share(-percentiles.p5)} or more)${luck}.`,
        {
          base: { label: 'as it is', x: null, sharpe: null, totalReturn: total, maxDrawdown: observed, trades: trips.length },
          points: simulatedPoints(maxDrawdown, value => ({ maxDrawdown: value, totalReturn: total })),
        },
      );
    },
  };
};
