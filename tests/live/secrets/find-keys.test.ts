import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKeys, keyFilePath } from '../../../src/live/secrets/find-keys.js';
import { keyFile } from '../../../src/live/secrets/key-file.js';
import { findPassphrase } from '../../../src/live/secrets/passphrase.js';
import { Secret } from '../../../src/live/secrets/secret.js';

const PASSPHRASE = new Secret('four words of nonsense');
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'find-keys-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const never = (): Promise<Secret> => Promise.reject(new Error('nobody should be asked'));

describe('keys', () => {
  it('come from the mounted secret first, then from the sealed file, then from the environment with a warning', async () => {
    const sealed = keyFile(join(root, 'keys.json'), { n: 1024 });
    const env = { QUANTAI_KEY_MAIN_VENUE: 'v3', QUANTAI_KEY_MAIN_KEY: 'k3', QUANTAI_KEY_MAIN_SECRET: 's3', PATH: 'x' };
    const mounted = join(root, 'mounted');
    await writeFile(mounted, JSON.stringify({ venue: 'v1', key: 'k1', secret: 's1', password: 'p1' }), { mode: 0o600 });
    const options = { name: 'main', sealed, passphrase: never };

    const environment = await findKeys({ ...options, env: { ...env } });
    expect([environment.source, environment.keys.venue, environment.keys.key.reveal()]).toEqual(['environment', 'v3', 'k3']);
    expect(environment.warnings[0]).toContain('environment');

    await (await sealed.unlock(PASSPHRASE)).add({ name: 'main', venue: 'v2', key: new Secret('k2'), secret: new Secret('s2') });
    const kept = await findKeys({ ...options, env: { ...env }, passphrase: () => Promise.resolve(PASSPHRASE) });
    expect([kept.source, kept.keys.venue, kept.warnings]).toEqual(['sealed', 'v2', []]);

    const first = await findKeys({ ...options, env: { ...env }, mounted });
    expect([first.source, first.keys.venue, first.keys.password?.reveal(), first.warnings]).toEqual(['mounted', 'v1', 'p1', []]);
  });

  it('of the environment are taken out of it, so that no child process has them', async () => {
    const sealed = keyFile(join(root, 'none.json'));
    const env: Record<string, string> = { QUANTAI_KEY_A_B_VENUE: 'v', QUANTAI_KEY_A_B_KEY: 'k', QUANTAI_KEY_A_B_SECRET: 's', PATH: 'x' };
    const { keys } = await findKeys({ name: 'a-b', sealed, passphrase: never, env });
    expect([keys.secret.reveal(), env]).toEqual(['s', { PATH: 'x' }]);
    await expect(findKeys({ name: 'a-b', sealed, passphrase: never, env })).rejects.toMatchObject({ code: 'no-keys' });
  });

  it('of a mounted secret that others can change are refused, and that others can read are warned of; what is wrong in it is not quoted', async () => {
    const mounted = join(root, 'open');
    await writeFile(mounted, JSON.stringify({ venue: 'v', key: 'CANARY', secret: 's' }));
    const find = () => findKeys({ name: 'main', mounted, passphrase: never, env: {} });
    await chmod(mounted, 0o444);
    expect((await find()).warnings[0]).toContain('can be read by other users');
    await chmod(mounted, 0o622);
    await expect(find()).rejects.toMatchObject({ code: 'open-key-file', fix: `Close it: chmod go-w ${mounted}` });
    await chmod(mounted, 0o600);
    for (const text of ['CANARY', '{"venue":"CANARY"}', '{"venue":"v","key":"k","secret":"s","more":"CANARY"}']) {
      await writeFile(mounted, text);
      const error = await find().catch((failure: unknown) => failure);
      expect(error).toMatchObject({ code: 'bad-keys' });
      expect(String(error) + JSON.stringify(error)).not.toContain('CANARY');
    }
    await expect(findKeys({ name: 'main', mounted: join(root, 'absent'), passphrase: never, env: {} })).rejects.toMatchObject({
      code: 'no-keys',
    });
  });

  it('are kept outside the workspace', () => {
    expect(keyFilePath({ QUANTAI_KEYS: '/a/b' })).toBe('/a/b');
    expect(keyFilePath({ XDG_CONFIG_HOME: '/c' })).toBe('/c/quantai/keys.json');
    expect(keyFilePath({})).toMatch(/\.config\/quantai\/keys\.json$/);
  });
});

describe('the passphrase', () => {
  it('comes from the file that is named, else from the terminal, else from nowhere', async () => {
    const path = join(root, 'passphrase');
    await writeFile(path, 'in a file \n');
    const ask = (): Promise<Secret> => Promise.resolve(new Secret('typed'));
    expect((await findPassphrase({ QUANTAI_PASSPHRASE_FILE: path }, ask)).reveal()).toBe('in a file ');
    expect((await findPassphrase({}, ask)).reveal()).toBe('typed');
    await expect(findPassphrase({}, null)).rejects.toMatchObject({ code: 'no-passphrase' });
    await expect(findPassphrase({ QUANTAI_PASSPHRASE_FILE: `${path}x` }, ask)).rejects.toMatchObject({ code: 'no-passphrase' });
  });
});
