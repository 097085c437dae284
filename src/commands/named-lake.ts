import { usageError } from '../errors.js';
import { readConfig } from './config-file.js';
import type { Workspace } from './workspace.js';

/** The lake that a command is to use: `--lake`, else `QUANTAI_LAKE`, else the workspace's. Throws a usage error where none is named. */
export const namedLake = async (given: string | undefined, workspace: Workspace): Promise<string> => {
  const { cluster } = await readConfig(workspace);
  const named = [given, process.env['QUANTAI_LAKE'], cluster.lake].find(text => text !== undefined && text !== '');
  if (named !== undefined) return named;
  throw usageError('no-lake', 'No lake is named.', 'Give --lake with a folder or an address, or set QUANTAI_LAKE.');
};
