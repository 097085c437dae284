import { createPrivateKey, type KeyObject } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/live/secrets/secret.js';
import type { ApprovalRequest } from '../../../src/promotion/approvals/approval-request.js';
import { requestId, requestText } from '../../../src/promotion/approvals/request-text.js';
import { auditLine, ORIGIN, type ChainEnd } from '../../../src/promotion/audit/audit-chain.js';
import { headText, readHead, signHead } from '../../../src/promotion/audit/audit-head.js';
import type { AuditRecord, AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { openAuditLog } from '../../../src/promotion/audit/open-audit-log.js';
import { verifyAuditLog } from '../../../src/promotion/audit/verify-audit-log.js';
import { newPrivateKey } from '../../../src/promotion/people/key-pair.js';
import { makePersonKey, signAs } from '../../../src/promotion/people/person-key.js';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 5, 12);

/** A log in which bob approves what alice asks for, made once; each test works on a copy. */
let original = '';
let root = '';
let copies = 0;
const keys = (user: string) => ({
  folder: join(original, 'audit', 'people'),
  user,
  passphrase: () => Promise.resolve(new Secret('four words of nonsense')),
  n: 1024,
});
const at = (name: string): string => join(root, 'audit', name);
const options = (now = NOON) => ({ folder: join(root, 'audit'), anchor: join(root, 'anchor'), now: () => now });
const verdict = () => verifyAuditLog(options());

const terms = (more: Partial<ApprovalRequest> = {}): ApprovalRequest => {
  const request = {
    promotion: 'sma-cross-3f9a12cd',
    action: 'live' as const,
    strategy: 'sma-cross',
    account: 'main',
    venue: 'binanceusdm',
    practice: false,
    size: 10_000,
    share: 0.01,
    currency: 'USDT',
    worstCaseLoss: 25,
    pins: 'a'.repeat(64),
    gates: 'b'.repeat(64),
    overrides: [],
    requestedBy: 'alice',
    approvals: 1,
    requestedAt: NOON,
    expiresAt: NOON + 24 * HOUR,
    nonce: '00',
    ...more,
  };
  return { id: requestId(request), ...request };
};
const request = terms();
const place = { account: 'main', venue: 'binanceusdm', practice: false };
const signed = (user: string, of: ApprovalRequest = request) => signAs(keys(user), requestText(of));
const asked = async (of: ApprovalRequest = request): Promise<AuditWord> => ({
  type: 'ApprovalRequested',
  request: of,
  signature: await signed('alice', of),
});
const given = async (user: string, of: ApprovalRequest = request): Promise<AuditWord> => ({
  type: 'ApprovalGiven',
  request: of.id,
  signature: await signed(user, of),
});
const live: AuditWord = {
  type: 'StageEntered',
  promotion: request.promotion,
  stage: 'live',
  size: 10_000,
  share: 0.01,
  request: request.id,
  ...place,
};

type Said = readonly [at: number, actor: string, word: AuditWord];

beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), 'audit-verify-'));
  root = original;
  await mkdir(join(root, 'anchor'));
  const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map(user => makePersonKey(keys(user))));
  const words: Said[] = [
    [0, 'root', { type: 'UserAdded', user: 'bob', roles: ['approver'], publicKey: bob! }],
    [0, 'bob', { type: 'UserAdded', user: 'alice', roles: ['operator', 'approver'], publicKey: alice! }],
    [0, 'bob', { type: 'UserAdded', user: 'carol', roles: ['viewer'], publicKey: carol! }],
    [1, 'alice', { type: 'CandidateNamed', promotion: request.promotion, strategy: 'sma-cross', run: 'run-1', pins: request.pins }],
    [2, 'alice', { type: 'StageEntered', promotion: request.promotion, stage: 'paper', size: 10_000, share: 1, request: null, ...place }],
    [3, 'alice', await asked()],
    [4, 'bob', await given('bob')],
    [4, 'bob', live],
    [5, 'alice', { type: 'CommandGiven', verb: 'halt', words: ['halt', '--reason', 'Ärger'] }],
  ];
  for (const [hour, actor, word] of words) await openAuditLog(options(NOON + hour * 1000)).append(actor, [word]);
});
afterAll(() => rm(original, { recursive: true, force: true }));
beforeEach(async () => {
  root = join(original, `copy-${copies++}`);
  await mkdir(root);
  for (const name of ['audit', 'anchor']) await cp(join(original, name), join(root, name), { recursive: true });
});

const lines = async (): Promise<string[]> => (await readFile(at('log.ndjson'), 'utf8')).trimEnd().split('\n');
const writeLines = (all: readonly string[]): Promise<void> => writeFile(at('log.ndjson'), `${all.join('\n')}\n`);
const said = async (): Promise<Said[]> =>
  (await lines()).map(line => {
    const record = JSON.parse(line) as AuditRecord;
    return [record.at, record.actor, record.word];
  });

/** What somebody can do who has the workspace's own key: another chain from the first record on, and a head that the key signs. */
const forge = async (words: readonly Said[], key?: KeyObject) => {
  const { workspace } = readHead(await readFile(at('head.json'), 'utf8'))!;
  let end: ChainEnd = ORIGIN;
  const all = words.map(([when, actor, word]) => {
    const next = auditLine(end, when, actor, word);
    end = next.end;
    return next.line;
  });
  await writeFile(at('log.ndjson'), all.join(''));
  await writeFile(
    at('head.json'),
    headText(signHead({ workspace, ...end, at: NOON }, key ?? createPrivateKey(await readFile(at('key.pem'), 'utf8')))),
  );
};
/** The anchor is out of the forger's reach; where it is not looked at, the log must tell by itself. */
const withoutAnchor = () => verifyAuditLog({ ...options(), anchor: null });

describe('a look at the whole log', () => {
  it('finds nothing in a log that is as it was written, with every head in the anchor', async () => {
    expect(await verdict()).toMatchObject({
      ok: true,
      records: 9,
      head: { seq: 8 },
      anchors: { heads: 9, last: 8, behind: 0, failure: null },
      firstBad: null,
      notes: [],
    });
  });

  it.each<[string, number, (all: string[]) => string[], RegExp]>([
    ['a changed byte', 4, all => all.with(4, all[4]!.replace('10000', '90000')), /hash/],
    ['a changed byte of a hash', 4, all => all.with(4, all[4]!.replace(/"hash":"./, '"hash":"x')), /hash/],
    ['a blank that means nothing', 4, all => all.with(4, all[4]!.replace(':', ': ')), /no record/],
    ['a removed record', 3, all => all.toSpliced(3, 1), /record 4 stands in its place/],
    ['the first record removed', 0, all => all.slice(1), /record 1 stands in its place/],
    ['the last record removed', 8, all => all.slice(0, -1), /missing.*covers 9 records, and 8 are there/],
    ['swapped records', 2, all => all.with(2, all[3]!).with(3, all[2]!), /record 3 stands in its place/],
    ['a record put in twice', 6, all => all.toSpliced(6, 0, all[5]!), /record 5 stands here again/],
    ['an empty line', 6, all => all.toSpliced(6, 0, ''), /no record/],
    ['a renumbered record', 5, all => all.with(5, all[5]!.replace('"seq":5', '"seq":6')), /hash/],
    ['a line of something else', 5, all => all.with(5, '{"seq":5}'), /no record/],
    ['no record at all', 0, () => [], /no record|missing/],
  ])('finds %s and names the first bad record', async (_, seq, change, reason) => {
    await writeLines(change(await lines()));
    for (const found of [await verdict(), await withoutAnchor()]) {
      expect(found).toMatchObject({ ok: false, records: seq, firstBad: { seq, line: seq + 1 } });
      expect(found.firstBad!.reason).toMatch(reason);
    }
    await expect(openAuditLog(options()).read()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(`First bad record: ${seq},`),
    });
  });

  it('finds a record that was written anew with a hash of its own: the one behind it by the chain, itself by the anchor', async () => {
    const all = await lines();
    const { at: when, actor, word, prev } = JSON.parse(all[4]!) as AuditRecord;
    const { line } = auditLine({ seq: 3, hash: prev }, when, actor, { ...word, size: 90_000 } as AuditWord);
    await writeLines(all.with(4, line.trimEnd()));
    const alone = await withoutAnchor();
    expect(alone).toMatchObject({ ok: false, firstBad: { seq: 5 } });
    expect(alone.firstBad!.reason).toMatch(/does not follow record 4/);
    expect(await verdict()).toMatchObject({ ok: false, firstBad: { seq: 4, line: 5 } });
  });

  it('finds the last record written anew: the head names another', async () => {
    const all = await lines();
    const { prev } = JSON.parse(all[8]!) as AuditRecord;
    const { line } = auditLine({ seq: 7, hash: prev }, NOON, 'eve', { type: 'CommandGiven', verb: 'x', words: [] });
    await writeLines(all.with(8, line.trimEnd()));
    const found = await withoutAnchor();
    expect(found).toMatchObject({ ok: false, firstBad: { seq: 8 } });
    expect(found.firstBad!.reason).toMatch(/head names another record/);
  });

  it('finds a head that is spelled otherwise', async () => {
    await writeFile(at('head.json'), `${await readFile(at('head.json'), 'utf8')}\n`);
    expect(await withoutAnchor()).toMatchObject({ ok: false });
  });

  it('finds any change of a single byte', async () => {
    const bytes = await readFile(at('log.ndjson'));
    const starts = [0, ...[...bytes.keys()].filter(i => bytes[i] === 10).map(i => i + 1)];
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (where, change) => {
        const changed = Buffer.from(bytes);
        changed[where]! ^= change;
        await writeFile(at('log.ndjson'), changed);
        const found = await withoutAnchor();
        // A line break belongs to the record before it.
        const seq = starts.findLastIndex(start => start <= where);
        expect(found).toMatchObject({ ok: false, firstBad: { seq } });
      }),
      { numRuns: 150 },
    );
  });

  it('finds any change of a single byte of the head', async () => {
    const bytes = await readFile(at('head.json'));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (where, change) => {
        const changed = Buffer.from(bytes);
        changed[where]! ^= change;
        await writeFile(at('head.json'), changed);
        expect(await withoutAnchor()).toMatchObject({ ok: false });
      }),
      { numRuns: 80 },
    );
  });

  it('finds a head that another key has signed', async () => {
    await forge(await said(), newPrivateKey());
    const found = await withoutAnchor();
    expect(found).toMatchObject({ ok: false, firstBad: { seq: 8 } });
    expect(found.firstBad!.reason).toMatch(/another key/);
  });

  it('finds a log without a head', async () => {
    await rm(at('head.json'));
    expect(await withoutAnchor()).toMatchObject({ ok: false, firstBad: { seq: 0 } });
  });
});

describe('a log that somebody with the signing key has written anew', () => {
  const changed = async (seq: number, change: (each: Said) => Said): Promise<Said[]> =>
    (await said()).map((each, i) => (i === seq ? change(each) : each));

  it('is not told from the true one by itself, where nobody had signed what was changed', async () => {
    await forge((await said()).slice(0, -1));
    expect(await withoutAnchor()).toMatchObject({ ok: true, records: 8 });
  });

  it.each<[string, number, () => Promise<Said[]>]>([
    ['cut at its end, log and head together', 6, async () => (await said()).slice(0, 6)],
    ['with another word in it', 4, () => changed(4, ([when, actor, word]) => [when, actor, { ...word, size: 20_000 } as AuditWord])],
    ['with another time', 8, () => changed(8, ([, actor, word]) => [1, actor, word])],
    ['with a record more', 8, async () => (await said()).toSpliced(8, 0, [NOON, 'bob', { type: 'CommandGiven', verb: 'x', words: [] }])],
  ])('is found by its anchor: %s', async (_, seq, words) => {
    await forge(await words());
    expect(await verdict()).toMatchObject({ ok: false, firstBad: { seq, line: seq + 1 } });
  });

  it('is found by its anchor when it has a new key and a new name too', async () => {
    await rm(join(root, 'audit'), { recursive: true });
    await openAuditLog({ ...options(), anchor: null }).append('eve', [{ type: 'CommandGiven', verb: 'x', words: [] }]);
    expect(await verdict()).toMatchObject({ ok: false, firstBad: { seq: 0 } });
  });

  it.each<[string, number, RegExp, () => Promise<Said[]>]>([
    [
      'an approval that was never given',
      6,
      /signature/,
      async () =>
        (await said()).with(6, [
          NOON,
          'bob',
          { type: 'ApprovalGiven', request: request.id, signature: Buffer.alloc(64).toString('base64') },
        ]),
    ],
    ['an approval that another person signed', 6, /signature/, async () => (await said()).with(6, [NOON, 'bob', await given('carol')])],
    [
      'an approval of one’s own request',
      6,
      /alice approves what alice asked for/,
      async () => (await said()).with(6, [NOON, 'alice', await given('alice')]),
    ],
    [
      'an approval by somebody without the role',
      6,
      /carol was no approver/,
      async () => (await said()).with(6, [NOON, 'carol', await given('carol')]),
    ],
    ['an approval after its time', 6, /expired/, async () => (await said()).with(6, [NOON + 25 * HOUR, 'bob', await given('bob')])],
    ['the same approval again', 7, /had approved/, async () => (await said()).toSpliced(7, 0, [NOON, 'bob', await given('bob')])],
    ['an approval of nothing', 5, /was not made before/, async () => (await said()).toSpliced(5, 1)],
    [
      'a request with a larger size under the old name',
      5,
      /terms/,
      async () => (await said()).with(5, [NOON, 'alice', { ...(await asked()), request: { ...request, size: 50_000 } } as AuditWord]),
    ],
    [
      'a request with a larger size under its own name, which nobody signed',
      5,
      /not signed/,
      async () => (await said()).with(5, [NOON, 'alice', { ...(await asked()), request: terms({ size: 50_000 }) } as AuditWord]),
    ],
    ['a request in the name of another', 5, /in the name of alice/, async () => (await said()).with(5, [NOON, 'carol', await asked()])],
    ['a stage that nobody approved', 6, /needs 1 approvals/, async () => (await said()).toSpliced(6, 1)],
    [
      'a larger size than was approved',
      7,
      /another place, size or share/,
      () => changed(7, ([when, actor, word]) => [when, actor, { ...word, size: 50_000 } as AuditWord]),
    ],
    ['a user added by somebody who is no approver', 2, /no approver/, () => changed(2, ([when, , word]) => [when, 'alice2', word])],
    [
      'a key exchanged by somebody else',
      6,
      /changes the key of bob/,
      async () => (await said()).toSpliced(6, 0, [NOON, 'carol', { type: 'UserKeyChanged', user: 'bob', publicKey: 'AAAA' }]),
    ],
    [
      'a role taken before the approval',
      7,
      /bob was no approver/,
      async () => (await said()).toSpliced(6, 0, [NOON, 'bob', { type: 'UserRolesChanged', user: 'bob', roles: ['viewer'] }]),
    ],
  ])('is found by the people’s own keys, without an anchor: %s', async (_, seq, reason, words) => {
    await forge(await words());
    const found = await withoutAnchor();
    expect(found).toMatchObject({ ok: false, firstBad: { seq, line: seq + 1 } });
    expect(found.firstBad!.reason).toMatch(reason);
  });
});

describe('an anchor', () => {
  const warnings: string[] = [];
  const log = (anchor = join(root, 'anchor')) => openAuditLog({ ...options(), anchor, warn: text => warnings.push(text) });
  const note: AuditWord = { type: 'CommandGiven', verb: 'x', words: [] };

  it('that cannot be reached holds nothing up, is caught up later, and the log says that it lagged', async () => {
    await log(join(root, 'unplugged')).append('alice', [note]);
    expect(warnings.at(-1)).toMatch(/unplugged.*cannot be reached/);
    expect(await verdict()).toMatchObject({ ok: true, anchors: { last: 8, behind: 1 } });
    const made = await log().append('alice', [note]);
    expect(made).toHaveLength(1);
    const records = await log().read();
    expect(records.at(-1)).toMatchObject({ actor: 'audit', word: { type: 'Anchored', anchored: 9, head: records[9]!.hash, lagged: 1 } });
    expect(await verdict()).toMatchObject({ ok: true, records: 12, anchors: { last: 11, behind: 0 }, notes: [] });
  });

  it('that has never seen the log vouches for nothing', async () => {
    await mkdir(join(root, 'empty'));
    expect(await verifyAuditLog({ ...options(), anchor: join(root, 'empty') })).toMatchObject({ ok: false, firstBad: { seq: 0 } });
  });

  it('keeps a removed log from beginning anew as if nothing had been', async () => {
    await log().append('alice', [note]);
    await rm(join(root, 'audit'), { recursive: true });
    await expect(log().read()).rejects.toMatchObject({ code: 'broken-audit-log' });
    await expect(log().append('eve', [note])).rejects.toMatchObject({ code: 'broken-audit-log' });
  });

  it('with a torn line is read as far as it goes, and goes on behind it', async () => {
    const { workspace } = readHead(await readFile(at('head.json'), 'utf8'))!;
    const file = join(root, 'anchor', `${workspace}.ndjson`);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -20));
    expect(await verdict()).toMatchObject({ ok: true, anchors: { last: 7, behind: 1, unreadable: 1 } });
    await log().append('alice', [note]);
    expect(await verdict()).toMatchObject({ ok: true, anchors: { last: 10, behind: 0, unreadable: 1 } });
  });
});
