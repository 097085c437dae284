import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badData } from '../errors.js';
import { medianMetrics } from '../experiments/median-metrics.js';
import { runKind, type RunKind } from './run-kinds.js';
import { runManifests, type RunOnDisk } from './run-list.js';
import type { Workspace } from './workspace.js';

/** What `result.json` in a run's folder says: the very document that `--json` printed. */
export interface RunSummary {
  readonly runId: string;
  readonly kind: RunKind;
  readonly strategy: string;
  readonly dataset: string;
  readonly fingerprint: string;
  /** Of a walk-forward: out of sample; of a cross-validation: medians over its paths; of a sweep: of the configuration it recommends, in sample. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly report: string;
  readonly folder: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
/** `result.json` of a run. Throws bad data when it is gone or damaged. */
export const readResult = async ({ runId, folder }: Pick<RunOnDisk, 'runId' | 'folder'>): Promise<unknown> => {
  const file = join(folder, 'result.json');
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'damaged' : 'missing';
    throw badData('damaged-run', `${file} is ${why}: run ${runId} is not whole.`, 'Run it again with the command in its manifest.json.');
  }
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const figures = (value: unknown): Readonly<Record<string, number | null>> =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, figure]) => [name, typeof figure === 'number' ? figure : null]))
    : {};

const metricsOf = (kind: RunKind, outcome: Readonly<Record<string, unknown>>): RunSummary['metrics'] => {
  switch (kind) {
    case 'walkforward':
      return figures(outcome['outOfSample']);
    case 'crossvalidate':
      return Array.isArray(outcome['paths']) ? medianMetrics(outcome['paths'].map(figures)) : {};
    default:
      return figures(outcome['metrics']);
  }
};

/** A run with its figures. Throws bad data when they are gone. */
export const runSummary = async (run: RunOnDisk): Promise<RunSummary> => summaryOf(run, await readResult(run));

/** A run with the figures of a result that was read. */
export const summaryOf = ({ runId, folder, manifest }: RunOnDisk, result: unknown): RunSummary => {
  const outcome = isRecord(result) ? result : {};
  // Manifests older than `command` are of backtests and walk-forwards.
  const kind = runKind(manifest) ?? (Array.isArray(outcome['folds']) ? 'walkforward' : 'backtest');
  const strategy = manifest['strategy'];
  return {
    runId,
    kind,
    strategy: isRecord(strategy) ? text(strategy['name']) : text(outcome['strategy']),
    dataset: text(outcome['dataset']),
    fingerprint: text(outcome['fingerprint']),
    metrics: metricsOf(kind, outcome),
    report: join(folder, 'report.html'),
    folder,
  };
};

/** Every run of the workspace, the newest first. One whose figures are gone is listed without any. */
export const runSummaries = async (workspace: Workspace): Promise<readonly RunSummary[]> =>
  Promise.all((await runManifests(workspace)).map(async run => summaryOf(run, await readResult(run).catch(() => ({})))));
