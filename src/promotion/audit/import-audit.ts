import type { Postgres, Queries } from '../../cluster/postgres/postgres.js';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { UserError } from '../../errors.js';
import { publicKeyText } from '../people/key-pair.js';
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
  { records, head }: { readonly records: readonly AuditRecord[]; readonly head: AuditHead },
): Promise<ImportedAudit> => {
  const chain = head.workspace;
  await queries.query(AUDIT_LOCK);
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
 * Brings the log of a workspace's folder into a registry, record by record as it was written, with its signed head. The first one becomes the team's; that of a workspace that joins later is kept beside it. Repeated, it adds
 * what was written since. Throws for a log that is not what was written, and for one that went on by itself.
 */
export const importAudit = async (
  postgres: Postgres,
  place: string,
  { folder, hostKey }: Pick<AuditLogOptions, 'folder' | 'hostKey'>,
): Promise<ImportedAudit> => {
  const key = await findAuditKey(hostKey ?? auditFiles(folder).key);
  const { records, head, fault } = await readAuditFolder(folder, key === undefined ? null : publicKeyText(key));
  if (fault !== null) throw brokenLog(folder, fault);
  if (head === null) return NOTHING;
  return postgres.transaction(queries => putChain(queries, postgres, place, { records, head }));
};
