import type { Fold } from './fold.js';

/**
 * How an exponential average begins: `sma`, with the mean of its first n values (TA-Lib, TradingView, LEAN), or `first`, with the first
 * value alone (Tulip, pandas `ewm(adjust=False)`). The difference fades by a factor of 1 − weight a bar.
 */
export type Seed = 'sma' | 'first';

/** y ← y + weight · (x − y). NaN until n values were seen, with either seed: a younger average is not worth trading on. */
export const exponentialAverage = (weight: number, n: number, seed: Seed): Fold => {
  const state = new Float64Array(1);
  const seedLength = seed === 'sma' ? n : 1;
  let seen = 0;
  return x => {
    if (!Number.isFinite(x)) return NaN;
    if (seen >= n) {
      const y = state[0]! + weight * (x - state[0]!);
      state[0] = y;
      return y;
    }
    if (seen >= seedLength) state[0]! += weight * (x - state[0]!);
    else state[0]! += x;
    if (++seen === seedLength) state[0]! /= seedLength;
    return seen < n ? NaN : state[0]!;
  };
};

/** Exponential average with the weight 2 ÷ (n + 1). */
export const emaFold = (n: number, seed: Seed): Fold => exponentialAverage(2 / (n + 1), n, seed);

/** Wilder's average: the weight is 1 ÷ n and the seed the mean of the first n values. */
export const wilderFold = (n: number): Fold => exponentialAverage(1 / n, n, 'sma');
