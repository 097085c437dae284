import type { FlowNode, JobEngine } from '../cluster/job-engine.js';
import type { Params } from '../engine/run-result.js';
import type { Evaluation, EvaluationJob, EvaluationShared } from './evaluation.js';
import { contentHash } from './job-store.js';
import type { JobStore } from './job-store.js';
import type { TrialOutcome } from './trial.js';
import type { Trial, TrialLedger } from './trial-ledger.js';

/** One job with what is on record about it. */
export interface PlannedJob extends EvaluationJob {
  /** For errors, e.g. `fold 2, training, configurations 1–16`. */
  readonly name: string;
  readonly role: Trial['role'];
}

/** How far an experiment is, in evaluated configurations. */
export interface Progress {
  readonly done: number;
  /** Known so far; grows when a sampler that learns asks for more. */
  readonly total: number;
  /** How many of `done` came from an earlier, interrupted run: a rate is (done − reused) ÷ time. */
  readonly reused: number;
}

/** Runs jobs once: from the store when an earlier run finished them, otherwise on the engine, on record in the ledger before they begin. */
export interface Evaluator {
  /** Evaluations per job, in the order of its configurations. */
  run(jobs: readonly PlannedJob[]): Promise<readonly (readonly Evaluation[])[]>;
  /**
   * The same with the jobs as leaves of a flow. `tree` is given a node per job, in their order, known where the store has its result, and puts them under the nodes that are to make something of
   * them. Other nodes leave no trace in ledger, store or progress.
   */
  flow<R>(jobs: readonly PlannedJob[], tree: (leaves: readonly FlowNode[]) => FlowNode): Promise<EvaluatedFlow<R>>;
  /** A job of this run that is done, to stand in such a tree as known. */
  done(job: PlannedJob, evaluations: readonly Evaluation[]): FlowNode;
  /** Announces work that is yet to come, for the total. */
  expect(configurations: number): void;
}

/** What came of a flow. */
export interface EvaluatedFlow<R> {
  /** Per job, in the order of its configurations. */
  readonly evaluations: readonly (readonly Evaluation[])[];
  /** Of the root. */
  readonly result: R;
}

export interface EvaluatorScope {
  readonly engine: JobEngine;
  readonly handler: string;
  readonly shared: EvaluationShared;
  readonly store: JobStore;
  readonly ledger: TrialLedger | undefined;
  /** Everything that results depend on besides the job: code, data, configuration, platform. */
  readonly identity: {
    readonly strategy: string;
    readonly code: string;
    readonly data: string;
    readonly config: string;
    readonly platform: string;
  };
  /** What the ledger notes as a trial's result. */
  readonly objective: (evaluation: Evaluation, job: PlannedJob) => number | null;
  readonly onProgress?: (progress: Progress) => void;
  /** Called with each job whose results are there, also with one that an earlier run finished, before the progress that counts it. */
  readonly onJob?: (job: PlannedJob) => void;
  readonly signal?: AbortSignal;
}

/** What a worker is given of a job. */
const payloadOf = ({ window, spans, capital, configurations, keep }: PlannedJob): EvaluationJob => ({
  window,
  ...(spans && { spans }),
  capital,
  configurations,
  keep,
});

/** How jobs go on record, by their places. */
interface JobHooks {
  readonly begin: (places: readonly number[]) => Promise<void> | undefined;
  readonly end: (place: number, evaluations: readonly Evaluation[]) => void;
  /** What is kept of it is in doubt. */
  readonly doubt: (place: number) => void;
}

export const evaluatorOf = (scope: EvaluatorScope): Evaluator => {
  const { engine, handler, shared, store, ledger, identity, objective, onProgress, onJob, signal } = scope;
  let [done, total, reused] = [0, 0, 0];
  const report = (): void => onProgress?.({ done, total, reused });
  const hashOf = (job: PlannedJob): string =>
    contentHash({ format: 3, handler, identity, instruments: shared.instruments, ...payloadOf(job) });
  const outcomeOf = (job: PlannedJob, evaluation: Evaluation): TrialOutcome => ({
    objective: objective(evaluation, job),
    sharpe: evaluation.sharpePerPeriod,
    returns: evaluation.returns,
  });
  const trialOf = (job: PlannedJob, params: Params): Trial => ({ ...identity, params, range: job.window, role: job.role });

  /** Runs, by `work`, those jobs that the store does not have, and puts them on record as they begin and end. */
  const evaluate = async <R>(
    jobs: readonly PlannedJob[],
    work: (results: readonly (readonly Evaluation[] | undefined)[], hooks: JobHooks) => Promise<R>,
  ): Promise<EvaluatedFlow<R>> => {
    const hashes = jobs.map(hashOf);
    const results = await Promise.all(hashes.map(hash => store.read<readonly Evaluation[]>(hash)));
    // They were tried, wherever that was put on record.
    await ledger?.recall?.(
      jobs.flatMap((job, i) =>
        (results[i] ?? []).map((evaluation, c) => ({ trial: trialOf(job, job.configurations[c]!), outcome: outcomeOf(job, evaluation) })),
      ),
    );
    for (const [i, job] of jobs.entries())
      if (results[i] !== undefined) {
        done += job.configurations.length;
        reused += job.configurations.length;
        onJob?.(job);
      }
    report();
    const writes: Promise<void>[] = [];
    const refusals: unknown[] = [];
    const doubtful: number[] = [];
    const keep = (write: Promise<void>): void => {
      writes.push(write.catch((error: unknown) => void refusals.push(error)));
    };
    const hooks: JobHooks = {
      doubt: i => void doubtful.push(i),
      begin: places =>
        places.length === 0
          ? undefined
          : ledger?.begin(places.flatMap(i => jobs[i]!.configurations.map(params => trialOf(jobs[i]!, params)))),
      end: (i, evaluations) => {
        const job = jobs[i]!;
        results[i] = evaluations;
        const settled = evaluations.map((evaluation, c) =>
          ledger?.settle(trialOf(job, job.configurations[c]!), outcomeOf(job, evaluation)),
        );
        // The ledger first: a job that is in the store is not run again, and its results could not be noted later.
        keep(Promise.all(settled).then(() => store.write(hashes[i]!, evaluations)));
        done += job.configurations.length;
        onJob?.(job);
        report();
      },
    };
    let result: R;
    try {
      result = await work([...results], hooks);
    } finally {
      // Finished work is kept also when the rest was interrupted.
      await Promise.all(writes);
      // Else the next run of the same name would take it for granted, and hand it to others.
      await Promise.all(doubtful.map(i => store.remove(hashes[i]!)));
    }
    if (refusals.length > 0) throw refusals[0];
    return { evaluations: results.map(evaluations => evaluations!), result };
  };

  const leafOf = (job: PlannedJob, result: readonly Evaluation[] | undefined): FlowNode => ({
    handler,
    payload: payloadOf(job),
    name: job.name,
    ...(result && { known: { result } }),
  });

  return {
    done: leafOf,
    expect: configurations => {
      total += configurations;
      report();
    },
    run: async jobs => {
      const { evaluations } = await evaluate(jobs, (found, { begin, end, doubt }) => {
        const missing = jobs.flatMap((_, i) => (found[i] === undefined ? [i] : []));
        const payloads = missing.map(i => payloadOf(jobs[i]!));
        return engine.run<EvaluationJob, readonly Evaluation[], EvaluationShared>(handler, payloads, {
          shared,
          ...(signal && { signal }),
          name: n => jobs[missing[n]!]!.name,
          onStart: indices => begin(indices.map(n => missing[n]!)),
          onResult: (n, result) => end(missing[n]!, result),
          onDoubt: n => doubt(missing[n]!),
        });
      });
      return evaluations;
    },
    flow: <R>(jobs: readonly PlannedJob[], tree: (leaves: readonly FlowNode[]) => FlowNode) =>
      evaluate<R>(jobs, (found, { begin, end, doubt }) => {
        const leaves = jobs.map((job, i) => leafOf(job, found[i]));
        const places = new Map(leaves.map((leaf, i) => [leaf, i]));
        const placeOf = (node: FlowNode): readonly number[] => {
          const place = places.get(node);
          return place === undefined ? [] : [place];
        };
        return engine.flow<R, EvaluationShared>(tree(leaves), {
          shared,
          ...(signal && { signal }),
          onStart: nodes => begin(nodes.flatMap(placeOf)),
          onResult: (node, result) => placeOf(node).forEach(i => end(i, result as readonly Evaluation[])),
          onDoubt: node => placeOf(node).forEach(doubt),
        });
      }),
  };
};
