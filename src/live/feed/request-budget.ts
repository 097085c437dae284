import type { LiveClock } from '../live-clock.js';
import { pause } from '../live-clock.js';
import { VenueFailure } from '../venue-transport.js';

/** Requests that are spread so that the venue's limit is not reached, and repeated until they are answered. */
export interface RequestBudget {
  /** Waits until a request of this weight fits, sends it, and sends it again after failures that pass. Rejects with a refusal, or after `mostFailures` failures in a row. */
  ask<T>(weight: number, request: () => Promise<T>): Promise<T>;
  readonly requests: number;
  /** Wall ms spent waiting for the budget. */
  readonly waited: number;
}

const PASSING: ReadonlySet<string> = new Set(['ambiguous', 'limited', 'clock', 'unavailable']);
const MINUTE_MS = 60_000;

/**
 * A bucket that fills evenly over each minute: pulling history leaves the rest of the venue's limit to whoever trades beside it. A venue that says how long to wait is obeyed.
 */
export const requestBudget = ({
  clock,
  weightPerMinute,
  mostFailures = 8,
  retryMs = 500,
  signal,
}: {
  readonly clock: LiveClock;
  readonly weightPerMinute: number;
  readonly mostFailures?: number;
  /** First pause after a failure, wall; it doubles. */
  readonly retryMs?: number;
  readonly signal?: AbortSignal;
}): RequestBudget => {
  // A tenth of a minute's weight may be spent at once.
  const burst = Math.max(1, weightPerMinute / 10);
  const perMs = weightPerMinute / MINUTE_MS;
  let [requests, waited, left, at] = [0, 0, burst, clock.monotonic()];
  const wait = async (ms: number): Promise<void> => {
    waited += ms;
    await pause(clock, ms);
    signal?.throwIfAborted();
  };
  return {
    ask: async (weight, request) => {
      for (let failures = 0; ;) {
        signal?.throwIfAborted();
        const now = clock.monotonic();
        left = Math.min(burst, left + (now - at) * perMs);
        at = now;
        // A request heavier than the bucket goes when the bucket is full.
        const needed = Math.min(weight, burst);
        if (left < needed) {
          await wait(Math.ceil((needed - left) / perMs));
          continue;
        }
        left -= weight;
        requests++;
        try {
          return await request();
        } catch (error) {
          if (!(error instanceof VenueFailure) || !PASSING.has(error.kind) || ++failures >= mostFailures) throw error;
          const asked = error.until === null ? 0 : error.until - clock.wall();
          await wait(Math.max(asked, Math.min(MINUTE_MS, retryMs * (1 << (failures - 1)))));
        }
      }
    },
    get requests() {
      return requests;
    },
    get waited() {
      return waited;
    },
  };
};
