import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/live/secrets/secret.js';
import { isPublicKey, newPrivateKey, publicKeyText, signText, verifySigned } from '../../../src/promotion/people/key-pair.js';
import { makePersonKey, signAs } from '../../../src/promotion/people/person-key.js';

let folder = '';
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'people-')), 'people');
});
afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

const keyOf = (user: string, passphrase = 'four words of nonsense') => ({
  folder,
  user,
  passphrase: () => Promise.resolve(new Secret(passphrase)),
  n: 1024,
});

describe('the key of a person', () => {
  it('signs what anyone can check with the public part, by node:crypto alone', async () => {
    const publicKey = await makePersonKey(keyOf('bob'));
    const signature = await signAs(keyOf('bob'), 'a text with ünïcode');
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from('a text with ünïcode'), key, Buffer.from(signature, 'base64'))).toBe(true);
    expect(isPublicKey(publicKey)).toBe(true);
  });

  it('is kept for its owner alone, and shows neither passphrase nor private part', async () => {
    await makePersonKey(keyOf('carol', 'CANARY of a passphrase'));
    const file = join(folder, 'carol.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/CANARY|PRIVATE/);
    // The beginning of every Ed25519 private key in PKCS 8, base64.
    expect(text).not.toContain('MC4CAQAwBQYDK2Vw');
  });

  it('does not open with another passphrase, under another name, or when it was changed', async () => {
    await makePersonKey(keyOf('dora'));
    await expect(signAs(keyOf('dora', 'some other nonsense'), 'x')).rejects.toMatchObject({ code: 'wrong-passphrase', exitCode: 2 });
    await expect(signAs(keyOf('nobody'), 'x')).rejects.toMatchObject({ code: 'no-person-key' });
    const text = await readFile(join(folder, 'dora.json'), 'utf8');
    await writeFile(join(folder, 'eve.json'), text, { mode: 0o600 });
    await expect(signAs(keyOf('eve'), 'x')).rejects.toMatchObject({ code: 'damaged-person-key' });
    await writeFile(join(folder, 'eve.json'), text.replace('"user": "dora"', '"user": "eve"'), { mode: 0o600 });
    await expect(signAs(keyOf('eve'), 'x')).rejects.toMatchObject({ code: 'wrong-passphrase' });
    await writeFile(join(folder, 'dora.json'), '{}', { mode: 0o600 });
    await expect(signAs(keyOf('dora'), 'x')).rejects.toMatchObject({ code: 'damaged-person-key' });
  });

  it('has no weak passphrase, and no name that reaches elsewhere', async () => {
    await expect(makePersonKey(keyOf('fred', 'short'))).rejects.toMatchObject({ code: 'weak-passphrase' });
    for (const name of ['../key', 'a/b', '', '.hidden', 'audit', 'session:main', 'a'.repeat(41)])
      await expect(makePersonKey(keyOf(name))).rejects.toMatchObject({ code: 'bad-user' });
  });
});

describe('a signature', () => {
  const key = newPrivateKey();
  const publicKey = publicKeyText(key);

  it('holds for exactly the text that was signed, and for no other spelling of itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), fc.integer({ min: 1, max: 127 }), (text, other, where, change) => {
        const signature = signText(key, text);
        expect(verifySigned(publicKey, text, signature)).toBe(true);
        expect(verifySigned(publicKey, other, signature)).toBe(other === text);
        const bytes = Buffer.from(signature, 'latin1');
        bytes[where % bytes.length]! ^= change;
        expect(verifySigned(publicKey, text, bytes.toString('latin1'))).toBe(false);
      }),
    );
  });

  it('is none for a text that is no key or no signature', () => {
    for (const bad of ['', 'x', 'AAAA', publicKey.slice(4)]) {
      expect(verifySigned(bad, 'a', signText(key, 'a'))).toBe(false);
      expect(verifySigned(publicKey, 'a', bad)).toBe(false);
      expect(isPublicKey(bad)).toBe(false);
    }
    expect(verifySigned(publicKeyText(newPrivateKey()), 'a', signText(key, 'a'))).toBe(false);
  });
});
