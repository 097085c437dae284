import { randomBytes } from 'node:crypto';
import { usageError, UserError } from '../../errors.js';
import type { Caller } from '../api/endpoint.js';
import type { JobRequest, JobView } from '../api/research-api.js';
import type { Platform, RunningCommand } from '../platform.js';
import { openJobLog } from './job-log.js';
import { jobEnding } from './job-outcome.js';
import { jobPace } from './job-pace.js';
import { jobTitle, jobWords, typedCommand } from './job-words.js';

/** Work that takes a while, in processes of its own: begun, followed, cancelled, and remembered when the server begins anew. */
export interface Jobs {
  /** The newest first. */
  list(): readonly JobView[];
  /** Throws `unknown-job`. */
  show(job: string): JobView;
  /** Puts a job into the queue. Throws what its words throw. */
  begin(request: JobRequest, by: string): JobView;
  /** Takes a job back: its own, or any as operator. It ends as Ctrl-C would end it. Throws `unknown-job`, `not-yours`, and `job-ended`. */
  cancel(job: string, by: Pick<Caller, 'name' | 'roles'>): JobView;
  /** Calls after every change, at most as often as commands tell progress; gives back how to stop. */
  onChange(listener: () => void): () => void;
  /** Cancels what runs, and waits for it. */
  close(): Promise<void>;
}

/** What jobs are made with. */
export interface JobsOptions {
  readonly platform: Pick<Platform, 'workspace' | 'begin'>;
  /** Where they are kept: `dashboard/jobs.ndjson` of the workspace. */
  readonly file: string;
  /** So many run at a time; 2 when left out. */
  readonly atOnce?: number;
  readonly now?: () => number;
}

const SAID = 20;
const LISTED = 200;

/** A job whose process runs. */
interface Ran {
  readonly command: RunningCommand;
  isCancelled: boolean;
  /** Resolves when it has ended and that is on record. */
  over: Promise<void>;
}

/** What ran when the server stopped. */
const lost = (view: JobView): JobView =>
  view.state !== 'waiting' && view.state !== 'running'
    ? view
    : {
        ...view,
        state: 'lost',
        rate: null,
        eta: null,
        error: {
          code: 'lost',
          message: 'The server stopped before it ended.',
          fix: 'Begin it again; a search goes on with what was kept.',
        },
      };

/** Opens the jobs of a workspace. */
export const openJobs = async ({ platform, file, atOnce = 2, now = Date.now }: JobsOptions): Promise<Jobs> => {
  const log = await openJobLog(file);
  const views = new Map(log.known.map(view => [view.job, lost(view)]));
  const queue: { readonly job: string; readonly words: readonly string[] }[] = [];
  const running = new Map<string, Ran>();
  const listeners = new Set<() => void>();
  let isClosed = false;

  const changed = (job: string, change: Partial<JobView>): JobView => {
    const view: JobView = { ...views.get(job)!, ...change };
    views.set(job, view);
    for (const listener of listeners) listener();
    return view;
  };
  const recorded = (job: string, change: Partial<JobView>): JobView => {
    const view = changed(job, change);
    log.append(view);
    return view;
  };
  const run = (job: string, words: readonly string[]): void => {
    const pace = jobPace(now);
    const { by, said } = recorded(job, { state: 'running' });
    let lines: readonly string[] = said;
    const command = platform.begin(words, by, {
      progress: progress => {
        const { note, ...figures } = pace(progress);
        const ran = running.get(job);
        if (ran !== undefined) changed(job, ran.isCancelled ? figures : { note, ...figures });
      },
      line: line => {
        lines = [...lines, line].slice(-SAID);
        changed(job, { said: [...lines] });
      },
    });
    const ran: Ran = { command, isCancelled: false, over: Promise.resolve() };
    running.set(job, ran);
    ran.over = follow(job, ran);
  };
  const follow = async (job: string, ran: Ran): Promise<void> => {
    const outcome = await ran.command.ended;
    running.delete(job);
    recorded(job, { ...jobEnding(outcome, ran.isCancelled), endedAt: now(), rate: null, eta: null, note: null });
    fill();
    await log.written();
  };
  const fill = (): void => {
    while (!isClosed && running.size < atOnce) {
      const waiting = queue.shift();
      if (waiting === undefined) return;
      run(waiting.job, waiting.words);
    }
  };
  const show = (job: string): JobView => {
    const view = views.get(job);
    if (view === undefined) throw usageError('unknown-job', `There is no job ${job}.`, 'Look at the list of jobs.');
    return view;
  };

  return {
    list: () => [...views.values()].reverse(),
    show,
    begin: (request, by) => {
      const words = jobWords(platform.workspace, request);
      const job = `${request.kind}-${randomBytes(4).toString('hex')}`;
      const nothing = { done: null, total: null, unit: null, rate: null, eta: null, note: null, run: null, error: null, result: null };
      const begun = {
        kind: request.kind,
        title: jobTitle(request),
        command: typedCommand(words),
        by,
        begunAt: now(),
        endedAt: null,
        said: [],
      };
      for (const old of views.values()) {
        if (views.size < LISTED) break;
        if (old.state !== 'waiting' && old.state !== 'running') views.delete(old.job);
      }
      views.set(job, { job, state: 'waiting', ...begun, ...nothing });
      recorded(job, {});
      queue.push({ job, words });
      fill();
      return show(job);
    },
    cancel: (job, { name, roles }) => {
      const view = show(job);
      if (view.by !== name && !roles.includes('operator'))
        throw new UserError('not-yours', `${view.by} began this job.`, 4, 'An operator cancels the jobs of others.');
      const waiting = queue.findIndex(each => each.job === job);
      if (waiting >= 0) {
        queue.splice(waiting, 1);
        return recorded(job, { state: 'cancelled', endedAt: now() });
      }
      const ran = running.get(job);
      if (ran === undefined) throw usageError('job-ended', `Job ${job} has ended already.`, 'Look at what came of it.');
      ran.isCancelled = true;
      ran.command.cancel();
      return changed(job, { note: 'is being cancelled; what a search or a pull has got is kept' });
    },
    onChange: listener => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      const all = [...running.values()];
      for (const each of all) {
        each.isCancelled = true;
        each.command.cancel();
      }
      await Promise.all(all.map(({ over }) => over));
    },
  };
};
