import { usageError } from '../../errors.js';
import type { Workspace } from '../workspace.js';
import { registryUrl } from './registry-place.js';

/** URL of the registry that is named. Throws a usage error where the workspace is by itself. */
export const namedRegistry = async (workspace: Workspace): Promise<string> => {
  const url = await registryUrl(workspace);
  if (url !== null) return url;
  throw usageError(
    'no-registry',
    'No registry is named: this workspace keeps its own files.',
    'Name one with --registry postgres://user@host/database, QUANTAI_REGISTRY, or registry in quantai.config.ts.',
  );
};
