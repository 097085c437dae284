import { createHash, createPublicKey, verify } from 'node:crypto';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { openAuditLog } from '../../../src/promotion/audit/open-audit-log.js';
import { verifyAuditLog } from '../../../src/promotion/audit/verify-audit-log.js';

let root = '';
let folder = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'audit-'));
  folder = join(root, 'audit');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const word = (verb: string): AuditWord => ({ type: 'CommandGiven', verb, words: [] });
const options = () => ({ folder, anchor: null, now: () => 7 });
const log = () => openAuditLog(options());
const verbs = async (): Promise<string[]> => (await log().read()).map(each => ('verb' in each.word ? each.word.verb : ''));
const fileAt = (name: string): string => join(folder, name);

/** Canonical JSON, as RFC 8785 has it for text and whole numbers: an implementation of its own. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as Record<string, unknown>;
  return `{${Object.keys(fields)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonical(fields[key])}`)
    .join()}}`;
};

describe('the audit log', () => {
  it('goes no further from an older end that was put back, where an anchor remembers more', async () => {
    const anchor = join(root, 'anchor');
    await mkdir(anchor);
    const anchored = () => openAuditLog({ ...options(), anchor });
    await anchored().append('alice', [word('a')]);
    const older = await Promise.all(['log.ndjson', 'head.json'].map(async name => [name, await readFile(fileAt(name))] as const));
    await anchored().append('alice', [word('b')]);
    for (const [name, bytes] of older) await writeFile(fileAt(name), bytes);
    // Both are whole, and well signed.
    expect(await verbs()).toEqual(['a']);
    await expect(anchored().append('alice', [word('c')])).rejects.toMatchObject({ code: 'broken-audit-log', exitCode: 4 });
    expect(await verbs()).toEqual(['a']);
  });

  it('is empty and makes nothing before its first record', async () => {
    expect(await log().read()).toEqual([]);
    expect(await log().append('alice', [])).toEqual([]);
    expect(await readdir(root)).toEqual([]);
  });

  it('is a chain of canonical lines whose end an Ed25519 key signs, which only its owner can read', async () => {
    const made = await log().append('alice', [word('a'), { type: 'UserRemoved', user: 'ünïcode "quoted"\n' }]);
    await log().append('bob', [word('c')]);
    expect(made.map(({ seq, actor, at }) => [seq, actor, at])).toEqual([
      [0, 'alice', 7],
      [1, 'alice', 7],
    ]);
    const lines = (await readFile(fileAt('log.ndjson'), 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    let prev = '0'.repeat(64);
    for (const [seq, line] of lines.entries()) {
      const { hash, ...content } = JSON.parse(line) as Record<string, unknown>;
      expect(line).toBe(canonical({ ...content, hash }));
      expect(content).toMatchObject({ seq, prev });
      expect(hash).toBe(createHash('sha256').update(canonical(content)).digest('hex'));
      prev = String(hash);
    }
    const { signature, ...head } = JSON.parse(await readFile(fileAt('head.json'), 'utf8')) as Record<string, string>;
    expect(head).toMatchObject({ seq: 2, hash: prev, at: 7 });
    const key = createPublicKey(await readFile(fileAt('key.pem'), 'utf8'));
    expect(verify(null, Buffer.from(canonical({ ...head, kind: 'quantai-audit-head' })), key, Buffer.from(signature!, 'base64'))).toBe(
      true,
    );
    expect((await stat(fileAt('key.pem'))).mode & 0o777).toBe(0o600);
    expect((await log().read()).map(({ hash }) => hash).at(-1)).toBe(prev);
    expect(await readdir(folder)).toEqual(['head.json', 'key.pem', 'log.ndjson']);
  });

  it('keeps its key where it is told to, and refuses to go on without it', async () => {
    const elsewhere = { ...options(), hostKey: join(root, 'safe', 'audit.pem') };
    await openAuditLog(elsewhere).append('alice', [word('a')]);
    expect(await readdir(join(root, 'safe'))).toEqual(['audit.pem']);
    expect(await readdir(folder)).toEqual(['head.json', 'log.ndjson']);
    await expect(log().append('alice', [word('b')])).rejects.toMatchObject({ code: 'no-audit-key', exitCode: 4 });
    expect(await verbs()).toEqual(['a']);
  });

  it('loses and doubles nothing when many append at once in one process', async () => {
    const many = Array.from({ length: 40 }, (_, i) => `v${i}`);
    const made = await Promise.all(many.map(verb => log().append('alice', [word(verb)])));
    expect((await verbs()).sort()).toEqual([...many].sort());
    // Each is told the record that it made.
    const read = await log().read();
    for (const [record] of made) expect(read[record!.seq]).toEqual(record);
  });

  it('has its key in place of another one refused, at reading and at appending', async () => {
    await log().append('alice', [word('a')]);
    const other = openAuditLog({ ...options(), folder: join(root, 'other') });
    await other.append('eve', [word('x')]);
    await cp(join(root, 'other', 'head.json'), fileAt('head.json'));
    await expect(log().read()).rejects.toMatchObject({ code: 'broken-audit-log', exitCode: 4 });
    await expect(log().append('alice', [word('b')])).rejects.toMatchObject({ code: 'broken-audit-log', exitCode: 4 });
  });
});

describe('an append that is cut short', () => {
  /** Files before and after an append of two records, and what was on its way between. */
  const cut = async () => {
    await log().append('alice', [word('a')]);
    const before = { log: await readFile(fileAt('log.ndjson')), head: await readFile(fileAt('head.json')) };
    await log().append('bob', [word('b'), word('c')]);
    const [after, head] = [await readFile(fileAt('log.ndjson')), await readFile(fileAt('head.json'), 'utf8')];
    const lines = after.subarray(before.log.length);
    const pending = canonical({ head, lines: lines.toString('utf8') });
    return { before, lines, pending };
  };

  it.each([
    ['before the log', 0],
    ['within its first line', 40],
    ['between its lines', -1],
    ['between log and head', Infinity],
  ])('%s counts, and the next append completes it', async (_, where) => {
    const { before, lines, pending } = await cut();
    const bytes = where === -1 ? lines.indexOf(10) + 1 : Math.min(where, lines.length);
    await writeFile(fileAt('log.ndjson'), Buffer.concat([before.log, lines.subarray(0, bytes)]));
    await writeFile(fileAt('head.json'), before.head);
    await writeFile(fileAt('pending.json'), pending);
    expect(await verbs()).toEqual(['a', 'b', 'c']);
    expect(await verifyAuditLog(options())).toMatchObject({ ok: true, records: 3, firstBad: null });
    await log().append('carol', [word('d')]);
    expect(await verbs()).toEqual(['a', 'b', 'c', 'd']);
    expect(await readdir(folder)).toEqual(['head.json', 'key.pem', 'log.ndjson']);
    expect((await readFile(fileAt('log.ndjson'))).subarray(0, before.log.length + lines.length)).toEqual(
      Buffer.concat([before.log, lines]),
    );
  });

  it('has a torn line that no head covers cut off', async () => {
    await log().append('alice', [word('a')]);
    await appendFile(fileAt('log.ndjson'), '{"actor":"bo');
    expect(await verbs()).toEqual(['a']);
    expect(await verifyAuditLog(options())).toMatchObject({ ok: true, records: 1 });
    await log().append('bob', [word('b')]);
    expect(await verbs()).toEqual(['a', 'b']);
  });

  it('does not make a torn line of a covered one: that is damage', async () => {
    await log().append('alice', [word('a'), word('b')]);
    const { size } = await stat(fileAt('log.ndjson'));
    await truncate(fileAt('log.ndjson'), size - 1);
    await expect(log().append('bob', [word('c')])).rejects.toMatchObject({ exitCode: 4 });
    expect(await verifyAuditLog(options())).toMatchObject({ ok: false, firstBad: { seq: 1, line: 2 } });
  });

  it('does not believe whole records behind the head that nobody signed', async () => {
    const { before, lines } = await cut();
    await writeFile(fileAt('log.ndjson'), Buffer.concat([before.log, lines]));
    await writeFile(fileAt('head.json'), before.head);
    await expect(log().append('bob', [word('c')])).rejects.toMatchObject({ code: 'broken-audit-log' });
    expect(await verifyAuditLog(options())).toMatchObject({ ok: false, firstBad: { seq: 1, line: 2 } });
  });

  it('does not take a batch of another log for its own', async () => {
    await log().append('alice', [word('a')]);
    const other = openAuditLog({ ...options(), folder: join(root, 'other') });
    await other.append('eve', [word('a')]);
    const end = (await readFile(join(root, 'other', 'log.ndjson'))).length;
    await other.append('eve', [word('x')]);
    const [head, lines] = [
      await readFile(join(root, 'other', 'head.json'), 'utf8'),
      (await readFile(join(root, 'other', 'log.ndjson'))).subarray(end).toString(),
    ];
    await writeFile(fileAt('pending.json'), canonical({ head, lines }));
    expect(await verbs()).toEqual(['a']);
    await log().append('bob', [word('b')]);
    expect(await verbs()).toEqual(['a', 'b']);
  });
});
