import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRecords } from '../../src/cluster/queue/open-records.js';
import { ownBuild, queueName } from '../../src/cluster/queue/queue-name.js';
import type { QueuePlace } from '../../src/cluster/queue/queue-place.js';
import type { QueueRecords, WorkerRecord } from '../../src/cluster/queue/queue-records.js';
import { HAS, openPostgres, openRedis, type SharedService } from '../cluster/queue/services.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

const worker = (name: string, busy: number): WorkerRecord => ({ ...ownBuild(), name, host: 'ada', pid: 1, threads: 4, busy, done: 12 });

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`quantai jobs over ${kind}`, () => {
    let service: SharedService;
    let place: QueuePlace;
    let records: QueueRecords;
    let workspace: Awaited<ReturnType<typeof temporaryWorkspace>>;
    beforeAll(async () => {
      [service, workspace] = await Promise.all([start(), temporaryWorkspace()]);
    });
    afterAll(() => Promise.all([service.stop(), workspace.remove()]));
    beforeEach(async () => {
      place = await service.fresh();
      records = await openRecords(place, queueName(ownBuild()));
    });
    afterEach(() => records.close());
    const jobs = (...words: string[]): Promise<Ran> => quantai(['jobs', ...words, '--on', place.url, '--workspace', workspace.root]);
    const submitted = async (name: string, submitter: string, ids: readonly string[], jobsOfRun = ids.length): Promise<string> => {
      const key = randomUUID();
      await records.enter({ key, name, submitter, urgency: 'normal', jobs: jobsOfRun });
      await records.want(key, ids);
      // They are told in the order in which they began.
      await pause(2);
      return key;
    };

    test('a name that two people’s runs have ends neither, and tells them apart; a key ends the one', async () => {
      const [mine, theirs] = [
        await submitted('sma-cross-btc-3f9a12cd', 'ada@one', ['a', 'b']),
        await submitted('sma-cross-btc-3f9a12cd', 'bob@two', ['b']),
      ];
      for (const word of ['sma-cross-btc-3f9a12cd', 'sma-cross']) {
        const { code, err } = await jobs('cancel', word);
        expect(code).toBe(2);
        for (const each of [mine.slice(0, 8), theirs.slice(0, 8), 'ada@one', 'bob@two', 'begun 20']) expect(err).toContain(each);
      }
      expect(await records.runs()).toMatchObject([{ waiting: 2 }, { waiting: 1 }]);

      const { code, out } = await jobs('cancel', mine.slice(0, 8));
      expect(code).toBe(0);
      expect(out).toContain(
        `sma-cross-btc-3f9a12cd (${mine.slice(0, 8)}) of ada@one is cancelled: 1 job was withdrawn, 1 goes on because others wait for it too.`,
      );
      expect(await records.runs()).toMatchObject([
        { key: mine, waiting: 0 },
        { key: theirs, waiting: 1 },
      ]);
      expect((await records.enter({ key: theirs, name: '', submitter: '', urgency: 'normal', jobs: 1 })).isCancelled).toBe(false);
    });

    test('a run is named by any beginning that no other has, and a whole name goes before the beginning of another', async () => {
      await submitted('sweep', 'ada@one', ['a']);
      await submitted('sweep-of-bob', 'bob@two', ['b', 'c']);
      expect((await jobs('cancel', '')).code).toBe(1);
      expect((await jobs('cancel', 'walk')).err).toContain('No run "walk" waits for jobs');
      expect((await jobs('cancel', 'sweep')).out).toContain('sweep (');
      const { out } = await jobs('cancel', 'sweep-of', '--json');
      expect(JSON.parse(out)).toMatchObject({ run: 'sweep-of-bob', submitter: 'bob@two', jobs: 2 });
    });

    test('jobs list shows keys and what is left of each run, in words of its own', async () => {
      const key = await submitted('sma-cross-btc-3f9a12cd', 'ada@one', ['a', 'b'], 5);
      await submitted('a-large-one', 'bob@two', ['c'], 25_000);
      const { out } = await jobs('list');
      const [heading, , titles, first, second] = out.trim().split('\n');
      expect(heading).toMatch(/: 0 waiting, 0 active, 0 delayed, 0 wait for others, 0 failed in the last day$/);
      expect(titles).toMatch(/^run +key +by +priority +jobs +left +begun/);
      expect(first).toMatch(new RegExp(`^sma-cross-btc-3f9a12cd +${key.slice(0, 8)} +ada@one +normal +5 +2 `));
      expect(second).toMatch(/25000 +1 or more /);
    });

    test('jobs workers says who is gone and who is idle, and which other builds are served', async () => {
      await records.beat(worker('w1', 2));
      await records.beat(worker('w2', 0));
      const other = { ...ownBuild(), code: '5bb8e5da922c'.padEnd(64, '0') };
      const elsewhere = await openRecords(place, queueName(other));
      expect((await jobs('workers')).out).not.toContain('5bb8e5da922c');
      await elsewhere.beat({ ...worker('w9', 0), ...other });
      const { out } = await jobs('workers');
      expect(out).toMatch(/^worker +host +state +threads +busy/);
      expect(out).toMatch(/^w1 +ada +at work +4 +2 /m);
      expect(out).toMatch(/^w2 +ada +idle +4 +0 /m);
      expect(out).not.toContain('w9');
      expect(out).toContain(`1 worker serves ${other.platform} for ${other.arch}, build 5bb8e5da922c: install the same there or here.`);
      await records.withdraw('w1');
      await records.withdraw('w2');
      expect((await jobs('workers')).out).toMatch(/^No worker of the same build .*\n\n1 worker serves/);
      await elsewhere.close();
    });

    test('a worker that was killed is gone, and busy with nothing', { timeout: 20_000 }, async () => {
      await records.beat(worker('w1', 1));
      await expect.poll(async () => (await jobs('workers')).out, { timeout: 15_000, interval: 500 }).toMatch(/^w1 +ada +gone +4 +0 /m);
    });

    test('times of --json are whole milliseconds', async () => {
      await submitted('sweep', 'ada@one', ['a']);
      await records.beat(worker('w1', 0));
      await records.begin('a', { worker: 'nobody', attempt: '1' }, 0, true);
      const listed = await jobs('list', '--json');
      const workers = await jobs('workers', '--json');
      const { runs } = JSON.parse(listed.out) as { runs: Record<'begun' | 'seen', number>[] };
      const { workers: served } = JSON.parse(workers.out) as { workers: Record<'begun' | 'seen', number>[] };
      const deaths = await records.died('a', 'w1', 'not it');
      const times = [...runs, ...served].flatMap(({ begun, seen }) => [begun, seen]).concat(deaths.map(({ at }) => at));
      expect(times).toHaveLength(5);
      expect(times.filter(time => !Number.isInteger(time) || Math.abs(time - Date.now()) > 60_000)).toEqual([]);
    });
  });
}
