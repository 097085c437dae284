import { afterAll, beforeAll, describe } from 'vitest';
import { connectPostgres } from '../../../src/cluster/postgres/connect-postgres.js';
import { migrate } from '../../../src/cluster/postgres/migrate.js';
import type { Postgres } from '../../../src/cluster/postgres/postgres.js';
import { registryContract } from '../../contracts/registry.js';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { teamUnderTest } from './registry-under-test.js';

describe.skipIf(!HAS.postgres)('PostgreSQL (skipped where none is installed)', () => {
  let server: Service;
  let pools: readonly [Postgres, Postgres];
  beforeAll(async () => {
    server = await startPostgres();
    const { url } = await server.fresh();
    pools = [connectPostgres(url), connectPostgres(url)];
    await migrate(pools[0]);
  });
  afterAll(async () => {
    await Promise.all(pools.map(pool => pool.close()));
    await server.stop();
  });

  registryContract('a team', () => teamUnderTest(pools));
});
