import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { quantai } from '../run-quantai.js';
import { temporaryRoot } from './registry-under-test.js';

describe.skipIf(!HAS.postgres)('a search whose trials have no place (skipped where no PostgreSQL is installed)', () => {
  let server: Service;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it.each(['sweep', 'walkforward', 'friction', 'crossvalidate'])('is refused before it connects or leaves anything: %s', async verb => {
    const root = await temporaryRoot();
    const [registry, queue] = [(await server.fresh()).url, (await server.fresh()).url];
    const team = ['--workspace', root, '--registry', registry];
    expect((await quantai(['registry', 'migrate', ...team])).code).toBe(0);
    expect((await quantai(['registry', 'import', ...team])).code).toBe(0);
    const refused = await quantai([verb, 'sma-cross', '--dataset', 'sample', '--workspace', root, '--registry', 'none', '--on', queue]);
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('registry') as string });
    expect(await readdir(join(root, 'runs')).catch(() => [])).toEqual([]);
    const client = new pg.Client({ connectionString: queue });
    await client.connect();
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await client.end();
    expect(rows[0]?.count).toBe(0);
  });
});
