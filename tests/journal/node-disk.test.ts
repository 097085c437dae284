import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import { openLiveJournal } from '../../src/journal/ndjson/open-live-journal.js';
import { nodeDisk } from '../../src/journal/node-disk.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'node-disk-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const text = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const mode = async (path: string): Promise<number> => (await stat(join(root, path))).mode & 0o777;

describe('the disk of the machine', () => {
  it('makes folders and files for their owner alone, and writes at the end', async () => {
    const disk = nodeDisk(root);
    expect(await disk.list('a/b')).toEqual([]);
    const file = await disk.append('a/b/one');
    await file.write(Buffer.from('12'));
    await file.write(Buffer.from('3'));
    await file.sync();
    await file.close();
    const again = await disk.append('a/b/one');
    await again.write(Buffer.from('4'));
    await again.close();
    expect(await text('a/b/one')).toBe('1234');
    expect(await mode('a/b/one')).toBe(0o600);
    await disk.truncate('a/b/one', 2);
    await disk.publish('a/b/two', Buffer.from('whole'));
    await disk.rename('a/b/one', 'a/three');
    expect(await disk.list('a/b')).toEqual(['two']);
    expect(Buffer.from(await disk.read('a/three')).toString()).toBe('12');
    expect([await text('a/b/two'), await mode('a/b/two')]).toEqual(['whole', 0o600]);
    await expect(disk.read('a/none')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves a file as it was, and nothing beside it, when it cannot be replaced', async () => {
    const disk = nodeDisk(root);
    await disk.publish('kept/file', Buffer.from('old'));
    await chmod(join(root, 'kept'), 0o500);
    // Root may write everywhere.
    if (process.getuid?.() !== 0) await expect(disk.publish('kept/file', Buffer.from('new'))).rejects.toMatchObject({ code: 'EACCES' });
    await chmod(join(root, 'kept'), 0o700);
    await disk.publish('kept/folder/x', Buffer.from('x'));
    await expect(disk.publish('kept/folder', Buffer.from('new'))).rejects.toThrow();
    expect(await disk.list('kept')).toEqual(['file', 'folder']);
  });

  it('carries a journal over a start in the middle of a line', async () => {
    const disk = nodeDisk(root);
    const note = (seq: number): Fact => ({
      type: 'NoteWritten',
      seq,
      version: 1,
      ts: seq,
      knownAt: seq,
      account: 'main',
      strategy: '',
      correlationId: seq,
      causationId: -1,
      text: `ü ${seq}`,
    });
    const folder = 'live/main/journal';
    const first = await openLiveJournal(disk, folder, { account: 'main', segmentBytes: 1000 });
    await Promise.all(Array.from({ length: 30 }, (_, i) => first.journal.append([note(i)])));
    for (let i = 30; i < 40; i++) await first.journal.append([note(i)]);
    await first.journal.close();
    const names = await disk.list(folder);
    expect(names.length).toBeGreaterThan(2);
    const half = await disk.append(`${folder}/${names.at(-1)}`);
    await half.write(Buffer.from(JSON.stringify(note(40)).slice(0, 40)));
    await half.close();
    const told: Fact[] = [];
    const second = await openLiveJournal(disk, folder, { account: 'main', each: fact => told.push(fact) });
    expect(second.torn).toEqual({ bytes: 40, facts: 0 });
    expect(told).toEqual(Array.from({ length: 40 }, (_, i) => note(i)));
    await second.journal.append([note(40)]);
    expect(await second.journal.verify()).toMatchObject({ ok: true, facts: 41 });
    await second.journal.close();
    expect(await mode(`${folder}/00000001.ndjson`)).toBe(0o600);
  });
});
