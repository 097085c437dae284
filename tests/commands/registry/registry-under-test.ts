import { mkdir, mkdtemp, readFile, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Postgres } from '../../../src/cluster/postgres/postgres.js';
import { postgresRuns } from '../../../src/commands/registry/postgres-runs.js';
import { embeddedRuns } from '../../../src/commands/registry/run-registry.js';
import { runManifests, type RunOnDisk } from '../../../src/commands/run-list.js';
import { workspaceAt, type Workspace } from '../../../src/commands/workspace.js';
import { filedHashes } from '../../../src/dashboard/identity/password-hashes.js';
import { postgresHashes } from '../../../src/dashboard/identity/postgres-hashes.js';
import { postgresTrials } from '../../../src/experiments/postgres-trials.js';
import { embeddedAudit } from '../../../src/promotion/audit/embedded-audit.js';
import { postgresAudit } from '../../../src/promotion/audit/postgres-audit.js';
import { teamCopyFile } from '../../../src/promotion/audit/team-copy.js';
import type { RegistryUnderTest } from '../../contracts/registry.js';

export const temporaryRoot = (): Promise<string> => mkdtemp(join(tmpdir(), 'registry-'));

/** A run's folder as `backtest` leaves it, as far as a registry looks. */
export const finishedRun = async (workspace: Workspace, runId: string, strategy: string, at: number): Promise<RunOnDisk> => {
  const folder = join(workspace.reports, runId);
  await mkdir(folder, { recursive: true });
  const manifest = {
    runId,
    command: 'backtest',
    strategy: { name: strategy, bundle: `builtin:${strategy}` },
    dataset: { id: 'noise', version: 'v-1', synthetic: true },
    config: { capital: 10_000 },
    seed: 7,
    fingerprint: `f-${runId}`,
  };
  const result = {
    strategy,
    dataset: 'noise',
    fingerprint: `f-${runId}`,
    metrics: { sharpe: 1.5, totalReturn: null },
    finalEquity: 10_500,
  };
  await writeFile(join(folder, 'result.json'), JSON.stringify(result));
  const file = join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify(manifest));
  await utimes(file, at / 1_000, at / 1_000);
  const run = (await runManifests(workspace)).find(each => each.runId === runId);
  if (run === undefined) throw new Error(`no run ${runId}`);
  return run;
};

/** Two processes of one workspace. */
export const embeddedUnderTest = async (): Promise<RegistryUnderTest> => {
  const root = await temporaryRoot();
  const workspace = workspaceAt(root);
  const folder = join(root, 'audit');
  return {
    trials: () => workspace.ledger,
    runs: () => embeddedRuns(workspace, 'here'),
    finish: (_, ...run) => finishedRun(workspace, ...run),
    audit: () => embeddedAudit({ folder, anchor: null, now: () => 7 }),
    hashes: () => filedHashes(join(root, 'dashboard')),
    tamper: async change => {
      const file = join(folder, 'log.ndjson');
      const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
      await writeFile(
        file,
        change(lines)
          .map(line => `${line}\n`)
          .join(''),
      );
    },
  };
};

/** Changes rows as the owner of the database can, who switches off what keeps others from it. */
export const rewriteTeamLog = async (postgres: Postgres, change: (lines: string[]) => string[]): Promise<void> =>
  postgres.transaction(async ({ query }) => {
    const rows = await query<{ chain: string; line: string }>(
      'SELECT chain, line FROM quantai.audit_records JOIN quantai.audit_chains USING (chain) WHERE is_team ORDER BY seq',
    );
    await query('ALTER TABLE quantai.audit_records DISABLE TRIGGER USER');
    await query('DELETE FROM quantai.audit_records');
    await query(
      'INSERT INTO quantai.audit_records (chain, seq, line) SELECT $1, n - 1, line FROM unnest($2::text[]) WITH ORDINALITY AS l(line, n)',
      [rows[0]?.chain, change(rows.map(({ line }) => line))],
    );
    await query('ALTER TABLE quantai.audit_records ENABLE TRIGGER USER');
  });

/** Empties a database between two tests: quicker than a new one. */
export const emptied = async (postgres: Postgres): Promise<void> => {
  await postgres.query(`
    ALTER TABLE quantai.audit_records DISABLE TRIGGER USER;
    ALTER TABLE quantai.audit_heads DISABLE TRIGGER USER;
    TRUNCATE quantai.trials, quantai.trial_names, quantai.runs, quantai.audit_records, quantai.audit_heads, quantai.audit_chains, quantai.passwords;
    ALTER TABLE quantai.audit_records ENABLE TRIGGER USER;
    ALTER TABLE quantai.audit_heads ENABLE TRIGGER USER`);
};

/** A machine of a team. */
export const machine = (postgres: Postgres, root: string, place: string, warn: (text: string) => void = () => undefined) => ({
  workspace: workspaceAt(root),
  trials: postgresTrials(postgres, place, warn),
  runs: postgresRuns(postgres, place, 'alice'),
  hashes: postgresHashes(postgres, filedHashes(join(root, 'dashboard'))),
  audit: postgresAudit({
    postgres,
    place,
    key: join(root, 'team', 'key.pem'),
    copy: teamCopyFile(join(root, 'team'), postgres.shown),
    anchor: null,
    now: () => 7,
    warn,
  }),
});

/** Two machines of one team: each its own connections, workspace and key. */
export const teamUnderTest = async (pools: readonly [Postgres, Postgres]): Promise<RegistryUnderTest> => {
  await emptied(pools[0]);
  const [a, b] = [machine(pools[0], await temporaryRoot(), 'a:/one'), machine(pools[1], await temporaryRoot(), 'b:/two')];
  const of = (who: 0 | 1) => (who === 0 ? a : b);
  return {
    trials: who => of(who).trials,
    runs: who => of(who).runs,
    finish: (who, ...run) => finishedRun(of(who).workspace, ...run),
    audit: who => of(who).audit,
    hashes: who => of(who).hashes,
    tamper: change => rewriteTeamLog(pools[0], change),
  };
};
