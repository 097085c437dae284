import { auditedId } from './job-content.js';
import { openQueue } from './job-queue.js';
import { openRecords } from './open-records.js';
import { buildWords, ownBuild, queueName } from './queue-name.js';
import type { QueuePlace } from './queue-place.js';
import type { QueueRecords } from './queue-records.js';
import { unreachable } from './unreachable.js';

/** A queue as people look into it: that of this build. */
export interface QueueInspection extends Pick<QueueRecords, 'runs' | 'workers' | 'otherWorkers' | 'alarms' | 'quarantined'> {
  readonly name: string;
  /** The build to people. */
  readonly build: string;
  /** Jobs by where they are: `waiting`, `active`, `delayed`, `waiting-children`, `failed`. */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** End a run by its key, wherever its jobs and its submitter are. Returns how many jobs nobody waits for any more. */
  cancel(run: string): Promise<number>;
  /** Forget all that is known of a job and of what was made of jobs' results, so that it is done again. */
  release(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with a UserError when the database does not answer. */
export const inspectQueue = async (place: QueuePlace): Promise<QueueInspection> => {
  const build = ownBuild();
  const name = queueName(build);
  const records = await openRecords(place, name);
  const queue = openQueue(place, name, () => undefined);
  const asked = async <R>(act: () => Promise<R>): Promise<R> => {
    try {
      return await act();
    } catch (error) {
      throw unreachable(place, error);
    }
  };
  return {
    name,
    build: buildWords(build),
    counts: () =>
      asked(async () => {
        const {
          prioritized = 0,
          wait = 0,
          ...more
        } = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'waiting-children', 'failed');
        return { waiting: wait + prioritized, ...more };
      }),
    runs: () => asked(() => records.runs()),
    workers: () => asked(() => records.workers()),
    otherWorkers: () => asked(() => records.otherWorkers()),
    alarms: () => asked(() => records.alarms()),
    quarantined: () => asked(() => records.quarantined()),
    cancel: run =>
      asked(async () => {
        await records.cancel(run);
        const free = await records.release(run);
        // Those that have begun are stopped by their workers.
        for (const id of free) await queue.remove(id, { removeChildren: false }).catch(() => 0);
        return free.length;
      }),
    release: id =>
      asked(async () => {
        // What is over still lies in the queue under the same id.
        for (const gone of await records.forget(auditedId(id))) await queue.remove(gone, { removeChildren: false }).catch(() => 0);
      }),
    close: async () => {
      await queue.close();
      await records.close();
    },
  };
};
