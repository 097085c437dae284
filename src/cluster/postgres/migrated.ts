import { MIGRATING, requireMigrated } from './migrate.js';
import { MIGRATIONS } from './migrations/all.js';
import type { Postgres } from './postgres.js';

/** The same database, whose shape is looked at before its first statement: one that is not of this program's version is not written to, nor believed. A look that failed is made again. Each transaction looks anew, and a migration waits for it: a process that began before an update does not write the old shape into the new. */
export const migrated = (postgres: Postgres): Postgres => {
  let looked: Promise<void> | null = null;
  const ready = (): Promise<void> => {
    if (looked === null) {
      const look = requireMigrated(postgres);
      looked = look;
      look.catch(() => {
        if (looked === look) looked = null;
      });
    }
    return looked;
  };
  return {
    shown: postgres.shown,
    query: async (text, values) => {
      await ready();
      return postgres.query(text, values);
    },
    transaction: async work => {
      await ready();
      return postgres.transaction(async queries => {
        await queries.query(`SELECT pg_advisory_xact_lock_shared(hashtextextended('${MIGRATING}', 0))`);
        const [step] = await queries.query<{ last: number | null }>('SELECT max(number) AS last FROM quantai.migrations');
        // What is wrong with it is told in full.
        if (step?.last !== MIGRATIONS.at(-1)?.number) await requireMigrated({ query: queries.query, shown: postgres.shown });
        return work(queries);
      });
    },
    alone: async (name, patienceMs, work) => {
      await ready();
      return postgres.alone(name, patienceMs, work);
    },
    close: () => postgres.close(),
  };
};
