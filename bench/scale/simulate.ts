import { baseAfter, priorityOf, tagsFor, virtualTimeAfter, weightOf, type Urgency } from '../../src/cluster/queue/fair-share.js';
import { random } from '../../src/random.js';
import { heapOf } from './event-heap.js';

/** What things cost, in seconds unless it says otherwise: each is measured (`bench/queue.ts`, `bench/lake.ts`, `bench/sweep.ts`), none is guessed. */
export interface Costs {
  /** Of the queue's database for one job: putting it in (in bulk), handing it out, taking its result. */
  readonly add: number;
  readonly take: number;
  readonly finish: number;
  /** For each megabyte of its result. */
  readonly finishMegabyte: number;
  /** How many of these the database does at once: its cores for PostgreSQL, one for Redis. */
  readonly lanes: number;
  /** Of the submitting process for one result: decode it, check it, put it in the ledger and the run's store. */
  readonly collect: number;
  /** For each megabyte of it. */
  readonly collectMegabyte: number;
  /** Megabytes a second that the lake gives to all workers together, and that one worker can take. */
  readonly lakeRate: number;
  readonly workerRate: number;
}

/** A run that somebody submits. */
export interface Submission {
  readonly at: number;
  readonly submitter: number;
  readonly jobs: number;
  /** Seconds of one core a job. */
  readonly work: number;
  readonly urgency?: Urgency;
  /** What its jobs share, megabytes: each worker fetches it once. */
  readonly shared: number;
  /** Result of a job, megabytes. */
  readonly result: number;
}

export interface World {
  readonly workers: number;
  readonly costs: Costs;
  readonly submissions: readonly Submission[];
  /** Mean seconds between two deaths of one worker; Infinity for none. Its job is found missing after `lock` seconds and runs again. */
  readonly lifetime?: number;
  readonly lock?: number;
  readonly seed: string;
}

/** What came of one submission, seconds after it was made. */
export interface Served {
  readonly first: number;
  readonly last: number;
  /** Seconds that it would have taken alone on all workers with a queue that costs nothing. */
  readonly ideal: number;
}

export interface Outcome {
  /** From the first submission to the last result, seconds. */
  readonly elapsed: number;
  readonly jobs: number;
  /** Seconds that workers computed what counted ÷ (elapsed × workers). */
  readonly efficiency: number;
  /** Part of its time that the database, the lake and the busiest submitter worked. */
  readonly database: number;
  readonly lake: number;
  readonly collector: number;
  readonly deaths: number;
  /** Jobs that ran more than once. */
  readonly again: number;
  readonly served: readonly Served[];
}

/** Servers that do one thing after another, so many at once: when the next request would be done. */
const serverOf = (lanes: number) => {
  const free = new Float64Array(lanes);
  let busy = 0;
  return {
    done: (now: number, cost: number): number => {
      let lane = 0;
      for (let i = 1; i < lanes; i++) if (free[i]! < free[lane]!) lane = i;
      busy += cost;
      return (free[lane] = Math.max(now, free[lane]!) + cost);
    },
    busy: (): number => busy / lanes,
  };
};

interface Job {
  readonly run: number;
  readonly tag: number;
}

type Event =
  | { readonly kind: 'submit'; readonly run: number }
  | { readonly kind: 'enqueue'; readonly run: number; readonly tags: readonly number[]; readonly from: number }
  | { readonly kind: 'free'; readonly worker: number }
  | { readonly kind: 'computed'; readonly worker: number; readonly job: Job; readonly dead: boolean }
  | { readonly kind: 'back'; readonly job: Job }
  | { readonly kind: 'collected'; readonly run: number };

/** Jobs that one call puts in. */
const BULK = 1_000;

/**
 * A cluster as a discrete-event simulation: the scheduler is the real one (`src/cluster/queue/fair-share.ts`), workers, database, lake and submitters are servers with measured costs. The same
 * seed gives the same outcome.
 */
export const simulate = ({ workers, costs, submissions, lifetime = Infinity, lock = 24, seed }: World): Outcome => {
  const events = heapOf<Event>();
  const waiting = heapOf<Job>();
  const idle: number[] = Array.from({ length: workers }, (_, w) => workers - 1 - w);
  const database = serverOf(costs.lanes);
  const lake = serverOf(1);
  const collectors = submissions.map(() => serverOf(1));
  const has = submissions.map(() => new Uint8Array(workers));
  const left = submissions.map(({ jobs }) => jobs);
  const first = submissions.map(() => NaN);
  const last = submissions.map(() => NaN);
  const alive = new Map<number, number>();
  const draw = random(`scale/${seed}`);
  let [now, virtual, base, useful, deaths, again, finished] = [0, 0, 0, 0, 0, 0, 0];

  const begin = (worker: number, job: Job): void => {
    const { work, shared } = submissions[job.run]!;
    virtual = virtualTimeAfter(virtual, job.tag);
    let at = database.done(now, costs.take);
    if (has[job.run]![worker] === 0) {
      has[job.run]![worker] = 1;
      // The lake serves all of them one after another as fast as it can; a worker cannot take it faster than its own line.
      if (shared > 0) at = Math.max(lake.done(at, shared / costs.lakeRate), at + shared / costs.workerRate);
    }
    const dies = lifetime !== Infinity && draw.next() < work / lifetime;
    events.push(at + (dies ? work * draw.next() : work), { kind: 'computed', worker, job, dead: dies });
  };
  const offer = (): void => {
    while (idle.length > 0 && waiting.size > 0) begin(idle.pop()!, waiting.pop()!);
    if (waiting.size === 0) base = baseAfter(base, virtual, true);
  };

  submissions.forEach(({ at }, run) => events.push(at, { kind: 'submit', run }));
  while (events.size > 0) {
    now = events.next();
    const event = events.pop()!;
    switch (event.kind) {
      case 'submit': {
        const { submitter, jobs, urgency = 'normal' } = submissions[event.run]!;
        alive.set(submitter, (alive.get(submitter) ?? 0) + 1);
        const { tags } = tagsFor({ next: 0, weight: weightOf(urgency, alive.get(submitter)!) }, virtual, jobs);
        events.push(database.done(now, costs.add * Math.min(BULK, jobs)), { kind: 'enqueue', run: event.run, tags, from: 0 });
        break;
      }
      case 'enqueue':
        {
          const { run, tags, from } = event;
          const end = Math.min(tags.length, from + BULK);
          for (let i = from; i < end; i++) waiting.push(priorityOf(tags[i]!, base), { run, tag: tags[i]! });
          // One call after another: a later part must not be there before an earlier one.
          const more = Math.min(BULK, tags.length - end);
          if (more > 0) events.push(database.done(now, costs.add * more), { kind: 'enqueue', run, tags, from: end });
        }
        offer();
        break;
      case 'computed':
        if (event.dead) {
          deaths++;
          again++;
          // Another process takes the dead one's place at once; what it was doing is found missing when its lock runs out.
          has[event.job.run]![event.worker] = 0;
          events.push(now + lock, { kind: 'back', job: event.job });
          idle.push(event.worker);
        } else {
          const { work, result } = submissions[event.job.run]!;
          useful += work;
          const answered = database.done(now, costs.finish + result * costs.finishMegabyte);
          events.push(answered, { kind: 'free', worker: event.worker });
          events.push(collectors[event.job.run]!.done(answered, costs.collect + result * costs.collectMegabyte), {
            kind: 'collected',
            run: event.job.run,
          });
        }
        offer();
        break;
      case 'free':
        idle.push(event.worker);
        offer();
        break;
      case 'back':
        waiting.push(priorityOf(event.job.tag, base), event.job);
        offer();
        break;
      case 'collected': {
        const { run } = event;
        const { at, submitter } = submissions[run]!;
        if (Number.isNaN(first[run]!)) first[run] = now - at;
        finished++;
        if (--left[run]! === 0) {
          last[run] = now - at;
          alive.set(submitter, alive.get(submitter)! - 1);
        }
      }
    }
  }
  const elapsed = now - Math.min(...submissions.map(({ at }) => at));
  return {
    elapsed,
    jobs: finished,
    efficiency: useful / (elapsed * workers),
    database: database.busy() / elapsed,
    lake: lake.busy() / elapsed,
    collector: Math.max(...collectors.map(each => each.busy())) / elapsed,
    deaths,
    again,
    served: submissions.map(({ jobs, work }, run) => ({
      first: first[run]!,
      last: last[run]!,
      ideal: Math.ceil(jobs / workers) * work,
    })),
  };
};
