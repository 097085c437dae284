import { messageOf } from '../../errors.js';
import { actorName } from '../actor.js';
import type { GlobalOptions } from '../global-options.js';
import { runManifests } from '../run-list.js';
import { say } from '../terminal.js';
import type { Workspace } from '../workspace.js';
import { registryUrl } from './registry-place.js';

/** Tell the team of a run whose folder is whole; nothing where the workspace is by itself. The run is made whatever the registry says: one that could not be told is brought there later. */
export const registerRun = async (args: Pick<GlobalOptions, 'as'>, workspace: Workspace, runId: string): Promise<void> => {
  if ((await registryUrl(workspace)) === null) return;
  const { registryOf } = await import('./registry.js');
  const registry = await registryOf(workspace);
  try {
    const run = (await runManifests(workspace)).find(each => each.runId === runId);
    if (run !== undefined) await registry.runs(actorName(args)).record(run);
  } catch (error) {
    say(
      `WARNING: run ${runId} is finished, and is not in the registry ${registry.shown}: ${messageOf(error)} Bring it there with: quantai registry import`,
    );
  }
};
