import type { TrialPlace } from '../../experiments/trial-store.js';
import type { Workspace } from '../workspace.js';
import { registryUrl } from './registry-place.js';

/** Where the trials of a workspace go on record and are counted: its own `ledger/`, or its team's registry. */
export const trialsOf = async (workspace: Workspace): Promise<TrialPlace> => {
  if ((await registryUrl(workspace)) === null) return workspace.ledger;
  const { registryOf } = await import('./registry.js');
  return (await registryOf(workspace)).trials;
};
