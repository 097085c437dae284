import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openRecords } from '../../../src/cluster/queue/open-records.js';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';
import { persevere } from '../../../src/cluster/queue/persevere.js';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, openPostgres, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

vi.mock(import('../../../src/cluster/queue/postgres-patience.js'), async original => {
  const { POSTGRES_PATIENCE, ...more } = await original();
  return { ...more, POSTGRES_PATIENCE: { ...POSTGRES_PATIENCE, query_timeout: 300 as never } };
});

/** A way to a server that can be made to swallow what is on it, as a network does that is cut without a word. */
const wayTo = async (place: QueuePlace): Promise<{ readonly place: QueuePlace; swallow(): void; close(): void }> => {
  const to = new URL(place.url);
  const sockets: Socket[] = [];
  const server: Server = createServer(near => {
    const far = connect(Number(to.port), to.hostname);
    sockets.push(near, far);
    near.pipe(far).pipe(near);
    for (const each of [near, far]) each.on('error', () => undefined).on('close', () => (near.destroy(), far.destroy()));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(place.url);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' ? address?.port : '');
  return {
    place: parseQueueUrl(url.href),
    swallow: () => {
      for (const each of sockets) each.unpipe().pause();
    },
    close: () => {
      server.close();
      for (const each of sockets) each.destroy();
    },
  };
};

describe.skipIf(!HAS.postgres)('connections to PostgreSQL', () => {
  let service: SharedService;
  let bench: Bench;
  beforeAll(async () => {
    service = await openPostgres();
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    bench = benchOn(await service.fresh());
  });
  afterEach(() => bench.close());

  const asked = async <R extends object>(text: string): Promise<R> => {
    const client = new pg.Client({ connectionString: bench.place.url });
    await client.connect();
    const { rows } = await client.query<R>(text);
    await client.end();
    return rows[0]!;
  };
  const count = async (): Promise<number> =>
    (
      await asked<{ count: number }>(
        "SELECT count(*)::int - 1 AS count FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'",
      )
    ).count;

  test('are six for a submitter and six for a worker, however much they do', async () => {
    bench.worker({ threads: 6 });
    const engine = await bench.engine();
    const leaves = Array.from({ length: 30 }, (_, x) => ({ handler: SAMPLE, payload: { do: 'square', x }, name: `leaf ${x}` }));
    let most = 0;
    const work = Promise.all([
      engine.run(
        SAMPLE,
        Array.from({ length: 60 }, (_, x) => ({ do: 'wait', ms: 5, x })),
      ),
      engine.run(
        SAMPLE,
        Array.from({ length: 60 }, (_, x) => ({ do: 'wait', ms: 6, x })),
      ),
      engine.flow({ handler: SAMPLE, payload: { do: 'sum' }, name: 'sum', children: leaves }),
    ]).then(() => 'done');
    while ((await Promise.race([work, pause(20)])) !== 'done') most = Math.max(most, await count());
    expect(most).toBeLessThanOrEqual(12);
  });

  test('that swallow everything are given up, and the statement is done on another', async () => {
    const way = await wayTo(bench.place);
    const records = await openRecords(way.place, 'q');
    await records.workers();
    way.swallow();
    const told: string[] = [];
    expect(await persevere(() => records.workers(), { onAway: error => told.push(String(error)) })).toEqual([]);
    expect(told).toEqual(['Error: Query read timeout']);
    way.close();
    await records.close();
  });

  test('do not wait for each other: jobs are added by their ids, whatever the order of the run that is their places', async () => {
    const added = vi.spyOn(Queue.prototype, 'addBulk');
    const engine = await bench.engine();
    const stop = new AbortController();
    const payloads = Array.from({ length: 40 }, (_, x) => ({ do: 'square', x }));
    const run = engine.run(SAMPLE, payloads, { signal: stop.signal, name: i => String(i) });
    run.catch(() => undefined);
    await expect.poll(() => added.mock.calls.length, { timeout: 5000 }).toBe(1);
    stop.abort(new Error('enough'));
    await run.catch(() => undefined);
    const jobs = added.mock.calls[0]![0];
    expect(jobs.map(({ opts }) => opts?.jobId)).toEqual(jobs.map(({ opts }) => opts?.jobId ?? '').sort());
    expect(jobs.map(({ name, opts }) => opts?.priority === Number(name) + 1)).toEqual(payloads.map(() => true));
    added.mockRestore();
  });
});
