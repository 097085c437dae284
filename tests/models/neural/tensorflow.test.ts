import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { lstm } from '../../../src/models/lstm.js';
import { mlp } from '../../../src/models/mlp.js';
import { loadTensorflow, tensorflowBackends } from '../../../src/models/neural/tensorflow.js';
import { buildScript } from '../../build-script.js';
import { plantedRows } from '../../contracts/planted-rows.js';

/** Built into the checkout, so that node finds the packages from there. */
const folder = resolve('.cache/tests');
const script = join(folder, 'fit-in-process.mjs');

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await buildScript('tests/models/neural/fit-in-process.ts', script);
});

describe('TensorFlow.js', () => {
  test('is not loaded with the forecasters, and refuses to fit until it is', () => {
    // Nothing in this process has prepared anything yet.
    expect(Reflect.ownKeys(globalThis).filter(key => String(key).startsWith('_tf'))).toEqual([]);
    expect(() => mlp().fit(plantedRows(), 1)).toThrow(/no TensorFlow yet/);
  });

  test('gives the same bytes here, in a fresh process and in a thread', async () => {
    let here = '';
    for (const backend of ['wasm', 'cpu'] as const) {
      const model = lstm({ epochs: 2, batch: 64, lookback: 3, units: 4, backend });
      await model.prepare?.();
      here += `${JSON.stringify(model.fit(plantedRows({ count: 200, seed: 'process' }), 3))}\n`;
    }
    const thread = new Worker(script, { stdout: true });
    const [{ stdout, stderr }, said] = await Promise.all([promisify(execFile)(process.execPath, [script]), text(thread.stdout)]);
    expect(stdout).toBe(here);
    expect(said).toBe(here);
    // No advertisement of its native library.
    expect(stderr).toBe('');
  });

  test('says of each back end whether it loads, and why not', async () => {
    const states = await tensorflowBackends();
    expect(states.map(({ name }) => name)).toEqual(['wasm', 'cpu', 'node']);
    expect(states.slice(0, 2).every(({ loads, reason }) => loads && reason === null)).toBe(true);
    const native = states[2]!;
    // Where the user has installed it, it loads.
    if (!native.loads) {
      expect(native.reason).toMatch(/@tensorflow\/tfjs-node/);
      await expect(mlp({ backend: 'node' }).prepare?.()).rejects.toThrow(UserError);
    }
  });

  test('leaves fatal errors of the process to the program', async () => {
    const listeners = (): number => process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
    const before = listeners();
    await loadTensorflow('wasm');
    expect(listeners()).toBe(before);
    expect(process.listeners('uncaughtException').filter(listener => /throw ex|abort/.test(String(listener)))).toEqual([]);
  });

  test('keeps no tensor after fits, and lets models of two back ends take turns', async () => {
    const rows = plantedRows({ count: 300 });
    const [wasm, cpu] = [mlp({ epochs: 2, batch: 64, hidden: [4] }), mlp({ epochs: 2, batch: 64, hidden: [4], backend: 'cpu' })];
    await cpu.prepare?.();
    await wasm.prepare?.();
    const tf = await loadTensorflow('wasm');
    const first = [wasm, cpu].map(model => JSON.stringify(model.fit(rows, 1)));
    const before = tf.memory();
    for (let k = 0; k < 3; k++) expect([wasm, cpu].map(model => JSON.stringify(model.fit(rows, 1)))).toEqual(first);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    // The same mathematics in another order of additions.
    expect(first[0]).not.toBe(first[1]);
    expect(() => mlp({ backend: 'gpu' as 'cpu' })).toThrow(UserError);
  });
});
