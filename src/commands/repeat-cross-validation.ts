import { inProcessEngine } from '../cluster/in-process.js';
import { piscinaEngine } from '../cluster/piscina.js';
import { failed } from '../errors.js';
import type { InputRange } from '../events/feed.js';
import { crossValidate } from '../experiments/cross-validate.js';
import type { ObjectiveConfig } from '../experiments/objective.js';
import type { SamplerConfig } from '../experiments/samplers/sampler-config.js';
import { crossSplitOf } from '../experiments/splits/cross-split.js';
import type { SplitFold } from '../experiments/splits/fold.js';
import type { Instrument } from '../market/instrument.js';
import { startProgress } from './progress.js';
import { loadInputs, recordedConfig, recordedStrategy } from './recorded-run.js';
import type { RunOnDisk } from './run-list.js';
import { terminal } from './terminal.js';
import type { Workspace } from './workspace.js';

/** A cross-validation as its manifest has it. */
interface Experiment {
  readonly strategy: { readonly name: string; readonly bundle: string };
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly InputRange[];
  readonly folds: readonly SplitFold[];
  readonly paths: readonly (readonly number[])[];
  readonly sampler: SamplerConfig;
  readonly objective: ObjectiveConfig;
}

const isExperiment = (value: object): value is Experiment =>
  ['strategy', 'fixed', 'instruments', 'inputs', 'folds', 'paths', 'sampler', 'objective'].every(key => key in value);

/** Run a kept cross-validation again from its manifest alone; returns its fingerprint. Nothing is kept of the repetition, and its trials are those of before. */
export const repeatCrossValidation = async (
  workspace: Workspace,
  run: RunOnDisk,
  args: { readonly progress: boolean; readonly workers: number | undefined },
): Promise<string> => {
  const written: object = run.manifest;
  if (!isExperiment(written))
    throw failed('unknown-format', `The manifest of run ${run.runId} is not that of a cross-validation.`, 'Run it again.');
  const { fixed, instruments, inputs, folds, paths, sampler, objective } = written;
  const strategy = await recordedStrategy(run, written.strategy);
  const loaded = await loadInputs(workspace, inputs, { shared: true });
  const engine = args.workers === 1 ? inProcessEngine() : piscinaEngine(args.workers === undefined ? {} : { workers: args.workers });
  const bar = await startProgress(args, strategy.strategy.name, 1, 'runs');
  try {
    const { fingerprint } = await crossValidate({
      runId: run.runId,
      strategy,
      fixed,
      config: recordedConfig(run),
      instruments,
      data: { version: inputs[0]?.version ?? '', chunks: loaded.map(({ chunk }) => chunk) },
      split: crossSplitOf(folds, paths),
      sampler,
      objective,
      engine,
      signal: terminal().signal,
      onProgress: ({ done, total, reused }) => bar.update(done, `${folds.length} folds`, total, reused),
    });
    return fingerprint;
  } finally {
    bar.stop();
    await engine.close();
  }
};
