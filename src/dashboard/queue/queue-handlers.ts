import { WINDOW } from '../../cluster/queue/submission.js';
import { failed } from '../../errors.js';
import type { QueueHandlers } from '../api/endpoints.js';
import type { QueueDesk } from './queue-desk.js';

/** The queue as `quantai jobs` tells it; null where none is configured. */
export const queueHandlers = (desk: QueueDesk | null): QueueHandlers => ({
  'queue.show': async () => {
    if (desk === null)
      throw failed('no-queue', 'No queue is configured here.', 'Start the dashboard with --on postgres://… or set QUANTAI_ON.');
    return desk.ask(async ({ queue, records }) => {
      const [counts, paused, workers, runs, quarantined, alarms] = await Promise.all([
        queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'waiting-children', 'failed'),
        queue.isPaused(),
        records.workers(),
        records.runs(),
        records.quarantined(),
        records.alarms(),
      ]);
      const of = (state: string): number => counts[state] ?? 0;
      return {
        name: desk.name,
        server: desk.server,
        paused,
        counts: {
          waiting: of('wait') + of('prioritized'),
          active: of('active'),
          delayed: of('delayed'),
          waitingChildren: of('waiting-children'),
          failed: of('failed'),
        },
        workers: workers.map(({ name, host, threads, busy, done, begun, seen, alive }) => ({
          name,
          host,
          threads,
          busy,
          done,
          begun,
          seen,
          alive,
        })),
        runs: runs.map(({ key, name, submitter, urgency, jobs, waiting, begun, seen }) => ({
          key,
          name,
          submitter,
          urgency,
          jobs,
          waiting,
          // Of a larger one those that are not asked for yet cannot be told from those that are over.
          done: jobs > WINDOW ? null : Math.max(0, jobs - waiting),
          begun,
          seen,
        })),
        quarantined: quarantined.map(({ job, at, name, run, handler, deaths }) => ({ job, at, name, run, handler, deaths: [...deaths] })),
        alarms: alarms.map(({ job, at, first, second }) => ({ job, at, first, second })),
      };
    });
  },
});
