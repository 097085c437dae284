import { setTimeout as pause } from 'node:timers/promises';
import { failed } from '../../errors.js';
import type { AwayTeller } from './away-teller.js';
import { isAudited, auditId, resultText, textHash, type JobContent } from './job-content.js';
import type { JobOutcome } from './job-outcome.js';
import type { JobFlows, JobQueue } from './job-queue.js';
import { persevere } from './persevere.js';
import type { DeterminismAlarm, QueueRecords, RunRecord } from './queue-records.js';
import { BEAT_MS, NEWS_AT_ONCE } from './record-times.js';
import { inLanes, LANES } from './in-lanes.js';
import { moveJobs, WAITING } from './move-jobs.js';
import { baseAfter, priorityOf, REBASE_AFTER, tagsFor, weightOf, type RunShare, type Urgency } from './fair-share.js';
import { isAway } from './unreachable.js';

/** A job of a submission. */
export interface Task {
  readonly id: string;
  readonly content: Omit<JobContent, 'tag'>;
}

/** What a submission works with. */
export interface SubmissionScope {
  readonly queue: JobQueue;
  readonly flows: JobFlows;
  readonly records: QueueRecords;
  readonly run: RunRecord;
  readonly urgency: Urgency;
  readonly auditShare: number;
  /** What earlier runs made of jobs that jobs of this one wait for: workers find it where they find what other jobs made. */
  readonly known: readonly { readonly id: string; readonly result: unknown }[];
  readonly signal: AbortSignal | undefined;
  /** Resolves when something about the run was heard, or after so long. */
  readonly listen: (key: string, ms: number) => Promise<void>;
  /** Told when the database is away, and when it answers. */
  readonly teller: AwayTeller;
  /** Before tasks are added, with their places among the tasks. */
  readonly onStart: (places: readonly number[]) => Promise<void> | void;
  /** A job's outcome, with its place; children before those that wait for them. Returns whether the job failed. */
  readonly onOutcome: (place: number, outcome: JobOutcome) => boolean;
}

/** What became of a submission. */
export interface SubmissionEnd {
  /** Differing results of its jobs. */
  readonly alarms: readonly DeterminismAlarm[];
}

/** Jobs of one run that are in the queue at once: more add nothing but work for the database, and what is not there need not be removed. */
export const WINDOW = 10_000;
/** Jobs that are added by one statement. */
const ADDED_AT_ONCE = 1000;
/** A tree that did not come into the queue is added again, so often and after so long. */
const FLOW_TRIES = 3;
const SHORT_MS = 200;
/** Looked for without having been called, so that a notification that got lost costs no more than this. */
const POLL_MS = 1000;
/** Jobs whose place in the queue is looked up at once. */
const LOOKED_AT_ONCE = 50;
/** How long an interrupted run takes its jobs out of the queue; what remains is dropped by workers, who see that nobody waits for it. */
const REMOVAL_MS = 1500;

/** How BullMQ is to treat a job: tried again where its surroundings failed, kept for who looks at the queue. Of those that are done `keepTrimmed` takes the oldest away. */
const jobOptions = (id: string, priority: number) => ({
  jobId: id,
  priority,
  attempts: 8,
  backoff: { type: 'exponential', delay: 500 },
  removeOnFail: { age: 86_400, count: 2000 },
});

/**
 * See a run's jobs through the queue. A job is over when its outcome is in the records, whoever did it and whenever; the queue is only asked about jobs of which nothing is heard. Rejects with the signal's reason,
 * and when the database stays away.
 */
export const submit = async (tasks: readonly Task[], scope: SubmissionScope): Promise<SubmissionEnd> => {
  const { queue, flows, records, run, signal, listen, teller, onStart, onOutcome, auditShare } = scope;
  const knownBefore = new Map(scope.known.map(({ id, result }) => [id, result]));
  /** Places of a job among the tasks: the same work may be asked for twice. */
  const places = new Map<string, number[]>();
  for (const [place, { id }] of tasks.entries()) {
    const known = places.get(id);
    if (known) known.push(place);
    else places.set(id, [place]);
  }
  const ids = [...places.keys()];
  /** A tree that is in the queue as a whole. Of a larger one those who wait for others are added when these are done. */
  const isOneFlow = ids.length <= WINDOW && tasks.some(({ content }) => content.children !== null);
  const taskOf = (id: string): Task => tasks[places.get(id)![0]!]!;
  /** Without the results: a run has many. */
  const finished = new Map<string, Pick<JobOutcome, 'kind' | 'hash' | 'worker'>>();
  const held = new Map<string, JobOutcome>();
  const waiting = new Map<string, Task>();
  /** First results by the id of the job that does them again. */
  const audits = new Map<string, { readonly id: string; readonly hash: string; readonly worker: string }>();
  let share: RunShare = { next: 0, weight: 1 };
  let begun = 0;
  let nextId = 0;
  let firstFailure = Infinity;

  const sure = <R>(act: () => Promise<R>): Promise<R> => persevere(act, { signal, ...teller.hooks });

  const enter = async (): Promise<ReturnType<QueueRecords['enter']>> => sure(() => records.enter({ ...run, jobs: ids.length }));

  /** Jobs that others submitted before, and the priorities that they would have of us. */
  const shared = new Map<string, number>();

  /** Priorities for jobs; the base of the queue is moved up when it may be. */
  const priorities = async (chosen: readonly Task[]) => {
    const clock = await enter();
    share = { ...share, weight: weightOf(scope.urgency, clock.runsOfSubmitter) };
    const given = tagsFor(share, clock.virtualTime, chosen.length);
    share = given.share;
    let { base } = clock;
    if (clock.virtualTime > base && (clock.otherRuns === 0 || clock.virtualTime - base > REBASE_AFTER)) {
      const counts = await sure(() => queue.getJobCounts('waiting', 'active', ...WAITING));
      const idle = clock.otherRuns === 0 && Object.values(counts).every(n => n === 0);
      const moved = baseAfter(base, clock.virtualTime, idle);
      if (moved !== base) {
        // Moved before the base is, or they would stand behind all that comes until they are; and after, with what came meanwhile or was moved by another who did the same.
        if (!idle) await moveJobs(queue, moved, sure);
        base = await sure(() => records.moveBase(clock.base, moved));
        await moveJobs(queue, base, sure);
      }
    }
    return given.tags.map((tag, i) => {
      const { id } = chosen[i]!;
      const priority = priorityOf(tag, base);
      if (shared.has(id)) shared.set(id, priority);
      return { tag, priority };
    });
  };

  let advancing: Promise<void> = Promise.resolve();
  /** What others submitted at a later place than ours is moved to ours. It takes a request for each job, so nothing waits for it. */
  const advanceShared = (): void => {
    const all = [...shared];
    shared.clear();
    const advance = async ([id, priority]: readonly [string, number]): Promise<void> => {
      if (over.signal.aborted || !waiting.has(id)) return;
      const job = await sure(() => queue.getJob(id));
      if (job !== undefined && job.priority > priority) await job.changePriority({ priority });
    };
    advancing = advancing.then(() => inLanes(all, 1, advance)).catch(() => undefined);
  };

  /** Take a job out of the queue, and it alone: what it waited for stays for whoever looks at the queue, and may be another run's. One that a worker has stays. */
  const takeOut = (id: string): Promise<unknown> => queue.remove(id, { removeChildren: false }).catch(() => 0);

  const isDone = (id: string): boolean => finished.has(id) || held.has(id);
  /** Whether all that a job waits for is done. */
  const isReady = ({ content }: Task): boolean => content.children?.every(child => !places.has(child) || isDone(child)) ?? true;

  const add = async (chosen: readonly Task[]): Promise<void> => {
    if (chosen.length === 0) return;
    const given = await priorities(chosen);
    const jobs = chosen.map(({ id, content }, i) => {
      const { tag, priority } = given[i]!;
      return { name: content.name, data: { ...content, tag }, opts: jobOptions(id, priority) };
    });
    for (let from = 0; from < jobs.length; from += ADDED_AT_ONCE) {
      // By id: two who add the same jobs in different orders would wait for each other.
      const some = jobs.slice(from, from + ADDED_AT_ONCE).sort((a, b) => (a.opts.jobId < b.opts.jobId ? -1 : 1));
      await sure(() => queue.addBulk(some));
    }
  };

  /** A tree of jobs that wait for each other, without those that are known, all in one statement. */
  const addFlow = async (chosen: readonly Task[]): Promise<void> => {
    if (chosen.length === 0) return;
    const given = await priorities(chosen);
    const left = new Map(chosen.map((task, i) => [task.id, { task, ...given[i]! }]));
    interface Node {
      name: string;
      queueName: string;
      data: JobContent;
      opts: ReturnType<typeof jobOptions>;
      children: Node[];
    }
    const nodeOf = (id: string): Node[] => {
      const found = left.get(id);
      if (found === undefined) return [];
      left.delete(id);
      const { task, tag, priority } = found;
      return [
        {
          name: task.content.name,
          queueName: queue.name,
          data: { ...task.content, tag },
          opts: jobOptions(id, priority),
          children: (task.content.children ?? []).flatMap(nodeOf),
        },
      ];
    };
    // Roots first: whoever waits for others stands behind them.
    const roots = chosen.toReversed().flatMap(({ id }) => nodeOf(id));
    for (let tries = 0; tries < FLOW_TRIES; tries++) {
      await sure(() => flows.add(roots));
      if ((await sure(() => queue.getJobState(roots[0]!.opts.jobId))) !== 'unknown') return;
      await pause(SHORT_MS);
    }
    // By themselves jobs say what is wrong with them. Those who wait for others follow as these are done: see `look`.
    await add(chosen.filter(isReady));
  };

  const addAudit = async ({ id, content }: Task, hash: string, worker: string): Promise<void> => {
    const again: Task = { id: auditId(id), content: { ...content, name: `${content.name}, a second time`, audit: { of: id, by: worker } } };
    audits.set(again.id, { id, hash, worker });
    waiting.set(again.id, again);
    const { known } = await sure(() => records.want(run.key, [again.id]));
    for (const [auditOf, outcome] of known) settle(auditOf, outcome);
    if (known.size === 0) await add([again]);
  };

  const raised: DeterminismAlarm[] = [];
  const owed: (() => Promise<void>)[] = [];

  const raiseAlarm = (job: string, first: Pick<JobOutcome, 'worker' | 'hash'>, second: Pick<JobOutcome, 'worker' | 'hash'>): void => {
    const differing = {
      job,
      first: { worker: first.worker, hash: first.hash },
      second: { worker: second.worker, hash: second.hash },
    };
    raised.push({ ...differing, at: Date.now() });
    owed.push(() => records.alarm(differing));
  };

  /** A job's outcome is here. Those who wait for others are held until these have been told. */
  const settle = (id: string, outcome: JobOutcome): void => {
    if (!waiting.has(id) && !places.has(id)) return;
    const audited = audits.get(id);
    if (audited !== undefined) {
      if (!waiting.delete(id)) return;
      if (outcome.kind !== 'result' && outcome.kind !== 'mistake') return;
      if (outcome.hash === audited.hash) return;
      raiseAlarm(audited.id, audited, outcome);
      return;
    }
    const told = finished.get(id);
    if (told !== undefined) {
      // It was asked for again, because its outcome was gone.
      if (!waiting.delete(id) || told.kind !== 'result' || outcome.kind !== 'result' || told.hash === outcome.hash) return;
      raiseAlarm(id, told, outcome);
      return;
    }
    const task = taskOf(id);
    const isUntold = (child: string): boolean => places.has(child) && !finished.has(child);
    if (task.content.children?.some(isUntold) === true) {
      held.set(id, outcome);
      return;
    }
    const wasWaiting = waiting.delete(id);
    held.delete(id);
    finished.set(id, { kind: outcome.kind, hash: outcome.hash, worker: outcome.worker });
    for (const place of places.get(id)!) if (onOutcome(place, outcome)) firstFailure = Math.min(firstFailure, place);
    if (wasWaiting && outcome.kind === 'result' && isAudited(id, auditShare)) owed.push(() => addAudit(task, outcome.hash, outcome.worker));
    for (const [parent, known] of held) settle(parent, known);
  };

  /** Give the queue what was known before. Where it has something else, it is not known which is right. */
  const handIn = (known: readonly string[]): Promise<void> =>
    inLanes(known, LANES, async id => {
      const text = resultText(knownBefore.get(id));
      const { alarm } = await sure(() => records.finish(id, { kind: 'result', text, hash: textHash(text), worker: run.submitter }));
      if (alarm) raised.push(alarm);
    });

  const settleAll = async (told: Iterable<readonly [string, JobOutcome]>): Promise<void> => {
    for (const [id, outcome] of told) settle(id, outcome);
    while (owed.length > 0) await owed.shift()!();
  };

  /** Bring more jobs into the queue as long as it has few enough of ours. */
  const feed = async (): Promise<void> => {
    const isNextReady = (): boolean => nextId < ids.length && isReady(taskOf(ids[nextId]!));
    while (nextId < ids.length && firstFailure === Infinity && (isOneFlow || (waiting.size < WINDOW && isNextReady()))) {
      const from = nextId;
      const until = isOneFlow ? ids.length : from + Math.min(ADDED_AT_ONCE, WINDOW - waiting.size);
      do nextId++;
      while (nextId < until && (isOneFlow || isNextReady()));
      const chosen = ids.slice(from, nextId);
      await onStart(chosen.flatMap(id => places.get(id)!));
      signal?.throwIfAborted();
      // What is known is in memory with its results: a few at a time.
      for (let at = 0; at < chosen.length; at += NEWS_AT_ONCE) {
        const some = chosen.slice(at, at + NEWS_AT_ONCE);
        const { known, again, shared: others } = await sure(() => records.want(run.key, some));
        for (const id of others) shared.set(id, Infinity);
        for (const id of some) if (!known.has(id)) waiting.set(id, taskOf(id));
        if (known.size > 0) {
          await sure(() => records.release(run.key, [...known.keys()]));
          await settleAll(known);
        }
        // What failed at an earlier time still lies in the queue under the same id.
        await inLanes(again, LANES, id => sure(() => takeOut(id)));
      }
      const left = chosen.flatMap(id => waiting.get(id) ?? []);
      await (isOneFlow ? addFlow(left) : add(left));
      if (shared.size > 0) advanceShared();
    }
  };

  /** What a job waits for was there and is there no more: outcomes are not kept for ever, and may be released. */
  const bringBack = async (children: readonly string[]): Promise<void> => {
    const there = await sure(() => records.outcomes(children));
    const gone = children.filter(child => !there.has(child));
    await handIn(gone.filter(child => knownBefore.has(child)));
    const again = gone.filter(child => finished.has(child) && !waiting.has(child));
    if (again.length === 0) return;
    const { known } = await sure(() => records.want(run.key, again));
    if (known.size > 0) await sure(() => records.release(run.key, [...known.keys()]));
    const left = again.filter(child => !known.has(child));
    await inLanes(left, LANES, child => sure(() => takeOut(child)));
    for (const child of left) waiting.set(child, taskOf(child));
    await add(left.map(taskOf));
  };

  /** Put a job back that the queue has lost, or that it takes to be over although its outcome is nowhere. */
  const look = async (id: string): Promise<boolean> => {
    const state = await sure(() => queue.getJobState(id));
    const task = waiting.get(id);
    if (task === undefined) return false;
    const { children } = task.content;
    if (!isReady(task)) return false;
    // Put off although nothing that it waits for is still to come.
    if (children !== null && state === 'delayed') await bringBack(children);
    const isLost =
      state === 'unknown' || state === 'completed' || state === 'failed' || (state === 'waiting-children' && children !== null);
    if (!isLost) return false;
    const { known } = await sure(() => records.want(run.key, [id]));
    if (known.size > 0) {
      await sure(() => records.release(run.key, [id]));
      await settleAll(known);
      return false;
    }
    if (state !== 'unknown') await takeOut(id);
    await add([task]);
    return true;
  };

  let lookedAt = 0;
  /** Look after jobs that are waited for, a few at a time, and after all when one was lost. */
  const lookAfter = async (): Promise<void> => {
    const all = [...waiting.keys()];
    for (let tried = 0; tried < all.length;) {
      if (lookedAt >= all.length) lookedAt = 0;
      const some = all.slice(lookedAt, lookedAt + LOOKED_AT_ONCE);
      [lookedAt, tried] = [lookedAt + some.length, tried + some.length];
      let lost = 0;
      await inLanes(some, LANES, async id => {
        if (await look(id)) lost++;
      });
      if (lost === 0) return;
      signal?.throwIfAborted();
    }
  };

  const giveUpLater = async (): Promise<void> => {
    // Jobs before the first that failed may fail too, and then they are the ones to name.
    const later = [...waiting.keys()].filter(id => (places.get(id)?.[0] ?? Infinity) > firstFailure);
    if (later.length === 0) return;
    for (const id of later) waiting.delete(id);
    await withdraw(await sure(() => records.release(run.key, later)));
  };

  const withdraw = async (free: readonly string[]): Promise<void> => {
    const until = performance.now() + REMOVAL_MS;
    await inLanes(free, LANES, async id => {
      if (performance.now() < until) await takeOut(id);
    });
  };

  /** Alarms of our jobs, older ones too: a result that was ever in doubt is no better when it is answered from the queue, or known from before. */
  const alarmed = async (): Promise<readonly DeterminismAlarm[]> =>
    (await sure(() => records.alarms())).filter(({ job }) => places.has(job) || audits.has(job) || knownBefore.has(job));

  const over = new AbortController();
  let beating: Promise<void> = Promise.resolve();
  let cancelled: (error: Error) => void = () => undefined;
  const beats = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await pause(BEAT_MS, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      const clock = await records.enter({ ...run, jobs: ids.length }).catch((error: unknown) => {
        if (isAway(error)) teller.met(error);
        return null;
      });
      if (clock !== null) teller.answered();
      if (clock?.isCancelled === true)
        cancelled(
          failed(
            'cancelled',
            `${run.name} was cancelled with quantai jobs cancel; ${finished.size} of its ${ids.length} jobs are done and kept.`,
            'Run the same command again: it goes on from there.',
          ),
        );
    }
  };

  const seeThrough = async (): Promise<SubmissionEnd> => {
    await enter();
    beating = beats();
    begun = performance.now();
    let looked = begun;
    let asked = begun;
    let alarms: readonly DeterminismAlarm[] = [];
    if (knownBefore.size > 0) {
      alarms = await alarmed();
      if (alarms.length > 0) return { alarms };
      await handIn([...knownBefore.keys()]);
      if (raised.length > 0) return { alarms: raised };
    }
    await feed();
    while (waiting.size > 0) {
      if (firstFailure < Infinity) await giveUpLater();
      if (waiting.size === 0) break;
      await Promise.race([listen(run.key, POLL_MS), gone]);
      signal?.throwIfAborted();
      const isThorough = performance.now() - asked > 5 * POLL_MS;
      for (;;) {
        const news = await sure(() => records.news(run.key, isThorough));
        await settleAll(news.map(({ id, outcome }) => [id, outcome] as const));
        signal?.throwIfAborted();
        if (news.length === 0) break;
      }
      await feed();
      const now = performance.now();
      if (now - looked > 2 * POLL_MS) {
        looked = now;
        await lookAfter();
      }
      if (now - asked > 5 * POLL_MS) {
        asked = now;
        alarms = await alarmed();
        if (alarms.length > 0) break;
      }
    }
    const all = new Map([...alarms, ...(await alarmed()), ...raised].map(alarm => [alarm.job, alarm]));
    return { alarms: [...all.values()] };
  };

  let aborted = (): void => undefined;
  const gone = new Promise<never>((_resolve, reject) => {
    cancelled = reject;
    aborted = () => reject(signal?.reason as Error);
  });
  gone.catch(() => undefined);
  signal?.addEventListener('abort', aborted, { once: true });
  const work = seeThrough();
  try {
    return await Promise.race([work, gone]);
  } finally {
    over.abort();
    // A signal that lives longer than this run would keep the run, and count one listener more for each.
    signal?.removeEventListener('abort', aborted);
    // An operation that is under way would bring jobs back.
    if (signal?.aborted === true || waiting.size > 0)
      await Promise.race([work.catch(() => undefined), pause(2000, undefined, { ref: false })]);
    const ending = async (): Promise<void> => {
      // A sign of life that comes after the end would make the run again.
      await Promise.race([Promise.all([beating, advancing]), pause(1000, undefined, { ref: false })]);
      if (waiting.size > 0 || held.size > 0) await withdraw(await records.release(run.key));
      await records.leave(run.key);
    };
    await persevere(ending, { patienceMs: 3000 }).catch(() => undefined);
  }
};
