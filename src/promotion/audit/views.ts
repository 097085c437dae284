import type { DuckDBConnection } from '@duckdb/node-api';
import type { AuditRecord } from './audit-record.js';
import { subjectOf } from './audit-subject.js';

const COLUMNS = [
  "CAST(r->>'$.seq' AS BIGINT) AS seq",
  "make_timestamp(CAST(round(CAST(r->>'$.at' AS DOUBLE) * 1000) AS BIGINT)) AS ts",
  "r->>'$.actor' AS actor",
  "r->>'$.word.type' AS type",
  "r->>'$.about.promotion' AS promotion",
  "r->>'$.about.account' AS account",
  "r->>'$.about.venue' AS venue",
  "r->'$.word' AS word",
  "r->>'$.hash' AS hash",
].join(', ');

/**
 * Creates the table `audit_log`, one row a record: `seq`, `ts` (UTC), `actor`, `type`, what it is about (`promotion`, `account`, `venue`; of an approval, what its request is about), the whole `word` as JSON, and `hash`.
 * The records come from whoever has checked them: a query itself reads nothing of the folder, where a key lies too.
 */
export const registerAuditView = async (connection: DuckDBConnection, records: readonly AuditRecord[]): Promise<void> => {
  const rows = records.map(record => ({ ...record, about: subjectOf(record.word, records) }));
  const statement = await connection.prepare(
    `CREATE OR REPLACE TEMP TABLE audit_log AS SELECT ${COLUMNS} FROM (SELECT unnest(from_json($1::JSON, '["JSON"]')) AS r)`,
  );
  statement.bindVarchar(1, JSON.stringify(rows));
  await statement.run();
};
