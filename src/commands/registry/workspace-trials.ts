import type { TrialPlace } from '../../experiments/trial-store.js';
import type { Workspace } from '../workspace.js';
import { registryOf } from './registry.js';

/** Where the trials of a workspace go on record and are counted: its own `ledger/`, or its team's registry. */
export const trialsOf = async (workspace: Workspace): Promise<TrialPlace> => (await registryOf(workspace)).trials;
