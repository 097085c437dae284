import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { peopleFolder } from '../../src/commands/audit-options.js';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { withWriterLock } from '../../src/datasets/writer-lock.js';
import { Secret } from '../../src/live/secrets/secret.js';
import type { ApprovalRequest } from '../../src/promotion/approvals/approval-request.js';
import type { AuditWord } from '../../src/promotion/audit/audit-record.js';
import { authorityFault } from '../../src/promotion/audit/authority-fault.js';
import { makePersonKey, signAs } from '../../src/promotion/people/person-key.js';
import type { Role } from '../../src/promotion/people/role.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** What happens while somebody thinks about what is to be typed. */
const person = vi.hoisted(() => ({ thinks: (): unknown => undefined }));
vi.mock(import('../../src/commands/typed-sentence.js'), async original => {
  const { typedSentence } = await original();
  return {
    typedSentence: (...asked: Parameters<typeof typedSentence>) => {
      person.thinks();
      return typedSentence(...asked);
    },
  };
});

let root = '';
let remove: () => Promise<void>;
let run = '';
const at = (...words: string[]) => quantai([...words, '--workspace', root]);
/** As somebody, with the passphrase of that person in a file. */
const as = async (user: string, ...words: string[]): Promise<Ran> => {
  vi.stubEnv('QUANTAI_PASSPHRASE_FILE', join(root, `${user}.txt`));
  return at(...words, '--as', user);
};
const audit = async () => workspaceAudit(workspaceAt(root));
const records = async () => (await audit()).read();
const words = async () => (await records()).map(({ word }) => word);
const newest = async <T extends AuditWord['type']>(type: T) =>
  (await words()).findLast((word): word is Extract<AuditWord, { type: T }> => word.type === type);

const addUser = async (user: string, ...roles: Role[]): Promise<void> => {
  const passphrase = `the words of ${user}`;
  await writeFile(join(root, `${user}.txt`), passphrase);
  const folder = peopleFolder(workspaceAt(root));
  const publicKey = await makePersonKey({ folder, user, passphrase: () => Promise.resolve(new Secret(passphrase)), n: 1024 });
  await (await audit()).append('alice', [{ type: 'UserAdded', user, roles, publicKey }]);
};

interface Json {
  readonly promotion: string;
  readonly stage: string;
  readonly sentence: string;
  readonly request: ApprovalRequest;
}
const json = ({ out }: Ran): Json => JSON.parse(out) as Json;

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  await writeFile(
    join(root, 'quantai.config.ts'),
    `export default {
      symbols: ['BTC/USDT:USDT'],
      timeframe: '1h',
      risk: { maxDrawdown: 0.25, maxDailyLoss: 0.1, maxExposure: 1, maxLeverage: 1 },
      promotion: {
        paper: { days: 10, trades: 100, deflatedSharpe: 0, overfitting: 1, pValue: 1, costMultiple: 1, drawdown: 1 },
        live: { days: 0, trades: 0 },
        ramp: { days: 0, trades: 0 },
      },
    };\n`,
  );
  await writeFile(
    join(root, 'practice.json'),
    JSON.stringify({ venue: 'binanceusdm', rest: '', ws: '', control: '', keysFile: '', accounts: [] }),
  );
  await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-03-01', '--symbols', 'BTC/USDT:USDT');
  const walk = ['--dataset', 'noise', '--train', '20d', '--test', '10d', '--points', '2', '--workers', '1', '--json'];
  const walked = await at('walkforward', 'sma-cross', ...walk);
  run = (JSON.parse(walked.out) as { runId: string }).runId;
  await at('evidence', run, '--only', 'causality,cost-stress', '--workers', '1', '--json');
});
afterAll(() => remove());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const paper = (...more: string[]) => ['promote', 'sma-cross', '--run', run, '--to', 'paper', '--venue', 'practice', ...more];
const live = (...more: string[]) => [
  'promote',
  'sma-cross',
  '--to',
  'live',
  '--account',
  'main',
  '--venue',
  'practice',
  '--size',
  '10000',
  ...more,
];
const OVERRIDE = ['--override', 'out-of-sample-trades=a practice exchange'];
/** What the gates of live ask for and this workspace has no sessions for. */
const OVERRIDES = [...OVERRIDE, '--override', 'parity=no session was held'];
const PLACE = { account: 'main', venue: 'binanceusdm', practice: true } as const;

const sentenceOf = ({ err }: Ran): string => /"(approve .*)"\./.exec(err)?.[1] ?? `none in: ${err}`;
/** Ask as alice; resolves to the request and what an approver types. */
const ask = async (...line: string[]): Promise<Json> => {
  const confirm = sentenceOf(await as('alice', ...line));
  const asked = await as('alice', ...line, '--confirm', confirm, '--json');
  expect(asked.code, asked.err).toBe(0);
  return json(asked);
};
/** A refusal has exit code 4, is on record with its code, and nothing else has happened. */
const refused = async (ran: Promise<Ran>, code: string): Promise<void> => {
  const before = await words();
  const { code: exit, err } = await ran;
  const since = (await words()).slice(before.length).filter(({ type }) => type !== 'CommandGiven');
  expect([exit, since], err).toMatchObject([4, [{ type: 'ApprovalRefused', code }]]);
};

describe('quantai promote, while one person has all roles', () => {
  it('has nothing to list in a new workspace, and leaves no trace of looking', async () => {
    expect(await at('promote')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is promoted') as string });
    expect(await at('approve')).toMatchObject({ code: 0, out: 'Nothing waits for approval.\n' });
    expect(await records()).toEqual([]);
  });

  it.each([
    [['promote', 'nothing'], /was never promoted/],
    [['promote', 'sma-cross', '--to', 'paper'], /No run is named/],
    [['promote', 'sma-cross', '--to', 'live', '--ramp'], /exclude each other: live, ramp/],
    [['promote', '--ramp'], /No strategy is named/],
    [['promote', 'sma-cross', '--retire'], /needs a reason/],
    [['promote', 'sma-cross', '--to', 'live'], /No size is named/],
    [['approve', '--print'], /No request is named/],
  ])('%j is a mistake that is explained', async (line, message) => {
    const { code, err } = await at(...line);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('judges the gates, prints what would change, records it and refuses', async () => {
    const { code, err } = await at(...paper());
    expect(code).toBe(4);
    expect(err).toContain('24 closed trades out of sample, 100 are asked for');
    expect(err).toMatch(/What would open it:\n {2}out-of-sample-trades: /);
    expect(await newest('GatesJudged')).toMatchObject({ to: 'paper' });
    expect(JSON.parse((await at('promote', '--json')).out)).toMatchObject([{ strategy: 'sma-cross', stage: 'candidate', run }]);
    // The same things have the same pins: it is named once.
    await at(...paper());
    expect((await words()).filter(({ type }) => type === 'CandidateNamed')).toHaveLength(1);
  });

  it('does not go on paper on data of which a byte has changed', async () => {
    const pins = JSON.parse(await readFile(join(root, 'reports', run, 'manifest.json'), 'utf8')) as { dataset: { id: string } };
    const folder = join(root, 'datasets', pins.dataset.id);
    const part = (await readdir(folder, { recursive: true })).find(name => name.endsWith('.parquet'))!;
    const bytes = await readFile(join(folder, part));
    await writeFile(join(folder, part), Buffer.concat([bytes, Buffer.from([0])]));
    const judgedBefore = (await words()).filter(({ type }) => type === 'GatesJudged').length;
    const { code, err } = await at(...paper());
    await writeFile(join(folder, part), bytes);
    expect([code, err]).toEqual([4, expect.stringContaining(part)]);
    expect((await words()).filter(({ type }) => type === 'GatesJudged')).toHaveLength(judgedBefore);
  });

  it('takes no distance of a stop that cannot be, and no loss of the whole account, by which the worst-case loss would be less', async () => {
    const { code, err } = await at(...paper(...OVERRIDE, '--catastrophe-stop', '-1', '--confirm', 'approve'));
    expect([code, err]).toEqual([2, expect.stringContaining('is no distance')]);
    expect(await at(...paper(...OVERRIDE, '--max-loss', '1%'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('not of the size') as string,
    });
  });

  it('lets nobody override a gate alone', async () => {
    const { code, err } = await at(...paper(...OVERRIDE, '--confirm', 'approve'));
    expect([code, err]).toEqual([4, expect.stringContaining('An overridden gate needs another person')]);
    expect((await at(...paper('--override', 'out-of-sample-trades='))).err).toContain('has no reason');
    expect((await at(...paper('--override', 'luck=x'))).err).toContain('There is no gate luck here');
    expect((await at(...paper('--override', 'data=x'))).err).toContain('there is nothing to override');
  });
});

describe('quantai promote and approve, with users', () => {
  let first: Json;
  beforeAll(async () => {
    await addUser('alice', 'researcher', 'operator', 'approver');
    await addUser('bob', 'approver');
    await addUser('carol', 'approver');
    await addUser('dave', 'operator');
  });

  it('asks for the sentence, and refuses another', async () => {
    const none = await as('alice', ...paper(...OVERRIDE));
    expect([none.code, sentenceOf(none)]).toEqual([
      4,
      'approve paper trading of sma-cross on paper at practice with 100000 USDT, worst-case loss 35000 USDT, overriding out-of-sample-trades',
    ]);
    const before = (await words()).length;
    expect((await as('alice', ...paper(...OVERRIDE, '--confirm', 'yes'))).code).toBe(4);
    expect((await words()).slice(before).map(({ type }) => type)).toEqual(['CommandGiven', 'GatesJudged', 'ApprovalRefused']);
  });

  it('makes a request that waits, with what is to be typed', async () => {
    first = await ask(...paper(...OVERRIDE));
    expect(first.request).toMatchObject({ action: 'paper', requestedBy: 'alice', approvals: 1, venue: 'binanceusdm', practice: true });
    const { out } = await at('approve', '--as', 'dave');
    expect(out).toContain(first.request.id);
    expect(out).toContain(`--confirm "${first.sentence}"`);
    expect(first.stage).toBe('candidate');
  });

  it('refuses and records an approval of oneself, by a wrong sentence, of nothing, and with a forged signature', async () => {
    const { id } = first.request;
    await refused(as('alice', 'approve', id, '--confirm', first.sentence), 'self-approval');
    await refused(as('bob', 'approve', id, '--confirm', 'approve everything'), 'wrong-sentence');
    await refused(as('bob', 'approve', 'ffffffffffff', '--confirm', first.sentence), 'unknown-request');
    const printed = (await at('approve', id, '--print', '--as', 'carol')).out;
    const passphrase = () => Promise.resolve(new Secret('the words of carol'));
    const byCarol = await signAs({ folder: peopleFolder(workspaceAt(root)), user: 'carol', passphrase }, printed);
    await refused(as('bob', 'approve', id, '--confirm', first.sentence, '--signature', byCarol), 'forged-signature');
  });

  it('lets who is no approver not even try', async () => {
    expect(await as('dave', 'approve', first.request.id, '--confirm', first.sentence)).toMatchObject({ code: 4 });
    expect(await newest('CommandDenied')).toMatchObject({ verb: 'approve' });
  });

  it('refuses an approval that comes too late', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: first.request.expiresAt });
    await refused(as('bob', 'approve', first.request.id, '--confirm', first.sentence), 'expired');
    expect((await at('approve', '--as', 'bob')).out).toBe('Nothing waits for approval.\n');
  });

  it('refuses an approval after one byte of what was promoted has changed', async () => {
    const file = join(root, 'promotions', first.promotion, 'config.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('0.25', '0.26'));
    await refused(as('bob', 'approve', first.request.id, '--confirm', first.sentence), 'changed-terms');
    await writeFile(file, text);
  });

  it('takes the step with the approval of another, signed elsewhere too, and keeps the override in sight', async () => {
    const printed = (await at('approve', first.request.id, '--print', '--as', 'carol')).out;
    const passphrase = () => Promise.resolve(new Secret('the words of carol'));
    const signature = await signAs({ folder: peopleFolder(workspaceAt(root)), user: 'carol', passphrase }, printed);
    const done = await as('carol', 'approve', first.request.id, '--confirm', first.sentence, '--signature', signature);
    expect([done.code, done.out], done.err).toEqual([0, expect.stringContaining('is approved by carol, and the step is taken')]);
    expect((await words()).slice(-3).map(({ type }) => type)).toEqual(['ApprovalGiven', 'GateOverridden', 'StageEntered']);
    const shown = (await as('bob', 'promote')).out;
    expect(shown).toMatch(/paper +paper at binanceusdm \(practice\) +100,000 .* out-of-sample-trades/);
  });

  it('refuses to use an approval twice', async () => {
    await refused(as('bob', 'approve', first.request.id, '--confirm', first.sentence), 'replayed');
  });

  it('goes live only after its gates: rehearsals and parity too, and a testnet is not the venue', async () => {
    const elsewhere = { type: 'Rehearsed', sandbox: true, passed: true, tookMs: 300, text: 'flat', ...PLACE } as const;
    await (
      await audit()
    ).append('alice', [
      { ...elsewhere, what: 'kill-switch' },
      { ...elsewhere, what: 'dead-man' },
    ]);
    const { code, err } = await as('alice', ...live());
    expect(code).toBe(4);
    expect(err).toMatch(/gates are shut \(out-of-sample-trades, .*kill-switch, dead-man\)/);
  });

  it('goes live with the lowest share once two persons agree, then up the ramp by one step at a time', async () => {
    await (
      await audit()
    ).append('alice', [
      { type: 'Rehearsed', what: 'kill-switch', sandbox: false, passed: true, tookMs: 300, text: 'flat', ...PLACE },
      { type: 'Rehearsed', what: 'dead-man', sandbox: false, passed: true, tookMs: 9_000, text: 'gone', ...PLACE },
    ]);
    await ask(...live(...OVERRIDES));
    const asked = await ask(...live(...OVERRIDES));
    expect(asked.sentence).toBe(
      'approve sma-cross on main at practice with 100 of 10000 USDT, worst-case loss 35 USDT, overriding out-of-sample-trades, parity',
    );
    expect((await as('bob', 'approve', asked.request.id, '--confirm', asked.sentence)).code).toBe(0);
    expect(JSON.parse((await at('promote', '--json', '--as', 'bob')).out)).toMatchObject([
      { stage: 'live', places: { live: { ...PLACE, size: 10_000, share: 0.01 }, paper: { share: 1 } } },
    ]);

    // A request that waits is void once the stage is entered by another.
    expect((await at('approve', '--as', 'bob')).out).toBe('Nothing waits for approval.\n');

    const shut = await as('alice', 'promote', 'sma-cross', '--ramp');
    expect([shut.code, shut.err]).toEqual([4, expect.stringContaining('gates are shut')]);
    const gates = ((await newest('GatesJudged'))?.results ?? []).filter(({ verdict }) => verdict !== 'pass');
    const opened = gates.flatMap(({ gate }) => ['--override', `${gate}=no session was held`]);
    const up = await ask('promote', 'sma-cross', '--ramp', ...opened);
    expect(up.request).toMatchObject({ action: 'ramp', share: 0.1, size: 10_000, worstCaseLoss: 350 });
    expect((await as('bob', 'approve', up.request.id.slice(0, 8), '--confirm', up.sentence)).code).toBe(0);
    expect((await at('sql', 'SELECT stage, account, practice, size, share FROM promotions', '--json', '--as', 'bob')).out).toContain(
      JSON.stringify(['live', 'main', true, 10_000, 0.1], null, 2).replace(/\n/g, '\n    '),
    );
  });

  it('writes no request that was confirmed after its time: with a step by it the log could not be read any more', async () => {
    const line = ['promote', 'sma-cross', '--to', 'live', '--account', 'second', '--venue', 'practice', '--size', '10000', ...OVERRIDES];
    const confirm = sentenceOf(await as('alice', ...line));
    person.thinks = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 3_600_000 });
    const { code, err } = await as('alice', ...line, '--confirm', confirm);
    person.thinks = () => undefined;
    expect([code, err]).toEqual([4, expect.stringContaining('typed after 24h')]);
    expect((await words()).at(-1)).toMatchObject({ type: 'GatesJudged' });
  });

  it('comes off its stage with a reason, for good when it is retired, and tells its whole way', async () => {
    // Nobody who is asking or approving holds that up.
    await withWriterLock(join(root, 'audit', 'stages.lock'), async () => {
      const { out } = await as('alice', 'promote', 'sma-cross', '--demote', '--reason', 'funding has turned');
      expect(out).toMatch(/is demoted\.$/m);
    });
    expect((await as('alice', ...live(...OVERRIDES))).err).toContain('is demoted, not on paper');
    expect((await as('alice', 'promote', 'sma-cross', '--retire', '--reason', 'no use')).code).toBe(0);
    expect((await as('alice', ...paper())).err).toContain('was retired');
    const { out } = await as('alice', 'promote', first.promotion);
    for (const line of [
      'retired (operator): no use',
      'demoted (operator): funding has turned',
      'share 1 % → 10 % (approved): approved by bob',
      'enters live on main at binanceusdm (practice), 1 % of 10,000',
      'refused for request',
      'Overridden gates:',
    ])
      expect(out).toContain(line);
  });

  it('leaves a log that is whole', async () => {
    expect(authorityFault(await records())).toBeNull();
  });
});
