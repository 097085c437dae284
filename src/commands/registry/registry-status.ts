import { connectPostgres } from '../../cluster/postgres/connect-postgres.js';
import { migrationStatus } from '../../cluster/postgres/migrate.js';
import type { Queries } from '../../cluster/postgres/postgres.js';
import { readTeamLog } from '../../promotion/audit/postgres-audit.js';
import { people } from '../../promotion/people/people.js';
import { foldPromotions } from '../../promotion/stages.js';
import { grouped } from '../figures.js';
import type { GlobalOptions } from '../global-options.js';
import { present } from '../terminal.js';
import { workspaceAt } from '../workspace.js';
import { namedRegistry } from './named-registry.js';

/** How much a registry holds. */
interface Holdings {
  readonly trials: number;
  readonly runs: number;
  /** Workspaces that brought any of it. */
  readonly places: number;
  readonly records: number;
  readonly users: number;
  readonly promotions: number;
  /** The last record of the log; null before the first. */
  readonly head: { readonly seq: number; readonly hash: string } | null;
  /** Logs of workspaces that joined later. */
  readonly keptLogs: number;
}

const holdings = async (queries: Queries): Promise<Holdings> => {
  const [counts] = await queries.query<Pick<Holdings, 'trials' | 'runs' | 'places' | 'keptLogs'>>(`
    SELECT (SELECT count(DISTINCT hash)::int FROM quantai.trials) AS trials,
      (SELECT count(*)::int FROM quantai.runs) AS runs,
      (SELECT count(*)::int FROM (SELECT place FROM quantai.trials UNION SELECT place FROM quantai.runs UNION SELECT place FROM quantai.audit_heads) p) AS places,
      (SELECT count(*)::int FROM quantai.audit_chains WHERE NOT is_team) AS "keptLogs"`);
  const { records, head } = await readTeamLog(queries);
  return {
    ...(counts ?? { trials: 0, runs: 0, places: 0, keptLogs: 0 }),
    records: records.length,
    users: people(records).size,
    promotions: foldPromotions(records).all.length,
    head: head === null ? null : { seq: head.seq, hash: head.hash },
  };
};

/** Says which registry a workspace has, and what is in it. */
export const registryStatus = async (args: GlobalOptions): Promise<void> => {
  const postgres = connectPostgres(await namedRegistry(workspaceAt(args.workspace)));
  try {
    const { applied, pending } = await migrationStatus(postgres);
    const holds = pending.length === 0 ? await holdings(postgres) : null;
    present(args, { registry: postgres.shown, applied, pending, holds }, () =>
      [
        `Registry    ${postgres.shown}`,
        pending.length === 0
          ? `Version     step ${applied.at(-1)?.number ?? 0}, that of this program`
          : `Version     step ${applied.at(-1)?.number ?? 0}; ${pending.length} to take: quantai registry migrate`,
        ...(holds === null
          ? []
          : [
              `Trials      ${grouped(holds.trials)} different ones`,
              `Runs        ${grouped(holds.runs)}`,
              `Audit log   ${grouped(holds.records)} records${holds.head === null ? '' : `, the last ${holds.head.hash.slice(0, 12)}`}${holds.keptLogs === 0 ? '' : `; ${holds.keptLogs} older ${holds.keptLogs === 1 ? 'log' : 'logs'} beside it`}`,
              `Users       ${grouped(holds.users)}`,
              `Promotions  ${grouped(holds.promotions)}`,
              `Workspaces  ${grouped(holds.places)}`,
            ]),
      ].join('\n'),
    );
  } finally {
    await postgres.close();
  }
};
