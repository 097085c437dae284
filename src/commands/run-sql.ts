import { readdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { StatementType, type DuckDBConnection } from '@duckdb/node-api';
import { openDuckDB } from '../duckdb.js';
import { usageError } from '../errors.js';
import { datasetsFolder, packagedDatasets } from '../datasets/layout.js';
import { registerFeatureView, registerMarketViews } from '../datasets/views.js';
import { liveTablesIn, registerLiveViews } from '../live/record/live-views.js';
import { registerRunViews, type WorkspaceSetting } from '../journal/views.js';
import { registerAuditView } from '../promotion/audit/views.js';
import { registerPromotionView } from '../promotion/views.js';
import { registryOf } from './registry/registry.js';
import { registerTeamRuns, registerTeamTrials } from './registry/team-views.js';
import { settingsInForce } from './settings-in-force.js';
import { workspaceAudit } from './workspace-audit.js';
import type { Workspace } from './workspace.js';

/** Megabytes of memory (a quarter of the computer's at most) and of the disk that a query may take: sessions that trade need both. */
const MOST_MB = 4096;

/** One value as JSON has it: whole numbers beyond 2^53 and dates are text. */
export type SqlValue = string | number | boolean | null;

export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

const toValue = (value: unknown): SqlValue => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return String(value);
};

const cannotRead = (reason: string): Error =>
  usageError('not-a-query', reason, 'Ask with one SELECT, DESCRIBE or SHOW; to write files use: quantai data export');

const query = async (connection: DuckDBConnection, text: string): Promise<SqlResult> => {
  if (text.trim() === '') throw cannotRead('There is no query.');
  const statements = await connection.extractStatements(text);
  if (statements.count !== 1) throw cannotRead(`The query holds ${statements.count} statements where one is expected.`);
  const prepared = await statements.prepare(0);
  // EXPLAIN is not among them: EXPLAIN ANALYZE runs what it explains, a COPY to a file too. DESCRIBE and SHOW count as SELECT.
  if (prepared.statementType !== StatementType.SELECT) throw cannotRead('The query would change something, and queries only read.');
  const result = await prepared.run();
  return { columns: result.columnNames(), rows: (await result.getRows()).map(row => row.map(toValue)) };
};

/** The logs of the workspace's sessions, those that were put aside included. */
const sessionLogs = async (root: string): Promise<readonly string[]> => {
  const live = join(root, 'live');
  const accounts = await readdir(live, { withFileTypes: true }).catch(() => []);
  const folders = accounts.filter(each => each.isDirectory()).map(({ name }) => join(live, name));
  const files = await Promise.all(
    folders.map(async folder =>
      (await readdir(folder)).filter(name => /^session\.log(\.\d+)?$/.test(name)).map(name => join(folder, name)),
    ),
  );
  return files.flat().sort();
};

/** What is set in the workspace now, as text. */
const workspaceSettings = async (workspace: Workspace): Promise<readonly WorkspaceSetting[]> =>
  (await settingsInForce(workspace))
    .filter(({ value }) => value !== null)
    .map(({ key, value, source }) => ({ key, value: typeof value === 'string' ? value : JSON.stringify(value), source }));

/**
 * Answers one SQL query over the views of a workspace: market data, features, runs and trials; runs, trials, promotions and the audit log are those of its team, where it belongs to one. It can read the workspace's datasets, features, reports and ledger (and the packaged sample)
 * and no other file, and cannot write. Throws usage errors with DuckDB's own words for a query that is wrong.
 */
export const runSql = async (workspace: Workspace, text: string): Promise<SqlResult> => {
  const { root, reports, ledger, features } = workspace;
  const engine = await openDuckDB({
    memoryLimit: `${Math.min(MOST_MB, Math.floor(totalmem() / 2 ** 22))}MB`,
    spillLimit: `${MOST_MB}MB`,
    readOnlyRoot: [datasetsFolder(root), packagedDatasets(), reports, ledger, features, join(root, 'live')],
  });
  try {
    await registerMarketViews(engine.connection, root);
    await registerFeatureView(engine.connection, features);
    await registerRunViews(engine.connection, {
      reports,
      ledger,
      sessionLogs: /\blogs\b/i.test(text) ? await sessionLogs(root) : [],
      settings: /\bsettings\b/i.test(text) ? await workspaceSettings(workspace) : [],
    });
    const registry = await registryOf(workspace);
    if (registry.shown !== null) {
      if (/\btrials\b/i.test(text)) await registerTeamTrials(engine.connection, registry.trials);
      if (/\bruns\b/i.test(text)) await registerTeamRuns(engine.connection, await registry.runs(null).list());
    }
    // The audit log is checked as it is read: not for a query about something else.
    const records = /\b(promotions|audit_log)\b/i.test(text) ? await (await workspaceAudit(workspace)).read() : [];
    await registerPromotionView(engine.connection, /\bpromotions\b/i.test(text) ? records : []);
    await registerAuditView(engine.connection, records);
    await registerLiveViews(engine.connection, root, liveTablesIn(text));
    return await query(engine.connection, text);
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'UserError') throw error;
    throw usageError('sql-error', error.message, 'List the tables with: quantai sql "SHOW TABLES"');
  } finally {
    engine.close();
  }
};
