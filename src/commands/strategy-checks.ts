import { setImmediate } from 'node:timers/promises';
import { localEngine } from '../cluster/local-engine.js';
import { canonicalJson } from '../datasets/canonical-json.js';
import { PLATFORM } from '../engine/platform.js';
import { UserError } from '../errors.js';
import type { CheckResult } from '../experiments/checks/check.js';
import type { LeakResult, LeakSubject } from '../experiments/checks/leak-check.js';
import { leakChecks } from '../experiments/checks/leak-checks.js';
import { runChecks } from '../experiments/checks/run-checks.js';
import { openTrialLedger } from '../experiments/trial-ledger.js';
import { trialScope } from '../experiments/trial-scope.js';
import { resolveParams } from '../strategies/params.js';
import type { NamedChecks } from './named-checks.js';
import { loadRun, tapesBefore } from './pretrained.js';
import { startProgress } from './progress.js';
import { trialsOf } from './registry/workspace-trials.js';
import type { RunSetup } from './run-setup.js';
import { strategyError } from './strategy-error.js';
import { terminal } from './terminal.js';
import { runIdOf } from './workspace.js';

/** How checks are made. */
export interface StrategyChecksOptions {
  readonly checks: NamedChecks;
  readonly cuts: number;
  readonly workers: number | undefined;
  readonly progress: boolean;
}

/** What the checks of one strategy found. */
export interface StrategyChecks {
  readonly leaks: readonly LeakResult[];
  readonly others: readonly CheckResult[];
}

/** Make checks of one strategy on the data of a run; every run on them goes on record before it begins, as one that chooses nothing. */
export const strategyChecks = async (
  setup: RunSetup,
  { checks, cuts, workers: asked, progress }: StrategyChecksOptions,
): Promise<StrategyChecks> => {
  const { workspace, settings, dataset, config, instruments, strategy: resolved } = setup;
  const { strategy } = resolved;
  const { signal } = terminal();
  const params = resolveParams(strategy.params, setup.params, values => strategy.constraint?.(values) ?? true);
  const loaded = await loadRun(setup);
  const chunks = loaded.map(({ chunk }) => chunk);
  const subject: LeakSubject = {
    strategyOn: () => strategy,
    params,
    config,
    instruments,
    chunks,
    inputs: loaded.map(({ input }) => input),
  };
  const scope = trialScope({ strategy: strategy.name, code: resolved.hash, version: dataset.manifest.version, config });
  const identity = canonicalJson({ platform: PLATFORM, scope, params, config });
  const ledger = await openTrialLedger(await trialsOf(workspace), runIdOf(`${strategy.name} checks`, dataset.id, identity), () =>
    Date.now(),
  );
  const workers = asked ?? settings.workers;
  const engine = localEngine(checks.others.length === 0 ? 1 : workers);
  try {
    let leaks: readonly LeakResult[] = [];
    if (checks.leaks.length > 0) {
      const trial = { ...scope, params, range: { from: config.from, to: config.to }, role: 'check' as const };
      await ledger.begin([trial]);
      const bar = await startProgress({ progress }, `${strategy.name}: leaks`, 1, 'runs');
      leaks = await leakChecks(subject, {
        only: checks.leaks,
        cuts,
        onProgress: async (done, total) => {
          bar.update(done, undefined, total);
          await setImmediate();
          signal.throwIfAborted();
        },
      }).finally(() => bar.stop());
      // Whether outputs change is no result that anyone could choose by.
      await ledger.settle(trial, { objective: null });
    }
    if (checks.others.length === 0) return { leaks, others: [] };
    const tapes = await tapesBefore({ progress }, setup, chunks, engine);
    const bar = await startProgress({ progress }, `${strategy.name}: fragility`, 1, 'runs');
    const others = await runChecks({
      subject: {
        strategy,
        shared: { strategy: resolved.ref, bundle: resolved.hash, instruments, config, chunks, ...(tapes && { tapes }) },
        steps: [{ params, window: { from: config.from, to: config.to } }],
        seed: config.seed,
      },
      checks: checks.others,
      engine,
      scope,
      ledger,
      signal,
      onProgress: ({ done, total, reused }) => bar.update(done, undefined, total, reused),
    }).finally(() => bar.stop());
    return { leaks, others };
  } catch (error) {
    if (signal.aborted && !(error instanceof UserError))
      throw new UserError('interrupted', 'The checks were stopped; the ledger counts what was run.', 130, 'Run the same command again.');
    throw await strategyError(error, resolved.inputs);
  } finally {
    await ledger.close();
    await engine.close();
  }
};
