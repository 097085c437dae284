import { join } from 'node:path';
import { filedHashes } from '../../dashboard/identity/password-hashes.js';
import { importHashes } from '../../dashboard/identity/postgres-hashes.js';
import { failed } from '../../errors.js';
import { importTrials } from '../../experiments/import-trials.js';
import { importAudit, type ImportedAudit } from '../../promotion/audit/import-audit.js';
import { placeOf } from '../../promotion/audit/open-audit-log.js';
import { actorName } from '../actor.js';
import { auditOptions } from '../audit-options.js';
import { grouped } from '../figures.js';
import type { GlobalOptions } from '../global-options.js';
import { runManifests } from '../run-list.js';
import { present, terminal } from '../terminal.js';
import { workspaceAudit } from '../workspace-audit.js';
import { workspaceAt } from '../workspace.js';
import { recordedWords } from '../authorise.js';
import { namedRegistry } from './named-registry.js';
import { postgresRuns } from './postgres-runs.js';
import { registryDatabase } from './registry.js';

const auditText = ({ as, records, added, head }: ImportedAudit): string => {
  if (as === 'none' || head === null) return 'Audit log  this workspace has none';
  const what = `${grouped(records)} records, ${grouped(added)} of them new, up to ${head.hash.slice(0, 12)}`;
  return as === 'team'
    ? `Audit log  ${what}: it is the team’s, with its users and promotions`
    : `Audit log  ${what}, kept beside the team’s own: its users and promotions count in no team`;
};

/** Brings what a workspace kept by itself into its team's registry, and looks whether it is there. */
export const importRegistry = async (args: GlobalOptions): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const postgres = await registryDatabase(await namedRegistry(workspace));
  const place = await placeOf(workspace.root);
  // The log first: its users are the team's before anybody is asked who they are.
  const audit = await importAudit(postgres, place, await auditOptions(workspace));
  const trials = await importTrials(postgres, place, workspace.ledger);
  const passwords = await importHashes(postgres, filedHashes(join(workspace.root, 'dashboard')));
  const registry = postgresRuns(postgres, place, null);
  const runs = await runManifests(workspace);
  for (const run of runs) await registry.record(run);
  const there = new Set((await registry.list()).filter(run => run.place === place).map(({ runId }) => runId));
  const found = { runs: runs.filter(({ runId }) => there.has(runId)).length, trials: trials.found };
  if (found.runs !== runs.length || trials.found !== trials.distinct)
    throw failed(
      'import-incomplete',
      `Of ${trials.distinct} trials ${trials.found}, and of ${runs.length} runs ${found.runs}, are in ${postgres.shown}.`,
      'Run it again while nothing else writes into this workspace.',
    );
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
