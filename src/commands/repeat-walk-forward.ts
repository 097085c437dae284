import { inProcessEngine } from '../cluster/in-process.js';
import { piscinaEngine } from '../cluster/piscina.js';
import { failed } from '../errors.js';
import type { InputRange } from '../events/feed.js';
import type { ChoiceRule } from '../experiments/choose-configuration.js';
import type { ObjectiveConfig } from '../experiments/objective.js';
import type { SamplerConfig } from '../experiments/samplers/sampler-config.js';
import type { Fold } from '../experiments/splits/fold.js';
import { walkForward } from '../experiments/walk-forward.js';
import type { Instrument } from '../market/instrument.js';
import { startProgress } from './progress.js';
import { loadInputs, recordedConfig, recordedStrategy } from './recorded-run.js';
import type { RunOnDisk } from './run-list.js';
import { terminal } from './terminal.js';
import type { Workspace } from './workspace.js';

/** A walk-forward as its manifest has it. */
interface Experiment {
  readonly strategy: { readonly name: string; readonly bundle: string };
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly InputRange[];
  readonly folds: readonly Fold[];
  readonly sampler: SamplerConfig;
  readonly objective: ObjectiveConfig;
  readonly choose?: ChoiceRule;
  readonly inner?: number;
}

const isExperiment = (value: object): value is Experiment =>
  ['strategy', 'fixed', 'instruments', 'inputs', 'folds', 'sampler', 'objective'].every(key => key in value);

/**
 * Run a kept walk-forward again, from its manifest alone, on any number of workers; returns its fingerprint. Nothing is kept of the repetition and no trial
 * is counted: the same configurations on the same windows are the same trials.
 */
export const repeatWalkForward = async (
  workspace: Workspace,
  run: RunOnDisk,
  args: { readonly progress: boolean; readonly workers: number | undefined },
): Promise<string> => {
  const written: object = run.manifest;
  if (!isExperiment(written))
    throw failed('unknown-format', `The manifest of run ${run.runId} is not that of a walk-forward.`, 'Run the walk-forward again.');
  const { fixed, instruments, inputs, folds, sampler, objective, choose, inner } = written;
  const strategy = await recordedStrategy(run, written.strategy);
  // Shared, so that workers read the columns without a copy.
  const loaded = await loadInputs(workspace, inputs, { shared: true });
  const engine = args.workers === 1 ? inProcessEngine() : piscinaEngine(args.workers === undefined ? {} : { workers: args.workers });
  const bar = await startProgress(args, strategy.strategy.name, 1, 'runs');
  try {
    const { fingerprint } = await walkForward({
      runId: run.runId,
      strategy,
      fixed,
      config: recordedConfig(run),
      instruments,
      data: { version: inputs[0]?.version ?? '', chunks: loaded.map(({ chunk }) => chunk) },
      folds,
      sampler,
      objective,
      ...(choose && { choose }),
      ...(inner !== undefined && { inner }),
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
