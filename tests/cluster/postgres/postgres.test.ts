import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/cluster/postgres/connect-postgres.js';
import { migrate, migrationStatus, requireMigrated } from '../../../src/cluster/postgres/migrate.js';
import { migrated } from '../../../src/cluster/postgres/migrated.js';
import { MIGRATIONS } from '../../../src/cluster/postgres/migrations/all.js';
import type { Migration } from '../../../src/cluster/postgres/migrations/migration.js';
import type { Postgres } from '../../../src/cluster/postgres/postgres.js';
import { openWire } from './wire.js';
import { HAS, startPostgres, type Service } from '../queue/services.js';

const STEPS: readonly Migration[] = [
  { number: 1, name: 'one', sql: 'CREATE TABLE quantai.one (n integer)' },
  { number: 2, name: 'two', sql: 'CREATE TABLE quantai.two (n integer); INSERT INTO quantai.two VALUES (1), (2)' },
];
const FAILS: Migration = { number: 3, name: 'fails', sql: 'CREATE TABLE quantai.three (n integer); SELECT 1 / 0' };

describe('a URL that leads nowhere', () => {
  it('is refused without being repeated, for it may hold a password', () => {
    expect(() => connectPostgres('mysecret')).toThrow(/no|not/);
    for (const text of ['mysecret', 'http://u:mysecret@host/db', '']) {
      const told = (() => {
        try {
          return connectPostgres(text) && '';
        } catch (error) {
          return `${String(error)} ${JSON.stringify(error)}`;
        }
      })();
      expect(told).toContain('not named by a PostgreSQL URL');
      expect(told).not.toContain('mysecret');
    }
  });

  it('is told in words, with the server and without the password', async () => {
    const nobody = connectPostgres('postgres://quant:mysecret@127.0.0.1:9/quantai');
    expect(nobody.shown).toBe('quant@127.0.0.1:9/quantai');
    const error = await nobody.query('SELECT 1').catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'registry-away', exitCode: 1, message: 'PostgreSQL at 127.0.0.1:9 does not answer.' });
    expect(JSON.stringify(error)).not.toContain('mysecret');
    await nobody.close();
  });
});

describe.skipIf(!HAS.postgres)('PostgreSQL (skipped where none is installed)', () => {
  let server: Service;
  const open: Postgres[] = [];
  const connected = (url: string): Postgres => {
    const postgres = connectPostgres(url);
    open.push(postgres);
    return postgres;
  };
  const fresh = async (): Promise<{ readonly url: string; readonly postgres: Postgres }> => {
    const { url } = await server.fresh();
    return { url, postgres: connected(url) };
  };
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await Promise.all(open.map(postgres => postgres.close()));
    await server.stop();
  });

  describe('migrations', () => {
    it('make an empty database, once, in their own schema', async () => {
      const { postgres } = await fresh();
      await expect(requireMigrated(postgres)).rejects.toMatchObject({
        code: 'registry-not-made',
        fix: expect.stringContaining('registry migrate'),
      });
      expect((await migrate(postgres)).map(({ number }) => number)).toEqual(MIGRATIONS.map(({ number }) => number));
      expect(await migrate(postgres)).toEqual([]);
      await requireMigrated(postgres);
      const elsewhere = await postgres.query(
        `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public'`,
      );
      expect(elsewhere).toEqual([]);
    });

    it('are numbered from 1 without gaps', () => {
      expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, i) => i + 1));
    });

    it('are taken once by two processes at the same time', async () => {
      const { url, postgres } = await fresh();
      const taken = await Promise.all([migrate(postgres, STEPS), migrate(connected(url), STEPS), migrate(connected(url), STEPS)]);
      expect(taken.map(steps => steps.length).sort()).toEqual([0, 0, 2]);
      expect(await postgres.query('SELECT n FROM quantai.two ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
    });

    it('go forward from where a database is, all or none', async () => {
      const { postgres } = await fresh();
      await migrate(postgres, STEPS.slice(0, 1));
      expect(await migrationStatus(postgres, STEPS)).toMatchObject({ applied: [{ number: 1 }], pending: [{ number: 2 }] });
      await expect(migrate(postgres, [...STEPS, FAILS])).rejects.toThrow('division by zero');
      expect((await migrationStatus(postgres, STEPS)).applied.map(({ number }) => number)).toEqual([1]);
      expect((await migrate(postgres, STEPS)).map(({ number }) => number)).toEqual([2]);
    });

    it('refuse a database that is newer than the program, and one of other steps', async () => {
      const { postgres } = await fresh();
      await migrate(postgres, STEPS);
      const older = migrate(postgres, STEPS.slice(0, 1));
      await expect(older).rejects.toMatchObject({ code: 'newer-registry', exitCode: 4, message: expect.stringContaining('it has step 2') });
      const changed = [STEPS[0]!, { ...STEPS[1]!, sql: 'SELECT 1' }];
      await expect(migrate(postgres, changed)).rejects.toMatchObject({ code: 'changed-migration', exitCode: 4 });
      // And nothing is read from it or written to it.
      await postgres.query(`INSERT INTO quantai.migrations (number, name, checksum) VALUES (99, 'future', 'x')`);
      const careful = migrated(postgres);
      await expect(careful.query('SELECT 1')).rejects.toMatchObject({ code: 'newer-registry' });
      await expect(careful.transaction(() => Promise.resolve(1))).rejects.toMatchObject({ code: 'newer-registry' });
    });

    it('are not written past by a process that began before, and wait for one that writes', async () => {
      const { url, postgres } = await fresh();
      await migrate(postgres);
      const careful = migrated(connected(url));
      let [isWriting, isDone] = [false, false];
      const writing = careful.transaction(async ({ query }) => {
        isWriting = true;
        await pause(300);
        expect(isDone).toBe(false);
        await query(`INSERT INTO quantai.passwords VALUES ('alice', 'old', 1)`);
      });
      await expect.poll(() => isWriting, { timeout: 10_000 }).toBe(true);
      const last = MIGRATIONS.at(-1)?.number ?? 0;
      const next = migrate(postgres, [...MIGRATIONS, { number: last + 1, name: 'next', sql: 'TRUNCATE quantai.passwords' }]).then(
        () => (isDone = true),
      );
      await writing;
      await next;
      await expect(
        careful.transaction(({ query }) => query(`INSERT INTO quantai.passwords VALUES ('bob', 'old', 1)`)),
      ).rejects.toMatchObject({
        code: 'newer-registry',
      });
      expect(await postgres.query('SELECT * FROM quantai.passwords')).toEqual([]);
    });
  });

  describe('a connection', () => {
    it('says when the database is missing, when the login is refused, and when the tables are', async () => {
      const { url, postgres } = await fresh();
      const at = new URL(url);
      at.pathname = '/nowhere';
      await expect(connected(at.href).query('SELECT 1')).rejects.toMatchObject({
        code: 'no-database',
        message: expect.stringContaining('no database "nowhere"'),
      });
      at.username = 'stranger';
      at.password = 'mysecret';
      const refused = await connected(at.href)
        .query('SELECT 1')
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'registry-login', message: expect.stringContaining('"stranger"') });
      expect(JSON.stringify(refused)).not.toContain('mysecret');
      await expect(postgres.query('SELECT * FROM quantai.trials')).rejects.toMatchObject({ code: 'registry-not-made' });
    });

    it('takes back what a transaction did when it fails', async () => {
      const { postgres } = await fresh();
      await migrate(postgres, STEPS);
      const failing = postgres.transaction(async ({ query }) => {
        await query('INSERT INTO quantai.one VALUES (1)');
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await postgres.query('SELECT * FROM quantai.one')).toEqual([]);
    });

    it('lets one work alone under a name, and tells who waits too long', async () => {
      const { url, postgres } = await fresh();
      const other = connected(url);
      let release = (): void => undefined;
      const held = postgres.alone('stage', 1_000, () => new Promise<void>(resolve => (release = resolve)));
      await expect.poll(() => other.query('SELECT 1 FROM pg_locks WHERE locktype = $1 AND granted', ['advisory'])).toHaveLength(1);
      await expect(other.alone('stage', 50, () => Promise.resolve(1))).rejects.toMatchObject({ code: 'registry-busy', exitCode: 4 });
      expect(await other.alone('another', 50, () => Promise.resolve(2))).toBe(2);
      release();
      await held;
      expect(await other.alone('stage', 1_000, () => Promise.resolve(3))).toBe(3);
    });

    it('tells who works alone that it was alone no longer, once the work has ended', async () => {
      const { url, postgres } = await fresh();
      const other = connected(url);
      const steps: string[] = [];
      const lost = postgres.alone('stage', 1_000, async () => {
        await other.query(`SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
          WHERE locktype = 'advisory' AND granted AND datname = current_database()`);
        steps.push(await other.alone('stage', 1_000, () => Promise.resolve('the other')));
        steps.push('the first');
      });
      await expect(lost).rejects.toMatchObject({ code: 'registry-lock-lost', exitCode: 4 });
      expect(steps).toEqual(['the other', 'the first']);
      expect(await postgres.alone('stage', 1_000, () => Promise.resolve(1))).toBe(1);
    });

    it('is given up by the server with whoever stands still, and by a machine that is gone', async () => {
      const { postgres } = await fresh();
      const settings = await postgres.transaction(({ query }) =>
        query(`SELECT current_setting('idle_in_transaction_session_timeout') AS still, current_setting('tcp_keepalives_idle') AS idle`),
      );
      expect(settings).toEqual([{ still: '1min', idle: '10' }]);
    });

    it('waits once for a server that is silent', async () => {
      const { url } = await fresh();
      const wire = await openWire(server.port);
      const through = new URL(url);
      through.port = String(wire.port);
      const postgres = connectPostgres(through.href, { answerMs: 2000 });
      await postgres.query('SELECT 1');
      wire.swallowAfter('SELECT 3');
      const begun = performance.now();
      await expect(postgres.transaction(({ query }) => query('SELECT 3'))).rejects.toMatchObject({ code: 'registry-away' });
      expect(performance.now() - begun).toBeLessThan(3900);
      await postgres.close();
      await wire.close();
    });

    it('goes on by itself when the server was away', async () => {
      const { postgres } = await fresh();
      await postgres.query('SELECT 1');
      await server.kill();
      await expect(postgres.query('SELECT 1')).rejects.toMatchObject({ code: 'registry-away' });
      await server.start();
      expect(await postgres.query('SELECT 2 AS n')).toEqual([{ n: 2 }]);
    });
  });
});
