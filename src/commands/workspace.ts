import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usageError } from '../errors.js';

/** The folders of a workspace, absolute. None needs to exist before something is written into it. */
export interface Workspace {
  readonly root: string;
  readonly datasets: string;
  readonly reports: string;
  readonly ledger: string;
  /** Saved sets of models with their versions. */
  readonly models: string;
  /** Tables of features and their reports; all of it can be made again. */
  readonly features: string;
  readonly cache: string;
  /** Bundled strategies and type checks. */
  readonly bundles: string;
  /** Trained models by what they were made from. */
  readonly trainings: string;
  readonly configFile: string;
}

/** The workspace at a folder: `--workspace`, else `QUANTAI_HOME`, else the current folder. Throws when the folder does not exist. */
export const workspaceAt = (folder: string): Workspace => {
  const root = resolve(folder);
  const info = statSync(root, { throwIfNoEntry: false });
  if (info && !info.isDirectory()) throw usageError('no-workspace', `${root} is a file, not a folder.`, 'Name a folder with --workspace.');
  if (!info) throw usageError('no-workspace', `There is no folder ${root}.`, 'Create it, or name another with --workspace.');
  const cache = join(root, '.cache');
  return {
    root,
    datasets: join(root, 'datasets'),
    reports: join(root, 'reports'),
    ledger: join(root, 'ledger'),
    models: join(root, 'models'),
    features: join(root, 'features'),
    cache,
    bundles: join(cache, 'bundles'),
    trainings: join(cache, 'trainings'),
    configFile: join(root, 'quantai.config.ts'),
  };
};

/** Text as part of a run id: lower case, digits and single dashes. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/**
 * A run's readable name: what ran on what, and the beginning of the SHA-256 of its manifest's canonical JSON, so that the same run has the
 * same name anywhere: `sma-cross-btc-3f9a12cd`.
 */
export const runIdOf = (strategy: string, dataset: string, manifest: string): string =>
  `${slug(strategy)}-${slug(dataset)}-${createHash('sha256').update(manifest).digest('hex').slice(0, 8)}`;

/** Make a run's folder under `reports/`; a repeated run gets `-2`, `-3`… Two processes never get the same one. */
export const claimRunFolder = async (workspace: Workspace, id: string): Promise<{ readonly runId: string; readonly folder: string }> => {
  await mkdir(workspace.reports, { recursive: true });
  for (let n = 1; ; n++) {
    const runId = n === 1 ? id : `${id}-${n}`;
    const folder = join(workspace.reports, runId);
    try {
      await mkdir(folder);
      return { runId, folder };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EEXIST') continue;
      throw error;
    }
  }
};
