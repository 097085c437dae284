import { placeOf } from '../../promotion/audit/open-audit-log.js';
import type { Workspace } from '../workspace.js';
import { registryDatabase } from './registry-database.js';
import { registryUrl } from './registry-place.js';

/** Where a run of the team was made, and lies. */
export interface TeamRun {
  readonly runId: string;
  /** Machine and folder of the workspace; and the folder of the run's files there. */
  readonly place: string;
  readonly folder: string;
  /** Whether that is this workspace. */
  readonly isOwn: boolean;
}

/** The run that the team knows by an id, or by a beginning of it that no other run shares; null where it knows none, and where the workspace is by itself. Of several with one id, the newest. */
export const findTeamRun = async (workspace: Workspace, wanted: string): Promise<TeamRun | null> => {
  const url = await registryUrl(workspace);
  if (url === null) return null;
  const found = await (
    await registryDatabase(url)
  ).query<Omit<TeamRun, 'isOwn'>>(
    'SELECT run AS "runId", place, folder FROM quantai.runs WHERE starts_with(run, $1) ORDER BY (run = $1) DESC, at DESC, id DESC',
    [wanted],
  );
  const [run] = found;
  if (run === undefined || (run.runId !== wanted && found.some(({ runId }) => runId !== run.runId))) return null;
  return { ...run, isOwn: run.place === (await placeOf(workspace.root)) };
};
