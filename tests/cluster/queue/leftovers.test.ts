import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRecords } from '../../../src/cluster/queue/open-records.js';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';
import type { QueueRecords } from '../../../src/cluster/queue/queue-records.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';

/** Makes what the records of a queue know older. */
const AGE = {
  postgres: async (place: QueuePlace, queue: string, minutes: number): Promise<void> => {
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    for (const [table, column] of [
      ['run', 'seen'],
      ['alarm', 'at'],
    ] as const)
      await client.query(`UPDATE quantai_cluster.${table} SET ${column} = ${column} - interval '${minutes} minutes' WHERE queue = $1`, [
        queue,
      ]);
    await client.end();
  },
  redis: async (place: QueuePlace, queue: string, minutes: number): Promise<void> => {
    const redis = new Redis(place.url);
    const p = `quantai:${queue}:`;
    for (const run of await redis.zrange(`${p}runs-seen`, 0, -1)) await redis.zincrby(`${p}runs-seen`, -minutes * 60_000, run);
    const alarms = (await redis.lrange(`${p}alarms`, 0, -1)).map(text => JSON.parse(text) as { readonly at: number });
    for (const [i, alarm] of alarms.entries())
      await redis.lset(`${p}alarms`, i, JSON.stringify({ ...alarm, at: alarm.at - minutes * 60_000 }));
    redis.disconnect();
  },
};

const WEEK = 7 * 24 * 60;
const run = (key: string) => ({ key, name: key, submitter: 'ada@here', urgency: 'normal', jobs: 1 });

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`what is left behind in ${kind}`, () => {
    let service: SharedService;
    let place: QueuePlace;
    let old: QueueRecords;
    let now: QueueRecords;
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      place = await service.fresh();
      old = await openRecords(place, 'old');
      now = await openRecords(place, 'now');
    });
    afterEach(async () => {
      await old.close();
      await now.close();
    });

    test('by a submitter that was killed is done for nobody after half an hour, whatever its build', async () => {
      await old.enter(run('killed'));
      await old.want('killed', ['job']);
      await AGE[kind](place, 'old', 20);
      await now.tidy();
      expect(await old.unwanted(['job'])).toEqual([]);
      await AGE[kind](place, 'old', 11);
      await now.tidy();
      expect(await old.unwanted(['job'])).toEqual(['job']);
      expect(await old.runs()).toEqual([]);
    });

    test('by a request that came after its run had left is wanted by nobody', async () => {
      await now.enter(run('quick'));
      await now.leave('quick');
      await now.want('quick', ['job']);
      await now.tidy();
      expect(await now.unwanted(['job'])).toEqual(['job']);
    });

    test('of alarms goes with the result that they are about', async () => {
      const [first, second] = [
        { worker: 'a', hash: '1' },
        { worker: 'b', hash: '2' },
      ];
      await old.alarm({ job: 'gone', first, second });
      await old.alarm({ job: 'kept', first, second });
      await old.finish('kept', { kind: 'result', text: '{}', hash: '1', worker: 'a' });
      await now.tidy();
      expect(await old.alarms()).toHaveLength(2);
      await AGE[kind](place, 'old', WEEK + 1);
      await now.tidy();
      expect((await old.alarms()).map(({ job }) => job)).toEqual(['kept']);
    });
  });
}
