import type { Lots } from '../../market/units.js';
import type { Algorithm, Rest, WorkTerms } from './algorithm.js';
import { WorkedOrder } from './worked-order.js';

/** When how much is to be on its way. */
export interface Slices {
  /** Milliseconds after the start, rising. */
  readonly times: Float64Array;
  /** Lots that are to be filled or on their way from then on; rising, the last is the whole. */
  readonly targets: Float64Array;
  /** Milliseconds after the start at which it is over. */
  readonly duration: number;
}

/** Lots by weight: what is due by the end of each slice, rounded down; the last is all of them. */
export const targetsByWeight = (lots: Lots, weights: readonly number[]): Float64Array => {
  let total = 0;
  for (const weight of weights) total += weight;
  const targets = new Float64Array(weights.length);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k] as number;
    // A billionth for the error of the sum.
    targets[k] = k === weights.length - 1 ? lots : Math.min(lots, Math.floor((lots * sum) / total + 1e-9));
  }
  return targets;
};

/**
 * A quantity in slices of given times and sizes. Each slice brings what is on its way and filled up to its target: what an earlier one could not (it was denied, or expired) is caught up. A slice at a limit
 * keeps working beside the next.
 */
export const sliced = (terms: WorkTerms, { times, targets, duration }: Slices, rest: Rest): Algorithm => {
  const work = new WorkedOrder(terms);
  let start = NaN;
  let due = 0;
  let isOver = false;
  return {
    get nextAt() {
      if (Number.isNaN(start) || isOver) return Infinity;
      return start + (times[due] ?? duration);
    },
    countsVolume: false,
    get filled() {
      return work.filled;
    },
    handle: event => {
      work.hear(event);
      if (event.on === 'start') start = event.now;
      if ((event.on === 'start' || event.on === 'time') && work.isWorking) {
        const before = due;
        while (due < times.length && start + (times[due] as number) <= event.now) due++;
        const isLate = event.now >= start + duration;
        if (due > before && !isLate) work.slice((targets[due - 1] as number) - (terms.lots - work.free));
        if (isLate) work.end(rest);
      }
      if (!work.isWorking) isOver = true;
      return work.settle();
    },
  };
};
