import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from './terminal.js';
import { claimRunFolder, type Workspace } from './workspace.js';

/** The run of this very experiment that was begun and not finished; undefined where there is none. */
const begunRun = (workspace: Workspace, id: string): { readonly runId: string; readonly folder: string } | undefined => {
  for (let n = 1; ; n++) {
    const runId = n === 1 ? id : `${id}-${n}`;
    const folder = join(workspace.reports, runId);
    if (!existsSync(folder)) return undefined;
    if (existsSync(join(folder, 'jobs')) && !existsSync(join(folder, 'manifest.json'))) return { runId, folder };
  }
};

/**
 * The folder of an experiment whose jobs are kept while it runs: one of this very experiment that was begun and not finished is gone on with, a finished one is
 * repeated beside it.
 */
export const resumedFolder = async (
  workspace: Workspace,
  id: string,
): Promise<{ readonly runId: string; readonly folder: string; readonly resumed: boolean }> => {
  const begun = begunRun(workspace, id);
  const { runId, folder } = begun ?? (await claimRunFolder(workspace, id));
  await mkdir(join(folder, 'jobs'), { recursive: true });
  if (begun) say(`Going on with ${runId}, which was interrupted.`);
  return { runId, folder, resumed: begun !== undefined };
};
