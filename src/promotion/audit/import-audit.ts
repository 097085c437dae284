import type { Postgres, Queries } from '../../cluster/postgres/postgres.js';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { UserError } from '../../errors.js';
import { publicKeyText } from '../people/key-pair.js';
import { people } from '../people/people.js';
import { auditFiles, readAuditFolder } from './audit-folder.js';
import { headText, type AuditHead } from './audit-head.js';
import { findAuditKey } from './audit-key.js';
import type { AuditRecord } from './audit-record.js';
import { brokenLog, type AuditLogOptions } from './open-audit-log.js';
import { AUDIT_LOCK } from './postgres-audit.js';

/** What came of bringing a workspace's log into a registry. */
export interface ImportedAudit {
  /** `team`: it is the team's log from now on, users and stages with it. `kept`: the team has a log already, and this one lies beside it, for the record. `none`: the workspace has no log. */
  readonly as: 'team' | 'kept' | 'none';
  /** Records of the workspace's log, and those of them that were new to the registry. */
  readonly records: number;
  readonly added: number;
  /** The last of them, looked up in the registry again. */
  readonly head: { readonly seq: number; readonly hash: string } | null;
}

const NOTHING: ImportedAudit = { as: 'none', records: 0, added: 0, head: null };

interface OwnLog {
  readonly records: readonly AuditRecord[];
  /** Null for a workspace that has none. */
  readonly head: AuditHead | null;
}

/** The log of a workspace's folder. Throws for one that is not what was written. */
export const readOwnLog = async ({ folder, hostKey }: Pick<AuditLogOptions, 'folder' | 'hostKey'>): Promise<OwnLog> => {
  const key = await findAuditKey(hostKey ?? auditFiles(folder).key);
  const { records, head, fault } = await readAuditFolder(folder, key === undefined ? null : publicKeyText(key));
  if (fault !== null) throw brokenLog(folder, fault);
  return { records, head };
};

/** What a log says that no team would hear of, were it kept beside the team's own; null for one that has neither users nor promotions. */
const unheard = (records: readonly AuditRecord[]): string | null => {
  const users = [...people(records).keys()];
  const promotions = records.filter(({ word }) => word.type === 'CandidateNamed').length;
  const parts = [
    ...(users.length === 0 ? [] : [`${users.length === 1 ? 'the user' : 'the users'} ${users.join(', ')}`]),
    ...(promotions === 0 ? [] : [`${promotions} ${promotions === 1 ? 'promotion' : 'promotions'}`]),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
};

/** Throws where a log would be kept beside the team's, for good, and so take its users and promotions from those who have them. One that lies there already was brought so on purpose. */
const refuseBeside = async (queries: Queries, postgres: Postgres, { records, head }: OwnLog): Promise<void> => {
  const lost = unheard(records);
  if (head === null || lost === null) return;
  const [team] = await queries.query<{ place: string; records: number; known: boolean }>(
    `SELECT place, (SELECT count(*)::int FROM quantai.audit_records r WHERE r.chain = c.chain) AS records,
       EXISTS (SELECT FROM quantai.audit_chains WHERE chain = $1) AS known
     FROM quantai.audit_chains c WHERE is_team`,
    [head.workspace],
  );
  if (team === undefined || team.known) return;
  throw new UserError(
    'log-comes-later',
    `${postgres.shown} has a log already, of ${team.records} ${team.records === 1 ? 'record' : 'records'}, begun in ${team.place}. This workspace’s would be kept beside it, for good, and ${lost} would count in no team.`,
    4,
    'Make a new database for the registry where nothing in its log counts; or add the users and promote anew there, after: quantai registry import --beside',
  );
};

/** Throws `log-comes-later` where `importAudit` would; asked before the workspace is told that it belongs to the team. */
export const requireFirstLog = async (postgres: Postgres, own: Pick<AuditLogOptions, 'folder' | 'hostKey'>): Promise<void> =>
  refuseBeside(postgres, postgres, await readOwnLog(own));

interface Chain {
  readonly is_team: boolean;
}

const diverged = (postgres: Postgres, seq: number): UserError =>
  new UserError(
    'diverged-audit-log',
    `Record ${seq} of the workspace's log is another one in ${postgres.shown}: both went on by themselves.`,
    4,
    'What was done since then has to be done again in one of the two; nothing was imported.',
  );

const putChain = async (
  queries: Queries,
  postgres: Postgres,
  place: string,
  { records, head }: OwnLog & { readonly head: AuditHead },
  isBesideMeant: boolean,
): Promise<ImportedAudit> => {
  const chain = head.workspace;
  await queries.query(AUDIT_LOCK);
  // Another workspace may have begun the log since this was asked.
  if (!isBesideMeant) await refuseBeside(queries, postgres, { records, head });
  const [team] = await queries.query<{ chain: string }>('SELECT chain FROM quantai.audit_chains WHERE is_team');
  await queries.query('INSERT INTO quantai.audit_chains (chain, is_team, place) VALUES ($1, $2, $3) ON CONFLICT (chain) DO NOTHING', [
    chain,
    team === undefined,
    place,
  ]);
  const [own] = await queries.query<Chain>('SELECT is_team FROM quantai.audit_chains WHERE chain = $1', [chain]);
  const there = await queries.query<{ seq: number; line: string }>(
    'SELECT seq, line FROM quantai.audit_records WHERE chain = $1 AND seq < $2 ORDER BY seq',
    [chain, records.length],
  );
  const lines = records.map(record => canonicalJson(record));
  const differs = there.findIndex(({ seq, line }, i) => seq !== i || lines[i] !== line);
  if (differs >= 0) throw diverged(postgres, differs);
  const added = lines.slice(there.length);
  if (added.length > 0) {
    await queries.query(
      'INSERT INTO quantai.audit_records (chain, seq, line) SELECT $1, $2 + n, line FROM unnest($3::text[]) WITH ORDINALITY AS l(line, n)',
      [chain, there.length - 1, added],
    );
    await queries.query('INSERT INTO quantai.audit_heads (chain, seq, head, place) VALUES ($1, $2, $3, $4)', [
      chain,
      head.seq,
      headText(head),
      place,
    ]);
  }
  const [last] = await queries.query<{ line: string }>('SELECT line FROM quantai.audit_records WHERE chain = $1 AND seq = $2', [
    chain,
    head.seq,
  ]);
  if (last === undefined || last.line !== lines.at(-1)) throw diverged(postgres, head.seq);
  return {
    as: own?.is_team === true ? 'team' : 'kept',
    records: lines.length,
    added: added.length,
    head: { seq: head.seq, hash: head.hash },
  };
};

/**
 * Brings the log of a workspace's folder into a registry, record by record as it was written, with its signed head. The first one becomes the team's; that of a workspace that joins later is kept beside it, and where it has users or promotions only if that is meant
 * (`isBesideMeant`). Repeated, it adds what was written since. Throws for a log that is not what was written, and for one that went on by itself.
 */
export const importAudit = async (
  postgres: Postgres,
  place: string,
  own: Pick<AuditLogOptions, 'folder' | 'hostKey'>,
  isBesideMeant = false,
): Promise<ImportedAudit> => {
  const { records, head } = await readOwnLog(own);
  if (head === null) return NOTHING;
  return postgres.transaction(queries => putChain(queries, postgres, place, { records, head }, isBesideMeant));
};
