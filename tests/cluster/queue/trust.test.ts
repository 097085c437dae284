import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FlowNode } from '../../../src/cluster/job-engine.js';
import { inspectQueue } from '../../../src/cluster/queue/inspect-queue.js';
import { auditId, jobId, resultText, textHash } from '../../../src/cluster/queue/job-content.js';
import { openQueue } from '../../../src/cluster/queue/job-queue.js';
import { openRecords } from '../../../src/cluster/queue/open-records.js';
import { ownBuild, queueName } from '../../../src/cluster/queue/queue-name.js';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';
import { KEPT_MS } from '../../../src/cluster/queue/record-times.js';
import type { QueueRecords } from '../../../src/cluster/queue/queue-records.js';
import { encodeExact } from '../../../src/cluster/exact-json.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

const leaf = (payload: object, handler = SAMPLE): FlowNode => ({ handler, payload, name: 'a leaf' });
const sum = (...children: FlowNode[]): FlowNode => ({ handler: SAMPLE, payload: { do: 'sum' }, name: 'a sum', children });

/** The id that the queue knows a node by. */
const idOf = ({ handler, payload, children }: FlowNode): string =>
  jobId({ handler, payload: encodeExact({ payload }), children: children?.map(idOf) ?? null, sharedHash: null }, ownBuild());

const resultOf = (result: unknown, worker: string) => {
  const text = resultText(result);
  return { kind: 'result', text, hash: textHash(text), worker } as const;
};

const EXPIRY_MS = 300;

/** What these jobs came to is kept for a moment longer, unless something happens. */
const nearlyExpired = async ({ kind, url }: QueuePlace, ids: readonly string[]): Promise<void> => {
  if (kind === 'redis') {
    const redis = new Redis(url);
    for (const id of ids) await redis.pexpire(`quantai:${queueName(ownBuild())}:outcome:${id}`, EXPIRY_MS);
    redis.disconnect();
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`UPDATE quantai_cluster.outcome SET at = now() - interval '${KEPT_MS - EXPIRY_MS} milliseconds' WHERE job = ANY($1)`, [
    ids,
  ]);
  await client.end();
};

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`what a queue in ${kind} answers`, () => {
    let service: SharedService;
    let bench: Bench;
    let records: QueueRecords;
    let folder: string;
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      bench = benchOn(await service.fresh());
      folder = mkdtempSync(join(tmpdir(), 'trust-'));
      records = await openRecords(bench.place, queueName(ownBuild()));
    });
    afterEach(async () => {
      await bench.close();
      await records.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    const handlerThat = (body: string): string => {
      const path = join(folder, 'handler.mjs');
      writeFileSync(path, `import { appendFileSync, readFileSync } from 'node:fs';\nexport const handle = async payload => {\n${body}\n};`);
      return `file://${path}`;
    };
    const release = async (id: string): Promise<void> => {
      const queue = await inspectQueue(bench.place);
      await queue.release(id);
      await queue.close();
    };

    test('a job that gave two results is named to whoever keeps results', async () => {
      bench.worker({ name: 'one' });
      bench.worker({ name: 'two' });
      const engine = await bench.engine({ auditShare: 1 });
      const doubtful: unknown[] = [];
      const jobs = [{ do: 'square', x: 3 }, { do: 'token' }];
      const run = engine.run(SAMPLE, jobs, { onDoubt: index => doubtful.push(index) });
      await expect(run).rejects.toMatchObject({ code: 'determinism-alarm' });
      expect(doubtful).toEqual([1]);
      const token = leaf({ do: 'token' });
      const flow = engine.flow(sum(leaf({ do: 'square', x: 2 }), token), { onDoubt: node => doubtful.push(node) });
      await expect(flow).rejects.toMatchObject({ code: 'determinism-alarm' });
      expect(doubtful).toEqual([1, token]);
    });

    test('what is released takes with it what was made of it, and its second run', async () => {
      bench.worker({ name: 'one' });
      bench.worker({ name: 'two' });
      const engine = await bench.engine({ auditShare: 1 });
      const [two, three] = [leaf({ do: 'square', x: 2 }), leaf({ do: 'square', x: 3 })];
      const root = sum(two, three);
      await records.finish(idOf(two), resultOf(5, 'a bad machine'));
      await records.finish(auditId(idOf(two)), resultOf(5, 'a bad machine'));
      expect(await engine.flow(root)).toBe(14);
      await release(idOf(two));
      expect(await engine.flow(root)).toBe(13);
      expect(await records.alarms()).toEqual([]);
    });

    test('what is known from before and differs from what the queue has is an alarm, before anything is made of it', async () => {
      bench.worker();
      const engine = await bench.engine();
      const known: FlowNode = { ...leaf({ do: 'square', x: 2 }), known: { result: 4 } };
      const mistaken: FlowNode = { ...leaf({ do: 'square', x: 7 }), known: { result: 49 } };
      await records.finish(idOf(known), resultOf(5, 'a bad machine'));
      const error = { name: 'UserError', message: 'no', stack: null, user: { code: 'no', exitCode: 3, fix: null } } as const;
      await records.finish(idOf(mistaken), { kind: 'mistake', error, hash: 'm', worker: 'a bad machine' });
      for (const node of [known, mistaken]) {
        const doubtful: FlowNode[] = [];
        const started: FlowNode[] = [];
        const options = {
          onDoubt: (each: FlowNode) => void doubtful.push(each),
          onStart: (nodes: readonly FlowNode[]) => void started.push(...nodes),
        };
        const root = sum(node, leaf({ do: 'square', x: 3 }));
        await expect(engine.flow(root, options)).rejects.toMatchObject({ code: 'determinism-alarm' });
        // Nor is it relied on the next time.
        await expect(engine.flow(root, options)).rejects.toMatchObject({ code: 'determinism-alarm' });
        expect(doubtful).toEqual([node, node]);
        expect(started).toEqual([]);
        expect(await records.alarms()).toHaveLength(1);
        await release(idOf(node));
        expect(await engine.flow(root)).toBe((node.known!.result as number) + 9);
      }
    });

    test('a result that is gone when another job needs it is made or given again', async () => {
      bench.worker({ threads: 1 });
      const engine = await bench.engine();
      const known: FlowNode = { ...leaf({ do: 'square', x: 2 }), known: { result: 4 } };
      const told = leaf({ do: 'square', x: 3 });
      const root = sum(known, told, leaf({ do: 'wait', ms: 400, x: 1 }));
      const lost: Promise<unknown>[] = [];
      const result = await engine.flow(root, {
        onResult: node => {
          if (node === told) for (const each of [known, told]) lost.push(records.forget(idOf(each)));
        },
      });
      await Promise.all(lost);
      expect(lost).toHaveLength(2);
      expect(result).toBe(14);
    });

    test('a parent that is put back leaves its children in the queue for who looks at it', async () => {
      const queue = openQueue(bench.place, queueName(ownBuild()), () => undefined);
      const leaves = [leaf({ do: 'square', x: 2 }), leaf({ do: 'square', x: 3 })];
      const root = sum(...leaves);
      const engine = await bench.engine();
      const call = engine.flow(root);
      await expect.poll(() => queue.getJobState(idOf(root)), { timeout: 10_000 }).toBe('waiting-children');
      // As when a worker dies between the outcome and what the queue hears of it: the queue takes the leaves to be open.
      for (const [i, each] of leaves.entries()) await records.finish(idOf(each), resultOf([4, 9][i], 'w'));
      await expect.poll(() => queue.getJobState(idOf(root)), { timeout: 15_000 }).toBe('prioritized');
      bench.worker({ threads: 1 });
      expect(await call).toBe(13);
      for (const each of leaves) expect(await queue.getJobState(idOf(each))).not.toBe('unknown');
      await queue.close();
    });

    test('an outcome that somebody asks for, or that is found again, is kept from then on', async () => {
      const ids = ['asked for', 'found again', 'forgotten'];
      for (const id of ids) await records.finish(id, resultOf(1, 'one'));
      await nearlyExpired(bench.place, ids);
      expect((await records.want('a run', ['asked for'])).known.size).toBe(1);
      await records.release('a run');
      expect(await records.finish('found again', resultOf(1, 'two'))).toEqual({ first: false, alarm: null });
      await pause(EXPIRY_MS);
      await records.tidy();
      expect([...(await records.outcomes(ids)).keys()].toSorted()).toEqual(['asked for', 'found again']);
    });

    test('a job is tried again where the machine was to blame, and mistakes are compared by their codes', async () => {
      const note = join(folder, 'note');
      const mistake = (code: string): string =>
        `Object.assign(new Error('cannot be loaded from ' + Math.random()), { name: 'UserError', code: '${code}', exitCode: 1 })`;
      const handler = handlerThat(
        `if (payload.late) throw ${mistake('no-data')};
         appendFileSync(payload.note, 'x');
         if (readFileSync(payload.note, 'utf8') === 'x') throw ${mistake('bad-strategy')};
         return 1;`,
      );
      bench.worker({ name: 'one' });
      bench.worker({ name: 'two' });
      const engine = await bench.engine({ auditShare: 1 });
      expect(await engine.run(handler, [{ note }])).toEqual([1]);
      const late = { late: true };
      await expect(engine.run(handler, [late])).rejects.toMatchObject({ code: 'no-data' });
      // Who was given up and finishes after all has the same mistake, told in other words.
      const [before] = (await records.outcomes([idOf(leaf(late, handler))])).values();
      await release(idOf(leaf(late, handler)));
      await expect(engine.run(handler, [late])).rejects.toMatchObject({ code: 'no-data' });
      expect(await records.finish(idOf(leaf(late, handler)), before!)).toEqual({ first: false, alarm: null });
    });

    test('jobs over which a worker was lost run one at a time, beside others', async () => {
      const note = join(folder, 'note');
      const handler = handlerThat(
        `appendFileSync(payload.note, payload.x + ' begins ');
         await new Promise(resolve => setTimeout(resolve, 150));
         appendFileSync(payload.note, payload.x + ' ends ');
         return payload.x;`,
      );
      const payloads = [1, 2, 3].map(x => ({ note, x }));
      for (const payload of payloads) {
        const id = idOf(leaf(payload, handler));
        // An answer that got lost is asked for again: that is one attempt.
        for (let asked = 0; asked < 3; asked++) await records.begin(id, { worker: 'gone', attempt: 'the first' }, 0, true);
        // Who does not take it now has not begun it.
        for (let asked = 0; asked < 2; asked++)
          expect((await records.begin(id, { worker: 'elsewhere', attempt: `${asked}` }, 0, false)).deaths).toHaveLength(1);
      }
      bench.worker({ threads: 4 });
      const engine = await bench.engine();
      expect(await engine.run(handler, payloads)).toEqual([1, 2, 3]);
      expect(
        readFileSync(note, 'utf8')
          .trim()
          .split(/(?<=ends) /),
      ).toEqual([1, 2, 3].map(() => expect.stringMatching(/^(\d) begins \1 ends$/) as string));
    });
  });
}
