import { TimeQueue } from '../../events/time-queue.js';
import type { CancelTimer } from '../../live/live-clock.js';

/**
 * True time of a simulated world, epoch ms: a queue of things to do, taken in order of (time, entry). Between two of them every promise that can settle has settled, so that a run is the same each time, however
 * deep a chain of promises is.
 */
export interface VirtualTime {
  readonly now: number;
  /** How many things have been done. */
  readonly steps: number;
  at(time: number, action: () => void): CancelTimer;
  /** Do everything due up to and including `until`, then stand at `until`. Stops early, at the moment itself, once `enough` says so. */
  run(until: number, enough?: () => boolean): Promise<void>;
}

/** Steps after which the event loop gets a turn, so that a test runner can still be heard. */
const BREATH = 20_000;

/** A tick callback runs only when no promise is left to settle: an exact barrier, at a fraction of the cost of a turn of the event loop. */
const settled = (): Promise<void> => new Promise(resolve => process.nextTick(resolve));
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

export const virtualTime = (start: number): VirtualTime => {
  const queue = new TimeQueue<{ action: (() => void) | null }>();
  let now = start;
  let steps = 0;
  return {
    get now() {
      return now;
    },
    get steps() {
      return steps;
    },
    at: (time, action) => {
      // It would end the world without a word: nothing is due at it, and nothing after it.
      if (Number.isNaN(time)) throw new RangeError('a time that is not a number');
      const entry: { action: (() => void) | null } = { action };
      queue.push(Math.max(time, now), entry);
      return () => {
        entry.action = null;
      };
    },
    run: async (until, enough) => {
      await settled();
      while (queue.nextAt <= until) {
        const at = queue.nextAt;
        const { action } = queue.pop();
        if (action === null) continue;
        now = at;
        steps++;
        action();
        await settled();
        if (steps % BREATH === 0) await turn();
        if (enough?.() === true) return;
      }
      now = Math.max(now, until);
    },
  };
};
