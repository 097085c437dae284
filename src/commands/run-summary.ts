import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runManifests, type RunOnDisk } from './run-list.js';
import type { Workspace } from './workspace.js';

/** What `result.json` in a run's folder says: the very document that `--json` printed. */
export interface RunSummary {
  readonly runId: string;
  readonly kind: 'backtest' | 'walkforward';
  readonly strategy: string;
  readonly dataset: string;
  readonly fingerprint: string;
  /** Of a walk-forward: out of sample. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly report: string;
  readonly folder: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const figures = (value: unknown): Readonly<Record<string, number | null>> =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, figure]) => [name, typeof figure === 'number' ? figure : null]))
    : {};

/** A run as a line of a list. */
export const runSummary = async ({ runId, folder, manifest }: RunOnDisk): Promise<RunSummary> => {
  const result: unknown = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8').catch(() => '{}'));
  const outcome = isRecord(result) ? result : {};
  const isWalk = Array.isArray(outcome['folds']);
  const strategy = manifest['strategy'];
  return {
    runId,
    kind: isWalk ? 'walkforward' : 'backtest',
    strategy: isRecord(strategy) ? text(strategy['name']) : text(outcome['strategy']),
    dataset: text(outcome['dataset']),
    fingerprint: text(outcome['fingerprint']),
    metrics: figures(isWalk ? outcome['outOfSample'] : outcome['metrics']),
    report: join(folder, 'report.html'),
    folder,
  };
};

/** Every run of the workspace, the newest first. */
export const runSummaries = async (workspace: Workspace): Promise<readonly RunSummary[]> =>
  Promise.all((await runManifests(workspace)).map(runSummary));
