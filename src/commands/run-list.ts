import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, usageError, type UserError } from '../errors.js';
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

/** What to say of a run whose files are not here, and which the team knows: it stands in its list, where whoever asks has it from. Null where the team cannot be asked, or does not know one such run. */
const runElsewhere = async (workspace: Workspace, wanted: string): Promise<UserError | null> => {
  const run = await import('./registry/team-run.js').then(({ findTeamRun }) => findTeamRun(workspace, wanted)).catch(() => null);
  if (run === null) return null;
  const { runId, place, folder, isOwn } = run;
  return isOwn
    ? usageError(
        'run-removed',
        `Run "${runId}" was made here, and its files are no longer in ${folder}.`,
        'Put a copy of the folder back, or make the run again.',
      )
    : usageError(
        'run-elsewhere',
        `Run "${runId}" was made in ${place}, and its files are there, in ${folder}: the registry has its figures only.`,
        `Give the command there, or copy that folder to ${join(workspace.reports, runId)}.`,
      );
};

/** One run by its id, or by a beginning of it that no other run shares. Throws a usage error with the nearest id, or with where the team has it. */
export const findRun = async (workspace: Workspace, wanted: string): Promise<RunOnDisk> => {
  const runs = await runManifests(workspace);
  const matches = runs.filter(({ runId }) => runId === wanted);
  const candidates = matches.length > 0 ? matches : runs.filter(({ runId }) => runId.startsWith(wanted));
  const [run, another] = candidates;
  if (run === undefined)
    throw (
      (await runElsewhere(workspace, wanted)) ??
      usageError(
        'unknown-run',
        `There is no run "${wanted}" in ${workspace.reports}.${didYouMean(
          wanted,
          runs.map(({ runId }) => runId),
        )}`,
        'List them with: quantai runs',
      )
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
