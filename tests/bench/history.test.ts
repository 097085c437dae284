import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measurement } from '../../bench/harness/benchmark.js';
import { appendRun, changeSince, lastComparable } from '../../bench/harness/history.js';
import { machine } from '../../bench/harness/machine.js';
import { runRecord, type RunRecord } from '../../bench/harness/run-record.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantai-bench-history-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const here = machine();
const run = (commit: string, value: number, rest: Partial<RunRecord> = {}): RunRecord => ({
  ...runRecord({ date: '2026-01-01T00:00:00.000Z', commit, quick: false, machine: here }, [measurement('engine', value, 'bars/s')]),
  ...rest,
});

describe('the history of runs', () => {
  test('gives the last run of this machine and this size, whatever others were kept since', async () => {
    const file = join(folder, 'history.ndjson');
    for (const kept of [
      run('first', 1),
      run('second', 2),
      run('elsewhere', 3, { machine: { ...here, cpu: 'another' } }),
      run('newer Node', 4, { machine: { ...here, node: 'v99.0.0' } }),
      run('small', 5, { quick: true }),
    ])
      await appendRun(file, kept);
    expect(await lastComparable(file, { machine: { ...here, load: 9, memory: 1 }, quick: false })).toMatchObject({ commit: 'second' });
    expect(await lastComparable(file, { machine: here, quick: true })).toMatchObject({ commit: 'small' });
  });

  test('reads a document that --json printed as well', async () => {
    const file = join(folder, 'run.json');
    await writeFile(file, `${JSON.stringify(run('printed', 1), null, 2)}\n`);
    expect(await lastComparable(file, { machine: here, quick: false })).toMatchObject({ commit: 'printed' });
  });

  test('says why there is nothing to compare with', async () => {
    const file = join(folder, 'other.ndjson');
    await expect(lastComparable(file, { machine: here, quick: false })).rejects.toThrow(/other\.ndjson cannot be read/);
    await writeFile(file, '');
    await expect(lastComparable(file, { machine: here, quick: false })).rejects.toThrow(/no run yet; --save/);
    await appendRun(file, run('elsewhere', 3, { machine: { ...here, cores: here.cores + 1 } }));
    await expect(lastComparable(file, { machine: here, quick: false })).rejects.toThrow(/no run of this machine/);
  });

  test('compares a figure with the same one in the same unit only', () => {
    const earlier = run('first', 100);
    const now = { name: 'engine', value: 150, unit: 'bars/s', spread: null };
    expect(changeSince(earlier, now)).toEqual({ change: 0.5, isNoise: false });
    expect(changeSince(earlier, { ...now, unit: 's' })).toBeNull();
    expect(changeSince(earlier, { ...now, name: 'sweep' })).toBeNull();
    expect(changeSince(earlier, { ...now, value: null })).toBeNull();
    expect(changeSince(earlier, { ...now, value: 104, spread: 0.05 })).toMatchObject({ isNoise: true });
  });
});
