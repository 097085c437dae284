import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filedHashes } from '../../dashboard/identity/password-hashes.js';
import { importHashes } from '../../dashboard/identity/postgres-hashes.js';
import { failed, UserError, usageError } from '../../errors.js';
import { importTrials } from '../../experiments/import-trials.js';
import { sessionsIn } from '../../live/session/named-sessions.js';
import { isPlaceClaimed } from '../../live/session/socket-lock.js';
import { withAuditLock } from '../../promotion/audit/audit-lock.js';
import { importAudit, readOwnLog, requireFirstLog, type ImportedAudit } from '../../promotion/audit/import-audit.js';
import { placeOf } from '../../promotion/audit/open-audit-log.js';
import { actorName } from '../actor.js';
import { auditOptions } from '../audit-options.js';
import { grouped } from '../figures.js';
import type { GlobalOptions } from '../global-options.js';
import { runManifests } from '../run-list.js';
import { present, terminal } from '../terminal.js';
import { workspaceAudit } from '../workspace-audit.js';
import { workspaceAt, type Workspace } from '../workspace.js';
import { recordedWords } from '../authorise.js';
import { ledgerSizes, noteImported } from './imported-ledger.js';
import { isJoined, joinTeam, takeBackJoining } from './joined-team.js';
import { namedRegistry } from './named-registry.js';
import { postgresRuns } from './postgres-runs.js';
import { registryDatabase } from './registry-database.js';
import { runMakers } from './run-makers.js';

const auditText = ({ as, records, added, head }: ImportedAudit): string => {
  if (as === 'none' || head === null) return 'Audit log  this workspace has none';
  const what = `${grouped(records)} records, ${grouped(added)} of them new, up to ${head.hash.slice(0, 12)}`;
  return as === 'team'
    ? `Audit log  ${what}: it is the team’s, with its users and promotions`
    : `Audit log  ${what}, kept beside the team’s own: its users and promotions count in no team`;
};

/** What `quantai registry import` is given. */
export interface ImportArguments extends GlobalOptions {
  /** A log that comes later may be kept beside the team's, whatever users and promotions it has. */
  readonly beside?: boolean | undefined;
}

/** For a process that writes into the workspace's log. */
const PATIENCE_MS = 30_000;

/** A session holds the log that it began with until it ends: what it would still record there no team would see. */
const beAlone = async ({ root }: Workspace): Promise<void> => {
  for (const { account, venue } of await sessionsIn(root))
    if (await isPlaceClaimed(venue, account))
      throw usageError(
        'session-runs',
        `A session of account ${account} on ${venue} runs, and records into what is to be brought to the team.`,
        'End it first: quantai halt --stop.',
      );
};

/** Brings what a workspace kept by itself into its team's registry, and looks whether it is there. */
export const importRegistry = async (args: ImportArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const postgres = await registryDatabase(await namedRegistry(workspace));
  const place = await placeOf(workspace.root);
  const [wasJoined, isBesideMeant] = [await isJoined(workspace), args.beside === true];
  if (!wasJoined) await beAlone(workspace);
  const log = await auditOptions(workspace);
  if (!isBesideMeant) await requireFirstLog(postgres, log);
  // Before anything is read: what is written here behind what was read would be in no team's log. Whoever appends to the old log meanwhile is waited for, and finds the mark after that.
  const mark = (): Promise<void> => joinTeam(workspace, postgres.shown);
  await (existsSync(log.folder) ? withAuditLock(log.folder, PATIENCE_MS, mark) : mark());
  // The log first: its users are the team's before anybody is asked who they are.
  const audit = await importAudit(postgres, place, log, isBesideMeant).catch(async (error: unknown) => {
    // Somebody began the team's log in this moment: nothing was brought, and a workspace that cannot go on by itself either could not choose any more.
    if (!wasJoined && error instanceof UserError && error.code === 'log-comes-later') await takeBackJoining(workspace);
    throw error;
  });
  // Of what was there before it was read: a file that grows meanwhile is brought again.
  const sizes = await ledgerSizes(workspace);
  const trials = await importTrials(postgres, place, workspace.ledger);
  const passwords = await importHashes(postgres, filedHashes(join(workspace.root, 'dashboard')));
  const runs = await runManifests(workspace);
  const makers = runMakers(runs, (await readOwnLog(log)).records);
  for (const run of runs) await postgresRuns(postgres, place, makers.get(run.runId) ?? null).record(run);
  const there = new Set((await postgresRuns(postgres, place, null).list()).filter(run => run.place === place).map(({ runId }) => runId));
  const found = { runs: runs.filter(({ runId }) => there.has(runId)).length, trials: trials.found };
  if (found.runs !== runs.length || trials.found !== trials.distinct)
    throw failed(
      'import-incomplete',
      `Of ${trials.distinct} trials ${trials.found}, and of ${runs.length} runs ${found.runs}, are in ${postgres.shown}.`,
      'Run it again while nothing else writes into this workspace.',
    );
  await noteImported(workspace, postgres.shown, sizes);
  const by = actorName(args);
  if (audit.added > 0 || runs.length > 0 || trials.distinct > 0)
    await (
      await workspaceAudit(workspace)
    ).append(by, [{ type: 'CommandGiven', verb: 'registry import', words: recordedWords(terminal().argv) }]);
  present(args, { registry: postgres.shown, place, audit, trials, passwords, runs: { here: runs.length, found: found.runs } }, () =>
    [
      `Registry   ${postgres.shown}, this workspace is ${place}`,
      `Trials     ${grouped(trials.distinct)} different ones in ${grouped(trials.files)} files, each found again${trials.unreadable === 0 ? '' : `; ${trials.unreadable} lines were torn`}`,
      `Runs       ${grouped(runs.length)}, each found again; their reports and tables stay here`,
      auditText(audit),
      ...(passwords.here === 0 ? [] : [`Passwords  ${grouped(passwords.here)}, ${grouped(passwords.added)} of them new`]),
    ].join('\n'),
  );
};
