import { setTimeout as pause } from 'node:timers/promises';
import { openQueue, type JobQueue } from '../../cluster/queue/job-queue.js';
import { openRecords } from '../../cluster/queue/open-records.js';
import { ownBuild, queueName } from '../../cluster/queue/queue-name.js';
import type { QueuePlace } from '../../cluster/queue/queue-place.js';
import type { QueueRecords } from '../../cluster/queue/queue-records.js';
import { unreachable } from '../../cluster/queue/unreachable.js';
import { failed } from '../../errors.js';

/** A queue with what is known beside its jobs. */
export interface OpenedQueue {
  readonly queue: JobQueue;
  readonly records: QueueRecords;
}

/** The queue of this build for whoever looks at it. It is opened when somebody asks first, and again after it could not be. */
export interface QueueDesk {
  readonly name: string;
  /** The database, without user and password. */
  readonly server: string;
  /** Throws a UserError without the password when the database does not answer or lets nobody in. */
  readonly ask: <R>(act: (opened: OpenedQueue) => Promise<R>) => Promise<R>;
  readonly close: () => Promise<void>;
}

/** Statements to a database that has gone may wait for ever until it is back. */
const PATIENCE_MS = 8_000;
const CLOSING_MS = 2_000;

const within = async <R>(work: Promise<R>, ms: number, late: () => R): Promise<R> => {
  const over = new AbortController();
  // What loses the race is heard, so that it is no unhandled rejection.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, pause(ms, undefined, { signal: over.signal }).then(late)]);
  } finally {
    over.abort();
  }
};

export const queueDesk = (place: QueuePlace): QueueDesk => {
  const name = queueName(ownBuild());
  let opening: Promise<OpenedQueue> | null = null;
  const open = (): Promise<OpenedQueue> => {
    if (opening !== null) return opening;
    const begun = openRecords(place, name).then(records => ({ records, queue: openQueue(place, name, () => undefined) }));
    opening = begun;
    begun.catch(() => {
      opening = null;
    });
    return begun;
  };
  return {
    name,
    server: place.server,
    ask: async act => {
      try {
        return await within(open().then(act), PATIENCE_MS, () => {
          throw failed('queue-unreachable', `${place.server} does not answer.`, 'Is it started?');
        });
      } catch (error) {
        throw unreachable(place, error);
      }
    },
    close: async () => {
      if (opening === null) return;
      const closing = opening.then(({ queue, records }) => Promise.allSettled([queue.close(), records.close()])).catch(() => []);
      await within<unknown>(closing, CLOSING_MS, () => undefined);
    },
  };
};
