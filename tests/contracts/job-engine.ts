import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { JobFailed } from '../../src/cluster/job-failure.js';
import type { FlowNode, JobEngine } from '../../src/cluster/job-engine.js';

/** A module that does as its payload says; outside the platform, so that no test code is in it. */
export const SAMPLE = new URL('../cluster/handlers/sample.mjs', import.meta.url).href;

const leaf = (payload: object, name = 'a leaf'): FlowNode => ({ handler: SAMPLE, payload, name });
const square = (x: number): FlowNode => leaf({ do: 'square', x }, `the square of ${x}`);
const parent = (what: 'sum' | 'list' | 'throw', children: readonly FlowNode[], x = 0): FlowNode => ({
  handler: SAMPLE,
  payload: { do: what, x },
  name: `${what} of ${children.length}`,
  children,
});

/** Trees of sums over squares, with some results known, and what they come to. */
const trees: fc.Arbitrary<{ readonly node: FlowNode; readonly value: number }> = fc.letrec<{ tree: { node: FlowNode; value: number } }>(
  tie => ({
    tree: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.integer({ min: -9, max: 9 }).map(x => ({ node: square(x), value: x * x })),
      fc
        .tuple(fc.array(tie('tree'), { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 9 }), fc.boolean())
        .map(([children, x, isKnown]) => {
          const value = children.reduce((sum, child) => sum + child.value, x);
          const node = parent(
            'sum',
            children.map(child => child.node),
            x,
          );
          return { node: isKnown && x > 5 ? { ...node, known: { result: value } } : node, value };
        }),
    ),
  }),
).tree;

/** The nodes that run, each once. */
const running = (root: FlowNode): Set<FlowNode> => {
  const nodes = new Set<FlowNode>();
  const visit = (node: FlowNode): void => {
    if (node.known !== undefined) return;
    nodes.add(node);
    node.children?.forEach(visit);
  };
  visit(root);
  return nodes;
};

/** What every job engine promises. */
export const jobEngineContract = (name: string, open: () => JobEngine | Promise<JobEngine>): void => {
  describe(`${name} is a job engine`, () => {
    let engine: JobEngine;
    beforeEach(async () => {
      engine = await open();
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
      // No two are the same: an engine may do the same job once for all who ask.
      const jobs = Array.from({ length: 80 }, (_, n) => ({ do: 'shared', n }));
      const first = await engine.run<object, Seen>(SAMPLE, jobs.slice(0, 40), { shared });
      const second = await engine.run<object, Seen>(SAMPLE, jobs.slice(40), { shared });
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
      const outcome = engine.run(SAMPLE, payloads, { signal: controller.signal, onResult: index => finished.push(index) });
      setTimeout(() => controller.abort(new Error('interrupted by the user')), 150);
      await expect(outcome).rejects.toThrow('interrupted by the user');
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

    test('a flow of any shape gives the result of its root, children before their parents', async () => {
      await fc.assert(
        fc.asyncProperty(trees, async ({ node: root, value }) => {
          const started = new Set<FlowNode>();
          const finished: FlowNode[] = [];
          const result = await engine.flow(root, {
            onStart: nodes => nodes.forEach(node => started.add(node)),
            onResult: node => {
              expect(started.has(node)).toBe(true);
              for (const child of node.children ?? []) expect(child.known !== undefined || finished.includes(child)).toBe(true);
              finished.push(node);
            },
          });
          expect(result).toBe(value);
          expect(started).toEqual(running(root));
          expect(finished).toHaveLength(started.size);
        }),
        { numRuns: 15 },
      );
    });

    test('a job is given what its children gave, in their order, the slowest first as well', async () => {
      const children = [leaf({ do: 'wait', ms: 60, x: 1 }), square(2), parent('sum', [square(3), square(1)]), square(4)];
      expect(await engine.flow(parent('list', children))).toEqual([1, 4, 10, 16]);
    });

    test('what is known is not run again, nor what it was made of', async () => {
      const known: FlowNode = { ...parent('sum', [leaf({ do: 'crash' })]), known: { result: 7 } };
      const seen: FlowNode[] = [];
      const note = (node: FlowNode): void => void seen.push(node);
      const root = parent('sum', [known, square(2)]);
      expect(await engine.flow(root, { onStart: nodes => nodes.forEach(note), onResult: note })).toBe(11);
      expect(seen).not.toContain(known);
      expect(await engine.flow({ ...root, known: { result: null } })).toBeNull();
    });

    test('jobs that are equal with all below them are one', async () => {
      const token = (): FlowNode => leaf({ do: 'token' });
      const finished: FlowNode[] = [];
      const root = parent('list', [token(), parent('list', [token(), square(2)]), parent('list', [token(), square(2)])]);
      const [first, second, third] = await engine.flow<[string, [string, number], [string, number]]>(root, {
        onResult: node => void finished.push(node),
      });
      expect(first).toEqual(expect.any(String));
      expect(second).toEqual([first, 4]);
      expect(third).toEqual([first, 4]);
      expect(new Set(finished)).toEqual(running(root));
    });

    test('of several failing jobs of a flow the first in its order is named: the deepest, and of those the first', async () => {
      const slow = leaf({ do: 'throw-late', ms: 80 }, 'the slow one');
      const quick = leaf({ do: 'throw' }, 'the quick one');
      const root = parent('sum', [parent('throw', [square(1)]), parent('sum', [slow, quick])]);
      for (let i = 0; i < 3; i++) await expect(engine.flow(root)).rejects.toThrow('the slow one: too late');
      const above = engine.flow(parent('sum', [parent('throw', [square(1)]), square(2)]));
      const failure = await above.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(JobFailed);
      expect(failure).toMatchObject({ message: 'throw of 1: no such total', cause: { name: 'RangeError' } });
      await expect(engine.flow(parent('sum', [leaf({ do: 'mistake' }, 'my fold')]))).rejects.toMatchObject({
        name: 'UserError',
        message: 'my fold: there is no data',
        fix: 'Import some.',
      });
      expect(await engine.flow(parent('sum', [square(3)]))).toBe(9);
    });

    test('no job of a flow begins before it is on record, and none does when that fails', async () => {
      const order: string[] = [];
      await engine.flow(parent('sum', [square(2)]), {
        onStart: async () => {
          await new Promise(resolve => setTimeout(resolve, 20));
          order.push('recorded');
        },
        onResult: ({ name: finished }) => order.push(finished),
      });
      expect(order[0]).toBe('recorded');
      expect(order.filter(entry => entry !== 'recorded')).toEqual(['the square of 2', 'sum of 1']);
      const results: unknown[] = [];
      const call = engine.flow(parent('sum', [square(2)]), {
        onStart: () => Promise.reject(new Error('disk full')),
        onResult: (_, result) => results.push(result),
      });
      await expect(call).rejects.toThrow('disk full');
      expect(results).toEqual([]);
    });

    test('an abort stops a flow promptly, and one before it begins nothing', async () => {
      const controller = new AbortController();
      const children = Array.from({ length: 400 }, (_, x) => leaf({ do: 'spin', ms: 20, x }));
      let finished = 0;
      const outcome = engine.flow(parent('sum', children), { signal: controller.signal, onResult: () => finished++ });
      setTimeout(() => controller.abort(new Error('interrupted by the user')), 150);
      await expect(outcome).rejects.toThrow('interrupted by the user');
      const known = finished;
      expect(known).toBeLessThan(400);
      const started: FlowNode[] = [];
      const call = engine.flow(square(1), { signal: AbortSignal.abort(new Error('no')), onStart: nodes => void started.push(...nodes) });
      await expect(call).rejects.toThrow('no');
      expect(started).toEqual([]);
      expect(await engine.flow(square(5))).toBe(25);
      expect(finished).toBe(known);
    });

    test('all jobs of a flow read what it shares', async () => {
      const shared = { column: new Float64Array(new SharedArrayBuffer(8 * 10)).fill(0.5) };
      const seen = await engine.flow<{ sum: number }[]>(parent('list', [leaf({ do: 'shared', k: 1 }), leaf({ do: 'shared', k: 2 })]), {
        shared,
      });
      expect(seen.map(({ sum }) => sum)).toEqual([5, 5]);
    });

    test('a payload that cannot travel is refused by its place before anything begins', async () => {
      const started: FlowNode[] = [];
      const call = engine.flow(parent('sum', [square(1), leaf({ when: new Date(0) })]), { onStart: nodes => void started.push(...nodes) });
      await expect(call).rejects.toThrow('payload.when is a Date');
      expect(started).toEqual([]);
    });

    test('a closed engine takes no flows', async () => {
      await engine.close();
      await expect(engine.flow(square(1))).rejects.toThrow('closed');
    });
  });
};
