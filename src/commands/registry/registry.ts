import { join } from 'node:path';
import type { TrialPlace } from '../../experiments/trial-store.js';
import type { AuditStore } from '../../promotion/audit/audit-log.js';
import { embeddedAudit } from '../../promotion/audit/embedded-audit.js';
import { placeOf, type AuditLogOptions } from '../../promotion/audit/open-audit-log.js';
import { teamCopyFile } from '../../promotion/audit/team-copy.js';
import { filedHashes, type PasswordHashes } from '../../dashboard/identity/password-hashes.js';
import { auditOptions } from '../audit-options.js';
import { say } from '../terminal.js';
import type { Workspace } from '../workspace.js';
import { requireOwnRecords } from './joined-team.js';
import { HURRIED, registryDatabase } from './registry-database.js';
import { registryUrl, teamFolder } from './registry-place.js';
import { embeddedRuns, type RunRegistry } from './run-registry.js';
import { sayOnce } from './say-once.js';
import { requireAuditImported } from './unimported-audit.js';

/** Where a workspace's trials, runs and audit log are kept. Users and promotions are folds of the log, wherever it is. */
export interface Registry {
  /** Without its password; null for a workspace by itself. */
  readonly shown: string | null;
  /** This workspace as the rows of a team name it: machine and folder. */
  readonly place: string;
  readonly trials: TrialPlace;
  /** `by`: who the runs that are recorded are by. */
  readonly runs: (by: string | null) => RunRegistry;
  /** What is kept of passwords, of the dashboard whose folder it is. */
  readonly hashes: (dashboard: string) => PasswordHashes;
  /** `patienceMs`: how long one who cannot wait for others waits. */
  readonly audit: (own?: Pick<AuditLogOptions, 'patienceMs'>) => AuditStore;
}

const embedded = async (workspace: Workspace): Promise<Registry> => {
  const place = await placeOf(workspace.root);
  const options = await auditOptions(workspace);
  return {
    shown: null,
    place,
    trials: workspace.ledger,
    runs: () => embeddedRuns(workspace, place),
    hashes: filedHashes,
    audit: own => embeddedAudit({ ...options, mayAppend: () => requireOwnRecords(workspace), ...own }),
  };
};

const inPostgres = async (workspace: Workspace, url: string): Promise<Registry> => {
  const [postgres, hurried, { postgresTrials }, { postgresRuns }, { postgresAudit }, { postgresHashes }] = await Promise.all([
    registryDatabase(url),
    registryDatabase(url, HURRIED),
    import('../../experiments/postgres-trials.js'),
    import('./postgres-runs.js'),
    import('../../promotion/audit/postgres-audit.js'),
    import('../../dashboard/identity/postgres-hashes.js'),
  ]);
  const place = await placeOf(workspace.root);
  const { anchor, now, hostKey, warn = () => undefined } = await auditOptions(workspace);
  const folder = teamFolder(workspace);
  return {
    shown: postgres.shown,
    place,
    trials: postgresTrials(postgres, place, text => say(`warning: ${text}`)),
    runs: by => postgresRuns(postgres, place, by),
    // Beside the workspace's own, which the registry may not have been brought yet.
    hashes: dashboard => postgresHashes(postgres, filedHashes(join(dashboard, 'team'))),
    audit: own =>
      postgresAudit({
        postgres: own?.patienceMs === undefined ? postgres : hurried,
        place,
        key: hostKey ?? join(folder, 'key.pem'),
        copy: teamCopyFile(folder, postgres.shown),
        anchor,
        now,
        warn: text => sayOnce(text, warn),
        // Under whatever command, and by whatever process, it would be recorded.
        mayAppend: () => requireAuditImported(workspace),
        ...own,
      }),
  };
};

/** The registry of a workspace: its team's, where one is named, else its own files. Nothing is asked of a database yet. */
export const registryOf = async (workspace: Workspace): Promise<Registry> => {
  const url = await registryUrl(workspace);
  return url === null ? embedded(workspace) : inPostgres(workspace, url);
};
