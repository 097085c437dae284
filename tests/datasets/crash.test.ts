import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openDataset, verifyDataset } from '../../src/datasets/catalogue.js';
import { gcDatasets } from '../../src/datasets/gc.js';
import { loadSeries } from '../../src/datasets/load-series.js';
import { withWriterLock } from '../../src/datasets/writer-lock.js';
import { writeDataset } from '../../src/datasets/write.js';
import { barsOf, imported } from '../arbitraries/series.js';
import { inWorkspace } from './workspace.js';
import { buildScript } from '../build-script.js';

// Files are flushed to disk and processes started: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const H = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);
const hours = (count: number, close: number) =>
  imported(barsOf(Array.from({ length: count }, (_, i) => [JAN + i * H, close, close, close, close, 1])));

/** Built into the checkout, so that node finds the packages from there. */
const folder = resolve('.cache/tests');
const script = join(folder, 'dataset-process.mjs');

const run = (...args: readonly string[]): Promise<{ code: number | null; signal: string | null; out: string }> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.on('error', fail).on('close', (code, signal) => done({ code, signal, out }));
  });

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await buildScript('tests/datasets/dataset-process.ts', script);
});

describe('a writer that is killed', () => {
  for (const stage of ['files', 'manifest', 'head'])
    it(`at the stage "${stage}" leaves the old version, and the next writer carries on`, async () => {
      await inWorkspace(async workspace => {
        const before = await writeDataset(workspace, 'd', [hours(2000, 1)]);
        expect(await run('die', workspace, stage)).toMatchObject({ signal: 'SIGKILL' });
        const dataset = await openDataset(workspace, 'd');
        expect(dataset.manifest.version).toBe(before.version);
        expect(await verifyDataset(dataset)).toEqual([]);
        expect((await loadSeries(dataset, { symbol: 'BTC/USDT:USDT', kind: 'bars' })).columns[3]?.every(close => close === 1)).toBe(true);
        const after = await writeDataset(workspace, 'd', [hours(2000, 3)]);
        expect(after.parent).toBe(before.version);
        await gcDatasets(workspace, []);
        expect(await verifyDataset(await openDataset(workspace, 'd'))).toEqual([]);
        const left = (await readdir(join(workspace, 'datasets/d'), { recursive: true })).filter(
          name => name.endsWith('.parquet') || name.endsWith('.tmp'),
        );
        expect(left).toHaveLength(3);
      });
    });
});

describe('several processes at once', () => {
  it('read one dataset without waiting for each other or for a writer', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [hours(3000, 7)]);
      await withWriterLock(join(workspace, 'datasets/d/.writer-lock'), async () => {
        const both = await Promise.all([run('read', workspace), run('read', workspace)]);
        expect(both.map(({ out }) => out)).toEqual(['21000', '21000']);
      });
    });
  });

  it('write one dataset one after the other, and nothing is lost', async () => {
    await inWorkspace(async workspace => {
      await Promise.all([0, 1, 2].map(i => run('append', workspace, String(i))));
      const chunk = await loadSeries(await openDataset(workspace, 'd'), { symbol: 'BTC/USDT:USDT', kind: 'bars' });
      expect(chunk.rows).toBe(300);
    });
  });

  it('so do several writers of one process', async () => {
    await inWorkspace(async workspace => {
      const day = (i: number) =>
        imported(barsOf(Array.from({ length: 24 }, (_, h) => [JAN + (24 * i + h) * H, 1, 1, 1, 1, 1])), `${i}.csv`);
      await Promise.all([0, 1, 2, 3].map(i => writeDataset(workspace, 'd', [day(i)])));
      expect((await openDataset(workspace, 'd')).entries[0]?.rows).toBe(96);
    });
  });
});

describe('the writer lock', () => {
  it('is taken over from a dead process and not from a living one', async () => {
    await inWorkspace(async workspace => {
      const lock = join(workspace, 'lock');
      const { out: deadPid } = await run('pid');
      await writeFile(lock, `${deadPid}.0 ${hostname()}`);
      expect(await withWriterLock(lock, async () => readFile(lock, 'utf8'))).toBe(`${process.pid}.${threadId} ${hostname()}`);
      await writeFile(lock, `${process.ppid}.0 ${hostname()}`);
      await expect(withWriterLock(lock, async () => 1, 100)).rejects.toMatchObject({
        code: 'dataset-locked',
        message: expect.stringContaining(String(process.ppid)),
      });
      await writeFile(lock, `${deadPid}.0 another-machine`);
      await expect(withWriterLock(lock, async () => 1, 100)).rejects.toMatchObject({ code: 'dataset-locked' });
    });
  });

  it('is free again after work that failed', async () => {
    await inWorkspace(async workspace => {
      const lock = join(workspace, 'lock');
      await expect(
        withWriterLock(lock, async () => {
          throw new Error('work failed');
        }),
      ).rejects.toThrow('work failed');
      expect(await withWriterLock(lock, async () => 'done', 100)).toBe('done');
    });
  });
});
