import { expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import { watchedEngine } from '../../src/experiments/watched-engine.js';
import { SAMPLE } from '../contracts/job-engine.js';

test('evaluations are seen before the caller is told, in a run and as the leaves of a flow', async () => {
  const seen: unknown[] = [];
  const engine = watchedEngine(inProcessEngine(), (job, result) => seen.push([job, result]));
  const square = (x: number) => ({ do: 'square', x });
  await engine.run(SAMPLE, [square(2)], { onResult: () => seen.push('told') });
  expect(seen).toEqual([[square(2), 4], 'told']);
  seen.length = 0;
  const leaf = (x: number) => ({ handler: SAMPLE, payload: square(x), name: `${x}` });
  const root = { handler: SAMPLE, payload: { do: 'sum' }, name: 'sum', children: [leaf(3), leaf(1)] };
  expect(await engine.flow(root, { onResult: ({ name }) => seen.push(name) })).toBe(10);
  expect(seen).toEqual([[square(3), 9], '3', [square(1), 1], '1', 'sum']);
});
