import type { JobEngine } from '../../cluster/job-engine.js';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { PLATFORM } from '../../engine/platform.js';
import { UserError } from '../../errors.js';
import type { EvaluationShared } from '../evaluation.js';
import type { Progress } from '../evaluations.js';
import { contentHash, noStore, type JobStore } from '../job-store.js';
import type { TrialScope } from '../trial-scope.js';
import type { TrialLedger } from '../trial-ledger.js';
import type { Check, CheckResult, CheckSubject, Probe, ProbeOutcome } from './check.js';
import { probeTrials } from './probe-trials.js';
import { EVALUATE_PROBE, type ProbeJob, type ProbeReport } from './probe-job.js';
import { needsTraining } from './probe-tapes.js';
import { checkResult, untestedResult } from './verdict-of-check.js';

/** What to check, with what, and where it is kept. */
export interface ChecksSpec {
  readonly subject: CheckSubject;
  /** In the order in which their results are wanted; ids differ. */
  readonly checks: readonly Check[];
  readonly engine: JobEngine;
  /** What the runs have in common on record, as `trialScope` gives it. */
  readonly scope: TrialScope;
  /** Finished runs are kept here and not made again; left out, nothing is kept. */
  readonly store?: JobStore;
  /** Where runs go on record before they begin. */
  readonly ledger?: TrialLedger;
  /** Train models anew where a check changes what they see; otherwise such checks are left out and say so. */
  readonly retrain?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Name of the job handler, for tests. */
  readonly handler?: string;
}

type Plan = { readonly probes: readonly Probe[] } | { readonly untested: string };

const isUserError = (error: unknown): error is Error =>
  error instanceof UserError || (error instanceof Error && error.name === 'UserError');

/** What a check could not be made for, from what stopped it. */
const orReason = <T>(work: () => T): T | { readonly untested: string } => {
  try {
    return work();
  } catch (error) {
    if (isUserError(error)) return { untested: error.message };
    throw error;
  }
};

const planOf = (check: Check, subject: CheckSubject, retrain: boolean): Plan => {
  const planned = orReason(() => check.plan(subject));
  if ('untested' in planned) return planned;
  const trained = retrain ? 0 : planned.filter(probe => needsTraining(subject, probe)).length;
  return trained === 0
    ? { probes: planned }
    : {
        untested: `Its models would have to be trained anew, all of them, for ${trained === 1 ? 'a run' : `each of ${trained} runs`} on changed data; that is done only when asked for.`,
      };
};

const jobOf = ({ steps }: CheckSubject, probe: Probe | null): ProbeJob => ({
  change: { ...(probe?.config && { config: probe.config }), ...(probe?.change && { change: probe.change }) },
  steps: probe?.steps ?? steps,
  whole: probe === null,
});

/**
 * Make all checks of a subject: every run that any of them plans goes through the job engine once, the subject itself first; then each judges. Results are in the order of the checks, and the same
 * for any number of workers, interrupted or not. A check that cannot be made is `untested` and says why; one under which the strategy throws, which it does not as it is, `fail`s. Rejects when
 * the subject itself cannot be run, and with the signal's reason when aborted.
 */
export const runChecks = async (spec: ChecksSpec): Promise<readonly CheckResult[]> => {
  const { subject, checks, engine, scope, store = noStore, ledger, retrain = false, onProgress, signal, handler = EVALUATE_PROBE } = spec;
  const { shared } = subject;
  const plans = checks.map(check => planOf(check, subject, retrain));
  // The subject's own run is the first job; a probe that changes nothing is that run.
  const keyOf = ({ change, steps }: ProbeJob): string => canonicalJson({ change, steps });
  const jobs: { readonly job: ProbeJob; readonly name: string }[] = [];
  const places = new Map<string, number>();
  const placeOf = (probe: Probe | null): number => {
    const job = jobOf(subject, probe);
    const key = keyOf(job);
    const place = places.get(key) ?? jobs.push({ job, name: probe?.name ?? 'the run as it is' }) - 1;
    places.set(key, place);
    return place;
  };
  placeOf(null);
  const placesOf = plans.map(plan => ('untested' in plan ? [] : plan.probes.map(placeOf)));

  const identity = { ...scope, bundle: shared.bundle, config: shared.config, instruments: shared.instruments, platform: PLATFORM };
  const hashes = jobs.map(({ job }) => contentHash({ format: 1, handler, identity, job }));
  const reports = await Promise.all(hashes.map(hash => store.read<ProbeReport>(hash)));
  const missing = jobs.flatMap((_, i) => (reports[i] === undefined ? [i] : []));
  const reused = jobs.length - missing.length;
  let done = reused;
  const tell = (): void => onProgress?.({ done, total: jobs.length, reused });
  tell();
  const writes: Promise<void>[] = [];
  const refusals: unknown[] = [];
  const keep = (write: Promise<void>): void => {
    writes.push(write.catch((error: unknown) => void refusals.push(error)));
  };
  try {
    const fresh = await engine.run<ProbeJob, ProbeReport, EvaluationShared>(
      handler,
      missing.map(i => jobs[i]!.job),
      {
        shared,
        ...(signal && { signal }),
        name: n => jobs[missing[n]!]!.name,
        onStart: indices =>
          ledger?.begin(indices.flatMap(n => probeTrials(scope, subject, jobs[missing[n]!]!.job).flatMap(each => each ?? []))),
        onResult: (n, report) => {
          const { job } = jobs[missing[n]!]!;
          keep(store.write(hashes[missing[n]!]!, report));
          if (ledger && report.kind === 'done')
            probeTrials(scope, subject, job).forEach((trial, s) => {
              const step = report.steps[s];
              if (trial !== null && step) keep(ledger.settle(trial, { objective: null, ...step }));
            });
          done++;
          tell();
        },
      },
    );
    missing.forEach((i, n) => (reports[i] = fresh[n]!));
  } finally {
    // Finished runs are kept also when the rest was interrupted.
    await Promise.all(writes);
  }
  if (refusals.length > 0) throw refusals[0];
  const whole = reports[0]!;
  if (whole.kind !== 'done') throw new Error(`the run as it is came to nothing: ${whole.reason}`);
  const base = whole.outcome;

  return checks.map((check, i) => {
    const plan = plans[i]!;
    if ('untested' in plan) return untestedResult(check, plan.untested);
    const outcomes: ProbeOutcome[] = [];
    for (const [p, place] of placesOf[i]!.entries()) {
      const report = reports[place]!;
      const name = plan.probes[p]!.name;
      if (report.kind !== 'done')
        return report.kind === 'refused'
          ? untestedResult(check, `${name}: ${report.reason}`)
          : checkResult(check, 'fail', `It breaks off with ${name}: ${report.reason}`);
      outcomes.push(report.outcome);
    }
    const judged = orReason(() => check.judge(subject, base, outcomes));
    return 'untested' in judged ? untestedResult(check, judged.untested) : judged;
  });
};
