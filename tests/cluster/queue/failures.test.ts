import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inspectQueue } from '../../../src/cluster/queue/inspect-queue.js';
import { ownBuild } from '../../../src/cluster/queue/queue-name.js';
import { UserError } from '../../../src/errors.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, startPostgres, startRedis, type Service } from './services.js';
import { benchOn, type Bench } from './workers.js';

/** A job of its own that notes in a file that it was begun, and takes its time; with `once`, only the first time. */
const noted = (folder: string): string => {
  const path = join(folder, 'noted.mjs');
  writeFileSync(
    path,
    `import { appendFileSync, readFileSync } from 'node:fs';
     export const handle = async ({ x, ms, note, die, once }) => {
       appendFileSync(note, x + '\\n');
       if (die) process.exit(7);
       const isAgain = once && readFileSync(note, 'utf8').trim().split('\\n').length > 1;
       const end = performance.now() + (isAgain ? 0 : ms);
       while (performance.now() < end) await new Promise(resolve => setTimeout(resolve, 5));
       return x * x;
     };`,
  );
  return `file://${path}`;
};

const BUILT = new URL('../../../dist/cluster/queue/', import.meta.url).href;

/** A worker in a process of its own, with one thread. */
const workerProcess = ({ place, lake }: Bench, folder: string): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startWorker } = await import('${BUILT}queue-worker.js');
       const { parseQueueUrl } = await import('${BUILT}parse-queue-url.js');
       const end = new AbortController();
       process.on('SIGTERM', () => end.abort());
       await startWorker({ place: parseQueueUrl('${place.url}'), lake: '${lake}', cache: '${folder}/cache', threads: 1, signal: end.signal, graceMs: 300, lockMs: 2000, log: () => undefined }).ended;`,
    ],
    { stdio: 'ignore' },
  );

const lines = (path: string): string[] => {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};

const until = async (what: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> => {
  const end = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what.toString()}`);
    await pause(20);
  }
};

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: startPostgres, redis: startRedis }[kind];
  describe.skipIf(!HAS[kind])(`a queue in ${kind}, when things go wrong`, () => {
    let service: Service;
    let bench: Bench;
    let folder: string;
    let handler: string;
    const note = (): string => join(folder, 'note');
    const children: ChildProcess[] = [];
    const child = (): ChildProcess => {
      const started = workerProcess(bench, folder);
      children.push(started);
      return started;
    };
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      bench = benchOn(await service.fresh());
      folder = mkdtempSync(join(tmpdir(), 'failing-'));
      handler = noted(folder);
    });
    afterEach(async () => {
      for (const each of children.splice(0)) if (each.exitCode === null) each.kill('SIGKILL');
      await bench.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    const payloads = (n: number, ms: number): object[] => Array.from({ length: n }, (_, x) => ({ x, ms, note: note() }));

    test('a worker that is killed loses its job to another, and nothing of the result', async () => {
      const victim = child();
      const engine = await bench.engine();
      const results = engine.run<object, number>(handler, payloads(4, 400));
      await until(() => lines(note()).length > 0 && lines(note())[0] !== '');
      victim.kill('SIGKILL');
      bench.worker();
      expect(await results).toEqual([0, 1, 4, 9]);
      expect(lines(note()).length).toBeGreaterThanOrEqual(4);
    });

    test('a worker that is told to end gives its job back at once', async () => {
      const first = child();
      const engine = await bench.engine();
      const results = engine.run<object, number>(handler, [{ x: 0, ms: 60_000, note: note(), once: true }]);
      await until(() => lines(note())[0] === '0');
      const asked = performance.now();
      first.kill('SIGTERM');
      await new Promise(resolve => first.once('exit', resolve));
      expect(performance.now() - asked).toBeLessThan(20_000);
      bench.worker();
      expect(await results).toEqual([0]);
    });

    test('the same work submitted twice at the same time is done once, and answered from the queue later', async () => {
      const [one, other] = [await bench.engine(), await bench.engine({ submitter: 'bob@there' })];
      const work = payloads(5, 20);
      const answers = Promise.all([one.run<object, number>(handler, work), other.run<object, number>(handler, work.toReversed())]);
      bench.worker();
      expect(await answers).toEqual([
        [0, 1, 4, 9, 16],
        [16, 9, 4, 1, 0],
      ]);
      expect(await one.run<object, number>(handler, work)).toEqual([0, 1, 4, 9, 16]);
      expect(lines(note())).toHaveLength(5);
    });

    test('who cancels takes away what nobody else waits for, from the queue and from running workers', async () => {
      bench.worker({ threads: 1 });
      const [one, other] = [await bench.engine(), await bench.engine({ submitter: 'bob@there' })];
      const stop = new AbortController();
      const cancelled = one.run<object, number>(handler, payloads(6, 60_000).concat({ x: 7, ms: 5, note: note() }), {
        signal: stop.signal,
      });
      await until(() => lines(note())[0] === '0');
      const shared = other.run<object, number>(handler, [{ x: 7, ms: 5, note: note() }]);
      stop.abort(new Error('interrupted'));
      await expect(cancelled).rejects.toThrow('interrupted');
      // The job of a minute that was running has to end for it.
      expect(await shared).toEqual([49]);
      expect(lines(note())).toEqual(['0', '7']);
      const queue = await inspectQueue(bench.place);
      expect(await queue.counts()).toMatchObject({ waiting: 0, active: 0 });
      await queue.close();
    });

    test('a run that is cancelled from elsewhere says so', async () => {
      const engine = await bench.engine({ run: 'my-run' });
      const run = engine.run(handler, payloads(3, 5));
      run.catch(() => undefined);
      const queue = await inspectQueue(bench.place);
      await until(async () => (await queue.runs()).length === 1);
      const [running] = await queue.runs();
      await queue.cancel(running!.key);
      await expect(run).rejects.toMatchObject({
        code: 'cancelled',
        message: 'my-run was cancelled with quantai jobs cancel; 0 of its 3 jobs are done and kept.',
      });
      expect(await queue.runs()).toEqual([]);
      await queue.close();
    });

    test('a job that takes three workers with it is quarantined, the others go on, and it can be released', async () => {
      bench.worker();
      const engine = await bench.engine();
      const poison = { x: 3, ms: 0, note: note(), die: true };
      const failure = await engine.run(handler, [...payloads(2, 5), poison], { name: i => `fold ${i}` }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UserError);
      expect(failure).toMatchObject({ code: 'poison-job', exitCode: 1 });
      expect(String(failure)).toContain('fold 2: job ');
      expect(lines(note()).filter(x => x === '3')).toHaveLength(3);
      expect(await engine.run<object, number>(handler, payloads(3, 5))).toEqual([0, 1, 4]);
      // It is not begun again for the next who asks.
      await expect(engine.run(handler, [poison])).rejects.toMatchObject({ code: 'poison-job' });
      expect(lines(note()).filter(x => x === '3')).toHaveLength(3);
      const queue = await inspectQueue(bench.place);
      const [aside] = await queue.quarantined();
      expect(aside?.payload).toContain('"x":3');
      expect(aside?.deaths).toHaveLength(3);
      await queue.release(aside!.job);
      expect(await queue.quarantined()).toEqual([]);
      await expect(engine.run(handler, [poison])).rejects.toMatchObject({ code: 'poison-job' });
      expect(lines(note()).filter(x => x === '3')).toHaveLength(6);
      await queue.close();
    });

    test('results that differ raise an alarm, and the run fails for it', async () => {
      bench.worker({ name: 'one' });
      bench.worker({ name: 'two' });
      const engine = await bench.engine({ auditShare: 1 });
      expect(await engine.run(SAMPLE, [{ do: 'square', x: 3 }])).toEqual([9]);
      const failure = await engine.run(SAMPLE, [{ do: 'token' }]).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'determinism-alarm', exitCode: 1 });
      const queue = await inspectQueue(bench.place);
      const [alarm] = await queue.alarms();
      expect(new Set([alarm?.first.worker, alarm?.second.worker])).toEqual(new Set(['one', 'two']));
      expect(alarm?.first.hash).not.toBe(alarm?.second.hash);
      await queue.release(alarm!.job);
      expect(await queue.alarms()).toEqual([]);
      await queue.close();
    });

    test('a worker of another version does not take the jobs', async () => {
      bench.worker({ build: { ...ownBuild(), platform: 'quantai-trad@99.0.0' } });
      const engine = await bench.engine();
      const run = engine.run<object, number>(handler, payloads(1, 5));
      await pause(700);
      expect(lines(note())).toEqual([]);
      bench.worker();
      expect(await run).toEqual([0]);
    });

    test('a database that breaks down in the middle loses no job and counts none twice', async () => {
      bench.worker();
      const engine = await bench.engine();
      const seen: number[] = [];
      const run = engine.run<object, number>(handler, payloads(60, 20), { onResult: index => seen.push(index) });
      await until(() => seen.length > 5);
      await service.kill();
      await pause(300);
      await service.start();
      expect(await run).toEqual(Array.from({ length: 60 }, (_, x) => x * x));
      expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, x) => x));
    });

    test('a database that is not there is named, without its password', async () => {
      const url = new URL(bench.place.url);
      url.port = '1';
      url.username = 'ada';
      url.password = 'secret-word';
      const { parseQueueUrl } = await import('../../../src/cluster/queue/parse-queue-url.js');
      const failure = await inspectQueue(parseQueueUrl(url.href)).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'queue-unreachable',
        message: expect.stringContaining('127.0.0.1:1 does not answer') as string,
      });
      expect(JSON.stringify(failure)).not.toContain('secret-word');
    });
  });
}
