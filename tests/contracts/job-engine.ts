import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { JobFailed } from '../../src/cluster/job-failure.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';

/** A module that does as its payload says; outside the platform, so that no test code is in it. */
export const SAMPLE = new URL('../cluster/handlers/sample.mjs', import.meta.url).href;

/** What every job engine promises. */
export const jobEngineContract = (name: string, open: () => JobEngine): void => {
  describe(`${name} is a job engine`, () => {
    let engine: JobEngine;
    beforeEach(() => {
      engine = open();
    });
    afterEach(() => engine.close());

    test('results come in the order of the payloads, each reported once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 60 }), async numbers => {
          const reported: number[] = [];
          const started: number[] = [];
          const payloads = numbers.map(x => ({ do: 'square', x }));
          const results = await engine.run<object, number>(SAMPLE, payloads, {
            onStart: indices => {
              started.push(...indices);
            },
            onResult: (index, result) => {
              expect(started).toContain(index);
              expect(result).toBe(numbers[index]! * numbers[index]!);
              reported.push(index);
            },
          });
          expect(results).toEqual(numbers.map(x => x * x));
          const all = numbers.map((_, i) => i);
          expect(reported.toSorted((a, b) => a - b)).toEqual(all);
          expect(started.toSorted((a, b) => a - b)).toEqual(all);
        }),
        { numRuns: 20 },
      );
    });

    test('results keep their order when the first job is the slowest', async () => {
      const payloads = [60, 1, 1, 1, 1].map((ms, x) => ({ do: 'wait', ms, x }));
      expect(await engine.run(SAMPLE, payloads)).toEqual([0, 1, 2, 3, 4]);
    });

    test('a job begins only when what must be recorded before it is recorded', async () => {
      const order: string[] = [];
      await engine.run(SAMPLE, [{ do: 'square', x: 2 }], {
        onStart: async () => {
          await new Promise(resolve => setTimeout(resolve, 20));
          order.push('recorded');
        },
        onResult: () => order.push('result'),
      });
      expect(order).toEqual(['recorded', 'result']);
    });

    test('a failing job rejects with its name and its cause, and the engine can be used again', async () => {
      const payloads = [{ do: 'square', x: 1 }, { do: 'throw' }, { do: 'square', x: 2 }];
      const failure = await engine.run(SAMPLE, payloads, { name: i => `fold ${i}` }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(JobFailed);
      expect(failure).toMatchObject({ message: 'fold 1: no such price', index: 1, cause: { name: 'RangeError' } });
      await expect(engine.run(SAMPLE, [{ do: 'throw' }])).rejects.toThrow('job 1 of 1: no such price');
      expect(await engine.run(SAMPLE, [{ do: 'square', x: 3 }])).toEqual([9]);
    });

    test('of several failing jobs the first is named, whatever the timing', async () => {
      const payloads = [{ do: 'square', x: 1 }, { do: 'square', x: 1 }, { do: 'throw' }, { do: 'throw' }, { do: 'throw' }];
      for (let i = 0; i < 5; i++) await expect(engine.run(SAMPLE, payloads)).rejects.toThrow('job 3 of 5');
    });

    test("a user's mistake stays one, with its code and fix", async () => {
      const failure = await engine.run(SAMPLE, [{ do: 'mistake' }]).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UserError);
      expect(failure).toMatchObject({ code: 'no-data', exitCode: 3, fix: 'Import some.', message: 'job 1 of 1: there is no data' });
    });

    test('a handler that does not exist, or has a name that leaves the tree, is an error', async () => {
      await expect(engine.run('cluster/nothing-here', [{}])).rejects.toThrow(JobFailed);
      await expect(engine.run('../../etc/passwd', [{}])).rejects.toThrow('is not the name of a job handler');
    });

    test('shared columns reach every job without being copied, once per worker', async () => {
      const column = new Float64Array(new SharedArrayBuffer(8 * 1000)).fill(0.5);
      const shared = { column };
      type Seen = { sum: number; fresh: boolean; thread: number; isShared: boolean };
      const jobs = Array.from({ length: 40 }, () => ({ do: 'shared' }));
      const first = await engine.run<object, Seen>(SAMPLE, jobs, { shared });
      const second = await engine.run<object, Seen>(SAMPLE, jobs, { shared });
      const all = [...first, ...second];
      expect(all.every(({ sum, isShared }) => sum === 500 && isShared)).toBe(true);
      // Each thread met it as new exactly once over both calls.
      const threads = new Set(all.map(({ thread }) => thread));
      expect(all.filter(({ fresh }) => fresh)).toHaveLength(threads.size);
      const other = await engine.run<object, Seen>(SAMPLE, jobs, {
        shared: { column: new Float64Array(new SharedArrayBuffer(16)).fill(2) },
      });
      expect(other.every(({ sum }) => sum === 4)).toBe(true);
    });

    test('an abort stops promptly, rejects with its reason, and the engine can be used again', async () => {
      const controller = new AbortController();
      const payloads = Array.from({ length: 400 }, (_, x) => ({ do: 'spin', ms: 20, x }));
      const finished: number[] = [];
      const start = performance.now();
      const outcome = engine.run(SAMPLE, payloads, { signal: controller.signal, onResult: index => finished.push(index) });
      setTimeout(() => controller.abort(new Error('interrupted by the user')), 150);
      await expect(outcome).rejects.toThrow('interrupted by the user');
      expect(performance.now() - start).toBeLessThan(2000);
      const known = finished.length;
      expect(known).toBeLessThan(400);
      expect(await engine.run(SAMPLE, [{ do: 'square', x: 5 }])).toEqual([25]);
      expect(finished).toHaveLength(known);
    });

    test('a signal that is aborted already begins nothing', async () => {
      const started: number[] = [];
      const call = engine.run(SAMPLE, [{ do: 'square', x: 1 }], {
        signal: AbortSignal.abort(new Error('no')),
        onStart: indices => {
          started.push(...indices);
        },
      });
      await expect(call).rejects.toThrow('no');
      expect(started).toEqual([]);
    });

    test('no jobs give no results', async () => {
      expect(await engine.run(SAMPLE, [])).toEqual([]);
    });

    test('a failing record stops the call', async () => {
      const call = engine.run(SAMPLE, [{ do: 'square', x: 1 }], { onStart: () => Promise.reject(new Error('disk full')) });
      await expect(call).rejects.toThrow('disk full');
    });

    test('a closed engine takes no jobs', async () => {
      await engine.close();
      await expect(engine.run(SAMPLE, [{ do: 'square', x: 1 }])).rejects.toThrow('closed');
    });
  });
};
