import { setImmediate } from 'node:timers/promises';
import type { JobEngine } from '../cluster/job-engine.js';
import { didYouMean, usageError } from '../errors.js';
import type { CheckResult, CheckSubject } from '../experiments/checks/check.js';
import { fragilityChecks, quickChecks } from '../experiments/checks/fragility-checks.js';
import { leakSubject } from '../experiments/checks/leak-check.js';
import { LEAK_CHECKS, leakChecks, type LeakCheckId } from '../experiments/checks/leak-checks.js';
import { runChecks } from '../experiments/checks/run-checks.js';
import { staleFills } from '../experiments/checks/stale-fills.js';
import type { Untested } from '../experiments/evidence/assemble-evidence.js';
import type { EvidenceThresholds } from '../experiments/evidence/thresholds.js';
import type { Progress } from '../experiments/evaluations.js';
import type { JobStore } from '../experiments/job-store.js';
import { recordTrial } from '../experiments/record-trials.js';
import type { LedgerPlace } from '../experiments/record-trials.js';
import { openTrialLedger } from '../experiments/trial-ledger.js';
import type { TrialScope } from '../experiments/trial-scope.js';
import { timeframeMs } from '../market/timeframe.js';
import type { Fill } from '../portfolio/fill.js';
import { formatDate } from '../time.js';

/** What a subject is put through, and where that is on record. */
interface EvidenceChecksSpec {
  readonly subject: CheckSubject;
  /** Fills of the run as it was. */
  readonly fills: readonly Fill[];
  readonly thresholds: EvidenceThresholds;
  readonly engine: JobEngine;
  readonly scope: TrialScope;
  readonly ledger: LedgerPlace;
  readonly store?: JobStore;
  /** What every walk-forward can afford. */
  readonly quick: boolean;
  readonly retrain: boolean;
  /** Ids of checks; all when left out. */
  readonly only?: readonly string[];
  readonly onProgress: (what: string, progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** What came of it, and what was not looked at. */
interface EvidenceChecks {
  readonly checks: readonly CheckResult[];
  readonly untested: readonly Untested[];
}

/** Leak checks that are quick: three runs and a look at the fills. */
const QUICK_LEAKS: readonly LeakCheckId[] = ['repeatable', 'causality', 'stale-fills'];
const QUICK_CUTS = 2;
const QUICK_BARS = 20_000;
const CUTS = 6;

const NOT_ASKED = 'it was not asked for';

/** Ids of every check there is, leaks first. */
const everyId = (): string[] => [...LEAK_CHECKS, ...fragilityChecks().map(({ id }) => id)];

/** Checks named by `--only`. Throws a usage error for a name that is none; `none` is no check. */
export const checksNamed = (text: string | undefined): readonly string[] | undefined => {
  if (text === undefined) return undefined;
  const ids = text === 'none' ? [] : text.split(',').map(id => id.trim());
  const known = everyId();
  const wrong = ids.find(id => !known.includes(id));
  if (wrong !== undefined)
    throw usageError('unknown-check', `There is no check "${wrong}".${didYouMean(wrong, known)}`, `Checks: ${known.join(', ')}.`);
  return ids;
};

/** Checks for leaks, in this thread. Models would be trained anew in each run, so that a strategy with models is looked at by its fills alone unless that is asked for. */
const leaksOf = async (spec: EvidenceChecksSpec): Promise<EvidenceChecks> => {
  const { subject, fills, quick, retrain, only, scope, ledger, onProgress, signal } = spec;
  const wanted = LEAK_CHECKS.filter(id => (only === undefined ? !quick || QUICK_LEAKS.includes(id) : only.includes(id)));
  const leaky = leakSubject(subject);
  if (wanted.length === 0) return { checks: [], untested: [{ what: 'Knowledge that it cannot have', why: NOT_ASKED }] };
  if (leaky === null) return { checks: [], untested: [{ what: 'Knowledge that it cannot have', why: 'nothing was traded' }] };
  const { chunks, config, instruments } = subject.shared;
  const fillsChecked = wanted.includes('stale-fills') ? [staleFills({ fills, chunks, config, instruments })] : [];
  const rerun = wanted.filter(id => id !== 'stale-fills');
  if (subject.strategy.forecasts !== undefined && !retrain)
    return {
      checks: fillsChecked,
      untested:
        rerun.length > 0
          ? [
              {
                what: 'Knowledge that it cannot have',
                why: 'its models would have to be trained anew for each run; --retrain does that, as does quantai verify causality',
              },
            ]
          : [],
    };
  const skipped = quick && only === undefined ? LEAK_CHECKS.filter(id => !wanted.includes(id)) : [];
  if (rerun.length === 0) return { checks: fillsChecked, untested: [] };
  const { from, to } = leaky.config;
  // Every bar's outputs are held in memory; a leak is in the code, and shows in any stretch.
  const begin = quick ? Math.max(from, to - QUICK_BARS * timeframeMs(config.timeframe)) : from;
  const checks = await recordTrial(
    ledger,
    // Under the trial that it is a check of: whether outputs change is no result that anyone could choose by, and adds nothing to N.
    { ...scope, params: leaky.params, range: leaky.window, role: 'check' },
    () =>
      leakChecks(
        { ...leaky, config: { ...leaky.config, from: begin } },
        {
          only: rerun,
          cuts: quick ? QUICK_CUTS : CUTS,
          onProgress: async (done, total) => {
            onProgress('leaks', { done, total, reused: 0 });
            await setImmediate();
            signal.throwIfAborted();
          },
        },
      ),
    () => ({ objective: null }),
  );
  return {
    checks: [...checks, ...fillsChecked],
    untested: [
      ...skipped.map(id => ({ what: `Leak check ${id}`, why: 'quick checks leave it out' })),
      ...(begin > from
        ? [
            {
              what: `The future replaced before ${formatDate(begin)}`,
              why: `quick checks look at the last ${QUICK_BARS.toLocaleString('en-GB')} bars`,
            },
          ]
        : []),
    ],
  };
};

/** Checks of fragility and chance, over the job port. */
const fragilityOf = async (spec: EvidenceChecksSpec): Promise<EvidenceChecks> => {
  const { subject, thresholds, engine, scope, ledger, store, quick, retrain, only, onProgress, signal } = spec;
  const options = { survives: thresholds.costMultiple };
  const all = fragilityChecks(options);
  const checks = only === undefined ? (quick ? quickChecks(options) : all) : all.filter(({ id }) => only.includes(id));
  const left = all.filter(({ id }) => checks.every(check => check.id !== id));
  const untested = left.map(({ title }) => ({ what: title, why: quick && only === undefined ? 'quick checks leave it out' : NOT_ASKED }));
  if (checks.length === 0) return { checks: [], untested };
  if (subject.steps.every(({ params }) => params === null))
    return { checks: [], untested: [{ what: 'Fragility', why: 'nothing was traded' }] };
  const open = await openTrialLedger(ledger.folder, ledger.runId, ledger.clock);
  try {
    const results = await runChecks({
      subject,
      checks,
      engine,
      scope,
      ...(store && { store }),
      ledger: open,
      retrain,
      onProgress: progress => onProgress('checks', progress),
      signal,
    });
    return { checks: results, untested };
  } finally {
    await open.close();
  }
};

/** Put a run through its checks, leaks first. Every run of the strategy is on the ledger before it begins. */
export const evidenceChecks = async (spec: EvidenceChecksSpec): Promise<EvidenceChecks> => {
  const leaks = await leaksOf(spec);
  const fragility = await fragilityOf(spec);
  return { checks: [...leaks.checks, ...fragility.checks], untested: [...leaks.untested, ...fragility.untested] };
};
