import { localEngine } from '../cluster/local-engine.js';
import { failed } from '../errors.js';
import type { InputRange } from '../events/feed.js';
import type { ChoiceRule } from '../experiments/choose-configuration.js';
import { crossValidate } from '../experiments/cross-validate.js';
import type { ObjectiveConfig } from '../experiments/objective.js';
import type { SamplerConfig } from '../experiments/samplers/sampler-config.js';
import { crossSplitOf } from '../experiments/splits/cross-split.js';
import type { Fold, SplitFold } from '../experiments/splits/fold.js';
import { sweep } from '../experiments/sweep.js';
import { walkForward } from '../experiments/walk-forward.js';
import type { Instrument } from '../market/instrument.js';
import { startProgress } from './progress.js';
import { loadInputs, recordedConfig, recordedStrategy } from './recorded-run.js';
import { RUN_KINDS } from './run-kinds.js';
import type { RunOnDisk } from './run-list.js';
import { terminal } from './terminal.js';
import type { Workspace } from './workspace.js';

/** Runs of many configurations. */
type SearchKind = 'walkforward' | 'sweep' | 'crossvalidate';

/** What their manifests have in common. */
interface Searched {
  readonly strategy: { readonly name: string; readonly bundle: string };
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly InputRange[];
  readonly sampler: SamplerConfig;
  readonly objective: ObjectiveConfig;
}
interface Walked extends Searched {
  readonly folds: readonly Fold[];
  readonly choose?: ChoiceRule;
  readonly inner?: number;
}
interface CrossValidated extends Searched {
  readonly folds: readonly SplitFold[];
  readonly paths: readonly (readonly number[])[];
}

const COMMON = ['strategy', 'fixed', 'instruments', 'inputs', 'sampler', 'objective'] as const;
const has = (value: object, keys: readonly string[]): boolean => keys.every(key => key in value);
const isSweep = (value: object): value is Searched => has(value, COMMON);
const isWalk = (value: object): value is Walked => has(value, [...COMMON, 'folds']);
const isCrossValidation = (value: object): value is CrossValidated => has(value, [...COMMON, 'folds', 'paths']);

/**
 * Run a kept search again, from its manifest alone, on any number of workers; returns its fingerprint. Nothing is kept of the repetition and no trial is counted: the same
 * configurations on the same windows are the same trials.
 */
export const repeatSearch = async (
  workspace: Workspace,
  run: RunOnDisk,
  kind: SearchKind,
  args: { readonly progress: boolean; readonly workers: number | undefined },
): Promise<string> => {
  const written: object = run.manifest;
  const unreadable = (): Error =>
    failed('unknown-format', `The manifest of run ${run.runId} is not that of ${RUN_KINDS[kind]}.`, 'Run it again with this release.');
  if (!isSweep(written)) throw unreadable();
  const { fixed, instruments, inputs, sampler, objective } = written;
  const strategy = await recordedStrategy(run, written.strategy);
  // Shared, so that workers read the columns without a copy.
  const loaded = await loadInputs(workspace, inputs, { shared: true });
  const engine = localEngine(args.workers);
  const bar = await startProgress(args, `${strategy.strategy.name}: ${kind}`, 1, 'runs');
  const search = {
    runId: run.runId,
    strategy,
    fixed,
    config: recordedConfig(run),
    instruments,
    data: { version: inputs[0]?.version ?? '', chunks: loaded.map(({ chunk }) => chunk) },
    sampler,
    objective,
    engine,
    signal: terminal().signal,
    onProgress: ({ done, total, reused }: { readonly done: number; readonly total: number; readonly reused: number }) =>
      bar.update(done, undefined, total, reused),
  };
  const repeat = (): Promise<{ readonly fingerprint: string }> => {
    if (kind === 'sweep') return sweep(search);
    if (kind === 'crossvalidate') {
      if (!isCrossValidation(written)) throw unreadable();
      return crossValidate({ ...search, split: crossSplitOf(written.folds, written.paths) });
    }
    if (!isWalk(written)) throw unreadable();
    const { folds, choose, inner } = written;
    return walkForward({ ...search, folds, ...(choose && { choose }), ...(inner !== undefined && { inner }) });
  };
  try {
    return (await repeat()).fingerprint;
  } finally {
    bar.stop();
    await engine.close();
  }
};
