import type { Patience } from '../../cluster/postgres/connect-postgres.js';
import type { Postgres } from '../../cluster/postgres/postgres.js';

/** Connections of this process by URL: each command asks several times. */
const pools = new Map<string, Promise<Postgres>>();

/** For who cannot wait, a halt before all: a server that is frozen, or behind a wire that swallows packets, keeps no process longer. */
export const HURRIED: Patience = { connectMs: 2_000, answerMs: 5_000 };

/** The database that a URL names, looked at before it is used. */
export const registryDatabase = (url: string, patience: Patience = {}): Promise<Postgres> => {
  const name = `${patience === HURRIED ? 'hurried ' : ''}${url}`;
  const known = pools.get(name);
  if (known !== undefined) return known;
  const made = Promise.all([import('../../cluster/postgres/connect-postgres.js'), import('../../cluster/postgres/migrated.js')]).then(
    ([{ connectPostgres }, { migrated }]) => migrated(connectPostgres(url, patience)),
  );
  pools.set(name, made);
  made.catch(() => pools.delete(name));
  return made;
};
