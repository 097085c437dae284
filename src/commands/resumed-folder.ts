import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from './terminal.js';
import { claimRunFolder, type Workspace } from './workspace.js';

/**
 * The folder of an experiment whose jobs are kept while it runs: one of this very experiment that was begun and not finished is gone on with, a finished one is
 * repeated beside it.
 */
export const resumedFolder = async (workspace: Workspace, id: string): Promise<{ readonly runId: string; readonly folder: string }> => {
  const begun = join(workspace.reports, id);
  const isResumed = existsSync(join(begun, 'jobs')) && !existsSync(join(begun, 'manifest.json'));
  const claimed = isResumed ? { runId: id, folder: begun } : await claimRunFolder(workspace, id);
  await mkdir(join(claimed.folder, 'jobs'), { recursive: true });
  if (isResumed) say(`Going on with ${claimed.runId}, which was interrupted.`);
  return claimed;
};
