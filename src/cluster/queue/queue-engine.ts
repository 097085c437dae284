import { randomUUID } from 'node:crypto';
import { failed, type UserError } from '../../errors.js';
import { decodeExact, encodeExact } from '../exact-json.js';
import type { FlowNode, FlowOptions, JobEngine, JobOptions } from '../job-engine.js';
import { failureOf } from '../job-failure.js';
import type { Lake } from '../lake/lake.js';
import { publishShared } from '../lake/publish-shared.js';
import type { SharedAddress } from '../lake/shared-parts.js';
import { awayTeller } from './away-teller.js';
import { auditedId, jobId, type JobContent } from './job-content.js';
import { lossWords, type Death, type JobOutcome } from './job-outcome.js';
import { CLOSE_MS, closeSoon, openFlows, openQueue } from './job-queue.js';
import { openRecords } from './open-records.js';
import { buildWords, ownBuild, queueName, type Build } from './queue-name.js';
import type { QueuePlace } from './queue-place.js';
import type { DeterminismAlarm, RunRecord, WorkerStanding } from './queue-records.js';
import { planFlow, type KnownResult } from './queue-flow.js';
import { submit, type Task } from './submission.js';
import { keepTrimmed } from './trim-queue.js';
import { unreachable } from './unreachable.js';
import type { Urgency } from './fair-share.js';
import { settledWithin } from './within.js';
import { otherBuilds, standing, watchWorkers } from './watch-workers.js';

/** How an engine submits. */
export interface QueueEngineOptions {
  readonly place: QueuePlace;
  /** Has what jobs share; workers are told its address. */
  readonly lake: Lake;
  /** Who submits, `user@host`: submitters share the workers evenly. */
  readonly submitter: string;
  /** What it is for, as people who look at the queue read it: a run id, or a strategy's name. */
  readonly run: string;
  readonly urgency?: Urgency;
  /** Share of the jobs that another worker does a second time, 0 to 1. */
  readonly auditShare?: number;
  /** Told what a person should know while it runs, such as a database that does not answer. */
  readonly tell?: (text: string) => void;
}

const closed = (): Error => new Error('the job engine is closed');

const short = (hash: string): string => hash.slice(0, 12);

const alarmError = (alarms: readonly DeterminismAlarm[], names: ReadonlyMap<string, string>): UserError => {
  const [{ job, first, second }] = alarms as [DeterminismAlarm];
  const more = alarms.length > 1 ? ` So did ${alarms.length - 1} more.` : '';
  return failed(
    'determinism-alarm',
    `Determinism alarm: job ${short(job)} (${names.get(job) ?? 'of this run'}) gave two different results, ${short(first.hash)} by ${first.worker} and ${short(second.hash)} by ${second.worker}.${more} ` +
      'A result may depend on nothing but its job: one of the two machines computes wrongly, or the strategy reads something that is not data.',
    `Look at both: quantai jobs alarms. Once the cause is mended, quantai jobs release ${short(job)} has the job done again.`,
  );
};

/** Each kind of loss once: `w2, 3 times (its thread ended: …)`. */
const seenWords = (deaths: readonly Death[]): string => {
  const times = new Map<string, { readonly worker: string; readonly seen: string; count: number }>();
  for (const { worker, seen } of deaths) {
    const key = `${worker}\n${seen}`;
    const known = times.get(key);
    if (known) known.count++;
    else times.set(key, { worker, seen, count: 1 });
  }
  return [...times.values()].map(({ worker, seen, count }) => `${worker}${count === 1 ? '' : `, ${count} times`} (${seen})`).join('; ');
};

export const poisonError = (
  name: string,
  id: string,
  { deaths }: Pick<Extract<JobOutcome, { readonly kind: 'poison' }>, 'deaths'>,
): UserError => {
  const hadNoMemory = deaths.some(({ seen }) => /out of memory|memory limit|OUT_OF_MEMORY/i.test(seen));
  return failed(
    'poison-job',
    `${name}: job ${short(id)} took ${lossWords(deaths)} with it and is not begun again: ${seenWords(deaths)}.`,
    hadNoMemory
      ? `It ran out of memory: let the strategy keep less, or start the worker with more (NODE_OPTIONS=--max-old-space-size=8192) or with fewer --threads; then quantai jobs release ${short(id)} lets it be tried again.`
      : `See it with quantai jobs quarantine; quantai jobs release ${short(id)} lets it be tried again.`,
  );
};

const nobodyServes = (build: Build, place: QueuePlace, others: readonly WorkerStanding[]): string => {
  const elsewhere = others.length === 0 ? '' : ` ${otherBuilds(others)}`;
  return `No worker of the same build (${buildWords(build)}) serves ${place.server} at the moment.${elsewhere} The jobs wait there for one: quantai worker --on ${place.shown}`;
};

/** Jobs on the workers of a queue, wherever these are. Rejects with a UserError when the database does not answer. */
export const queueEngine = async (options: QueueEngineOptions): Promise<JobEngine> => {
  const { place, lake, submitter, run: runName, urgency = 'normal', auditShare = 0, tell = () => undefined } = options;
  const build = ownBuild();
  const name = queueName(build);
  const records = await openRecords(place, name);
  const queue = openQueue(place, name, () => undefined);
  const flows = openFlows(place);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  /** What stops the calls that run. */
  const calls = new Set<AbortController>();
  // All calls meet a database that is away, each again and again.
  const teller = awayTeller(place, (words, isBack) =>
    tell(isBack ? `${words}.` : `${words}; trying again. Jobs that workers have begun go on.`),
  );

  const waking = new Map<string, () => void>();
  const awake = new Set<string>();
  const listen = (key: string, ms: number): Promise<void> =>
    new Promise(resolve => {
      if (awake.delete(key)) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        waking.delete(key);
        resolve();
      };
      const timer = setTimeout(done, ms);
      waking.set(key, done);
    });
  try {
    await records.hear(what => {
      if (what === 'released') return;
      const wake = waking.get(what.news);
      if (wake) wake();
      else if (awake.size < 1000) awake.add(what.news);
    });
    await queue.waitUntilReady();
  } catch (error) {
    await Promise.allSettled([records.close(), queue.close(), flows.close()]);
    throw unreachable(place, error);
  }

  let lastShared: { readonly value: unknown; readonly address: Promise<SharedAddress> } | undefined;
  const addressOf = async (shared: unknown): Promise<SharedAddress | null> => {
    if (shared === undefined) return null;
    if (lastShared?.value !== shared) lastShared = { value: shared, address: publishShared(shared, lake) };
    return lastShared.address;
  };

  const taskOf = (
    handler: string,
    payload: unknown,
    children: readonly string[] | null,
    shared: SharedAddress | null,
    jobName: string,
  ): Task => {
    const content = { handler, payload: encodeExact({ payload }), children };
    const id = jobId({ ...content, sharedHash: shared?.hash ?? null }, build);
    const whole: Omit<JobContent, 'tag'> = {
      ...content,
      shared,
      lake: shared === null ? null : lake.url,
      name: jobName,
      run: runName,
      audit: null,
    };
    return { id, content: whole };
  };

  /** Submit tasks; the first that failed is what is rejected with. `onDoubt` is told the jobs that gave two results. */
  const seeThrough = async (
    tasks: readonly Task[],
    known: readonly KnownResult[],
    given: AbortSignal | undefined,
    onStart: (places: readonly number[]) => Promise<void> | void,
    onResult: (place: number, result: unknown) => void,
    onDoubt: (job: string) => void,
  ): Promise<void> => {
    // A signal of its own for each call: on one for all, listeners would add up as long as the engine lives.
    const own = new AbortController();
    if (closing.signal.aborted) throw closed();
    const signal = given ? AbortSignal.any([given, own.signal]) : own.signal;
    calls.add(own);
    const failures: { readonly place: number; readonly error: Error }[] = [];
    const record: RunRecord = { key: randomUUID(), name: runName, submitter, urgency, jobs: tasks.length };
    const onOutcome = (place: number, outcome: JobOutcome): boolean => {
      const { id, content } = tasks[place]!;
      if (outcome.kind === 'result') {
        onResult(place, (decodeExact(outcome.text ?? '{}') as { readonly result?: unknown }).result);
        return false;
      }
      const error = outcome.kind === 'poison' ? poisonError(content.name, id, outcome) : failureOf(content.name, place, outcome.error);
      failures.push({ place, error });
      return true;
    };
    const { alarms } = await submit(tasks, {
      queue,
      flows,
      records,
      run: record,
      urgency,
      auditShare,
      known,
      signal,
      listen,
      teller,
      onStart,
      onOutcome,
    })
      .catch((error: unknown) => {
        throw signal.aborted ? signal.reason : unreachable(place, error);
      })
      .finally(() => calls.delete(own));
    if (alarms.length > 0) {
      for (const { job } of alarms) onDoubt(auditedId(job));
      const names = [
        ...tasks.map(({ id, content }) => [id, content.name] as const),
        ...known.map(({ id, nodes }) => [id, nodes[0]!.name] as const),
      ];
      throw alarmError(alarms, new Map(names));
    }
    const [failure] = failures.sort((a, b) => a.place - b.place);
    if (failure) throw failure.error;
  };

  const tracked = <R>(work: () => Promise<R>): Promise<R> => {
    if (closing.signal.aborted) return Promise.reject(closed());
    const promise = work();
    running.add(promise);
    const forget = (): void => void running.delete(promise);
    promise.then(forget, forget);
    return promise;
  };

  const run = <P, R, S>(handler: string, payloads: readonly P[], jobOptions: JobOptions<R, S> = {}): Promise<R[]> =>
    tracked(async () => {
      const { signal, shared, onStart, onResult, onDoubt, name: jobName = index => `job ${index + 1} of ${payloads.length}` } = jobOptions;
      signal?.throwIfAborted();
      if (payloads.length === 0) return [];
      const address = await addressOf(shared);
      const tasks = payloads.map((payload, i) => taskOf(handler, payload, null, address, jobName(i)));
      const results = Array.from<R>({ length: payloads.length });
      await seeThrough(
        tasks,
        [],
        signal,
        indices => onStart?.(indices),
        (index, result) => {
          results[index] = result as R;
          onResult?.(index, result as R);
        },
        job => tasks.forEach(({ id }, i) => (id === job ? onDoubt?.(i) : undefined)),
      );
      return results;
    });

  const flow = <R, S>(root: FlowNode, { signal, shared, onStart, onResult, onDoubt }: FlowOptions<S> = {}): Promise<R> =>
    tracked(async () => {
      signal?.throwIfAborted();
      const address = await addressOf(shared);
      const plan = planFlow(root, (node, children) =>
        taskOf(node.handler, node.payload, children.length === 0 ? null : children, address, node.name),
      );
      if (plan.root.known) return plan.root.known.result as R;
      let last: unknown;
      await seeThrough(
        plan.tasks,
        plan.known,
        signal,
        places => onStart?.(places.flatMap(at => plan.nodes[at]!)),
        (at, result) => {
          if (at === plan.tasks.length - 1) last = result;
          for (const node of plan.nodes[at]!) onResult?.(node, result);
        },
        job => {
          const known = plan.known.flatMap(({ id, nodes }) => (id === job ? nodes : []));
          const ran = plan.tasks.flatMap(({ id }, at) => (id === job ? plan.nodes[at]! : []));
          for (const node of [...known, ...ran]) onDoubt?.(node);
        },
      );
      return last as R;
    });

  const serving = async (): Promise<readonly WorkerStanding[]> => (await records.workers()).filter(({ alive }) => alive);
  const present = await serving();
  const threads = present.reduce((sum, worker) => sum + worker.threads, 0);
  tell(
    present.length === 0
      ? nobodyServes(build, place, await records.otherWorkers())
      : `The jobs go to ${standing(present)} on ${place.server}.`,
  );
  const watching = watchWorkers({ isBusy: () => running.size > 0, serving, hadSome: present.length > 0, tell, signal: closing.signal });
  // Nobody waits for its end: it may be at a database that does not answer.
  void keepTrimmed(queue, () => running.size > 0, closing.signal);
  return {
    workers: Math.max(1, threads),
    run,
    flow,
    close: async () => {
      closing.abort();
      for (const call of calls) call.abort(closed());
      // What is asked of a database that is away has no answer before the connection is closed.
      await settledWithin(CLOSE_MS, [...running, watching]);
      await Promise.allSettled([closeSoon(queue), flows.close()]);
      await records.close();
    },
  };
};
