import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addKeys, listKeys, rekeyKeys, removeKeys, type SecretInput } from '../../src/commands/run-keys.js';
import { useTerminal } from '../../src/commands/terminal.js';
import { keyFile } from '../../src/live/secrets/key-file.js';
import { Secret } from '../../src/live/secrets/secret.js';

let root = '';
let out = '';
let asked: string[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'keys-command-'));
  await writeFile(join(root, 'passphrase'), 'four words of nonsense\n', { mode: 0o600 });
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => {
  [out, asked] = ['', []];
  useTerminal({ out: text => (out += text), err: text => (out += text) });
});

const file = () => keyFile(join(root, 'store', 'keys.json'), { n: 1024 });
/** Somebody who answers questions. */
const person = (...answers: string[]): SecretInput => ({
  env: {},
  file: file(),
  ask: prompt => {
    asked.push(prompt);
    return Promise.resolve(new Secret(answers[asked.length - 1] ?? ''));
  },
  piped: () => Promise.reject(new Error('nothing is piped')),
});
const pipe = (text: string): SecretInput => ({
  env: { QUANTAI_PASSPHRASE_FILE: join(root, 'passphrase') },
  file: file(),
  ask: null,
  piped: () => Promise.resolve(text),
});
const json = { json: true };

describe('quantai keys', () => {
  it('keeps what a person types or a pipe gives, lists names, re-keys and removes, and shows a key nowhere', async () => {
    await addKeys(
      { name: 'main', venue: 'binanceusdm', ...json },
      person('four words of nonsense', 'four words of nonsense', 'CANARY-KEY', 'CANARY-SECRET', ''),
    );
    expect(asked).toEqual([
      'New passphrase: ',
      'New passphrase, again: ',
      'API key: ',
      'API secret: ',
      'Password of the key (empty when it has none): ',
    ]);
    await addKeys({ name: 'hedge', venue: 'okx', ...json }, pipe('CANARY-2\r\nCANARY-3\r\nCANARY-4\r\n'));
    out = '';
    await listKeys(json, pipe(''));
    expect(JSON.parse(out)).toEqual({ names: ['hedge', 'main'] });
    await rekeyKeys({ json: false }, pipe('CANARY other words\n'));
    await writeFile(join(root, 'passphrase'), 'CANARY other words\n');
    const unlocked = await file().unlock(new Secret('CANARY other words'));
    expect([unlocked.get('hedge').password?.reveal(), unlocked.get('main').secret.reveal()]).toEqual(['CANARY-4', 'CANARY-SECRET']);
    await removeKeys({ name: 'hedge', ...json }, pipe(''));
    expect(await file().names()).toEqual(['main']);
    for (const name of await readdir(join(root, 'store')))
      expect(await readFile(join(root, 'store', name), 'utf8')).not.toContain('CANARY');
    expect(out).not.toContain('CANARY');
  });

  it('refuses an empty secret, two passphrases that differ, and a wrong one, and changes nothing', async () => {
    const before = await readFile(join(root, 'store', 'keys.json'));
    const refusals: [string, () => Promise<void>][] = [
      ['no-keys', () => addKeys({ name: 'x', venue: 'v', ...json }, pipe('CANARY-KEY\n'))],
      ['keys-exist', () => addKeys({ name: 'main', venue: 'v', ...json }, pipe('CANARY-KEY\nCANARY-SECRET\n'))],
      ['wrong-passphrase', () => removeKeys({ name: 'main', ...json }, person('CANARY wrong one'))],
      ['passphrases-differ', () => rekeyKeys(json, person('CANARY other words', 'CANARY one passphrase', 'CANARY another one'))],
      ['no-passphrase', () => removeKeys({ name: 'main', ...json }, { ...pipe(''), env: {} })],
    ];
    for (const [code, run] of refusals) {
      asked = [];
      const error = await run().catch((failure: unknown) => failure);
      expect(error).toMatchObject({ code });
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('CANARY');
    }
    expect(await readFile(join(root, 'store', 'keys.json'))).toEqual(before);
  });
});
