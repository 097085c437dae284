import type { DuckDBConnection } from '@duckdb/node-api';
import type { AuditRecord } from './audit/audit-record.js';
import { foldPromotions } from './stages.js';

const COLUMNS = {
  id: 'VARCHAR',
  strategy: 'VARCHAR',
  stage: 'VARCHAR',
  account: 'VARCHAR',
  venue: 'VARCHAR',
  practice: 'BOOLEAN',
  size: 'DOUBLE',
  share: 'DOUBLE',
  since: 'TIMESTAMP',
  overrides: 'VARCHAR[]',
  run: 'VARCHAR',
} as const;

const literal = (value: string | number | boolean | null): string =>
  value === null ? 'NULL' : typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);

const timestamp = (ms: number | null): string => (ms === null ? 'NULL' : `make_timestamp(${ms} * 1000)`);

/**
 * Creates the view `promotions`: one row for each strategy on its way, with the place that it has come furthest to (NULL while it has none), the share of its size that is traded there, since when, and the gates
 * that people opened instead of figures. Times are UTC. Throws what the fold throws when the log says what cannot be.
 */
export const registerPromotionView = async (connection: DuckDBConnection, records: readonly AuditRecord[]): Promise<void> => {
  const rows = foldPromotions(records).all.map(({ id, strategy, stage, places, overrides, run, history }) => {
    const place = places.live ?? places.paper ?? null;
    const values = [
      id,
      strategy,
      stage,
      place?.account ?? null,
      place?.venue ?? null,
      place?.practice ?? null,
      place?.size ?? null,
      place?.share ?? null,
    ];
    const since = timestamp(place?.since ?? history.at(-1)?.at ?? null);
    return `(${[...values.map(literal), since, `[${overrides.map(({ gate }) => literal(gate)).join(', ')}]`, literal(run)].join(', ')})`;
  });
  const columns = Object.entries(COLUMNS).map(([name, type], i) => `CAST(c${i} AS ${type}) AS ${name}`);
  const names = columns.map((_, i) => `c${i}`).join(', ');
  const values = rows.length === 0 ? `(${columns.map(() => 'NULL').join(', ')})` : rows.join(', ');
  await connection.run(
    `CREATE OR REPLACE TEMP VIEW promotions AS SELECT ${columns.join(', ')} FROM (VALUES ${values}) AS v(${names})${rows.length === 0 ? ' WHERE false' : ''}`,
  );
};
