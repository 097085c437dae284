import { requireMigrated } from './migrate.js';
import type { Postgres } from './postgres.js';

/** The same database, whose shape is looked at before its first statement: one that is not of this program's version is not written to, nor believed. A look that failed is made again. */
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
      return postgres.transaction(work);
    },
    alone: async (name, patienceMs, work) => {
      await ready();
      return postgres.alone(name, patienceMs, work);
    },
    close: () => postgres.close(),
  };
};
