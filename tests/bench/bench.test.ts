import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../bench/harness/run-record.js';

const bench = (...args: string[]) => promisify(execFile)(process.execPath, ['scripts/bench.mjs', ...args]);

describe.skipIf(!existsSync('dist/cli.js'))('npm run bench (of the built platform)', () => {
  test('prints one JSON document on stdout, whatever the benchmarks say on the way', async () => {
    const { stdout, stderr } = await bench('--quick', '--only', 'journal', '--json');
    const { date, machine, quick, results } = JSON.parse(stdout) as RunRecord;
    expect(Date.parse(date)).toBeLessThanOrEqual(Date.now());
    expect(quick).toBe(true);
    expect(Object.keys(machine)).toEqual(['cpu', 'cores', 'memory', 'node', 'os', 'load']);
    expect(results.map(({ name }) => name)).toEqual(['fingerprint', 'journal: Parquet']);
    for (const result of results) {
      expect(Object.keys(result)).toEqual(['name', 'value', 'unit', 'spread', 'rounds', 'ratio', 'of', 'targets', 'note']);
      expect(result.value).toBeGreaterThan(0);
    }
    expect(stderr).toContain('journal …');
  });

  test('shows what changed since a run that was kept, and draws a flame graph beside each profile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quantai-bench-test-'));
    try {
      const { stdout } = await bench('--quick', '--only', 'overfitting', '--json');
      const [run, profiles] = [join(folder, 'run.json'), join(folder, 'profiles')];
      await writeFile(run, stdout);
      const { stdout: table } = await bench('--quick', '--only', 'overfitting', '--against', run, '--profile', profiles);
      expect(table).toMatch(/ since \S+$/m);
      expect(table).toMatch(/overfitting: PBO.*[+−]\d+\.\d %\)?$/m);
      const files = await readdir(profiles);
      expect(files).toEqual(expect.arrayContaining(['overfitting.cpuprofile', 'overfitting.svg']));
      expect(await readFile(join(profiles, 'overfitting.svg'), 'utf8')).toContain('overfitting');
      await expect(bench('--quick', '--only', 'overfitting', '--against', join(folder, 'none.json'))).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('none.json'),
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('names the benchmarks that there are when asked for another, and exits with 2', async () => {
    await expect(bench('--only', 'everything')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('walk-forward') });
  });
});
