import { createDecipheriv, scryptSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyFile, type KeyFile } from '../../../src/live/secrets/key-file.js';
import { Secret } from '../../../src/live/secrets/secret.js';

/** Trying a passphrase costs half a second in earnest; here it may be quick. */
const QUICK = { n: 1024 };
const PASSPHRASE = new Secret('four words of nonsense');

let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const keysOf = (name: string) => ({ name, venue: 'bybit', key: new Secret(`K-${name}-CANARY`), secret: new Secret(`S-${name}-CANARY-ü`) });
const withTwo = async (options: object = QUICK): Promise<KeyFile> => {
  const file = keyFile(join(root, `${count++}`, 'keys.json'), options);
  const unlocked = await file.unlock(PASSPHRASE);
  await unlocked.add(keysOf('main'));
  await unlocked.add({ ...keysOf('hedge'), password: new Secret('third part') });
  return file;
};
const revealed = async (file: KeyFile, name: string, passphrase = PASSPHRASE): Promise<unknown> => {
  const { venue, key, secret, password } = (await file.unlock(passphrase)).get(name);
  return [venue, key.reveal(), secret.reveal(), password?.reveal()];
};

describe('the file of keys', () => {
  it('gives back what was kept, to the passphrase alone, and shows nothing of it', async () => {
    const file = await withTwo();
    expect(await file.names()).toEqual(['hedge', 'main']);
    expect(await revealed(file, 'main')).toEqual(['bybit', 'K-main-CANARY', 'S-main-CANARY-ü', undefined]);
    expect(await revealed(file, 'hedge')).toEqual(['bybit', 'K-hedge-CANARY', 'S-hedge-CANARY-ü', 'third part']);
    await expect(file.unlock(new Secret('four words of nonsens'))).rejects.toMatchObject({ code: 'wrong-passphrase', exitCode: 2 });
    const text = await readFile(file.path, 'utf8');
    expect(text).not.toContain('CANARY');
    expect(text).not.toContain(Buffer.from('CANARY').toString('base64').slice(0, 7));
    expect(text).not.toContain('bybit');
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(file.path, '..'))).toEqual(['keys.json']);
  });

  it('is sealed by scrypt with N = 2^17, r = 8, p = 1 and AES-256-GCM with version and name: anyone who knows the passphrase can open it without us', async () => {
    const file = await withTwo({});
    const { kdf, sets } = JSON.parse(await readFile(file.path, 'utf8')) as {
      kdf: { name: string; n: number; r: number; p: number; salt: string };
      sets: { name: string; nonce: string; data: string; tag: string }[];
    };
    expect([kdf.name, kdf.n, kdf.r, kdf.p]).toEqual(['scrypt', 131_072, 8, 1]);
    const { name, nonce, data, tag } = sets[1]!;
    const from = (text: string): Buffer => Buffer.from(text, 'base64');
    const key = scryptSync(PASSPHRASE.reveal(), from(kdf.salt), 32, { N: 131_072, r: 8, p: 1, maxmem: 1 << 28 });
    const decipher = createDecipheriv('aes-256-gcm', key, from(nonce));
    decipher.setAAD(Buffer.from(`quantai-keys 1 ${name}`));
    decipher.setAuthTag(from(tag));
    const text = Buffer.concat([decipher.update(from(data)), decipher.final()]).toString();
    expect(JSON.parse(text)).toEqual({ venue: 'bybit', key: 'K-main-CANARY', secret: 'S-main-CANARY-ü' });
  });

  it('does not open when any byte of it was changed', async () => {
    const file = keyFile(join(root, 'one', 'keys.json'), QUICK);
    await (await file.unlock(PASSPHRASE)).add(keysOf('main'));
    const whole = await readFile(file.path);
    const opened: number[] = [];
    for (let byte = 0; byte < whole.length; byte++) {
      const changed = Buffer.from(whole);
      changed[byte]! ^= 1 << (byte % 8);
      await writeFile(file.path, changed);
      const code = await file.unlock(PASSPHRASE).then(
        () => 'opened',
        (error: { code?: string }) => error.code,
      );
      if (code !== 'damaged-key-file' && code !== 'wrong-passphrase') opened.push(byte);
    }
    expect(opened).toEqual([]);
    await writeFile(file.path, whole);
    expect(await revealed(file, 'main')).toHaveLength(4);
  });

  it('does not open when it is only spelled in another way', async () => {
    const file = await withTwo();
    const whole = await readFile(file.path, 'utf8');
    const tag = /"tag": "([^"]+)"\n {2}\}\n\}/.exec(whole)?.[1] ?? '';
    const last = tag.at(-3) ?? '';
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const other = `${tag.slice(0, -3)}${digits[digits.indexOf(last) + 1]}==`;
    expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(tag, 'base64'));
    for (const spelling of [JSON.stringify(JSON.parse(whole)), `${whole} `, whole.replace(tag, other)]) {
      expect(spelling).not.toBe(whole);
      await writeFile(file.path, spelling);
      await expect(file.unlock(PASSPHRASE)).rejects.toMatchObject({ code: 'damaged-key-file' });
    }
  });

  it('does not open when a set was taken out, exchanged, or its name given to another', async () => {
    const file = await withTwo();
    const whole = await readFile(file.path, 'utf8');
    const changes: ((document: { sets: { name: string }[] }) => void)[] = [
      document => document.sets.pop(),
      document => document.sets.reverse(),
      document => {
        const [a, b] = document.sets;
        [a!.name, b!.name] = [b!.name, a!.name];
      },
    ];
    for (const change of changes) {
      const document = JSON.parse(whole) as { sets: { name: string }[] };
      change(document);
      await writeFile(file.path, `${JSON.stringify(document, undefined, 2)}\n`);
      await expect(file.unlock(PASSPHRASE)).rejects.toMatchObject({ code: 'wrong-passphrase' });
    }
  });

  it('is refused when others can read it, with the command that closes it', async () => {
    const file = await withTwo();
    await chmod(file.path, 0o640);
    for (const use of [() => file.names(), () => file.unlock(PASSPHRASE)])
      await expect(use()).rejects.toMatchObject({ code: 'open-key-file', fix: `Close it: chmod 600 ${file.path}` });
  });

  it('keeps its sets under a new passphrase, and the old one opens it no more', async () => {
    const file = await withTwo();
    const before = [await revealed(file, 'main'), await revealed(file, 'hedge')];
    const next = new Secret('other words of nonsense');
    const { salt } = (JSON.parse(await readFile(file.path, 'utf8')) as { kdf: { salt: string } }).kdf;
    await (await file.unlock(PASSPHRASE)).rekey(next);
    expect([await revealed(file, 'main', next), await revealed(file, 'hedge', next)]).toEqual(before);
    await expect(file.unlock(PASSPHRASE)).rejects.toMatchObject({ code: 'wrong-passphrase' });
    expect(await readFile(file.path, 'utf8')).not.toContain(salt);
  });

  it('takes and forgets sets by name', async () => {
    const file = await withTwo();
    const unlocked = await file.unlock(PASSPHRASE);
    await expect(unlocked.add(keysOf('main'))).rejects.toMatchObject({ code: 'keys-exist' });
    await expect(unlocked.add(keysOf('Main!'))).rejects.toMatchObject({ code: 'bad-key-name' });
    await expect(unlocked.remove('mian')).rejects.toThrow('Did you mean "main"?');
    await unlocked.remove('main');
    expect([unlocked.names, await file.names()]).toEqual([['hedge'], ['hedge']]);
    expect(() => unlocked.get('main')).toThrow('no keys "main"');
  });

  it('asks for a passphrase that cannot be guessed', async () => {
    await expect(keyFile(join(root, 'weak'), QUICK).unlock(new Secret('short'))).rejects.toMatchObject({ code: 'weak-passphrase' });
    const file = await withTwo();
    await expect((await file.unlock(PASSPHRASE)).rekey(new Secret('short'))).rejects.toMatchObject({ code: 'weak-passphrase' });
  });
});
