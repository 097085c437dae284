import { z } from 'zod';
import { ROLES } from '../../promotion/people/role.js';
import { endpoint } from './endpoint.js';
import { Maybe, Nothing, Time } from './shapes.js';

/** A process that does jobs. */
export const QueueWorkerView = z.object({
  name: z.string(),
  host: z.string(),
  threads: z.number(),
  busy: z.number(),
  /** Jobs that it has ended since it began. */
  done: z.number(),
  begun: Time,
  seen: Time,
  /** Whether it was seen just now. */
  alive: z.boolean(),
});
export type QueueWorkerView = z.infer<typeof QueueWorkerView>;

/** A run that waits for jobs. */
export const QueueRunView = z.object({
  /** Unique to one call. */
  key: z.string(),
  name: z.string(),
  submitter: z.string(),
  urgency: z.string(),
  jobs: z.number(),
  /** Jobs that it has asked for and that are not over. */
  waiting: z.number(),
  /** Jobs that are over; null for a run so large that it asks for its jobs bit by bit. */
  done: Maybe,
  begun: Time,
  seen: Time,
});
export type QueueRunView = z.infer<typeof QueueRunView>;

/** A job that took its workers with it and is not begun again. */
export const QuarantinedView = z.object({
  job: z.string(),
  at: Time,
  name: z.string(),
  run: z.string(),
  handler: z.string(),
  deaths: z.array(z.object({ worker: z.string(), at: Time, seen: z.string() })),
});
export type QuarantinedView = z.infer<typeof QuarantinedView>;

const Result = z.object({ worker: z.string(), hash: z.string() });

/** A job that gave two different results. */
export const DeterminismAlarmView = z.object({ job: z.string(), at: Time, first: Result, second: Result });
export type DeterminismAlarmView = z.infer<typeof DeterminismAlarmView>;

export const queueApi = {
  'queue.show': endpoint({
    summary: 'The queue: how many jobs are where, its workers, the runs that wait, and what was set aside',
    roles: ROLES,
    verb: 'jobs list',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({
      /** That of this build: workers of another have a queue of their own. */
      name: z.string(),
      /** The database, e.g. `PostgreSQL at 127.0.0.1:5432`. */
      server: z.string(),
      /** Whether workers take no jobs until somebody resumes it. */
      paused: z.boolean(),
      counts: z.object({
        waiting: z.number(),
        active: z.number(),
        delayed: z.number(),
        waitingChildren: z.number(),
        failed: z.number(),
      }),
      workers: z.array(QueueWorkerView),
      runs: z.array(QueueRunView),
      quarantined: z.array(QuarantinedView),
      alarms: z.array(DeterminismAlarmView),
    }),
  }),
} as const;
