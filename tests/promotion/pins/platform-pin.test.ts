import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPlatform } from '../../../src/promotion/pins/check-platform.js';
import { codeHash, lockPin } from '../../../src/promotion/pins/platform-pin.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'quantai-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));
const write = async (path: string, text: string): Promise<void> => {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
};

describe('the platform’s code', () => {
  it('is another with a changed byte, name or number of its files, and the same with other declarations and maps', async () => {
    await write('dist/cli.js', 'a');
    await write('dist/sim/book.js', 'b');
    const folder = join(root, 'dist');
    const first = await codeHash(folder);
    await write('dist/cli.js.map', 'x');
    await write('dist/cli.d.ts', 'x');
    expect(await codeHash(folder)).toBe(first);
    await write('dist/sim/book.js', 'c');
    const second = await codeHash(folder);
    await write('dist/sim/book.js', 'b');
    expect(await codeHash(folder)).toBe(first);
    await rename(join(folder, 'sim', 'book.js'), join(folder, 'sim', 'fill.js'));
    const third = await codeHash(folder);
    await write('dist/more.js', '');
    expect(new Set([first, second, third, await codeHash(folder)]).size).toBe(4);
  });
});

describe('the lock file', () => {
  const workspace = () => join(root, 'workspace');
  const path = async (platform: string) => (await lockPin(workspace(), join(root, platform)))?.path;

  it('is the platform’s own, else that of the project it is installed in, else the workspace’s', async () => {
    await mkdir(workspace());
    const installed = 'project/node_modules/quantai-trad';
    expect(await path(installed)).toBeUndefined();
    await write('workspace/package-lock.json', '{}');
    expect(await path(installed)).toBe('workspace/package-lock.json');
    await write('project/node_modules/.package-lock.json', '{}');
    expect(await path(installed)).toBe('project/node_modules/.package-lock.json');
    await write('project/package-lock.json', '{}');
    expect(await path(installed)).toBe('project/package-lock.json');
    await write(`${installed}/npm-shrinkwrap.json`, '{}');
    expect(await path(installed)).toBe('platform/npm-shrinkwrap.json');
    await write('checkout/package-lock.json', '{}');
    expect(await path('checkout')).toBe('platform/package-lock.json');
  });
});

describe('a platform that is not the pinned one', () => {
  const pinned = {
    version: 'quantai-trad@1.0.0',
    code: 'a'.repeat(64),
    lock: { path: 'platform/package-lock.json', sha256: 'b'.repeat(64) },
  };
  const names = (now: typeof pinned | { version: string; code: string; lock: null }) =>
    checkPlatform(pinned, now).map(({ pin, name }) => `${pin} ${name}`);

  it('is named by what differs', () => {
    expect(names(pinned)).toEqual([]);
    expect(names({ ...pinned, version: 'quantai-trad@1.0.1' })).toEqual(['platform version']);
    expect(names({ ...pinned, code: 'c'.repeat(64) })).toEqual(['platform code']);
    expect(names({ ...pinned, lock: { ...pinned.lock, sha256: 'c'.repeat(64) } })).toEqual(['lock platform/package-lock.json']);
    expect(names({ ...pinned, lock: { ...pinned.lock, path: 'workspace/package-lock.json' } })).toEqual([
      'lock workspace/package-lock.json',
    ]);
    expect(names({ ...pinned, lock: null })).toEqual(['lock platform/package-lock.json']);
  });
});
