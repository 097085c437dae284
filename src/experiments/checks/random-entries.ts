import { timeframeMs } from '../../market/timeframe.js';
import { share } from '../evidence/figure-text.js';
import { randomEntries, type PriceColumn } from '../monte-carlo/random-entries.js';
import { recordedSeries } from '../synthetic-history/recorded-series.js';
import type { Check, CheckSubject } from './check.js';
import { FEWEST_TRADES, TOO_FEW_TRADES } from './fewest-trades.js';
import { simulatedPoints } from './simulated-points.js';
import { checkResult, untestedResult } from './verdict-of-check.js';

const SAMPLES = 1_000;
const SIGNIFICANT = 0.05;
/** In the market longer than this there is hardly another moment to enter. */
const ALWAYS_IN = 0.9;

/** Closes by the time at which they were known, from the one before the first window to the last of the last. */
const closesOf = ({ shared: { chunks, config }, steps }: CheckSubject): ReadonlyMap<string, PriceColumn> => {
  const barMs = timeframeMs(config.timeframe);
  const [from, to] = [steps[0]!.window.from, steps.at(-1)!.window.to];
  const bars = recordedSeries(
    chunks.filter(({ kind, timeframe }) => kind === 'bars' && (timeframe ?? config.timeframe) === config.timeframe),
  );
  return new Map(
    bars.map(({ symbol, ts, columns }) => {
      const known = ts.map(open => open + barMs);
      const before = known.findLastIndex(at => at <= from);
      const first = Math.max(0, before);
      const end = known.findLastIndex(at => at <= to) + 1;
      return [symbol, { ts: known.subarray(first, end), price: columns[3]!.subarray(first, end) }];
    }),
  );
};

/**
 * The same trades, with their sides, sizes and holding times, at 1,000 random arrangements of moments: what the exposure alone would have earned, prices only. `pass` when at most one arrangement in
 * twenty does as well; `warn` when more do: then the result may be owed to being in a market that moved its way and not to knowing when. Never `fail`: exposure is an honest way to earn, timing
 * it is another. Not made for who is always in the market, or lives on funding.
 * Source: D. Aronson, Evidence-Based Technical Analysis (2006), ch. 6.
 */
export const randomEntriesCheck = (): Check => {
  const identity = { id: 'random-entries', title: 'Random entries', family: 'chance' } as const;
  return {
    ...identity,
    plan: () => [],
    judge: (subject, { segment, metrics }) => {
      const trips = segment?.roundTrips ?? [];
      if (segment === null || trips.length < FEWEST_TRADES) return untestedResult(identity, TOO_FEW_TRADES);
      const sum = (of: (trip: (typeof trips)[number]) => number): number => trips.reduce((total, trip) => total + of(trip), 0);
      if (sum(({ funding }) => funding) > Math.abs(sum(({ grossPnl }) => grossPnl)))
        return untestedResult(identity, 'It lives on funding more than on prices, whose moments would be drawn.');
      if (subject.shared.config.symbols.length === 1 && (metrics['exposure'] ?? 0) > ALWAYS_IN)
        return untestedResult(identity, 'It is nearly always in the market, so there are no other moments to enter.');
      const gains = randomEntries(trips, closesOf(subject), { samples: SAMPLES, seed: subject.seed });
      const returnOf = (gain: number): number => gain / segment.initialCapital;
      const { observed, pValue, percentiles } = gains;
      return checkResult(
        identity,
        pValue <= SIGNIFICANT ? 'pass' : 'warn',
        `${share(pValue)} of random moments with the same exposure earn as much before costs (${share(returnOf(percentiles.p50))} in the middle, its own ${share(returnOf(observed))})${pValue <= SIGNIFICANT ? '' : ': its timing may be luck'}.`,
        {
          base: { label: 'as it is', x: null, sharpe: null, totalReturn: returnOf(observed), maxDrawdown: null, trades: trips.length },
          points: simulatedPoints(gains, gain => ({ totalReturn: returnOf(gain) })),
        },
      );
    },
  };
};
