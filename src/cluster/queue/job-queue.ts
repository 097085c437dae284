import {
  createPostgresBackend,
  FlowProducer,
  Queue,
  Worker,
  withBackend,
  type IQueueBackend,
  type PostgresConnectionOptions,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import type { JobContent } from './job-content.js';
import { postgresSettings } from '../postgres/postgres-settings.js';
import { POSTGRES_PATIENCE } from './postgres-patience.js';
import type { QueuePlace } from './queue-place.js';
import { redisSettings } from './redis-settings.js';
import { settledWithin } from './within.js';

/** How long closing waits for a database. */
export const CLOSE_MS = 5000;

/** The schema of BullMQ's tables in PostgreSQL, and what its keys begin with in Redis. */
export const QUEUE_SCHEMA = 'quantai_queue';

/** What a finished job tells the queue: its outcome is in the records. */
export type JobEnd = string;

type Connected = Pick<QueueOptions, 'connection' | 'prefix'>;
type Settings = Omit<QueueOptions, 'connection' | 'prefix'>;
type WorkerSettings = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** BullMQ's classes over either database, as far as they are used here. */
export type JobQueue = Queue<JobContent, JobEnd, string, JobContent, JobEnd, string, IQueueBackend>;
export type JobWorker = Worker<JobContent, JobEnd, string, IQueueBackend>;
type Flows = FlowProducer<IQueueBackend>;

/** Adds trees of jobs. */
export interface JobFlows {
  /** What the database says against it is kept to itself by BullMQ: look whether the roots are there. */
  add(roots: Parameters<Flows['addBulk']>[0]): Promise<void>;
  close(): Promise<void>;
}

const overPostgres = withBackend(createPostgresBackend);

/** Statements at once of a queue and of a worker: jobs are added, and taken, one after another. A server has a hundred connections for all. */
const CONNECTIONS = 2;

const postgresConnection = (place: QueuePlace, max = CONNECTIONS): PostgresConnectionOptions => ({
  ...POSTGRES_PATIENCE,
  ...postgresSettings(place.url),
  schema: QUEUE_SCHEMA,
  migrate: true,
  // What a database forgets as it breaks down is added or done again: see QueueRecords.
  options: '-c synchronous_commit=off',
  max,
});

/** Connections to Redis are made again until `isOver`: one that is being made keeps its process alive. */
const redisConnection = (place: QueuePlace, isOver: () => boolean): Connected => ({
  connection: {
    ...redisSettings(place),
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => (isOver() ? null : Math.min(times * 100, 1000)),
  },
  prefix: QUEUE_SCHEMA,
});

const redisQueue = (place: QueuePlace, name: string, settings: Settings): JobQueue => {
  const queue: Queue<JobContent, JobEnd> = new Queue<JobContent, JobEnd>(name, {
    ...settings,
    ...redisConnection(place, () => queue.closing !== undefined),
  });
  return queue as JobQueue;
};

const redisFlows = (place: QueuePlace): Flows => {
  const flows: FlowProducer = new FlowProducer(redisConnection(place, () => flows.closing !== undefined));
  return flows as Flows;
};

/** The queue to add to and to look into. Errors of its connection are heard by `onError`; the calls that fail reject as well. */
export const openQueue = (place: QueuePlace, name: string, onError: (error: Error) => void, settings: Settings = {}): JobQueue => {
  const queue =
    place.kind === 'postgres'
      ? (new overPostgres.Queue<JobContent, JobEnd>(name, { ...settings, connection: postgresConnection(place) }) as JobQueue)
      : redisQueue(place, name, settings);
  queue.on('error', onError);
  return queue;
};

/** Closes politely; without waiting for the database any longer where it does not answer, or lets nobody in any more. */
export const closeSoon = async (open: Pick<JobQueue, 'close' | 'disconnect'>): Promise<void> => {
  if (await settledWithin(CLOSE_MS, [open.close()])) return;
  await settledWithin(CLOSE_MS, [open.disconnect()]);
};

/** Takes jobs of the queue and has them processed. Once `over` is aborted it does not come back to a database that is away. */
export const openWorker = (
  place: QueuePlace,
  name: string,
  process: Processor<JobContent, JobEnd>,
  settings: WorkerSettings,
  over?: AbortSignal,
): JobWorker =>
  place.kind === 'postgres'
    ? (new overPostgres.Worker<JobContent, JobEnd>(name, process, { ...settings, connection: postgresConnection(place) }) as JobWorker)
    : (new Worker<JobContent, JobEnd>(name, process, {
        ...settings,
        ...redisConnection(place, () => over?.aborted === true),
      }) as JobWorker);

/** Adds jobs that wait for others. Connected when it is first used: most runs have no such jobs. */
export const openFlows = (place: QueuePlace): JobFlows => {
  let opened: Flows | undefined;
  const open = async (): Promise<Flows> => {
    if (opened !== undefined) return opened;
    const flows =
      place.kind === 'postgres'
        ? (new overPostgres.FlowProducer({ connection: postgresConnection(place, 1) }) as Flows)
        : redisFlows(place);
    flows.on('error', () => undefined);
    opened = flows;
    try {
      await flows.waitUntilReady();
    } catch (error) {
      // One that could not connect remembers it for ever.
      if (opened === flows) opened = undefined;
      await flows.close().catch(() => undefined);
      throw error;
    }
    return flows;
  };
  return {
    add: async roots => {
      await (await open()).addBulk(roots);
    },
    close: async () => {
      if (opened !== undefined) await closeSoon(opened);
    },
  };
};
