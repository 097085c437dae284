import { canonicalJson } from '../../datasets/canonical-json.js';
import { UserError } from '../../errors.js';
import type { Check, CheckResult, CheckSubject, Probe, ProbeOutcome } from './check.js';
import type { ProbeJob } from './probe-job.js';
import { probeRuns, type NamedProbe, type ProbeRunsOptions } from './probe-runs.js';
import { needsTraining } from './probe-tapes.js';
import { checkResult, NO_PROFIT, profitOf, untestedResult } from './verdict-of-check.js';

/** What to check, with what, and where it is kept. */
export interface ChecksSpec extends ProbeRunsOptions {
  readonly subject: CheckSubject;
  /** In the order in which their results are wanted; ids differ. */
  readonly checks: readonly Check[];
  /** Train models anew where a check changes what they see; otherwise such checks are left out and say so. */
  readonly retrain?: boolean;
}

type Plan = { readonly probes: readonly Probe[] } | { readonly untested: string };

const isUserError = (error: unknown): error is Error =>
  error instanceof UserError || (error instanceof Error && error.name === 'UserError');

/** What came of the work, or the mistake that kept it from being done. */
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

/** All jobs once, the subject as it is first; and for each plan the places of its probes among them. A probe that changes nothing is the first. */
const distinctJobs = (subject: CheckSubject, plans: readonly Plan[]) => {
  const jobs: NamedProbe[] = [];
  const known = new Map<string, number>();
  const placeOf = (probe: Probe | null): number => {
    const job = jobOf(subject, probe);
    const { change, steps } = job;
    const key = canonicalJson({ change, steps });
    const place = known.get(key) ?? jobs.push({ job, name: probe?.name ?? 'the run as it is' }) - 1;
    known.set(key, place);
    return place;
  };
  placeOf(null);
  return { jobs, places: plans.map(plan => ('untested' in plan ? [] : plan.probes.map(placeOf))) };
};

/**
 * Make all checks of a subject: it is run as it is, then every run that any of the checks plans goes through the job engine once, then each judges. Results are in the order of the checks, and
 * the same for any number of workers, interrupted or not. A check that cannot be made is `untested` and says why; one under which the strategy throws, which it does not as it is, `fail`s.
 * Rejects when the subject itself cannot be run, and with the signal's reason when aborted.
 */
export const runChecks = async ({ subject, checks, retrain = false, ...options }: ChecksSpec): Promise<readonly CheckResult[]> => {
  const runs = probeRuns(subject, options);
  const planned = checks.map(check => planOf(check, subject, retrain));
  const expected = distinctJobs(subject, planned);
  runs.expect(expected.jobs.length);
  const [whole] = await runs.run(expected.jobs.slice(0, 1));
  if (whole?.kind !== 'done') throw new Error(`the run as it is came to nothing: ${whole?.reason}`);
  const base = whole.outcome;

  const earns = profitOf(base) !== null;
  const plans = checks.map((check, i): Plan => (check.needsProfit && !earns ? { untested: NO_PROFIT } : planned[i]!));
  const { jobs, places } = distinctJobs(subject, plans);
  runs.expect(jobs.length);
  const reports = [whole, ...(await runs.run(jobs.slice(1)))];

  return checks.map((check, i) => {
    const plan = plans[i]!;
    if ('untested' in plan) return untestedResult(check, plan.untested);
    const outcomes: ProbeOutcome[] = [];
    for (const [p, place] of places[i]!.entries()) {
      const report = reports[place]!;
      const { name } = plan.probes[p]!;
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
