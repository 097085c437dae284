import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { AppControllerRoute, IServerAdapter, UIConfig } from '@bull-board/api/typings/app';
import type { Queue } from 'bullmq';
import { UserError } from '../../errors.js';
import type { AuditWord } from '../../promotion/audit/audit-record.js';
import { boardPage, boardParts } from './board-page.js';
import type { OpenedQueue, QueueDesk } from './queue-desk.js';
import { shownJob } from './shown-job.js';

/** One request of the board, from somebody who may send it. */
export interface BoardAsked {
  readonly actor: string;
  /** Whether this person may change anything: else the board shows no buttons. */
  readonly mayManage: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface BoardRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the board's address. */
  readonly path: string;
  /** Throws a UserError for what is not offered, and when the database does not answer. */
  readonly handle: (asked: BoardAsked) => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** bull-board over the queue of this build, for a server that knows who asks. */
export interface QueueBoard {
  /** Its own API. What is no GET changes something. */
  readonly routes: readonly BoardRoute[];
  /** Addresses of its pages, below the board's. */
  readonly pages: readonly string[];
  readonly page: (root: string, csrf: string) => string;
  /** Folder of its scripts and styles. */
  readonly files: string;
  /** Throws a UserError when the database does not answer. */
  readonly check: () => Promise<void>;
  /** Puts a word into the audit log, where there is one. */
  readonly record: (actor: string, word: AuditWord) => Promise<void>;
}

export interface QueueBoardOptions {
  readonly desk: QueueDesk;
  readonly record: QueueBoard['record'];
}

/** The verb under which the audit log has what is done here. */
export const MANAGE = ['queue', 'manage'] as const;

const TITLE = 'Queue · QuantAI-Trad';
const CONFIG: UIConfig = {
  boardTitle: 'QuantAI-Trad',
  boardLogo: { path: '/icon.svg', width: 22, height: 22 },
  miscLinks: [{ text: 'Back to the dashboard', url: '/queue' }],
  favIcon: { default: '/icon.svg', alternative: '/icon.svg' },
  locale: { lng: 'en-US' },
  hideDocsLink: true,
  // Workers say more of themselves on the Queue page; of the database nothing is said but where it is.
  hideRedisDetails: true,
  showWorkers: false,
};

/** What the dashboard offers to do, by bull-board's address, and what it is called on record. Its other changes would make jobs other work than their ids say, or take them from under their runs. */
const CHANGES: Readonly<Record<string, string>> = {
  '/api/queues/:queueName/:jobId/retry': 'retry',
  '/api/queues/:queueName/:jobId/promote': 'promote',
  '/api/queues/:queueName/:jobId/clean': 'clean',
  '/api/queues/:queueName/retry/:queueStatus': 'retry',
  '/api/queues/:queueName/promote': 'promote',
  '/api/queues/:queueName/clean/:queueStatus': 'clean',
  '/api/queues/:queueName/pause': 'pause',
  '/api/queues/:queueName/resume': 'resume',
};

/** Jobs whose failure is forgotten at once. */
const AT_ONCE = 8;

/** Words of the audit log for a change; null where the job is not there. */
const wordsOf = async (
  change: string,
  { jobId, queueStatus }: BoardAsked['params'],
  { queue }: OpenedQueue,
): Promise<readonly string[] | null> => {
  if (jobId === undefined) {
    if (change === 'pause' || change === 'resume') return [...MANAGE, change];
    return [...MANAGE, change, 'all', queueStatus ?? 'delayed'];
  }
  const job = await queue.getJob(jobId);
  return job === undefined ? null : [...MANAGE, change, jobId, `${job.data.name}, of ${job.data.run}`];
};

/** Has failed jobs done again: what is known of their failure would otherwise be their outcome at once. */
const forgetFailures = async ({ jobId, queueStatus }: BoardAsked['params'], { queue, records }: OpenedQueue): Promise<void> => {
  if (jobId !== undefined) {
    if ((await queue.getJobState(jobId)) === 'failed') await records.forget(jobId);
    return;
  }
  if (queueStatus !== 'failed') return;
  const ids = (await queue.getFailed()).flatMap(({ id }) => id ?? []);
  for (let from = 0; from < ids.length; from += AT_ONCE) await Promise.all(ids.slice(from, from + AT_ONCE).map(id => records.forget(id)));
};

const boardOver = ({ queue }: OpenedQueue, readOnlyMode: boolean): BullMQAdapter => {
  // What came out of a job cannot change: done again it is the same.
  const options = { readOnlyMode, allowCompletedRetries: false };
  // Its types know queues in Redis alone; it asks each queue what it is in.
  const adapter = new BullMQAdapter(queue as Queue, options);
  adapter.setFormatter('data', shownJob);
  return adapter;
};

export const queueBoard = ({ desk, record }: QueueBoardOptions): QueueBoard => {
  const uiRoot = join(dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json')), 'dist');
  const api: AppControllerRoute[] = [];
  const pages: string[] = [];
  const server: IServerAdapter = {
    setQueues: () => server,
    setViewsPath: () => server,
    setStaticPath: () => server,
    setErrorHandler: () => server,
    setUIConfig: () => server,
    setEntryRoute: ({ route }) => {
      pages.push(...[route].flat());
      return server;
    },
    setApiRoutes: routes => {
      api.push(...routes);
      return server;
    },
  };
  createBullBoard({ queues: [], serverAdapter: server, options: { uiBasePath: dirname(uiRoot), uiConfig: CONFIG } });
  const parts = boardParts(uiRoot);
  const boards = new WeakMap<OpenedQueue, { readonly looking: BullMQAdapter; readonly managing: BullMQAdapter }>();
  const boardFor = (opened: OpenedQueue, mayManage: boolean): BullMQAdapter => {
    let both = boards.get(opened);
    if (both === undefined) boards.set(opened, (both = { looking: boardOver(opened, true), managing: boardOver(opened, false) }));
    return mayManage ? both.managing : both.looking;
  };

  const routeOf = (method: BoardRoute['method'], path: string, { handler }: AppControllerRoute): BoardRoute => ({
    method,
    path,
    handle: ({ actor, mayManage, params, query, body }) => {
      const change = method === 'GET' ? null : (CHANGES[path] ?? '');
      if (change === '')
        throw new UserError(
          'not-permitted',
          'The dashboard does not do that to a queue: runs depend on its jobs.',
          4,
          'quantai jobs cancel ends a run, quantai jobs release has a job done again.',
        );
      return desk.ask(async opened => {
        if (change !== null) {
          const words = await wordsOf(change, params, opened);
          if (words !== null) await record(actor, { type: 'CommandGiven', verb: MANAGE.join(' '), words });
          if (change === 'retry') await forgetFailures(params, opened);
        }
        const answer = await handler({
          queues: new Map([[desk.name, boardFor(opened, mayManage)]]),
          uiConfig: CONFIG,
          params,
          query,
          body: typeof body === 'object' && body !== null ? body : {},
          headers: {},
        });
        return { status: answer.status ?? 200, body: answer.body };
      });
    },
  });
  return {
    routes: api.flatMap(route =>
      [route.method]
        .flat()
        .flatMap(method => [route.route].flat().map(path => routeOf(method.toUpperCase() as BoardRoute['method'], path, route))),
    ),
    pages,
    page: (root, csrf) => boardPage(parts, { root, title: TITLE, config: CONFIG, csrf }),
    files: join(uiRoot, 'static'),
    check: () => desk.ask(async ({ queue }) => void (await queue.getJobCounts('active'))),
    record,
  };
};
