import { hostname } from 'node:os';
import { join } from 'node:path';
import type { JobEngine } from '../cluster/job-engine.js';
import { localEngine } from '../cluster/local-engine.js';
import type { QueuePlace } from '../cluster/queue/queue-place.js';
import { usageError } from '../errors.js';
import { actorName } from './actor.js';
import type { ClusterOptions } from './cluster-options.js';
import { say } from './terminal.js';
import type { WorkspaceConfig } from './workspace-config.js';
import type { Workspace } from './workspace.js';

/** What says where the jobs of a command are done. */
export interface EngineArguments extends ClusterOptions {
  readonly workers?: number | undefined;
  readonly as?: string | undefined;
}

/** The queue that a command is to use: `--on`, else `QUANTAI_ON`, else the workspace's; null where there is none, or `none` was said. */
export const namedQueue = async (given: string | undefined, settings: Pick<WorkspaceConfig, 'cluster'>): Promise<QueuePlace | null> => {
  const named = [given, process.env['QUANTAI_ON'], settings.cluster.on].find(text => text !== undefined && text !== '');
  if (named === undefined || named === 'none') return null;
  const { parseQueueUrl } = await import('../cluster/queue/parse-queue-url.js');
  return parseQueueUrl(named);
};

/**
 * The job engine that a command's arguments and the workspace's settings ask for: threads of this process, or the workers of a queue. `run` is how people who look at the queue read what it is for. Rejects with a UserError
 * when the queue does not answer.
 */
export const engineFor = async (
  args: EngineArguments,
  settings: WorkspaceConfig,
  workspace: Workspace,
  run: string,
): Promise<JobEngine> => {
  const place = await namedQueue(args.on, settings);
  const share = args['audit-share'];
  if (share !== undefined && !(share >= 0 && share <= 1))
    throw usageError(
      'bad-audit-share',
      `--audit-share is a number from 0 to 1, not ${share}.`,
      'With 0.02 one job in fifty is done twice.',
    );
  if (place === null) {
    if (share !== undefined || args.priority !== undefined)
      throw usageError('no-queue', 'There is no queue that --priority or --audit-share could mean anything for.', 'Name one with --on.');
    return localEngine(args.workers ?? settings.workers);
  }
  const [{ openLake }, { queueEngine }] = await Promise.all([
    import('../cluster/lake/open-lake.js'),
    import('../cluster/queue/queue-engine.js'),
  ]);
  const named = [args.lake, process.env['QUANTAI_LAKE'], settings.cluster.lake].find(text => text !== undefined && text !== '');
  return queueEngine({
    place,
    lake: openLake(named ?? join(workspace.root, 'lake')),
    submitter: `${actorName(args)}@${hostname()}`,
    run,
    urgency: args.priority ?? 'normal',
    auditShare: share ?? 0,
    tell: say,
  });
};
