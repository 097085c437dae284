import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepUnwritten, writeUnwritten } from '../../src/commands/unwritten-audit.js';
import type { AuditWord } from '../../src/promotion/audit/audit-record.js';

const word = (verb: string): AuditWord => ({ type: 'CommandGiven', verb, words: [] });

it('what a session could not write is written before the next one, once and in order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unwritten-'));
  const written: string[] = [];
  let isAway = true;
  const log = {
    append: (actor: string, words: readonly AuditWord[]) => {
      if (isAway) return Promise.reject(new Error('away'));
      written.push(...words.map(each => `${actor} ${'verb' in each ? each.verb : ''}`));
      return Promise.resolve([]);
    },
  };
  expect(await writeUnwritten(folder, log)).toBe(0);
  const batches = [
    { actor: 'session:main', words: [word('a'), word('b')] },
    { actor: 'ann', words: [word('c')] },
  ];
  await keepUnwritten(folder, batches);
  await expect(writeUnwritten(folder, log)).rejects.toThrow('away');
  isAway = false;
  expect([await writeUnwritten(folder, log), await writeUnwritten(folder, log)]).toEqual([3, 0]);
  expect(written).toEqual(['session:main a', 'session:main b', 'ann c']);
  expect(await readdir(folder)).toEqual([]);
  await keepUnwritten(folder, batches);
  await keepUnwritten(folder, []);
  expect(await readdir(folder)).toEqual([]);
  await writeFile(join(folder, 'unwritten-audit.json'), '[{"act');
  await expect(writeUnwritten(folder, log)).rejects.toMatchObject({ code: 'damaged-unwritten-audit', exitCode: 3 });
});

it('what cannot be read is not taken for nothing, and what was written is not written again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unwritten-'));
  const written: string[] = [];
  let isAway = true;
  const log = {
    append: (actor: string) => {
      if (actor === 'ann' && isAway) return Promise.reject(new Error('away'));
      written.push(actor);
      return Promise.resolve([]);
    },
  };
  await mkdir(join(folder, 'unwritten-audit.json'));
  await expect(writeUnwritten(folder, log)).rejects.toMatchObject({ code: 'unreadable-unwritten-audit' });
  const other = await mkdtemp(join(tmpdir(), 'unwritten-'));
  await keepUnwritten(other, [
    { actor: 'session:main', words: [word('a')] },
    { actor: 'ann', words: [word('b')] },
  ]);
  await expect(writeUnwritten(other, log)).rejects.toThrow('away');
  isAway = false;
  expect(await writeUnwritten(other, log)).toBe(1);
  expect(written).toEqual(['session:main', 'ann']);
});
