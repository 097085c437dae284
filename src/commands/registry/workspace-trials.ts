import type { TrialPlace } from '../../experiments/trial-store.js';
import type { Workspace } from '../workspace.js';
import { requireOwnRecords } from './joined-team.js';
import { registryUrl } from './registry-place.js';

/** Where the trials of a workspace go on record and are counted: its own `ledger/`, or its team's registry. Throws while either alone would not be all of them. */
export const trialsOf = async (workspace: Workspace): Promise<TrialPlace> => {
  if ((await registryUrl(workspace)) === null) {
    await requireOwnRecords(workspace);
    return workspace.ledger;
  }
  const [{ registryOf }, { requireImported }] = await Promise.all([import('./registry.js'), import('./imported-ledger.js')]);
  const { shown, trials } = await registryOf(workspace);
  await requireImported(workspace, shown ?? '');
  return trials;
};
