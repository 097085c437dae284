import { createHash } from 'node:crypto';
import { canonicalJson } from '../../datasets/canonical-json.js';
import type { RunKind } from '../run-kinds.js';
import { runManifests, type RunOnDisk } from '../run-list.js';
import { readResult, summaryOf } from '../run-summary.js';
import type { Workspace } from '../workspace.js';

/** A finished run as a registry knows it. Its artefacts are files where it was made. */
export interface RegisteredRun {
  readonly runId: string;
  readonly kind: RunKind;
  readonly strategy: string;
  /** SHA-256 of the strategy's bundle, or `builtin:<name>`. */
  readonly bundle: string;
  readonly dataset: string;
  readonly version: string;
  /** Every dataset version that the run names. */
  readonly versions: readonly string[];
  readonly seed: number | null;
  /** SHA-256 of the canonical JSON of its configuration. */
  readonly config: string;
  readonly fingerprint: string;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly finalEquity: number | null;
  /** Who made it; null where that is not known. */
  readonly by: string | null;
  /** When its manifest was written, epoch ms. */
  readonly at: number;
  /** The workspace that made it: machine and folder; and the folder of its artefacts there. */
  readonly place: string;
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Finished runs, of a workspace or of its whole team. */
export interface RunRegistry {
  /** Registers a run whose folder is whole; once more changes nothing but what was written anew there. */
  record(run: RunOnDisk): Promise<void>;
  /** The newest first. */
  list(): Promise<readonly RegisteredRun[]>;
  /** By its id: this workspace's own, else the newest of that id. */
  get(runId: string): Promise<RegisteredRun | null>;
  /** The newest, or that of a strategy. */
  latest(strategy?: string): Promise<RegisteredRun | null>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const within = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
const finite = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** A run in `reports/` as a registry knows it. */
export const registeredRun = async (run: RunOnDisk, place: string, by: string | null): Promise<RegisteredRun> => {
  const { runId, folder, manifest, versions, written } = run;
  const result = await readResult(run).catch(() => ({}));
  const { kind, strategy, dataset, fingerprint, metrics } = summaryOf(run, result);
  const read = within(manifest, 'dataset');
  return {
    runId,
    kind,
    strategy,
    bundle: text(within(within(manifest, 'strategy'), 'bundle')),
    dataset: dataset === '' ? text(within(read, 'id')) : dataset,
    version: text(within(read, 'version')),
    versions,
    seed: finite(within(manifest, 'seed')),
    config: createHash('sha256')
      .update(canonicalJson(within(manifest, 'config') ?? null))
      .digest('hex'),
    fingerprint: fingerprint === '' ? text(within(manifest, 'fingerprint')) : fingerprint,
    metrics,
    finalEquity: finite(within(result, 'finalEquity')),
    by,
    at: written,
    place,
    folder,
    manifest,
  };
};

/** The runs of a workspace by itself: each is its folder under `reports/`. */
export const embeddedRuns = (workspace: Workspace, place: string): RunRegistry => {
  const list = async (): Promise<readonly RegisteredRun[]> =>
    Promise.all((await runManifests(workspace)).map(run => registeredRun(run, place, null)));
  return {
    // A folder with a manifest is on record.
    record: () => Promise.resolve(),
    list,
    get: async runId => (await list()).find(run => run.runId === runId) ?? null,
    latest: async strategy => (await list()).find(run => strategy === undefined || run.strategy === strategy) ?? null,
  };
};
