import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { openDataset } from '../datasets/catalogue.js';
import { loadAllSeries, type LoadedSeries } from '../datasets/load-series.js';
import { RunConfig } from '../engine/run-config.js';
import type { RunManifest } from '../engine/run-result.js';
import { badData, failed, usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { InputRange } from '../events/feed.js';
import { ParquetJournal } from '../journal/parquet.js';
import { RUN_TABLES } from '../journal/tables.js';
import { openStoredBundle } from '../strategies/bundle.js';
import { loadStrategy, type StrategyRef } from '../strategies/load.js';
import type { Strategy } from '../strategies/strategy.js';
import { RUN_KINDS, runKind } from './run-kinds.js';
import type { RunOnDisk } from './run-list.js';
import type { Workspace } from './workspace.js';

/** Whether a run is a backtest. Throws a usage error that says what to do with any other. */
export const requireBacktest = ({ runId, manifest }: RunOnDisk): void => {
  const kind = runKind(manifest) ?? 'backtest';
  if (kind === 'backtest') return;
  throw usageError(
    'not-a-backtest',
    `Run ${runId} is ${RUN_KINDS[kind]}: ${kind === 'walkforward' ? 'its searches keep' : 'it keeps'} no journal.`,
    `Verify it with: quantai verify fingerprint ${runId}`,
  );
};

/** The configuration that a run's manifest holds, checked. */
export const recordedConfig = ({ runId, manifest }: RunOnDisk): RunConfig => {
  const parsed = RunConfig.safeParse(manifest['config']);
  if (parsed.success) return parsed.data;
  throw failed(
    'unknown-format',
    `The manifest of run ${runId} holds no configuration that this release knows: ${parsed.error.issues[0]?.path.join('.') ?? ''}.`,
    'Run it again with the command in its manifest.json.',
  );
};

/** What was read, with the ranges of empty series as they were. JSON has no infinities. */
const restored = (input: InputRange): InputRange => ({ ...input, from: input.from ?? -Infinity, to: input.to ?? -Infinity });

const isManifest = (value: object): value is RunManifest =>
  'platform' in value &&
  'strategy' in value &&
  'params' in value &&
  'instruments' in value &&
  'inputs' in value &&
  Array.isArray(value.inputs);

/** The run's manifest as the run had it. Throws when the file is none. */
export const recordedManifest = (run: RunOnDisk): RunManifest => {
  const config = recordedConfig(run);
  const written: object = run.manifest;
  if (!isManifest(written))
    throw failed('unknown-format', `The manifest of run ${run.runId} is not that of a backtest.`, 'Run the backtest again.');
  const { platform, strategy, params, instruments, inputs } = written;
  return { platform, strategy, params, config, instruments, inputs: inputs.map(restored) };
};

/** SHA-256 of a manifest's canonical JSON: the name under which a run begins. */
export const manifestHash = (manifest: RunManifest): string => createHash('sha256').update(canonicalJson(manifest)).digest('hex');

/** The code that a run ran: the bundle kept with it, or a built-in strategy. Throws when the bundle is not the one that ran. */
export const recordedStrategy = async (
  { runId, folder }: RunOnDisk,
  { name, bundle }: RunManifest['strategy'],
): Promise<{ readonly ref: StrategyRef; readonly hash: string; readonly strategy: Strategy }> => {
  const stored = join(folder, 'strategy.mjs');
  if (!existsSync(stored)) {
    const ref = { builtin: bundle.startsWith('builtin:') ? bundle.slice('builtin:'.length) : name };
    return { ref, hash: bundle, strategy: await loadStrategy(ref) };
  }
  const hash = createHash('sha256')
    .update(await readFile(stored))
    .digest('hex');
  if (hash !== bundle)
    throw failed('altered-strategy', `${stored} was altered: run ${runId} ran other code.`, 'Restore it, or run the strategy again.');
  const ref = { bundle: await openStoredBundle(stored) };
  return { ref, hash, strategy: await loadStrategy(ref) };
};

/** The journal of a run in its folder. */
export const recordedJournal = ({ folder }: RunOnDisk): ParquetJournal => new ParquetJournal(join(folder, RUN_TABLES.events.file));

/** Every fact of a journal. Throws bad data when the file is none. */
export const recordedFacts = async (journal: ParquetJournal): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  try {
    for await (const fact of journal.read()) facts.push(fact);
  } catch (error) {
    if (error instanceof Error && error.name === 'UserError') throw error;
    throw badData(
      'unreadable-journal',
      `${journal.path} cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      'Run the backtest again.',
    );
  }
  return facts;
};

/** What a journal says was read, in that order. */
export const consumedInputs = (facts: readonly Fact[]): readonly InputRange[] =>
  facts.flatMap(fact => (fact.type === 'InputConsumed' ? [restored(fact.input)] : []));

/** Half a microsecond: more than the resolution of an epoch in milliseconds as a double, less than any step between two data. */
const PAST = 0.0005;

/**
 * The very rows that a run read, from the dataset versions that it names. Throws bad data when a dataset no longer gives them.
 */
export const loadInputs = async (
  workspace: Workspace,
  inputs: readonly InputRange[],
  options: { readonly shared?: boolean } = {},
): Promise<readonly LoadedSeries[]> => {
  const loaded: (LoadedSeries | undefined)[] = inputs.map(() => undefined);
  for (const name of new Set(inputs.map(({ dataset, version }) => `${dataset}@${version}`))) {
    const of = inputs.flatMap((input, i) => (`${input.dataset}@${input.version}` === name ? [i] : []));
    const selections = of.map(i => {
      const { symbol, kind, timeframe, from, to } = inputs[i] as InputRange;
      return { symbol, kind, timeframe, from, to: to + PAST };
    });
    const series = await loadAllSeries(await openDataset(workspace.root, name), selections, options);
    of.forEach((i, k) => (loaded[i] = series[k]));
  }
  return loaded.flatMap((series, i) => {
    const input = inputs[i];
    if (series === undefined || input === undefined) return [];
    if (series.input.rows !== input.rows)
      throw badData(
        'other-input',
        `The run read ${input.rows} rows of ${input.kind} of ${input.symbol} from ${input.dataset}@${input.version.slice(0, 12)}, which has ${series.input.rows} there.`,
        'Check the dataset with: quantai data check',
      );
    return [{ chunk: series.chunk, input }];
  });
};
