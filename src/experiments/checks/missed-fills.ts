import { figure, share } from '../evidence/figure-text.js';
import { missedFills } from '../monte-carlo/missed-fills.js';
import type { RoundTrip } from '../../portfolio/fill.js';
import type { Check } from './check.js';
import { FEWEST_TRADES, TOO_FEW_TRADES } from './fewest-trades.js';
import { simulatedPoints } from './simulated-points.js';
import { checkResult, NO_PROFIT, untestedResult } from './verdict-of-check.js';

const SAMPLES = 1_000;
const MISSED = 0.1;

/** How many of the best trades carry the profit: the fewest whose money is all of it. */
const carriers = (trips: readonly RoundTrip[]): number => {
  const profit = trips.reduce((sum, { netPnl }) => sum + netPnl, 0);
  const best = Float64Array.from(trips, ({ netPnl }) => netPnl)
    .sort()
    .reverse();
  let sum = 0;
  const last = best.findIndex(each => (sum += each) >= profit);
  return last + 1;
};

/**
 * Every tenth trade missed at random, 1,000 times: a result that hangs on a few trades falls apart. `fail` when more than half of the histories lose money, `warn` when more than one in ten does.
 * Which trades are missed has nothing to do with how they went; in a real queue the good ones are missed more often, so this flatters.
 */
export const missedFillsCheck = (): Check => {
  const identity = { id: 'missed-fills', title: 'Missed trades', family: 'fragility' } as const;
  return {
    ...identity,
    plan: () => [],
    judge: ({ seed }, { segment }) => {
      const trips = segment?.roundTrips ?? [];
      if (segment === null || trips.length < FEWEST_TRADES) return untestedResult(identity, TOO_FEW_TRADES);
      const { initialCapital } = segment;
      const { final } = missedFills(trips, { samples: SAMPLES, seed, initialCapital, probability: MISSED });
      if (!(final.observed > initialCapital)) return untestedResult(identity, NO_PROFIT);
      const losing = final.samples.reduce((n, equity) => n + (equity <= initialCapital ? 1 : 0), 0) / SAMPLES;
      const returnOf = (equity: number): number => equity / initialCapital - 1;
      return checkResult(
        identity,
        losing > 0.5 ? 'fail' : losing > 0.1 ? 'warn' : 'pass',
        `With a tenth of its trades missed it earns ${share(returnOf(final.percentiles.p5))} to ${share(returnOf(final.percentiles.p95))} (nine in ten draws) and loses money in ${share(losing)} of the draws; all of the profit is in its best ${figure(carriers(trips), 0)} of ${figure(trips.length, 0)} trades.`,
        {
          base: {
            label: 'as it is',
            x: null,
            sharpe: null,
            totalReturn: returnOf(final.observed),
            maxDrawdown: null,
            trades: trips.length,
          },
          points: simulatedPoints(final, equity => ({ totalReturn: returnOf(equity) })),
        },
      );
    },
  };
};
