import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
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

  test('more threads than ten, which all end with one signal, are no leak to Node', async () => {
    const warnings: Error[] = [];
    const heard = (warning: Error): void => void warnings.push(warning);
    process.on('warning', heard);
    const wide = piscinaEngine({ workers: 12 });
    try {
      const work = Array.from({ length: 12 }, (_, x) => ({ do: 'square', x }));
      expect(await wide.run(SAMPLE, work, { signal: new AbortController().signal })).toHaveLength(12);
      await new Promise(resolve => setImmediate(resolve));
    } finally {
      process.off('warning', heard);
      await wide.close();
    }
    expect(warnings).toEqual([]);
  });

  test('closed while its threads still start, it ends and takes nothing with it', async () => {
    const script = `
      const { piscinaEngine } = await import(${JSON.stringify(new URL('../../dist/cluster/piscina.js', import.meta.url).href)});
      for (let i = 0; i < 25; i++) {
        const engine = piscinaEngine({ workers: 2 });
        const stop = new AbortController();
        const run = engine.run('none', [1, 2], { signal: stop.signal }).catch(() => {});
        await new Promise(resolve => setTimeout(resolve, 20 + 2 * i));
        stop.abort();
        await engine.close();
        await run;
      }
      console.log('survived');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout).toBe('survived\n');
  });
});
