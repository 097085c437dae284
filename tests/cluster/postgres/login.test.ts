import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { postgresOwner } from '../../../scripts/services.mjs';
import { connectPostgres } from '../../../src/cluster/postgres/connect-postgres.js';
import { postgresSettings } from '../../../src/cluster/postgres/postgres-settings.js';
import { inspectQueue } from '../../../src/cluster/queue/inspect-queue.js';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';
import { HAS, startPostgres, type Service } from '../queue/services.js';
import { HAS_OPENSSL, makeCertificates, type Certificates } from './certificates.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a registry and what a queue says of a URL: the row that says whether it is over TLS, or the error. */
const asked = async (url: string): Promise<unknown> => {
  const registry = connectPostgres(url);
  try {
    return await registry.query('SELECT ssl, current_user AS name FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  } catch (error) {
    return error;
  } finally {
    await registry.close();
  }
};
const looked = async (url: string): Promise<unknown> => {
  try {
    const queue = await inspectQueue(parseQueueUrl(url));
    // By BullMQ's own connection.
    const counts = await queue.counts();
    await queue.close();
    return counts['waiting'];
  } catch (error) {
    return error;
  }
};

describe('a URL that asks for TLS', () => {
  it.each(['verify-fulll', 'allow', 'on'])('in a way that does not exist is refused: %s', mode => {
    const url = `postgres://quant:mysecret@db/quantai?sslmode=${mode}`;
    for (const open of [connectPostgres, parseQueueUrl])
      expect(() => open(url)).toThrow(
        expect.objectContaining({ code: 'bad-sslmode', exitCode: 2, message: expect.stringContaining(mode) }),
      );
    vi.stubEnv('PGSSLMODE', mode);
    expect(() => connectPostgres('postgres://quant@db/quantai')).toThrow('PGSSLMODE');
  });

  it('means the same whatever it is for, and nothing of it is left to be read in another way', () => {
    const { connectionString, ssl } = postgresSettings('postgres://q:p%40ss@db/x?sslmode=require&application_name=a%20b&ssl=1');
    expect(connectionString).toBe('postgres://q:p%40ss@db/x?application_name=a+b');
    expect(ssl).toEqual({});
    expect(postgresSettings('postgres://q@db/x?sslmode=disable&sslrootcert=/nowhere')).toEqual({
      connectionString: 'postgres://q@db/x',
      ssl: false,
    });
    expect(postgresSettings('postgres://q@db/x')).toEqual({ connectionString: 'postgres://q@db/x' });
    expect(postgresSettings('postgres://q@db/x?ssl=no-verify').ssl).toEqual({ rejectUnauthorized: false });
    expect(postgresSettings('postgres://q@db/x?sslrootcert=system').ssl).toEqual({});
  });
});

describe.skipIf(!HAS.postgres || !HAS_OPENSSL)('PostgreSQL (skipped where it or openssl is not installed)', () => {
  let server: Service;
  let admin: pg.Client;
  let folder: string;
  let made: Certificates;
  let url: string;
  const at = (change: { readonly user?: string; readonly password?: string; readonly host?: string; readonly query?: string }): string => {
    const changed = new URL(url);
    if (change.user !== undefined) changed.username = change.user;
    if (change.password !== undefined) changed.password = change.password;
    if (change.host !== undefined) changed.hostname = change.host;
    return `${changed.href}${change.query ?? ''}`;
  };
  const settled = async (...settings: string[]): Promise<void> => {
    for (const each of settings) await admin.query(`ALTER SYSTEM SET ${each}`);
    await admin.query('SELECT pg_reload_conf()');
  };
  beforeAll(async () => {
    server = await startPostgres();
    ({ url } = await server.fresh());
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    made = makeCertificates(folder);
    await admin.query(`CREATE ROLE asked LOGIN SUPERUSER PASSWORD 'right'`);
    const { rows } = await admin.query<{ data_directory: string }>('SHOW data_directory');
    const data = rows[0]!.data_directory;
    const hba = join(data, 'pg_hba.conf');
    writeFileSync(hba, 'host all asked all scram-sha-256\nhostssl all tls all trust\nhost all quantai all trust\n');
    const { uid, gid } = postgresOwner();
    for (const [from, to] of [
      [made.cert, 'server.crt'],
      [made.key, 'server.key'],
    ] as const) {
      const own = join(data, to);
      copyFileSync(from, own);
      chmodSync(own, 0o600);
      if (uid !== undefined && gid !== undefined) chownSync(own, uid, gid);
    }
    await admin.query('SELECT pg_reload_conf()');
  });
  afterAll(async () => {
    await admin.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('that wants a password', () => {
    const sockets = (): number => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;

    it.each([
      ['a registry', asked, 'registry-login'],
      ['a queue', looked, 'queue-refused'],
    ])('says so to %s, with all places it may come from, and keeps no connection', async (_, ask, code) => {
      const before = sockets();
      const error = await ask(at({ user: 'asked' }));
      expect(error).toMatchObject({
        code,
        message: `PostgreSQL at 127.0.0.1:${server.port} wants a password.`,
        fix: 'Give it in the URL, PGPASSWORD or ~/.pgpass.',
      });
      await expect.poll(sockets, { timeout: 5000 }).toBe(before);
    });

    it.each([
      ['a registry', asked, 'registry-login'],
      ['a queue', looked, 'queue-refused'],
    ])('does not let %s in with a wrong one', async (_, ask, code) => {
      const error = await ask(at({ user: 'asked', password: 'mysecret' }));
      expect(error).toMatchObject({ code, message: expect.stringContaining('does not let "asked" in: wrong password') });
      expect(JSON.stringify(error)).not.toContain('mysecret');
    });

    it('takes it from PGPASSWORD for a queue too', async () => {
      vi.stubEnv('PGPASSWORD', 'right');
      expect(await asked(at({ user: 'asked' }))).toMatchObject([{ name: 'asked' }]);
      expect(await looked(at({ user: 'asked' }))).toBe(0);
    });
  });

  it('without TLS says so to who asks for it', async () => {
    for (const query of ['?sslmode=require', '?sslmode=prefer', '?sslmode=no-verify']) {
      const told = {
        message: `PostgreSQL at 127.0.0.1:${server.port} has no TLS.`,
        fix: 'Leave sslmode out, or switch it on at the server (ssl = on).',
      };
      expect(await asked(at({ query }))).toMatchObject({ code: 'registry-tls', ...told });
      expect(await looked(at({ query }))).toMatchObject({ code: 'queue-refused', ...told });
    }
  });

  describe('with a certificate of one’s own authority, for localhost', () => {
    beforeAll(async () => {
      await settled('ssl = on');
      await vi.waitFor(async () => {
        const probe = new pg.Client({ connectionString: url, ssl: { rejectUnauthorized: false } });
        await probe.connect();
        await probe.end();
      });
    });

    it.each([
      ['localhost', 'sslmode=verify-full&sslrootcert=CA'],
      ['localhost', 'sslrootcert=CA'],
      ['127.0.0.1', 'sslmode=verify-ca&sslrootcert=CA'],
      ['127.0.0.1', 'sslmode=require&sslrootcert=CA'],
      ['127.0.0.1', 'sslmode=prefer&sslrootcert=CA'],
      ['127.0.0.1', 'sslmode=no-verify'],
    ])('lets in at %s with %s, and without a warning', async (host, words) => {
      const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
      const through = at({ host, query: `?${words.replace('CA', made.ca)}` });
      expect(await asked(through)).toMatchObject([{ ssl: true }]);
      expect(await looked(through)).toBe(0);
      expect(warned).not.toHaveBeenCalled();
    });

    it('is trusted by PGSSLROOTCERT too', async () => {
      vi.stubEnv('PGSSLROOTCERT', made.ca);
      expect(await asked(at({ host: 'localhost', query: '?sslmode=verify-full' }))).toMatchObject([{ ssl: true }]);
      expect(await looked(at({ host: 'localhost', query: '?sslmode=verify-full' }))).toBe(0);
      // Alone it switches nothing on.
      expect(await asked(url)).toMatchObject([{ ssl: false }]);
    });

    it.each([
      ['localhost', 'sslmode=verify-full', 'is not trusted', '&sslrootcert=ca.pem'],
      ['localhost', 'sslmode=require', 'is not trusted', '&sslrootcert=ca.pem'],
      ['localhost', 'sslmode=verify-ca', 'is not trusted', '&sslrootcert=ca.pem'],
      ['127.0.0.1', 'sslmode=verify-full&sslrootcert=CA', 'is for another name', 'sslmode=verify-ca'],
    ])('is told in words at %s with %s: %s', async (host, words, message, fix) => {
      const told = { message: expect.stringContaining(message) as string, fix: expect.stringContaining(fix) as string };
      const through = at({ host, query: `?${words.replace('CA', made.ca)}` });
      expect(await asked(through)).toMatchObject({ name: 'UserError', code: 'registry-tls', ...told });
      expect(await looked(through)).toMatchObject({ name: 'UserError', code: 'queue-refused', ...told });
    });

    it('needs a file that is there', async () => {
      const query = '?sslmode=verify-full&sslrootcert=/nowhere/ca.pem';
      const told = { code: 'no-such-file', message: 'There is no file /nowhere/ca.pem, which sslrootcert names.' };
      expect(await asked(at({ query }))).toMatchObject(told);
      expect(await looked(at({ query }))).toMatchObject(told);
    });

    it('is what some need to be let in', async () => {
      await admin.query('CREATE ROLE tls LOGIN');
      expect(await asked(at({ user: 'tls' }))).toMatchObject({
        code: 'registry-login',
        message: expect.stringContaining('without TLS'),
        fix: expect.stringContaining('?sslmode=verify-full'),
      });
      expect(await asked(at({ user: 'tls', query: '?sslmode=no-verify' }))).toMatchObject([{ name: 'tls' }]);
    });
  });
});
