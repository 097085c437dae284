import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as privateFile from '../../../src/live/secrets/private-file.js';
import { requireAuditKey } from '../../../src/promotion/audit/audit-key.js';
import { publicKeyText } from '../../../src/promotion/people/key-pair.js';

const disk = vi.hoisted(() => ({ isForbidden: false }));
vi.mock('../../../src/live/secrets/private-file.js', async original => {
  const real = await original<typeof privateFile>();
  return {
    ...real,
    readPrivateFile: (path: string) =>
      disk.isForbidden ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })) : real.readPrivateFile(path),
  };
});
afterEach(() => {
  disk.isForbidden = false;
});
const place = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'key-')), 'team', 'key.pem');

describe('the key of an audit log', () => {
  it('takes the place of no other, be it one that this user cannot read', async () => {
    const path = await place();
    await requireAuditKey(path, true);
    const before = await readFile(path, 'utf8');
    disk.isForbidden = true;
    await expect(requireAuditKey(path, true)).rejects.toMatchObject({ code: 'no-audit-key', exitCode: 4 });
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('is one, whoever makes it at the same time', async () => {
    const path = await place();
    const made = await Promise.all(Array.from({ length: 8 }, () => requireAuditKey(path, true)));
    expect(new Set(made.map(publicKeyText)).size).toBe(1);
    expect(await readdir(join(path, '..'))).toEqual(['key.pem']);
  });
});
