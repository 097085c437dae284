import { datasetFeed } from '../datasets/replay.js';
import { openDataset } from '../datasets/catalogue.js';
import { failed, UserError } from '../errors.js';
import { backtest } from '../sim/backtest.js';
import { readConfig } from './config-file.js';
import { recordRerun } from './record-rerun.js';
import { recordedManifest, recordedStrategy } from './recorded-run.js';
import { repeatSearch } from './repeat-search.js';
import { runKind } from './run-kinds.js';
import { findRun, type RunOnDisk } from './run-list.js';
import { present, terminal } from './terminal.js';
import { finerBars } from './run-depth.js';
import { workspaceAt, type Workspace } from './workspace.js';

const repeatBacktest = async (workspace: Workspace, run: RunOnDisk): Promise<string> => {
  const manifest = recordedManifest(run);
  const { params, config, instruments, inputs, strategy: named } = manifest;
  const { strategy, hash } = await recordedStrategy(run, named);
  const [first] = inputs;
  const dataset = await openDataset(workspace.root, `${first?.dataset ?? ''}@${first?.version ?? ''}`);
  const feed = await datasetFeed(dataset, {
    symbols: config.symbols,
    timeframe: config.timeframe,
    ...finerBars(config),
    kinds: ['bars'],
    optionalKinds: [...new Set(inputs.map(({ kind }) => kind))].filter(kind => kind !== 'bars'),
    to: config.to,
  });
  const { signal } = terminal();
  const spec = { strategy, params, bundle: hash, config, instruments, feed, keepFacts: false, signal };
  return (await recordRerun(workspace, run, manifest, hash, () => backtest(spec))).fingerprint;
};

/** Run a kept backtest or search again from its manifest, and fail when the fingerprint differs. */
export const repeatRun = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly progress: boolean;
  readonly run: string;
  readonly workers?: number | undefined;
}): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const run = await findRun(workspace, args.run);
  const { runId, manifest } = run;
  const recorded = String(manifest['fingerprint']);
  const kind = runKind(manifest);
  const work =
    kind === 'walkforward' || kind === 'sweep' || kind === 'crossvalidate'
      ? repeatSearch(workspace, run, kind, { ...args, workers: args.workers ?? (await readConfig(workspace)).workers })
      : repeatBacktest(workspace, run);
  const repeated = await work.catch((error: unknown) => {
    if (!terminal().signal.aborted) throw error;
    throw new UserError('interrupted', 'The repetition was stopped; nothing was compared.', 130);
  });
  const same = repeated === recorded;
  present(args, { runId, same, recorded, repeated }, result =>
    [`recorded ${result.recorded}`, `repeated ${result.repeated}`, result.same ? 'The same.' : 'NOT the same.'].join('\n'),
  );
  if (!same)
    throw failed(
      'fingerprint-differs',
      `Run ${runId} cannot be reproduced.`,
      'Compare the platform’s version in its manifest.json with `quantai --version`.',
    );
};
