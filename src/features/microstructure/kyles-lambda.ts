import { barCount, featureKey } from '../parameters.js';
import { PRODUCTS, rollingComoments, SQUARES_X } from '../windows/rolling-comoments.js';
import { intervalClock } from './interval-clock.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { ASK, BID, topOfBook } from './top-of-book.js';

/** Parameters of `kylesLambda`. */
export interface KylesLambdaOptions {
  /** Length of an interval; 1,000 unless said. Intervals start at its whole multiples. */
  readonly intervalMs?: number;
  /** Intervals in the regression; 60 unless said. */
  readonly intervals?: number;
}

/**
 * Kyle's lambda, in ticks per lot: the slope of a least-squares line of the change of the mid price over an interval on the lots bought less the lots sold in it, over the last intervals that are
 * complete. The price impact of a unit of order flow; its inverse is depth. 0 where the flow did not vary; NaN while no mid price is known. A. Kyle, Continuous auctions and insider trading,
 * Econometrica 53 (1985); the regression of L. Glosten & L. Harris (1988) without its bounce term, which the mid does not have.
 */
export const kylesLambda = ({ intervalMs = 1_000, intervals = 60 }: KylesLambdaOptions = {}): MicrostructureFeature => {
  const name = 'kyles-lambda';
  const length = barCount(name, 'intervalMs', intervalMs);
  const n = barCount(name, 'intervals', intervals, 2);
  return microstructure(featureKey(name, length, n), () => {
    const { top, onBook, onQuote } = topOfBook();
    const figures = new Float64Array(5).fill(NaN);
    const push = rollingComoments(n, figures);
    /** Signed lots of the interval, and the mid before it in half ticks. */
    const state = Float64Array.of(0, NaN);
    const clock = intervalClock(length, () => {
      const mid = top[BID]! + top[ASK]!;
      // The first interval has no mid before it, nor has the one after a book that broke.
      if (state[1] === state[1] || mid !== mid) push(state[0]!, (mid - state[1]!) / 2);
      state[0] = 0;
      state[1] = mid;
    });
    return {
      onBook: tick => {
        clock.at(tick.ts);
        onBook(tick);
      },
      onQuote: tick => {
        clock.at(tick.ts);
        onQuote(tick);
      },
      onTrade: ({ ts, lots, side }) => {
        clock.at(ts);
        state[0] = state[0]! + (side > 0 ? lots : side < 0 ? -lots : 0);
      },
      value: now => {
        clock.settle(now);
        return figures[SQUARES_X] === 0 ? 0 : figures[PRODUCTS]! / figures[SQUARES_X]!;
      },
    };
  });
};
