import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import type { LoadedSeries } from '../datasets/load-series.js';
import { PLATFORM } from '../engine/platform.js';
import type { Progress } from '../experiments/evaluations.js';
import type { ObjectiveConfig } from '../experiments/objective.js';
import type { SamplerConfig } from '../experiments/samplers/sampler-config.js';
import type { SearchSpec } from '../experiments/search-spec.js';
import { findingsOfRun, tellDataErrors } from './data-errors.js';
import { engineFor, type EngineArguments } from './engine-for.js';
import type { GlobalOptions } from './global-options.js';
import { keptWork } from './kept-work.js';
import { tapesBefore } from './pretrained.js';
import { startProgress } from './progress.js';
import { registerRun } from './registry/register-run.js';
import { trialsOf } from './registry/workspace-trials.js';
import { resumedFolder } from './resumed-folder.js';
import type { RunSetup } from './run-setup.js';
import { saveRun, type RunRecord } from './save-run.js';
import { objectiveFrom, samplerFrom, type SearchOptions } from './search-options.js';
import { strategyError } from './strategy-error.js';
import { present, say, terminal } from './terminal.js';
import { runIdOf } from './workspace.js';

/** How a user wants configurations tried, by what they are judged, and which parameters are searched at all. */
interface WantedSearch {
  readonly searched: readonly string[];
  readonly sampler: SamplerConfig;
  readonly objective: ObjectiveConfig;
}

/** The search that was asked for. Throws a usage error for one that makes no sense. */
export const wantedSearch = (args: SearchOptions, { settings, strategy, params }: RunSetup): WantedSearch => {
  const searched = Object.entries(strategy.strategy.params).flatMap(([name, { search }]) =>
    search && params[name] === undefined ? [name] : [],
  );
  const own = settings.walkforward;
  return { searched, sampler: samplerFrom(args, own, searched.length), objective: objectiveFrom(args, own) };
};

/** What the manifest of every search says; `more` is what only this kind has. */
export const searchExperiment = <E extends object>(
  { config, instruments, strategy, params }: RunSetup,
  loaded: readonly LoadedSeries[],
  { sampler, objective }: WantedSearch,
  more: E,
) => ({
  platform: PLATFORM,
  strategy: { name: strategy.strategy.name, bundle: strategy.hash },
  fixed: params,
  config,
  instruments,
  inputs: loaded.map(({ input }) => input),
  ...more,
  sampler,
  objective,
});

/**
 * Gives a search its folder, workers, forecasts and progress bar; the folder is that of one that was interrupted if it is the same `experiment`. `name` tells its run id and its bar from those of
 * a walk-forward, which has none.
 */
export const beginSearch = async (
  args: GlobalOptions & EngineArguments,
  setup: RunSetup,
  loaded: readonly LoadedSeries[],
  { sampler, objective }: WantedSearch,
  experiment: Pick<RunRecord, 'strategy'>,
  name: { readonly id: string; readonly bar: string } | null,
) => {
  const { workspace, settings, dataset, config, instruments, strategy, params } = setup;
  const own = strategy.strategy.name;
  // Before there is a folder, or a connection that would keep the process: this is what may be refused.
  const trials = await trialsOf(workspace);
  const id = runIdOf(name === null ? own : `${own} ${name.id}`, dataset.id, canonicalJson(experiment));
  const { runId, folder, resumed } = await resumedFolder(workspace, id);
  const engine = await engineFor(args, settings, workspace, runId);
  const { signal } = terminal();
  const begun = performance.now();
  const chunks = loaded.map(({ chunk }) => chunk);
  const leaveNothing = async (done: number): Promise<void> => {
    if (!signal.aborted && done === 0 && !resumed) await rm(folder, { recursive: true, force: true });
  };
  const tapes = await tapesBefore(args, setup, chunks, engine).catch(async (error: unknown) => {
    await leaveNothing(0);
    await engine.close();
    throw signal.aborted ? error : await strategyError(error, strategy.inputs);
  });
  const bar = await startProgress(args, name === null ? own : `${own}: ${name.bar}`, 1, 'runs');
  let seen: Progress = { done: 0, total: 0, reused: 0 };
  const spec: SearchSpec = {
    runId,
    strategy,
    fixed: params,
    config,
    instruments,
    data: { version: dataset.manifest.version, chunks },
    ...(tapes && { tapes }),
    sampler,
    objective,
    engine,
    folder,
    ledger: { folder: trials, clock: () => Date.now() },
    signal,
  };
  return {
    runId,
    folder,
    tapes,
    engine,
    spec,
    /** Move the bar. */
    tell: (progress: Progress, note?: string): void => {
      seen = progress;
      bar.update(progress.done, note, progress.total, progress.reused);
    },
    /** Take the bar off the screen before the work is over. */
    hideBar: (): void => bar.stop(),
    /**
     * Await the work, then let go of workers and bar. What it rejects with says what of its `units` is kept. A search of which nothing was begun leaves no folder behind that looks like an
     * interrupted one.
     */
    settle: async <R>(
      work: Promise<R>,
      units: string,
      more = (): string => '',
    ): Promise<{ readonly result: R; readonly elapsedMs: number }> => {
      try {
        const result = await keptWork(work, strategy.inputs, () => `${seen.done} of ${seen.total} ${units} are done and kept.${more()}`);
        return { result, elapsedMs: performance.now() - begun };
      } catch (error) {
        await leaveNothing(seen.done);
        throw error;
      } finally {
        bar.stop();
        await engine.close();
      }
    },
    /** Put the run on record and print what came of it. */
    conclude: async <O>(
      record: Pick<RunRecord, 'command' | 'reproduce' | 'fingerprint' | 'files'>,
      outcome: O,
      lines: (outcome: O) => string,
    ): Promise<O> => {
      const { version, synthetic, findings } = dataset.manifest;
      const run = { ...experiment, ...record, runId, dataset: { id: dataset.id, version, synthetic }, seed: config.seed };
      await saveRun(folder, run, outcome, strategy.stored);
      await registerRun(args, workspace, runId);
      // Everything in them is in the result now.
      await rm(join(folder, 'jobs'), { recursive: true, force: true });
      tellDataErrors(findingsOfRun(findings, config));
      if (synthetic) say('Synthetic data: no evidence about any market.');
      present(args, outcome, lines);
      return outcome;
    },
  };
};
