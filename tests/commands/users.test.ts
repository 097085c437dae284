import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addUser, changeKey, changeRoles, listUsers, removeUser, type PassphraseInput } from '../../src/commands/run-users.js';
import { anchorAudit, showAudit, verifyAudit } from '../../src/commands/run-audit.js';
import { exportAudit } from '../../src/commands/export-audit.js';
import { useTerminal } from '../../src/commands/terminal.js';
import { peopleFolder } from '../../src/commands/audit-options.js';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { Secret } from '../../src/live/secrets/secret.js';
import { newPrivateKey, publicKeyText, verifySigned } from '../../src/promotion/people/key-pair.js';
import { people } from '../../src/promotion/people/people.js';
import { makePersonKey, signAs } from '../../src/promotion/people/person-key.js';

let root = '';
let out = '';
let err = '';
let asked: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'users-'));
  [out, err, asked] = ['', '', []];
  useTerminal({ out: text => (out += text), err: text => (err += text) });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const by = (as: string) => ({ workspace: root, json: true, progress: false, as });
/** Somebody who answers questions. */
const typed = (...answers: string[]): PassphraseInput => ({
  env: {},
  n: 1024,
  ask: prompt => {
    asked.push(prompt);
    return Promise.resolve(new Secret(answers[asked.length - 1] ?? ''));
  },
});
/** Of whoever acts, and of a new key: the same. */
const same = () => typed(...Array.from({ length: 3 }, () => 'four words of nonsense'));
const records = async () => (await workspaceAudit(workspaceAt(root))).read();
const known = async () => people(await records());
const add = async (name: string, role: string, as: string) => {
  asked = [];
  await addUser({ ...by(as), name, role }, same());
};
const result = (): unknown => {
  const document: unknown = JSON.parse(out);
  out = '';
  return document;
};

describe('quantai users', () => {
  it('the first is made by anyone and is an approver; the next by an approver only, which is on record', async () => {
    await expect(add('alice', 'operator', 'root')).rejects.toMatchObject({ code: 'no-approver', exitCode: 2 });
    await add('alice', 'approver', 'root');
    expect(asked).toEqual(['New passphrase of alice: ', 'New passphrase of alice, again: ']);
    expect(err).toContain('Nobody is an operator yet');
    await expect(add('bob', 'operator', 'root')).rejects.toMatchObject({ code: 'unknown-user' });
    await add('bob', 'operator, viewer', 'alice');
    await expect(add('carol', 'viewer', 'bob')).rejects.toMatchObject({ code: 'not-permitted', exitCode: 4 });
    expect((await records()).at(-1)).toMatchObject({ actor: 'bob', word: { type: 'CommandDenied', verb: 'users add' } });
    await expect(add('bob', 'viewer', 'alice')).rejects.toMatchObject({ code: 'user-exists' });
    await expect(add('carol', 'vewer', 'alice')).rejects.toMatchObject({ message: expect.stringContaining('Did you mean "viewer"') });
    expect([...(await known()).values()].map(({ name, roles }) => [name, roles])).toEqual([
      ['alice', ['approver']],
      ['bob', ['viewer', 'operator']],
    ]);
    out = '';
    await listUsers({ ...by('bob'), json: false });
    expect(out).toMatch(/alice +approver[^]*bob +viewer, operator/);
  });

  it('keeps a key that signs as the log says, and two passphrases that differ change nothing', async () => {
    await add('alice', 'approver,operator', 'alice');
    const passphrase = () => Promise.resolve(new Secret('four words of nonsense'));
    const folder = peopleFolder(workspaceAt(root));
    const before = (await known()).get('alice')!.publicKey;
    expect(verifySigned(before, 'x', await signAs({ folder, user: 'alice', passphrase }, 'x'))).toBe(true);
    asked = [];
    await expect(
      changeKey({ ...by('alice'), name: 'alice' }, typed('four words of nonsense', 'one long passphrase', 'another passphrase')),
    ).rejects.toMatchObject({
      code: 'passphrases-differ',
    });
    asked = [];
    await changeKey({ ...by('alice'), name: 'alice' }, same());
    const after = (await known()).get('alice')!.publicKey;
    expect(after).not.toBe(before);
    expect(verifySigned(after, 'x', await signAs({ folder, user: 'alice', passphrase }, 'x'))).toBe(true);
  });

  it('takes a key that was made elsewhere, and no text that is none', async () => {
    const publicKey = publicKeyText(newPrivateKey());
    const wanted = { ...by('x'), name: 'alice', role: 'approver' };
    await expect(addUser({ ...wanted, 'public-key': 'AAAA' })).rejects.toMatchObject({ code: 'bad-public-key' });
    await addUser({ ...wanted, 'public-key': publicKey });
    expect((await known()).get('alice')).toMatchObject({ publicKey });
    expect(existsSync(peopleFolder(workspaceAt(root)))).toBe(false);
    await expect(addUser({ ...by('x'), name: 'bob', role: 'approver' }, same())).rejects.toMatchObject({ code: 'unknown-user' });
  });

  it('lets nobody change another’s key but an approver, and never leaves the workspace without one', async () => {
    await add('alice', 'approver', 'alice');
    await add('bob', 'operator', 'alice');
    await expect(changeKey({ ...by('bob'), name: 'alice' }, same())).rejects.toMatchObject({ code: 'not-permitted' });
    asked = [];
    await changeKey({ ...by('alice'), name: 'bob' }, same());
    await expect(changeRoles({ ...by('alice'), name: 'alice', role: 'viewer' })).rejects.toMatchObject({ code: 'no-approver' });
    await expect(removeUser({ ...by('alice'), name: 'alice' })).rejects.toMatchObject({ code: 'no-approver' });
    asked = [];
    await changeRoles({ ...by('alice'), name: 'bob', role: 'approver,operator' }, same());
    asked = [];
    await removeUser({ ...by('bob'), name: 'alice' }, same());
    expect([...(await known()).keys()]).toEqual(['bob']);
    expect(existsSync(join(peopleFolder(workspaceAt(root)), 'alice.json'))).toBe(false);
    await expect(removeUser({ ...by('bob'), name: 'bo' })).rejects.toMatchObject({
      message: expect.stringContaining('Did you mean "bob"'),
    });
    out = '';
    await verifyAudit(by('bob'));
    expect(result()).toMatchObject({ ok: true });
  });
});

describe('who changes people', () => {
  it('proves it with the own key: a name alone makes nobody an approver, and nobody’s key another’s', async () => {
    await add('alice', 'operator', 'x').catch(() => undefined);
    await add('carol', 'approver', 'carol');
    await add('bob', 'approver', 'carol');
    const before = await records();
    const wrong = () => {
      asked = [];
      return typed('what mallory knows', 'what mallory knows', 'what mallory knows');
    };
    const refused = { code: 'wrong-passphrase' };
    await expect(changeKey({ ...by('bob'), name: 'bob' }, wrong())).rejects.toMatchObject(refused);
    await expect(changeKey({ ...by('carol'), name: 'bob' }, wrong())).rejects.toMatchObject(refused);
    await expect(addUser({ ...by('carol'), name: 'mallory', role: 'approver' }, wrong())).rejects.toMatchObject(refused);
    await expect(changeRoles({ ...by('carol'), name: 'bob', role: 'viewer' }, wrong())).rejects.toMatchObject(refused);
    await expect(removeUser({ ...by('carol'), name: 'bob' }, wrong())).rejects.toMatchObject(refused);
    // Nor does another key in the place of theirs.
    const folder = peopleFolder(workspaceAt(root));
    const passphrase = () => Promise.resolve(new Secret('what mallory knows'));
    await makePersonKey({ folder, user: 'bob', passphrase, n: 1024 });
    await expect(changeKey({ ...by('bob'), name: 'bob' }, wrong())).rejects.toMatchObject({ code: 'forged-signature', exitCode: 4 });
    expect(await records()).toEqual(before);
  });

  it('gives nobody the key of another: two names would be one person', async () => {
    await add('alice', 'approver', 'alice');
    const { publicKey } = (await known()).get('alice')!;
    asked = [];
    const second = { ...by('alice'), name: 'bob', role: 'approver', 'public-key': publicKey };
    await expect(addUser(second, same())).rejects.toMatchObject({ code: 'key-in-use' });
  });
});

describe('quantai audit', () => {
  it('shows what is asked for', async () => {
    await add('alice', 'approver,operator', 'root');
    await add('bob', 'operator', 'alice');
    out = '';
    await showAudit({ ...by('bob'), json: false });
    expect(out).toMatch(/0 .*root +UserAdded +alice is operator and approver\n +1 .*alice +UserAdded +bob is operator/);
    const shown = async (more: object): Promise<number[]> => {
      out = '';
      await showAudit({ ...by('bob'), ...more });
      return (result() as { records: { seq: number }[] }).records.map(({ seq }) => seq);
    };
    expect(await shown({ actor: 'alice' })).toEqual([1]);
    expect(await shown({ last: 1 })).toEqual([1]);
    expect(await shown({ since: '1h' })).toEqual([0, 1]);
    expect(await shown({ since: '2999-01-01' })).toEqual([]);
    expect(await shown({ promotion: 'x' })).toEqual([]);
    await expect(shown({ type: 'UserAded' })).rejects.toMatchObject({ message: expect.stringContaining('Did you mean "UserAdded"') });
  });

  it('exports every record with the key that the end is signed by, and nothing of a log that is broken', async () => {
    await add('alice', 'approver,operator', 'root');
    const file = join(root, 'audit.ndjson');
    await exportAudit({ ...by('alice'), file });
    const [first, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const log = join(root, 'audit', 'log.ndjson');
    expect(`${lines.join('\n')}\n`).toBe(await readFile(log, 'utf8'));
    expect(JSON.parse(first!)).toMatchObject({ export: 'quantai-audit', head: { seq: 0, publicKey: expect.any(String) } });
    await exportAudit({ ...by('alice'), file: join(root, 'audit.csv') });
    expect(await readFile(join(root, 'audit.csv'), 'utf8')).toMatch(/\nseq,at,time,[^\n]*\n0,\d+,[^\n]*,root,UserAdded,/);
    await expect(exportAudit({ ...by('alice'), file: 'audit.txt' })).rejects.toMatchObject({ code: 'unknown-format' });
    await writeFile(log, (await readFile(log, 'utf8')).replace('alice', 'alicf'));
    await expect(exportAudit({ ...by('alice'), file })).rejects.toMatchObject({ exitCode: 4 });
    out = '';
    await expect(verifyAudit(by('alice'))).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining('First bad record: 0') });
    expect(result()).toMatchObject({ ok: false, firstBad: { seq: 0, line: 1 } });
  });

  it('anchors where the configuration says, and says when it cannot', async () => {
    await add('alice', 'approver,operator', 'root');
    await expect(anchorAudit(by('alice'))).rejects.toMatchObject({ code: 'no-anchor' });
    const anchor = await mkdtemp(join(tmpdir(), 'anchor-'));
    await writeFile(join(root, 'quantai.config.ts'), `export default { audit: { anchor: ${JSON.stringify(anchor)} } };\n`);
    out = '';
    await expect(verifyAudit(by('alice'))).rejects.toMatchObject({ message: expect.stringContaining('has never seen this log') });
    out = '';
    await anchorAudit(by('alice'));
    out = '';
    await verifyAudit(by('alice'));
    expect(result()).toMatchObject({ ok: true, anchors: { place: anchor, behind: 0 } });
    await rm(anchor, { recursive: true });
    await expect(anchorAudit(by('alice'))).rejects.toMatchObject({ code: 'not-anchored', exitCode: 1 });
  });
});
