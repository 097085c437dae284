import { setTimeout as pause } from 'node:timers/promises';
import type { Postgres } from '../../cluster/postgres/postgres.js';
import type { PasswordHashes } from './password-hashes.js';

/** A registry that does not answer by then is not asked again for a while. */
const PATIENCE_MS = 1_000;
const AGAIN_MS = 5_000;

/**
 * Hashes of a team's people, in its registry. What was read is kept in `local` as well, and read there while the registry does not answer: whoever could log in before can log in, and halt, then. Setting and forgetting one
 * needs the registry. `local` holds nothing but what this registry gave: what it no longer has is dropped there.
 */
export const postgresHashes = (postgres: Postgres, local: PasswordHashes): PasswordHashes => {
  let askAgainAt = -Infinity;
  /** What the registry says; the local answer where it says nothing in time. */
  const asked = async <T>(remote: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    if (performance.now() < askAgainAt) return otherwise();
    const answer = remote();
    answer.catch(() => undefined);
    const controller = new AbortController();
    const late = pause(PATIENCE_MS, undefined, { signal: controller.signal }).then(() => {
      throw new Error('late');
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } catch {
      askAgainAt = performance.now() + AGAIN_MS;
      return otherwise();
    } finally {
      controller.abort();
    }
  };
  const read = async (name: string): Promise<string | null> => {
    const [row] = await postgres.query<{ hash: string; at: number }>('SELECT hash, at FROM quantai.passwords WHERE name = $1', [name]);
    const kept = await local.get(name);
    if (row !== undefined && row.hash !== kept) await local.put(name, row.hash, row.at);
    if (row === undefined && kept !== null) await local.drop(name);
    return row?.hash ?? null;
  };
  return {
    get: name =>
      asked(
        () => read(name),
        () => local.get(name),
      ),
    any: () =>
      asked(async () => {
        const [row] = await postgres.query<{ any: boolean }>('SELECT EXISTS (SELECT 1 FROM quantai.passwords) AS any');
        return row?.any === true;
      }, local.any),
    put: async (name, hash, at) => {
      await postgres.query(
        'INSERT INTO quantai.passwords (name, hash, at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, at = excluded.at',
        [name, hash, at],
      );
      await local.put(name, hash, at);
    },
    drop: async name => {
      await postgres.query('DELETE FROM quantai.passwords WHERE name = $1', [name]);
      await local.drop(name);
    },
    all: async () => {
      const rows = await postgres.query<{ name: string; hash: string; at: number }>(
        'SELECT name, hash, at FROM quantai.passwords ORDER BY name',
      );
      return Object.fromEntries(rows.map(({ name, hash, at }) => [name, { hash, at }]));
    },
  };
};

/** Brings a workspace's hashes into the registry. A name that has one there keeps it: it is the team's. */
export const importHashes = async (
  postgres: Postgres,
  local: PasswordHashes,
): Promise<{ readonly here: number; readonly added: number }> => {
  const rows = Object.entries(await local.all()).map(([name, { hash, at }]) => ({ name, hash, at }));
  const added = await postgres.query(
    `INSERT INTO quantai.passwords (name, hash, at) SELECT name, hash, at FROM json_to_recordset($1::json) AS r(name text, hash text, at float8)
     ON CONFLICT DO NOTHING RETURNING name`,
    [JSON.stringify(rows)],
  );
  return { here: rows.length, added: added.length };
};
