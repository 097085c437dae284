import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderCode, ownCode } from '../../../src/cluster/queue/build-code.js';
import { jobId } from '../../../src/cluster/queue/job-content.js';
import { buildWords, ownBuild, queueName } from '../../../src/cluster/queue/queue-name.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'code-'));
  mkdirSync(join(home, 'one', 'engine'), { recursive: true });
  writeFileSync(join(home, 'one', 'engine', 'run.js'), 'export const run = 1;');
  writeFileSync(join(home, 'one', 'worker.cjs'), 'exports.one = 1;');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const code = (folder: string): string => folderCode(join(home, folder));

test('the same release has the same hash wherever it lies, with the maps and pages that came along or not', () => {
  cpSync(join(home, 'one'), join(home, 'elsewhere', 'two'), { recursive: true });
  const two = join(home, 'elsewhere', 'two');
  for (const [path, text] of [
    ['engine/run.js.map', '{}'],
    ['engine/run.d.ts', 'export declare const run = 1;'],
    ['site/search.js', 'search();'],
    ['dashboard/web/page.js', 'page();'],
  ] as const) {
    mkdirSync(join(two, path, '..'), { recursive: true });
    writeFileSync(join(two, path), text);
  }
  expect(code('elsewhere/two')).toBe(code('one'));
});

test('a changed, an added and a renamed file each change it', () => {
  const hashes = [code('one')];
  writeFileSync(join(home, 'one', 'engine', 'run.js'), 'export const run = 2;');
  hashes.push(code('one'));
  writeFileSync(join(home, 'one', 'engine', 'more.mjs'), '');
  hashes.push(code('one'));
  cpSync(join(home, 'one', 'worker.cjs'), join(home, 'one', 'works.cjs'));
  rmSync(join(home, 'one', 'worker.cjs'));
  hashes.push(code('one'));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('builds of other code have another queue, and their jobs other ids', () => {
  const own = ownBuild();
  const other = { ...own, code: 'f'.repeat(64) };
  expect(own.code).toBe(ownCode());
  expect(own.code).toMatch(/^[0-9a-f]{64}$/);
  expect(queueName(other)).not.toBe(queueName(own));
  // BullMQ has no name with a colon.
  expect(queueName(own)).not.toContain(':');
  expect(buildWords(other)).toContain('build ffffffffffff');
  const job = { handler: 'h', payload: '{}', children: null, sharedHash: null };
  expect(jobId(job, other)).not.toBe(jobId(job, own));
});
