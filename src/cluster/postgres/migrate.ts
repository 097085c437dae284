import { createHash } from 'node:crypto';
import { UserError } from '../../errors.js';
import { MIGRATIONS } from './migrations/all.js';
import type { Migration } from './migrations/migration.js';
import type { Postgres, Queries } from './postgres.js';

/** Where a database stands. */
export interface MigrationStatus {
  /** Steps that it has, by number. */
  readonly applied: readonly { readonly number: number; readonly name: string }[];
  /** Steps that this program has and the database lacks. */
  readonly pending: readonly { readonly number: number; readonly name: string }[];
}

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** Name of the lock that who migrates holds alone, and who writes together with all others who do. */
export const MIGRATING = 'quantai.migrate';

export const checksumOf = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex');

/** Steps that a database has; none where nothing was ever made in it. */
const appliedIn = async ({ query }: Queries): Promise<readonly AppliedRow[]> => {
  const [found] = await query<{ made: boolean }>(`SELECT to_regclass('quantai.migrations') IS NOT NULL AS made`);
  if (found?.made !== true) return [];
  return query<AppliedRow>('SELECT number, name, checksum FROM quantai.migrations ORDER BY number');
};

/** Throws where the database is newer than this program, or a step is not the one that was taken. */
const compared = (applied: readonly AppliedRow[], migrations: readonly Migration[], shown: string): MigrationStatus => {
  const last = applied.at(-1)?.number ?? 0;
  const known = migrations.at(-1)?.number ?? 0;
  if (last > known)
    throw new UserError(
      'newer-registry',
      `The registry ${shown} is of a newer version: it has step ${last}, and this program knows ${known}.`,
      4,
      'Update QuantAI-Trad on this machine.',
    );
  const changed = applied.find(({ number, checksum }) => {
    const own = migrations.find(each => each.number === number);
    return own === undefined || checksumOf(own) !== checksum;
  });
  if (changed !== undefined)
    throw new UserError(
      'changed-migration',
      `Step ${changed.number} (${changed.name}) of the registry ${shown} is not the one that this program has.`,
      4,
      'Two builds that are not of one line use this database: give each its own.',
    );
  return {
    applied: applied.map(({ number, name }) => ({ number, name })),
    pending: migrations.filter(({ number }) => number > last).map(({ number, name }) => ({ number, name })),
  };
};

/** Where a database stands. Throws `newer-registry` and `changed-migration` (exit code 4). */
export const migrationStatus = async (
  postgres: Queries & Pick<Postgres, 'shown'>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationStatus> => compared(await appliedIn(postgres), migrations, postgres.shown);

/**
 * Brings a database to this program's shape, in the schema `quantai` and nowhere else: all missing steps or none, forward only. Processes that do so at once wait for each other, and the second finds nothing to do.
 * Returns the steps that were taken. Throws as `migrationStatus`.
 */
export const migrate = (postgres: Postgres, migrations: readonly Migration[] = MIGRATIONS): Promise<MigrationStatus['pending']> =>
  postgres.transaction(async queries => {
    const { query } = queries;
    await query(`SELECT pg_advisory_xact_lock(hashtextextended('${MIGRATING}', 0))`);
    await query(`
      CREATE SCHEMA IF NOT EXISTS quantai;
      CREATE TABLE IF NOT EXISTS quantai.migrations (
        number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now()
      )`);
    const { pending } = compared(await appliedIn(queries), migrations, postgres.shown);
    for (const each of migrations.filter(({ number }) => pending.some(missing => missing.number === number))) {
      await query(each.sql);
      await query('INSERT INTO quantai.migrations (number, name, checksum) VALUES ($1, $2, $3)', [
        each.number,
        each.name,
        checksumOf(each),
      ]);
    }
    return pending;
  });

/** Throws where a database is not of exactly this program's shape: what is written into it must be understood by everybody. */
export const requireMigrated = async (postgres: Queries & Pick<Postgres, 'shown'>): Promise<void> => {
  const { pending } = await migrationStatus(postgres);
  if (pending.length > 0)
    throw new UserError(
      'registry-not-made',
      `The registry ${postgres.shown} lacks ${pending.length === 1 ? 'a step' : `${pending.length} steps`} of this version: ${pending.map(({ number, name }) => `${number} (${name})`).join(', ')}.`,
      4,
      'Make it with: quantai registry migrate',
    );
};
