import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../datasets/catalogue.js';
import { datasetFeed } from '../datasets/replay.js';
import { failed, usageError } from '../errors.js';
import { backtest } from '../sim/backtest.js';
import { openStoredBundle } from '../strategies/bundle.js';
import { loadStrategy } from '../strategies/load.js';
import { readKeptReport } from './kept-report.js';
import { findRun } from './run-list.js';
import { present, terminal } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** Run a kept backtest again from what was kept of it, and fail when the fingerprint differs. */
export const repeatRun = async (args: { readonly workspace: string; readonly json: boolean; readonly run: string }): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { runId, folder } = await findRun(workspace, args.run);
  const kept = await readKeptReport(folder, runId);
  if (kept.kind !== 'backtest')
    throw usageError(
      'not-a-backtest',
      `Run ${runId} is a walk-forward.`,
      'Run the command in its manifest.json again: its fingerprint must be the same.',
    );
  const { manifest, fingerprint } = kept.input.result;
  const stored = join(folder, 'strategy.mjs');
  const strategy = await loadStrategy(
    existsSync(stored) ? { bundle: await openStoredBundle(stored) } : { builtin: manifest.strategy.name },
  );
  const dataset = await openDataset(workspace.root, kept.dataset);
  const kinds = [...new Set(manifest.inputs.map(({ kind }) => kind))];
  const feed = await datasetFeed(dataset, {
    symbols: manifest.config.symbols,
    timeframe: manifest.config.timeframe,
    kinds: ['bars'],
    optionalKinds: kinds.filter(kind => kind !== 'bars'),
    to: manifest.config.to,
  });
  const again = await backtest({
    strategy,
    params: manifest.params,
    bundle: manifest.strategy.bundle,
    config: manifest.config,
    instruments: manifest.instruments,
    feed,
    keepFacts: false,
    signal: terminal().signal,
  });
  const same = again.fingerprint === fingerprint;
  present(args, { runId, same, recorded: fingerprint, repeated: again.fingerprint }, result =>
    [`recorded ${result.recorded}`, `repeated ${result.repeated}`, result.same ? 'The same.' : 'NOT the same.'].join('\n'),
  );
  if (!same)
    throw failed(
      'fingerprint-differs',
      `Run ${runId} cannot be reproduced.`,
      'Compare the platform’s version in its manifest.json with `quantai --version`.',
    );
};
