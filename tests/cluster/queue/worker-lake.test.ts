import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { serveLake, type LakeServer } from '../../../src/cluster/lake/serve-lake.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, openPostgres, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

const TOKEN = 'the token of this test';

describe.skipIf(!HAS.postgres)('a worker and its lake', () => {
  let service: SharedService;
  let bench: Bench;
  let folder: string;
  let server: LakeServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'worker-lake-'));
    service = await openPostgres();
    bench = benchOn(await service.fresh());
    server = await serveLake({ folder, host: '127.0.0.1', port: 0, token: TOKEN });
  });
  afterAll(async () => {
    await bench.close().catch(() => undefined);
    await server.close();
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('that lacks its token is named to the submitter within seconds, and says so once', { timeout: 60_000 }, async () => {
    const worker = bench.worker({ name: 'w1', threads: 4 });
    const engine = await bench.engine({ lake: openLake(server.url, { token: TOKEN }) });
    const begun = performance.now();
    const payloads = Array.from({ length: 40 }, (_, x) => ({ do: 'shared', x }));
    const failure = await engine.run(SAMPLE, payloads, { shared: { column: [1, 2] } }).catch((error: unknown) => error);
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(failure).toMatchObject({
      code: 'lake-refused',
      message: expect.stringMatching(/answers 403 .*\(on worker w1\)\.$/) as string,
      fix: 'On worker w1: set QUANTAI_LAKE_TOKEN to the token that the lake was started with.',
    });
    await worker.stop();
    const told = bench.log.filter(line => /^(warn|info) job .*answers 403/.test(line));
    expect(told.filter(line => line.includes('tried again'))).toHaveLength(1);
    expect(told.length).toBeLessThanOrEqual(2);
    expect(bench.log.filter(line => /^warn \d+ more jobs in \d+ s to be tried again: .*403/.test(line))).toHaveLength(1);
  });

  test('whose address has a password in it is refused before anything is served', async () => {
    const refused = await bench.worker({ lake: 'http://ada:SECRET@127.0.0.1:1' }).ended.catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'bad-lake', message: expect.stringContaining('QUANTAI_LAKE_TOKEN') as string });
    expect(String(refused)).not.toContain('SECRET');
  });
});
