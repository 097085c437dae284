import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const bench = (...args: string[]) => promisify(execFile)(process.execPath, ['scripts/bench.mjs', ...args]);

describe.skipIf(!existsSync('dist/cli.js'))('npm run bench (of the built platform)', () => {
  test('prints one JSON document on stdout, whatever the benchmarks say on the way', async () => {
    const { stdout, stderr } = await bench('--quick', '--only', 'journal', '--json');
    const { machine, results } = JSON.parse(stdout) as { machine: object; results: { name: string; value: number }[] };
    expect(Object.keys(machine)).toEqual(['cpu', 'cores', 'memory', 'node']);
    expect(results.map(({ name }) => name)).toEqual(['fingerprint', 'journal: Parquet']);
    for (const result of results) {
      expect(Object.keys(result)).toEqual(['name', 'value', 'unit', 'ratio', 'of']);
      expect(result.value).toBeGreaterThan(0);
    }
    expect(stderr).toContain('journal …');
  });

  test('names the benchmarks that there are when asked for another, and exits with 2', async () => {
    await expect(bench('--only', 'everything')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('walk-forward') });
  });
});
