import { afterEach, describe, expect, test } from 'vitest';
import { piscinaEngine } from '../../src/cluster/piscina.js';
import { jobEngineContract, SAMPLE } from '../contracts/job-engine.js';

for (const workers of [1, 2, 4])
  jobEngineContract(`piscina with ${workers} worker${workers === 1 ? '' : 's'}`, () => piscinaEngine({ workers }));

describe('piscina', () => {
  const engine = piscinaEngine({ workers: 2 });
  afterEach(() => engine.close());

  test('a worker that dies fails its job by name and leaves a pool that works', async () => {
    await expect(engine.run(SAMPLE, [{ do: 'square', x: 1 }, { do: 'crash' }])).rejects.toThrow('job 2 of 2');
    expect(await engine.run(SAMPLE, [{ do: 'square', x: 4 }])).toEqual([16]);
  });
});
