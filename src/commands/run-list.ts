import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, usageError } from '../errors.js';
import type { Workspace } from './workspace.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** A run's folder with its `manifest.json` as it is. */
export interface RunOnDisk {
  readonly runId: string;
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Dataset versions that the run names, wherever in the manifest it does. */
  readonly versions: readonly string[];
  /** When its manifest was written, epoch ms. */
  readonly written: number;
}

/** Every `version` of every input that a manifest names, however deep: what must be kept for the run to be reproduced. */
const versionsIn = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(versionsIn)
    : isRecord(value)
      ? Object.entries(value).flatMap(([key, inner]) => (key === 'version' && typeof inner === 'string' ? [inner] : versionsIn(inner)))
      : [];

/** All runs of a workspace, the newest first. A folder without a readable manifest is no run. */
export const runManifests = async (workspace: Workspace): Promise<readonly RunOnDisk[]> => {
  const names = await readdir(workspace.reports).catch(() => []);
  const runs = await Promise.all(
    names.map(async (runId): Promise<RunOnDisk | undefined> => {
      const folder = join(workspace.reports, runId);
      try {
        const file = join(folder, 'manifest.json');
        const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
        if (!isRecord(manifest)) return undefined;
        return { runId, folder, manifest, versions: [...new Set(versionsIn(manifest))], written: (await stat(file)).mtimeMs };
      } catch {
        return undefined;
      }
    }),
  );
  return runs.filter(run => run !== undefined).sort((a, b) => b.written - a.written || (a.runId < b.runId ? -1 : 1));
};

/** One run by its id, or by a beginning of it that no other run shares. Throws a usage error with the nearest id. */
export const findRun = async (workspace: Workspace, wanted: string): Promise<RunOnDisk> => {
  const runs = await runManifests(workspace);
  const matches = runs.filter(({ runId }) => runId === wanted);
  const candidates = matches.length > 0 ? matches : runs.filter(({ runId }) => runId.startsWith(wanted));
  const [run, another] = candidates;
  if (run === undefined)
    throw usageError(
      'unknown-run',
      `There is no run "${wanted}" in ${workspace.reports}.${didYouMean(
        wanted,
        runs.map(({ runId }) => runId),
      )}`,
      'List them with: quantai runs',
    );
  if (another !== undefined)
    throw usageError(
      'ambiguous-run',
      `${candidates.length} runs begin with "${wanted}": ${candidates
        .slice(0, 10)
        .map(({ runId }) => runId)
        .join(', ')}${candidates.length > 10 ? ', …' : ''}.`,
      'Write more of it.',
    );
  return run;
};
