import type { JobEngine } from '../../cluster/job-engine.js';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { PLATFORM } from '../../engine/platform.js';
import type { EvaluationShared } from '../evaluation.js';
import type { Progress } from '../evaluations.js';
import { contentHash, noStore, type JobStore } from '../job-store.js';
import type { FinishedTrial, TrialLedger } from '../trial-ledger.js';
import type { TrialScope } from '../trial-scope.js';
import type { CheckSubject } from './check.js';
import { EVALUATE_PROBE, type ProbeJob, type ProbeReport } from './probe-job.js';
import { probeTrials } from './probe-trials.js';

/** What probes run on, and where they are kept. */
export interface ProbeRunsOptions {
  readonly engine: JobEngine;
  /** What the runs have in common on record, as `trialScope` gives it. */
  readonly scope: TrialScope;
  /** Finished runs are kept here and not made again; left out, nothing is kept. */
  readonly store?: JobStore;
  /** Where runs go on record before they begin. */
  readonly ledger?: TrialLedger;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Name of the job handler, for tests. */
  readonly handler?: string;
}

/** A job with its name for errors. */
export interface NamedProbe {
  readonly job: ProbeJob;
  readonly name: string;
}

/** Runs probes once: from the store when an earlier run finished them, else on the engine, on record before they begin. `expect` announces how many there will be in all. */
export interface ProbeRuns {
  expect(total: number): void;
  run(probes: readonly NamedProbe[]): Promise<readonly ProbeReport[]>;
}

export const probeRuns = (subject: CheckSubject, options: ProbeRunsOptions): ProbeRuns => {
  const { engine, scope, store = noStore, ledger, onProgress, signal, handler = EVALUATE_PROBE } = options;
  const { shared } = subject;
  const { bundle, config, instruments } = shared;
  const identity = { ...scope, bundle, config, instruments, platform: PLATFORM };
  let [done, total, reused] = [0, 0, 0];
  const tell = (): void => onProgress?.({ done, total, reused });

  const finished = (job: ProbeJob, report: ProbeReport): FinishedTrial[] =>
    probeTrials(scope, subject, job).flatMap((trial, s) => {
      if (trial === null) return [];
      const step = report.kind === 'done' ? report.steps[s] : undefined;
      // What other data or other costs made says nothing of the trial itself.
      const isPlain = trial.role === 'train' || canonicalJson(job.change) === '{}';
      return [{ trial, outcome: step ? { objective: null, ...(isPlain && step) } : null }];
    });
  const settle = (job: ProbeJob, report: ProbeReport): Promise<void>[] =>
    ledger === undefined
      ? []
      : finished(job, report).flatMap(({ trial, outcome }) => (outcome === null ? [] : [ledger.settle(trial, outcome)]));

  return {
    expect: all => {
      total = all;
      tell();
    },
    run: async probes => {
      const hashes = probes.map(({ job }) => contentHash({ format: 1, handler, identity, job }));
      const reports = await Promise.all(hashes.map(hash => store.read<ProbeReport>(hash)));
      // They were tried, wherever that was put on record.
      await ledger?.recall?.(probes.flatMap(({ job }, i) => (reports[i] === undefined ? [] : finished(job, reports[i]))));
      const missing = probes.flatMap((probe, i) => (reports[i] === undefined ? [{ ...probe, i }] : []));
      done += probes.length - missing.length;
      reused += probes.length - missing.length;
      tell();
      const writes: Promise<void>[] = [];
      const refusals: unknown[] = [];
      const doubtful: number[] = [];
      const keep = (write: Promise<void>): void => {
        writes.push(write.catch((error: unknown) => void refusals.push(error)));
      };
      try {
        const fresh = await engine.run<ProbeJob, ProbeReport, EvaluationShared>(
          handler,
          missing.map(({ job }) => job),
          {
            shared,
            ...(signal && { signal }),
            name: n => missing[n]!.name,
            onStart: indices =>
              ledger?.begin(indices.flatMap(n => probeTrials(scope, subject, missing[n]!.job).flatMap(each => each ?? []))),
            onResult: (n, report) => {
              const { job, i } = missing[n]!;
              keep(store.write(hashes[i]!, report));
              settle(job, report).forEach(keep);
              done++;
              tell();
            },
            onDoubt: n => void doubtful.push(missing[n]!.i),
          },
        );
        missing.forEach(({ i }, n) => (reports[i] = fresh[n]!));
      } finally {
        // Finished runs are kept also when the rest was interrupted.
        await Promise.all(writes);
        // Two results of one run are none.
        await Promise.all(doubtful.map(i => store.remove(hashes[i]!)));
      }
      if (refusals.length > 0) throw refusals[0];
      return reports.map(report => report!);
    },
  };
};
