import { memoryFeed } from '../datasets/memory-feed.js';
import type { RunManifest, RunResult } from '../engine/run-result.js';
import type { Fact } from '../events/fact.js';
import type { Bar } from '../events/market.js';
import { inlineTrainer, recordedTrainer } from '../models/trainer.js';
import { backtest } from '../sim/backtest.js';
import type { TraceEntry } from '../sim/matching/market.js';
import { recordRerun } from './record-rerun.js';
import { loadInputs, recordedStrategy } from './recorded-run.js';
import type { RunOnDisk } from './run-list.js';
import { terminal } from './terminal.js';
import type { Workspace } from './workspace.js';

/** Run a kept backtest again from the rows that its manifest names, with the trainings that its facts record. `trace` hears what happens to orders at the venue, `observe` sees what the strategy sees. */
export const rerun = async (
  workspace: Workspace,
  run: RunOnDisk,
  manifest: RunManifest,
  recorded: readonly Fact[],
  trace?: (entry: TraceEntry) => void,
  observe?: (bar: Bar, values: Readonly<Record<string, unknown>>) => void,
): Promise<RunResult> => {
  const { strategy, hash } = await recordedStrategy(run, manifest.strategy);
  const loaded = await loadInputs(workspace, manifest.inputs);
  const spec = {
    strategy,
    params: manifest.params,
    bundle: hash,
    config: manifest.config,
    instruments: manifest.instruments,
    feed: memoryFeed(
      loaded.map(({ chunk }) => chunk),
      { inputs: manifest.inputs },
    ),
    trainer: recordedTrainer(inlineTrainer(undefined, terminal().signal), recorded),
    ...(trace && { trace }),
    ...(observe && { observe }),
    signal: terminal().signal,
  };
  return recordRerun(workspace, run, manifest, hash, () => backtest(spec));
};
