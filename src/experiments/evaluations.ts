import type { JobEngine } from '../cluster/job-engine.js';
import type { Params } from '../engine/run-result.js';
import type { Evaluation, EvaluationJob, EvaluationShared } from './evaluation.js';
import { contentHash } from './job-store.js';
import type { JobStore } from './job-store.js';
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
  /** Announces work that is yet to come, for the total. */
  expect(configurations: number): void;
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

export const evaluatorOf = (scope: EvaluatorScope): Evaluator => {
  const { engine, handler, shared, store, ledger, identity, objective, onProgress, signal } = scope;
  let [done, total, reused] = [0, 0, 0];
  const report = (): void => onProgress?.({ done, total, reused });
  const hashOf = (job: PlannedJob): string =>
    contentHash({ format: 3, handler, identity, instruments: shared.instruments, ...payloadOf(job) });
  const trialOf = (job: PlannedJob, params: Params): Trial => ({ ...identity, params, range: job.window, role: job.role });

  return {
    expect: configurations => {
      total += configurations;
      report();
    },
    run: async jobs => {
      const hashes = jobs.map(hashOf);
      const results = await Promise.all(hashes.map(hash => store.read<readonly Evaluation[]>(hash)));
      const missing = jobs.flatMap((_, i) => (results[i] === undefined ? [i] : []));
      for (const [i, job] of jobs.entries())
        if (results[i] !== undefined) {
          done += job.configurations.length;
          reused += job.configurations.length;
        }
      report();
      const writes: Promise<void>[] = [];
      const refusals: unknown[] = [];
      const keep = (write: Promise<void>): void => {
        writes.push(write.catch((error: unknown) => void refusals.push(error)));
      };
      try {
        const payloads = missing.map(i => payloadOf(jobs[i]!));
        const fresh = await engine.run<EvaluationJob, readonly Evaluation[], EvaluationShared>(handler, payloads, {
          shared,
          ...(signal && { signal }),
          name: n => jobs[missing[n]!]!.name,
          onStart: indices =>
            ledger?.begin(indices.flatMap(n => jobs[missing[n]!]!.configurations.map(params => trialOf(jobs[missing[n]!]!, params)))),
          onResult: (n, evaluations) => {
            const job = jobs[missing[n]!]!;
            const settled = evaluations.map((evaluation, c) =>
              ledger?.settle(trialOf(job, job.configurations[c]!), {
                objective: objective(evaluation, job),
                sharpe: evaluation.sharpePerPeriod,
                returns: evaluation.returns,
              }),
            );
            // The ledger first: a job that is in the store is not run again, and its results could not be noted later.
            keep(Promise.all(settled).then(() => store.write(hashes[missing[n]!]!, evaluations)));
            done += job.configurations.length;
            report();
          },
        });
        missing.forEach((i, n) => (results[i] = fresh[n]!));
      } finally {
        // Finished work is kept also when the rest was interrupted.
        await Promise.all(writes);
      }
      if (refusals.length > 0) throw refusals[0];
      return results.map(result => result!);
    },
  };
};
