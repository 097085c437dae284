import { setTimeout as pause } from 'node:timers/promises';
import type { JobQueue } from './job-queue.js';

/** Jobs that are over, and stay in the queue for who looks at it: of the last hour, and no more than so many. Their outcomes are in the records. */
export const SHOWN = { count: 2000, ms: 3_600_000 } as const;

/** Jobs that one statement takes away: nobody else is served meanwhile by Redis. */
const AT_ONCE = 1000;
const EVERY_MS = 30_000;

/** Take away the jobs that have been over for longest. */
export const trimQueue = async (queue: JobQueue, shown: { readonly count: number; readonly ms: number } = SHOWN): Promise<void> => {
  while ((await queue.clean(shown.ms, AT_ONCE, 'completed')).length === AT_ONCE);
  const over = await queue.getCompletedCount();
  for (let left = over - shown.count; left > 0; left -= AT_ONCE) await queue.clean(0, Math.min(left, AT_ONCE), 'completed');
};

/**
 * Trim a queue now, and again and again as long as somebody submits. BullMQ would do it with each job that ends, which costs PostgreSQL as much as the rest of the job: it sorts all that are over each time. What
 * goes wrong is left for the next time.
 */
export const keepTrimmed = async (queue: JobQueue, isBusy: () => boolean, signal: AbortSignal): Promise<void> => {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    if (isFirst || isBusy()) await trimQueue(queue).catch(() => undefined);
    await pause(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
};
