import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../../src/promotion/audit/open-audit-log.js';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const word = (verb: string): AuditWord => ({ type: 'CommandGiven', verb, words: [] });
const log = () => openAuditLog({ folder: join(root, 'audit'), anchor: null, now: () => 7 });

describe('the audit log', () => {
  it('smoke', async () => {
    expect(await log().read()).toEqual([]);
    const made = await log().append('alice', [word('a'), word('b')]);
    await log().append('bob', [word('c')]);
    expect(made.map(({ seq }) => seq)).toEqual([0, 1]);
    expect((await log().read()).map(({ actor }) => actor)).toEqual(['alice', 'alice', 'bob']);
    expect((await stat(join(root, 'audit', 'key.pem'))).mode & 0o777).toBe(0o600);
    const t = Date.now();
    await Promise.all(Array.from({ length: 50 }, (_, i) => log().append('c', [word(`p${i}`)])));
    console.log('50 appends', Date.now() - t);
    expect((await log().read()).length).toBe(53);
  });
});
