import { usageError } from '../../errors.js';
import { normalCdf } from '../../statistics/normal.js';
import { barCount, featureKey, positive } from '../parameters.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { intervalClock } from './interval-clock.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';

/** Parameters of `vpin`. */
export interface VpinOptions {
  /** Volume of a bucket, base units; the source takes a fiftieth of a usual day. */
  readonly bucket: number;
  /** Buckets that are averaged; 50 unless said. */
  readonly buckets?: number;
  /**
   * Do not look at the takers' sides, but split the volume of bars of `barMs` by the normal probability of their price change, in standard deviations over the last `bars` changes (bulk classification). The
   * sides are used unless said, for they are known.
   */
  readonly bulk?: { readonly barMs: number; readonly bars: number };
}

/**
 * Volume-synchronised probability of informed trading, 0…1: the mean of |bought − sold| ÷ volume over the last buckets of equal volume, a trade that does not fit being split between buckets. High when
 * one side keeps taking. Trades without a side count half each. D. Easley, M. López de Prado & M. O'Hara, Flow toxicity and liquidity in a high-frequency world, Review of Financial Studies 25 (2012).
 */
export const vpin = ({ bucket, buckets = 50, bulk }: VpinOptions): MicrostructureFeature => {
  const name = 'vpin';
  const n = barCount(name, 'buckets', buckets);
  const size = positive(name, 'bucket', bucket);
  const barMs = bulk === undefined ? 1 : barCount(name, 'barMs', bulk.barMs);
  const bars = bulk === undefined ? 2 : barCount(name, 'bars', bulk.bars, 2);
  return microstructure(featureKey(name, size, n, bulk && `bulk=${barMs}/${bars}`), units => {
    const capacity = units.lots(size);
    if (capacity < 1)
      throw usageError(
        'bad-feature-parameter',
        `vpin: a bucket of ${size} is less than one lot of ${units.lotSize}.`,
        `Give vpin a bucket of ${units.lotSize} or more.`,
      );
    const sum = rollingSum(n);
    /** Lots in the bucket, those bought among them, and the value. */
    const state = Float64Array.of(0, 0, NaN);
    const pour = (lots: number, boughtShare: number): void => {
      let left = lots;
      while (left > 0) {
        const part = Math.min(left, capacity - state[0]!);
        state[0] = state[0]! + part;
        state[1] = state[1]! + part * boughtShare;
        left -= part;
        if (state[0]! < capacity) return;
        state[2] = sum(Math.abs(2 * state[1]! - capacity)) / (n * capacity);
        state[0] = 0;
        state[1] = 0;
      }
    };
    if (bulk === undefined)
      return {
        onTrade: ({ lots, side }) => pour(lots, side > 0 ? 1 : side < 0 ? 0 : 0.5),
        value: () => state[2]!,
      };
    const moments = new Float64Array(2).fill(NaN);
    const push = rollingMoments(bars, moments);
    /** Lots of the bar, last price, last price of the bar before. */
    const bar = Float64Array.of(0, NaN, NaN);
    const clock = intervalClock(barMs, () => {
      const change = bar[1]! - bar[2]!;
      if (bar[0]! > 0) {
        if (change === change) push(change);
        const deviation = Math.sqrt(moments[1]! / (bars - 1));
        if (deviation === deviation) pour(bar[0]!, deviation > 0 ? normalCdf(change / deviation) : 0.5);
        bar[2] = bar[1]!;
      }
      bar[0] = 0;
    });
    return {
      onTrade: ({ ts, price, lots }) => {
        clock.at(ts);
        bar[0] = bar[0]! + lots;
        bar[1] = price;
      },
      value: now => {
        clock.settle(now);
        return state[2]!;
      },
    };
  });
};
