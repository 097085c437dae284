import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { DelayedError, UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { failed, messageOf, UserError } from '../../errors.js';
import { decodeExact } from '../exact-json.js';
import type { JobEngine } from '../job-engine.js';
import { JobFailed, packError, type PackedError } from '../job-failure.js';
import { openLake } from '../lake/open-lake.js';
import { piscinaEngine } from '../piscina.js';
import { awayTeller } from './away-teller.js';
import { DEATHS_OF_POISON, lossWords, THREAD_ENDED, type Death, type JobOutcome } from './job-outcome.js';
import { resultText, textHash, type JobContent } from './job-content.js';
import { openWorker, type JobEnd } from './job-queue.js';
import { openRecords } from './open-records.js';
import { persevere } from './persevere.js';
import { buildWords, ownBuild, queueName, type Build } from './queue-name.js';
import type { QueuePlace } from './queue-place.js';
import type { NameHolder, QueueRecords, WorkerRecord } from './queue-records.js';
import { BEAT_MS } from './record-times.js';
import { seldom } from './seldom.js';
import { SHARES, sharedSource } from './shared-source.js';
import { isAway, unreachable } from './unreachable.js';

/** How much a line of the log matters. */
export type WorkerLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface WorkerOptions {
  readonly place: QueuePlace;
  /** Address of the lake as this machine reaches it, where it is not the one that submitters name. */
  readonly lake?: string | undefined;
  /** Folder for what is fetched. */
  readonly cache: string;
  /** Size of that folder beyond which what was used longest ago goes, bytes. */
  readonly cacheBytes?: number;
  readonly threads: number;
  /** Unique among workers; made from host and process where it is left out. */
  readonly name?: string | undefined;
  /** Ends the worker: jobs that it has are finished within `graceMs`, or given back. */
  readonly signal: AbortSignal;
  readonly graceMs?: number;
  /** After so long without a sign of its worker a job is given to another, ms. */
  readonly lockMs?: number;
  /** Whose jobs it does; those of this build unless said otherwise. */
  readonly build?: Build;
  readonly log: (level: WorkerLogLevel, text: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** A worker at work. */
export interface QueueWorker {
  readonly name: string;
  /** Resolves when the worker has ended, with the number of jobs it did. Rejects when it could not begin. */
  readonly ended: Promise<number>;
}

/** A worker that does not renew its lock for so long has lost its job. It renews at half of that, which must be longer than ALIVE_MS: who loses a job by dying is known to be gone when it is begun again. */
const LOCK_MS = 20_000;
/** Jobs without a lock are looked for four times as often: such a job is taken up after two looks at most. */
const LOOKS = 4;
const GRACE_MS = 10_000;
const CACHE_BYTES = 20 * 2 ** 30;
/** How soon a job is tried again that waits for a result, or for another worker. */
const SOON_MS = 300;
/** An audit is done by the worker that did the job first when no other was found for so long. */
const AUDIT_PATIENCE_MS = 10_000;
const TIDY_MS = 600_000;
/** A message that comes for one job after another is told so often. */
const TOLD_MS = 30_000;
/** How far the worker's clock may be from the database's: BullMQ reckons claims by the worker's. */
const SKEW_MS = 3000;
/** Longest payload in a message to people. */
const SHOWN = 2000;

/** Name under which the job runs on its thread, taken off its errors again: the submitter names it. */
const JOB = 'job';
const withoutName = (error: PackedError): PackedError =>
  error.message.startsWith(`${JOB}: `) ? { ...error, message: error.message.slice(JOB.length + 2) } : error;

/** What a thread that ended without an answer says. */
const THREAD_DIED = /^worker exited with code|terminated due to reaching memory limit|ERR_WORKER_OUT_OF_MEMORY/i;

/** Mistakes are the same where their codes are: messages name files of the machine. */
const hashOfMistake = ({ name, message, user }: PackedError): string =>
  textHash(JSON.stringify(user ? { code: user.code } : { name, message }));

/** Codes of mistakes that are not the job's but the machine's that does it: the submitter has loaded the same strategy, and another worker may. */
const OF_THE_MACHINE = new Set(['no-tensorflow-node', 'altered-bundle', 'bad-strategy', 'not-in-lake']);
const isOfMachine = (error: unknown): boolean =>
  error instanceof UserError && (OF_THE_MACHINE.has(error.code) || error.code.startsWith('lake-'));

/** A lake that refuses this worker refuses it at every try; another worker may be let in. Some seconds, then whoever waits is told. */
const TRIES_OF_REFUSED = 4;
const LAKE_REFUSED = 'lake-refused';

const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** A mistake of the machine's as its submitter reads it, whose own machine has what this one lacks. */
const placedError = ({ message, user, ...rest }: PackedError, worker: string): PackedError => ({
  ...rest,
  message: `${message.replace(/\.$/, '')} (on worker ${worker}).`,
  user: user?.code === LAKE_REFUSED && user.fix !== null ? { ...user, fix: `On worker ${worker}: ${lowered(user.fix)}` } : user,
});

const nameTaken = (name: string, { host, pid }: Pick<WorkerRecord, 'host' | 'pid'>): UserError =>
  failed(
    'worker-name-taken',
    `A worker called ${name} serves the queue already: process ${pid} on ${host}.`,
    'Give this one another --name, or none; or end the other one first.',
  );

/** Whether a process of this machine lives. One that belongs to somebody else may not be asked, and lives. */
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

const wrongClock = ({ server }: QueuePlace, aheadMs: number): UserError =>
  failed(
    'wrong-clock',
    `The clock of ${hostname()} is ${(Math.abs(aheadMs) / 1000).toFixed(0)} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${server}.`,
    'Have both keep the time (NTP): workers whose clocks differ take running jobs from each other, or leave those of dead ones.',
  );

/** Why a job was stopped that was running. */
class Stopped extends Error {
  constructor(readonly why: 'unwanted' | 'ending') {
    super(why);
  }
}

/** Serve the queue of this build until the signal says otherwise. Waits for a database that is not there yet. */
export const startWorker = (options: WorkerOptions): QueueWorker => {
  const { place, threads, signal, log, graceMs = GRACE_MS, lockMs = LOCK_MS, build = ownBuild() } = options;
  const queue = queueName(build);
  const host = hostname();
  const name = options.name ?? `${host}-${process.pid}-${randomBytes(2).toString('hex')}`;

  const serve = async (records: QueueRecords): Promise<number> => {
    const engine: JobEngine = piscinaEngine({ workers: threads, shares: SHARES });
    const shared = sharedSource({ cache: options.cache, limitBytes: options.cacheBytes ?? CACHE_BYTES, lake: options.lake, log });
    /** Jobs at work, with what stops them. */
    const active = new Map<string, AbortController>();
    /** The job at work over which a worker was lost. Of these one runs at a time: when it takes this worker with it as well, the others have nothing to do with that. */
    let suspect: string | null = null;
    let done = 0;
    let isEnding = false;
    /** Aborted when nothing more is waited for: a database that is away would keep the process. */
    const over = new AbortController();
    const teller = awayTeller(place, (words, isBack) => (isBack ? log('info', words) : log('warn', `${words}; trying again`)));
    const sure = <R>(act: () => Promise<R>, stop = over.signal): Promise<R> => persevere(act, { signal: stop, ...teller.hooks });
    const told = seldom(TOLD_MS);
    /** `what` is the same for many jobs at once; those that follow are counted, and told one by one to who wants every line. */
    const logOnce = (level: WorkerLogLevel, what: string, text: string, fields: Readonly<Record<string, unknown>>): void =>
      log(told.isDue(what) ? level : 'debug', text, fields);
    const logCounts = (all?: boolean): void => {
      for (const { message, more, seconds } of told.owed(all))
        log('warn', `${more} more job${more === 1 ? '' : 's'} in ${seconds} s ${message}`, { jobs: more });
    };

    const quarantine = async (id: string, content: JobContent, deaths: readonly Death[]): Promise<void> => {
      const { handler, payload, name: jobName, run } = content;
      const shown = payload.length > SHOWN ? `${payload.slice(0, SHOWN)}…` : payload;
      await sure(() => records.quarantine({ job: id, name: jobName, run, handler, payload: shown, deaths }));
      await sure(() => records.finish(id, { kind: 'poison', deaths, hash: '', worker: name }));
      log('error', `job ${id.slice(0, 12)} (${jobName}) is quarantined: it took ${lossWords(deaths)} with it`, { job: id, deaths });
    };

    const end = async (id: string, { children }: JobContent, outcome: JobOutcome): Promise<void> => {
      const { first, alarm } = await sure(() => records.finish(id, outcome, children !== null));
      if (first) done++;
      if (alarm) log('error', `determinism alarm: job ${id.slice(0, 12)} gave another result than before`, { ...alarm });
    };

    /** Results of the jobs that this one waits for, in order; null while one is missing. */
    const childrenOf = async (ids: readonly string[]): Promise<readonly unknown[] | null> => {
      const outcomes = await sure(() => records.outcomes(ids));
      const results: unknown[] = [];
      for (const id of ids) {
        const outcome = outcomes.get(id);
        if (outcome?.kind !== 'result') return null;
        results.push((decodeExact(outcome.text ?? '{}') as { readonly result?: unknown }).result);
      }
      return results;
    };

    const later = async (job: Job<JobContent, JobEnd>, token: string | undefined, id: string): Promise<never> => {
      await sure(() => records.giveBack(id, name));
      await sure(() => job.moveToDelayed(Date.now() + SOON_MS, token));
      throw new DelayedError();
    };

    const giveBack = async (job: Job<JobContent, JobEnd>, token: string | undefined, id: string): Promise<never> => {
      await records.giveBack(id, name);
      await job.moveToWait(token);
      throw new WaitingError();
    };

    const failing = async (job: Job<JobContent, JobEnd>, id: string, error: unknown, isSurroundings: boolean): Promise<never> => {
      const packed = withoutName(packError(error instanceof JobFailed ? error.cause : error));
      const most = job.opts.attempts ?? 1;
      const attempts = packed.user?.code === LAKE_REFUSED ? Math.min(most, TRIES_OF_REFUSED) : most;
      if (isSurroundings && job.attemptsMade + 1 < attempts) {
        await sure(() => records.giveBack(id, name));
        // Whoever reads along needs it once; the last try is told again.
        const text = `job ${id.slice(0, 12)} (${job.data.name}) is tried again: ${packed.message}`;
        const fields = { job: id, attempt: job.attemptsMade + 1 };
        if (job.attemptsMade === 0) logOnce('warn', `to be tried again: ${packed.message}`, text, fields);
        else log('debug', text, fields);
        throw new Error(packed.message);
      }
      const kind = packed.user && !isSurroundings ? 'mistake' : 'defect';
      const placed = isSurroundings ? placedError(packed, name) : packed;
      await end(id, job.data, { kind, error: placed, hash: hashOfMistake(packed), worker: name });
      logOnce('info', `failed: ${packed.message}`, `job ${id.slice(0, 12)} (${job.data.name}) failed: ${packed.message}`, { job: id });
      throw new UnrecoverableError(packed.message);
    };

    const process = async (job: Job<JobContent, JobEnd>, token?: string): Promise<JobEnd> => {
      const id = job.id!;
      const content = job.data;
      const attempt = randomBytes(8).toString('hex');
      const takesSuspects = suspect === null;
      const { deaths, done: isDone, wanted } = await sure(() => records.begin(id, { worker: name, attempt }, content.tag, takesSuspects));
      if (isDone || !wanted) await sure(() => records.giveBack(id, name));
      if (isDone) return 'known';
      if (!wanted) {
        job.opts.removeOnComplete = true;
        return 'unwanted';
      }
      if (deaths.length >= DEATHS_OF_POISON) {
        await quarantine(id, content, deaths);
        throw new UnrecoverableError(`poison: ${lossWords(deaths)} lost over it`);
      }
      if (isEnding) return giveBack(job, token, id);
      if (content.audit?.by === name && Date.now() - job.timestamp < AUDIT_PATIENCE_MS) return later(job, token, id);
      if (deaths.length > 0) {
        if (!takesSuspects || suspect !== null) return later(job, token, id);
        suspect = id;
      }
      const stop = new AbortController();
      active.set(id, stop);
      try {
        let common: unknown;
        try {
          common = content.shared === null ? undefined : await shared.get(content.shared, content.lake ?? '', stop.signal);
        } catch (error) {
          stop.signal.throwIfAborted();
          return await failing(job, id, error, true);
        }
        const { payload } = decodeExact(content.payload) as { readonly payload?: unknown };
        let given = payload;
        if (content.children !== null) {
          const children = await childrenOf(content.children);
          if (children === null) return await later(job, token, id);
          given = { payload, children };
        }
        let text: string;
        try {
          const [result] = await engine.run(content.handler, [given], { shared: common, signal: stop.signal, name: () => JOB });
          text = resultText(result);
        } catch (error) {
          stop.signal.throwIfAborted();
          if (error instanceof JobFailed && THREAD_DIED.test((error.cause as Error).message)) {
            const all = await sure(() => records.died(id, name, `${THREAD_ENDED}: ${(error.cause as Error).message}`));
            log('warn', `job ${id.slice(0, 12)} (${content.name}) ended its thread`, { job: id, deaths: all.length });
            if (all.length < DEATHS_OF_POISON) throw error;
            await quarantine(id, content, all);
            throw new UnrecoverableError(`poison: ${lossWords(all)} lost over it`);
          }
          return await failing(job, id, error, isOfMachine(error));
        }
        const hash = textHash(text);
        // Of a second result only the hash is looked at.
        await end(id, content, { kind: 'result', text: content.audit === null ? text : null, hash, worker: name });
        log('debug', `job ${id.slice(0, 12)} (${content.name}) done`, { job: id });
        return hash;
      } catch (error) {
        const why: unknown = stop.signal.reason;
        if (!stop.signal.aborted || !(why instanceof Stopped)) throw error;
        if (why.why === 'ending') return await giveBack(job, token, id);
        await sure(() => records.giveBack(id, name));
        job.opts.removeOnComplete = true;
        log('info', `job ${id.slice(0, 12)} (${content.name}) stopped: nobody waits for it`, { job: id });
        return 'unwanted';
      } finally {
        active.delete(id);
        if (suspect === id) suspect = null;
      }
    };

    const stopUnwanted = async (): Promise<void> => {
      for (const id of await records.unwanted([...active.keys()])) active.get(id)?.abort(new Stopped('unwanted'));
    };
    /** Whether the record under the worker's name is its own. */
    let hasName = false;
    /** Says that the worker lives. Returns who else does under its name; throws `wrong-clock` where the clocks of the two machines differ. */
    const alive = async (gone?: NameHolder): Promise<NameHolder | null> => {
      const asked = Date.now();
      const { pid } = globalThis.process;
      const { now: theirs, holder } = await records.beat({ ...build, name, host, pid, threads, busy: active.size, done }, gone);
      hasName = holder === null;
      const ahead = Math.max(0, asked - theirs) - Math.max(0, theirs - Date.now());
      if (Math.abs(ahead) > SKEW_MS) throw wrongClock(place, ahead);
      return holder;
    };
    const isGone = ({ host: where, pid }: NameHolder): boolean => where === host && !isRunning(pid);
    /** Begins under the worker's name. Whoever had it and was killed looks alive for a while; whoever lives is heard from in that time. */
    const takeName = async (): Promise<void> => {
      let before = await sure(() => alive(), signal);
      while (before !== null) {
        const known: NameHolder = before;
        if (!isGone(known)) await pause(BEAT_MS / 2, undefined, { signal });
        const holder = await sure(() => alive(isGone(known) ? known : undefined), signal);
        if (holder !== null && (holder.seen > known.seen || holder.pid !== known.pid || holder.host !== known.host))
          throw nameTaken(name, holder);
        before = holder;
      }
    };
    const beat = async (): Promise<void> => {
      const holder = await alive();
      if (holder !== null) throw nameTaken(name, holder);
    };
    /** What ends the worker besides its signal. */
    const isFatal = (error: unknown): error is UserError =>
      error instanceof UserError && (error.code === 'wrong-clock' || error.code === 'worker-name-taken');
    let failure: UserError | undefined;
    const withdraw = async (): Promise<void> => {
      if (hasName) await persevere(() => records.withdraw(name), { patienceMs: 2000 }).catch(() => undefined);
    };

    try {
      await takeName();
    } catch (error) {
      await engine.close();
      await withdraw();
      throw error;
    }
    await sure(() => records.hear(what => void (what === 'released' ? stopUnwanted().catch(() => undefined) : undefined)));
    const worker = openWorker(
      place,
      queue,
      process,
      {
        name,
        concurrency: threads,
        lockDuration: lockMs,
        stalledInterval: lockMs / LOOKS,
        // Deaths are counted in the records, which know a worker that died from one that was cut off.
        maxStalledCount: 1_000_000,
        runRetryDelay: 1000,
        drainDelay: 2,
      },
      over.signal,
    );
    worker.on('error', error => {
      if (isAway(error)) teller.met(error);
      else log('debug', error.message);
    });
    worker.on('stalled', id => log('warn', `job ${id.slice(0, 12)} has lost its worker and is given to another`, { job: id }));
    log('info', `serves ${buildWords(build)} on ${place.shown} with ${threads} thread${threads === 1 ? '' : 's'}`, { worker: name, queue });

    let tidied = performance.now();
    while (!signal.aborted && failure === undefined) {
      await pause(BEAT_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      await beat().then(teller.answered, (error: unknown) => {
        if (isFatal(error)) failure = error;
        else if (isAway(error)) teller.met(error);
      });
      logCounts();
      await stopUnwanted().catch(() => undefined);
      if (performance.now() - tidied < TIDY_MS) continue;
      tidied = performance.now();
      await records.tidy().catch(() => undefined);
    }

    log('info', active.size === 0 ? 'ends' : `ends after ${active.size} job${active.size === 1 ? '' : 's'}, or gives them back`, {});
    isEnding = true;
    await worker.pause(true);
    const closing = worker.close();
    const grace = new AbortController();
    const hurry = async (): Promise<void> => {
      await pause(graceMs, undefined, { signal: grace.signal });
      for (const stop of active.values()) stop.abort(new Stopped('ending'));
    };
    void hurry().catch(() => undefined);
    // A database that is away takes its jobs from this worker by itself.
    await Promise.race([closing, pause(graceMs + 5000, undefined, { ref: false })]);
    grace.abort();
    over.abort();
    await engine.close();
    logCounts(true);
    await withdraw();
    if (failure !== undefined) throw failure;
    return done;
  };

  const run = async (): Promise<number> => {
    // Told now and not with the first job: nothing of it mends itself.
    if (options.lake !== undefined) openLake(options.lake);
    const records = await persevere(
      async () => {
        try {
          return await openRecords(place, queue);
        } catch (error) {
          // What a person has to mend does not mend itself.
          if (error instanceof UserError && error.code === 'queue-unreachable')
            throw Object.assign(new Error(error.message), { code: 'ECONNREFUSED' });
          throw error;
        }
      },
      { signal, onAway: error => log('warn', `${messageOf(error).replace(/\.$/, '')}; waiting for it`) },
    );
    try {
      return await serve(records);
    } catch (error) {
      throw unreachable(place, error);
    } finally {
      await records.close().catch(() => undefined);
    }
  };
  return { name, ended: run().catch((error: unknown) => (signal.aborted ? 0 : Promise.reject(error as Error))) };
};
