import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { WorkerStanding } from '../../../src/cluster/queue/queue-records.js';
import { otherBuilds, standing, watchWorkers } from '../../../src/cluster/queue/watch-workers.js';

const worker = (name: string, threads = 2): WorkerStanding => ({
  name,
  threads,
  platform: 'quantai-trad@1',
  arch: 'x64',
  code: '0123456789ab',
  host: 'here',
  pid: 1,
  busy: 0,
  done: 0,
  begun: 0,
  seen: 0,
  alive: true,
});

test('names the workers that compute, and counts those beyond four', () => {
  expect(standing([worker('a', 1)])).toBe('1 worker with 1 thread (a)');
  expect(standing(['a', 'b', 'c', 'd', 'e', 'f'].map(name => worker(name)))).toBe('6 workers with 12 threads (a, b, c, d, 2 more)');
});

test('counts the workers of each other build', () => {
  const newer = { ...worker('c'), platform: 'quantai-trad@2' };
  expect(otherBuilds([worker('a'), worker('b'), newer])).toBe(
    '2 workers serve quantai-trad@1 for x64, build 0123456789ab; 1 worker serves quantai-trad@2 for x64, build 0123456789ab: install the same there or here.',
  );
});

test('it is told once that the last worker has gone, and once that one is there again', async () => {
  let serving: WorkerStanding[] | null = [];
  let isBusy = false;
  const told: string[] = [];
  const stop = new AbortController();
  const ended = watchWorkers({
    isBusy: () => isBusy,
    serving: () => (serving === null ? Promise.reject(new Error('away')) : Promise.resolve(serving)),
    hadSome: true,
    tell: text => told.push(text),
    signal: stop.signal,
    everyMs: 2,
  });
  await pause(30);
  expect(told).toEqual([]);
  isBusy = true;
  await expect.poll(() => told.length).toBe(1);
  await pause(30);
  expect(told).toEqual(['No worker serves the queue any more. The jobs wait there for one.']);
  serving = null;
  await pause(30);
  serving = [worker('b')];
  await expect.poll(() => told.length).toBe(2);
  expect(told.slice(1)).toEqual(['1 worker with 2 threads (b) serves the queue now.']);
  stop.abort();
  await ended;
});
