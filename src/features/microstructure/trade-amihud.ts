import { barCount, featureKey } from '../parameters.js';
import { illiquidity } from './illiquidity.js';
import { intervalClock } from './interval-clock.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';

/** Amihud's illiquidity of the last intervals that are complete, from trades: basis points that the last price moved in an interval per million of quote currency traded in it, the mean over those with trades. Y. Amihud (2002). */
export const tradeAmihud = (intervalMs = 1_000, intervals = 60): MicrostructureFeature => {
  const name = 'trade-amihud';
  const length = barCount(name, 'intervalMs', intervalMs);
  const n = barCount(name, 'intervals', intervals);
  return microstructure(featureKey(name, length, n), ({ tickSize, lotSize, inverse }) => {
    const mean = illiquidity(n);
    const worth = inverse ? lotSize : tickSize * lotSize;
    /** Ticks × lots of the interval (lots alone where a lot is worth a sum of quote currency), last price, the one at the end of the interval before, and the value. */
    const state = Float64Array.of(0, NaN, NaN, NaN);
    const clock = intervalClock(length, () => {
      const size = Math.abs(Math.log(state[1]! / state[2]!));
      if (size === size) state[3] = mean(size, state[0]! * worth);
      state[0] = 0;
      state[2] = state[1]!;
    });
    return {
      onTrade: ({ ts, price, lots }) => {
        clock.at(ts);
        state[0] = state[0]! + (inverse ? lots : price * lots);
        state[1] = price;
      },
      value: now => {
        clock.settle(now);
        return state[3]!;
      },
    };
  });
};
