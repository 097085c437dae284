import type { Death, JobOutcome } from './job-outcome.js';
import type { Build } from './queue-name.js';

/** A run that waits for jobs. */
export interface RunRecord {
  /** Unique to one call. */
  readonly key: string;
  /** As its user calls it: the run id of an experiment. */
  readonly name: string;
  /** Who submitted it, `user@host`. */
  readonly submitter: string;
  readonly urgency: string;
  readonly jobs: number;
}

/** The same as seen from outside. */
export interface RunStanding extends RunRecord {
  readonly waiting: number;
  /** Epoch ms. */
  readonly begun: number;
  readonly seen: number;
}

/** Where fair queuing stands. */
export interface QueueClock {
  readonly virtualTime: number;
  readonly base: number;
  /** Runs of one submitter that are alive, this one included. */
  readonly runsOfSubmitter: number;
  /** Runs of anybody that are alive beside this one. */
  readonly otherRuns: number;
  /** Whether somebody cancelled this run. */
  readonly isCancelled: boolean;
}

/** A worker as it says of itself. */
export interface WorkerRecord extends Build {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly threads: number;
  readonly busy: number;
  readonly done: number;
}

export interface WorkerStanding extends WorkerRecord {
  /** Epoch ms by the database's clock. */
  readonly begun: number;
  readonly seen: number;
  /** Whether it was seen just now. */
  readonly alive: boolean;
}

/** Who lives under a name. */
export interface NameHolder extends WorkerRecord {
  readonly seen: number;
}

/** Two results of one job that differ. */
export interface DeterminismAlarm {
  readonly job: string;
  readonly at: number;
  readonly first: { readonly worker: string; readonly hash: string };
  readonly second: { readonly worker: string; readonly hash: string };
}

/** A job that is not begun again. */
export interface QuarantinedJob {
  readonly job: string;
  readonly at: number;
  readonly name: string;
  readonly run: string;
  readonly handler: string;
  /** Exact JSON, cut when it is long. */
  readonly payload: string;
  readonly deaths: readonly Death[];
}

/** What a worker is told as it begins a job. */
export interface Beginning {
  /** Whether the job has an outcome, so that nothing is left to do. */
  readonly done: boolean;
  /** Whether somebody waits for it. */
  readonly wanted: boolean;
  /** Workers that were lost over it. */
  readonly deaths: readonly Death[];
}

/**
 * What a queue knows beside its jobs, in the same database: who waits for which job, how jobs ended, which workers there are. A job is finished when its outcome is here; what the queue itself says about it counts
 * for nothing. Every method may be repeated when its answer was lost.
 */
export interface QueueRecords {
  /** Say that a run lives; the first time, that it begins. */
  enter(run: RunRecord): Promise<QueueClock>;
  /** Tell the run's submitter that it is not to go on. */
  cancel(run: string): Promise<void>;
  /** The run is over. */
  leave(run: string): Promise<void>;
  /**
   * The run waits for these jobs. Returns the outcomes that are known, which are kept anew from now on, the jobs whose defect of an earlier time was forgotten so that they are done again, and those of which nothing is
   * known and that other runs wait for as well.
   */
  want(
    run: string,
    ids: readonly string[],
  ): Promise<{ readonly known: ReadonlyMap<string, JobOutcome>; readonly again: readonly string[]; readonly shared: readonly string[] }>;
  /** Outcomes that the run waits for, a limited number at once, each told once. Thoroughly, also those that were overlooked because job and run met at the same moment. */
  news(run: string, isThorough?: boolean): Promise<readonly { readonly id: string; readonly outcome: JobOutcome }[]>;
  /** The run waits no longer, for these jobs or for any. Returns those that nobody else waits for; workers stop them. */
  release(run: string, ids?: readonly string[]): Promise<readonly string[]>;
  /** Outcomes of these jobs. */
  outcomes(ids: readonly string[]): Promise<ReadonlyMap<string, JobOutcome>>;

  /** A worker begins an attempt, unless workers were lost over the job and it does not take such a job now; `attempt` tells one from another. */
  begin(id: string, by: { readonly worker: string; readonly attempt: string }, tag: number, takesSuspects: boolean): Promise<Beginning>;
  /** Keep how a job ended, and wake who waits for it; `isCombined` says that it was made of what other jobs gave. Returns whether it was the first to end it; a second, differing result raises an alarm. */
  finish(
    id: string,
    outcome: JobOutcome,
    isCombined?: boolean,
  ): Promise<{ readonly first: boolean; readonly alarm: DeterminismAlarm | null }>;
  /** The worker gives the job back unfinished. */
  giveBack(id: string, worker: string): Promise<void>;
  /** The worker's thread died over the job. Returns all deaths over it. */
  died(id: string, worker: string, seen: string): Promise<readonly Death[]>;
  /** Which of these nobody waits for. */
  unwanted(ids: readonly string[]): Promise<readonly string[]>;
  /**
   * The worker lives. Returns the database's time, epoch ms, and who of another host or process lives under the same name: then nothing is kept of this one, unless that is `gone`. The first to have a name after
   * another has begun anew, and attempts of its predecessor count as lost.
   */
  beat(
    worker: WorkerRecord,
    gone?: Pick<WorkerRecord, 'host' | 'pid'>,
  ): Promise<{ readonly now: number; readonly holder: NameHolder | null }>;
  /** The worker ends in good order: it is no longer among those that there are. */
  withdraw(worker: string): Promise<void>;

  /** Count tags from another base, unless somebody moved it from this one before. Returns the base that holds now. */
  moveBase(from: number, to: number): Promise<number>;
  alarm(alarm: Omit<DeterminismAlarm, 'at'>): Promise<void>;
  quarantine(job: Omit<QuarantinedJob, 'at'>): Promise<void>;
  /**
   * Forget a job's outcome, its deaths, its alarms and its quarantine, and the same of its second run: it is done again when somebody asks for it. So is every job that was made of others' results, which may
   * have been this one's. Returns all that were forgotten.
   */
  forget(id: string): Promise<readonly string[]>;

  runs(): Promise<readonly RunStanding[]>;
  workers(): Promise<readonly WorkerStanding[]>;
  /** Workers that live and serve queues of other builds in the same database. */
  otherWorkers(): Promise<readonly WorkerStanding[]>;
  alarms(): Promise<readonly DeterminismAlarm[]>;
  quarantined(): Promise<readonly QuarantinedJob[]>;
  /** Forget what is older than it has to be kept. */
  tidy(): Promise<void>;

  /** Hear at once, as long as the connection holds, when there is news of a run, or when jobs are no longer wanted. */
  hear(listener: (what: { readonly news: string } | 'released') => void): Promise<void>;
  close(): Promise<void>;
}
