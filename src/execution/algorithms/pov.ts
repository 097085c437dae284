import type { Lots } from '../../market/units.js';
import type { Algorithm, Rest, WorkTerms } from './algorithm.js';
import { WorkedOrder } from './worked-order.js';

/** Terms of an execution by participation. */
export interface PovTerms extends WorkTerms {
  /** Of the traded volume, above 0 and not above 1. */
  readonly share: number;
  /** Least lots of a slice (1 when smaller) and most; the last slice may be smaller. */
  readonly min: Lots;
  readonly max: Lots | null;
  /** Milliseconds after which it is over; null works until all has filled. */
  readonly duration: number | null;
  readonly rest: Rest;
}

/**
 * Percentage of volume: after each trade or bar a slice of `share` of what the market has traded since the last slice. Less than the least slice waits for more volume; what is above the largest is
 * let go, for it would be a larger share of the volume to come. What was sent is never more than `share` of the volume seen.
 */
export const pov = (terms: PovTerms): Algorithm => {
  const work = new WorkedOrder(terms);
  const least = Math.max(1, terms.min);
  let end = Infinity;
  /** Lots that the volume since the last slice allows. */
  let allowed = 0;
  const participate = (volume: number): void => {
    const { free } = work;
    if (free <= 0) {
      allowed = 0;
      return;
    }
    allowed += terms.share * volume;
    // A billionth for the error of the sum.
    const whole = Math.floor(allowed + 1e-9);
    const size = Math.min(whole, free, terms.max ?? free);
    if (size < Math.min(least, free) || size === 0) return;
    allowed = size < whole ? 0 : Math.max(0, allowed - size);
    work.slice(size);
  };
  return {
    get nextAt() {
      return work.isWorking ? end : Infinity;
    },
    countsVolume: true,
    get filled() {
      return work.filled;
    },
    handle: event => {
      work.hear(event);
      if (event.on === 'start' && terms.duration !== null) end = event.now + terms.duration;
      if (work.isWorking && event.on === 'volume') participate(event.lots);
      if (event.on === 'time' && event.now >= end) work.end(terms.rest);
      return work.settle();
    },
  };
};
