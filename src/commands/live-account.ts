import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace.js';

/** The journal's folder of a live account, in its workspace. */
export const liveJournal = (account: string): string => `live/${account}/journal`;

/** Whether a word names a live account of the workspace, and no run. */
export const isLiveAccount = (workspace: Workspace, name: string): boolean =>
  /^\w[\w.-]*$/.test(name) && existsSync(join(workspace.root, liveJournal(name))) && !existsSync(join(workspace.reports, name));
