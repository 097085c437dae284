import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/cluster/postgres/connect-postgres.js';
import { migrate } from '../../../src/cluster/postgres/migrate.js';
import type { Postgres } from '../../../src/cluster/postgres/postgres.js';
import { isJoined } from '../../../src/commands/registry/joined-team.js';
import { registryUrl } from '../../../src/commands/registry/registry-place.js';
import { runMakers } from '../../../src/commands/registry/run-makers.js';
import { workspaceAudit } from '../../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../../src/commands/workspace.js';
import type { RunOnDisk } from '../../../src/commands/run-list.js';
import { claimAccount } from '../../../src/live/session/socket-lock-claim.js';
import { auditLine, ORIGIN } from '../../../src/promotion/audit/audit-chain.js';
import type { AuditRecord, AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { importAudit } from '../../../src/promotion/audit/import-audit.js';
import { openAuditLog } from '../../../src/promotion/audit/open-audit-log.js';
import { newPrivateKey, publicKeyText } from '../../../src/promotion/people/key-pair.js';
import type { Role } from '../../../src/promotion/people/role.js';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { quantai } from '../run-quantai.js';
import { emptied, finishedRun, machine, temporaryRoot } from './registry-under-test.js';

const word = (verb: string): AuditWord => ({ type: 'CommandGiven', verb, words: [] });
const added = (user: string, roles: readonly Role[]): AuditWord => ({
  type: 'UserAdded',
  user,
  roles,
  publicKey: publicKeyText(newPrivateKey()),
});
const times = (text: string, what: string): number => text.split(what).length - 1;

const given = process.env['QUANTAI_REGISTRY'];
const asBefore = (): void => {
  if (given === undefined) delete process.env['QUANTAI_REGISTRY'];
  else process.env['QUANTAI_REGISTRY'] = given;
};
afterEach(asBefore);

/** A workspace by itself, with two users. */
const withUsers = async (): Promise<string> => {
  const root = await temporaryRoot();
  await openAuditLog({ folder: join(root, 'audit'), anchor: null, now: () => 7 }).append('alice', [
    added('alice', ['operator', 'approver']),
    added('bob', ['researcher']),
  ]);
  return root;
};

describe.skipIf(!HAS.postgres)('a workspace that joins a team (skipped where no PostgreSQL is installed)', () => {
  let server: Service;
  let postgres: Postgres;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    ({ url } = await server.fresh());
    postgres = connectPostgres(url);
    await migrate(postgres);
  });
  afterAll(async () => {
    await postgres.close();
    await server.stop();
  });
  beforeEach(() => emptied(postgres));

  const at = (root: string, ...words: string[]) => quantai([...words, '--workspace', root, '--registry', url]);
  const recorded = async (): Promise<number> => (await postgres.query('SELECT seq FROM quantai.audit_records')).length;

  it('does nothing on record before it has brought its own log, and loses no user', async () => {
    const root = await withUsers();
    for (const words of [
      ['backtest', 'sma-cross', '--dataset', 'noise', '--as', 'alice'],
      ['sweep', 'sma-cross', '--dataset', 'noise', '--as', 'mallory'],
      ['data', 'gc', '--as', 'bob'],
      ['users', 'add', 'mallory', '--role', 'approver', '--as', 'mallory'],
      ['promote', 'sma-cross', '--demote', '--as', 'alice'],
      ['halt', '--resume', '--reason', 'x', '--as', 'alice'],
    ]) {
      const refused = await at(root, ...words);
      expect([words, refused.code, refused.err]).toEqual([
        words,
        4,
        expect.stringContaining('fix: Bring it first: quantai registry import'),
      ]);
      expect((await at(root, ...words, '--json')).out).toContain('"audit-not-imported"');
    }
    // Nor by what stands before no command: a login of the dashboard.
    process.env['QUANTAI_REGISTRY'] = url;
    await expect((await workspaceAudit(workspaceAt(root))).append('alice', [word('login')])).rejects.toMatchObject({
      code: 'audit-not-imported',
      exitCode: 4,
    });
    expect(await recorded()).toBe(0);
    // Looking goes on, and says what is missing.
    const listed = await at(root, 'users', 'list');
    expect([listed.code, listed.out]).toEqual([0, expect.stringContaining('The registry has no users yet')]);
    expect(listed.err).toContain('The audit log of this workspace, with its users and promotions, is not in the registry');
    expect(await at(root, 'runs')).toMatchObject({ code: 0, err: '' });
    expect((await at(root, 'registry', 'migrate')).code).toBe(0);
    expect((await at(root, 'registry', 'status')).code).toBe(0);
    expect(await at(root, 'registry', 'import', '--as', 'alice')).toMatchObject({ code: 0 });
    expect(await at(root, 'users', 'list', '--as', 'alice')).toMatchObject({ out: expect.stringContaining('bob'), err: '' });
    const stranger = await at(root, 'data', 'gc', '--as', 'mallory');
    expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('There is no user "mallory"')]);
    expect((await at(root, 'data', 'gc', '--as', 'bob')).code).toBe(0);
  });

  it('keeps nobody from a halt meanwhile, and records none in a log that is not begun', async () => {
    const root = await withUsers();
    for (const words of [['halt'], ['halt', '--stop']]) {
      const halted = await at(root, ...words, '--account', 'main', '--as', 'alice');
      expect(halted.err).toContain('goes on without it');
      expect(halted.err).toContain('No such session runs');
    }
    expect(await recorded()).toBe(0);
    // Nor by a team that does not know them.
    await machine(postgres, await temporaryRoot(), 'b:/two').audit.append('carol', [added('carol', ['approver'])]);
    expect((await at(root, 'halt', '--account', 'main', '--as', 'alice')).err).toContain('No such session runs');
  });

  it('may begin at once where it has no record of its own, by itself or in the team', async () => {
    const root = await temporaryRoot();
    expect((await at(root, 'data', 'gc', '--as', 'alice')).code).toBe(0);
    const empty = await withUsers();
    for (const name of ['log.ndjson', 'head.json']) await rm(join(empty, 'audit', name));
    await writeFile(join(empty, 'audit', 'log.ndjson'), '');
    expect((await at(empty, 'data', 'gc', '--as', 'alice')).code).toBe(0);
    expect(await recorded()).toBe(2);
    const own = await withUsers();
    const alone = await quantai(['data', 'gc', '--workspace', own, '--registry', 'none', '--as', 'bob']);
    expect([alone.code, alone.err]).toEqual([0, '']);
    // Records without users are records.
    const plain = await temporaryRoot();
    await openAuditLog({ folder: join(plain, 'audit'), anchor: null, now: () => 7 }).append('alice', [word('a')]);
    expect((await at(plain, 'data', 'gc')).code).toBe(4);
  });

  it('is told what would not count before its log is kept beside another for good', async () => {
    const other = await temporaryRoot();
    expect((await at(other, 'data', 'gc', '--as', 'carol')).code).toBe(0);
    const root = await withUsers();
    const refused = await at(root, 'registry', 'import', '--as', 'alice');
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('the users alice, bob would count in no team');
    expect(refused.err).toContain(`of 1 record, begun in`);
    expect(refused.err).toContain('quantai registry import --beside');
    // Before it waits for who writes into its log, and before the mark is made that is for good.
    const claim = await claimAccount(join(root, 'audit', 'lock'));
    expect((await at(root, 'registry', 'import', '--as', 'alice')).err).toContain('the users alice, bob would count in no team');
    claim?.release();
    // It still is what it was.
    expect(await isJoined(workspaceAt(root))).toBe(false);
    expect(await recorded()).toBe(1);
    const meant = await at(root, 'registry', 'import', '--beside', '--as', 'alice');
    expect([meant.code, meant.out]).toEqual([0, expect.stringContaining('kept beside')]);
    // Given again, it brings what is new: that was decided.
    expect((await at(root, 'registry', 'import', '--as', 'alice')).code).toBe(0);
    expect((await at(root, 'data', 'gc', '--as', 'alice')).code).toBe(0);
    // One that has neither users nor promotions loses nothing.
    const plain = await temporaryRoot();
    await openAuditLog({ folder: join(plain, 'audit'), anchor: null, now: () => 7 }).append('alice', [word('a')]);
    expect((await at(plain, 'registry', 'import')).code).toBe(0);
  });

  it('is told so by the database too, where another begins the log in that moment', async () => {
    const root = await withUsers();
    await machine(postgres, await temporaryRoot(), 'b:/two').audit.append('carol', [word('a')]);
    const own = { folder: join(root, 'audit') };
    await expect(importAudit(postgres, 'a:/one', own)).rejects.toMatchObject({ code: 'log-comes-later', exitCode: 4 });
    expect(await postgres.query('SELECT chain FROM quantai.audit_chains')).toHaveLength(1);
    const candidate = await temporaryRoot();
    await openAuditLog({ folder: join(candidate, 'audit'), anchor: null, now: () => 7 }).append('alice', [
      { type: 'CandidateNamed', promotion: 'p', strategy: 's', run: 'r', pins: 'x' },
    ]);
    await expect(importAudit(postgres, 'c:/three', { folder: join(candidate, 'audit') })).rejects.toMatchObject({
      message: expect.stringContaining('1 promotion would count in no team'),
    });
    expect(await importAudit(postgres, 'a:/one', own, true)).toMatchObject({ as: 'kept', added: 2 });
  });

  it('goes on by itself where it was refused so after it was marked', async () => {
    const root = await withUsers();
    // The import waits for who writes into the workspace's log, and does not look again before it has the team's.
    const claim = await claimAccount(join(root, 'audit', 'lock'));
    const refused = at(root, 'registry', 'import', '--as', 'alice');
    await pause(1_000);
    await machine(postgres, await temporaryRoot(), 'b:/two').audit.append('carol', [word('a')]);
    claim?.release();
    expect((await refused).err).toContain('quantai registry import --beside');
    expect(await isJoined(workspaceAt(root))).toBe(false);
    expect((await at(root, 'registry', 'import', '--beside', '--as', 'alice')).code).toBe(0);
  });

  it('brings along who made its runs, where its log tells', async () => {
    const root = await temporaryRoot();
    const workspace = workspaceAt(root);
    const synth = ['data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-02-01', '--symbols', 'BTC/USDT:USDT'];
    const alone = (...words: string[]) => quantai([...words, '--workspace', root, '--registry', 'none']);
    expect((await alone(...synth)).code).toBe(0);
    // Research begins no log.
    expect((await alone('backtest', 'sma-cross', '--dataset', 'noise', '--as', 'zoe')).code).toBe(0);
    expect((await alone('data', 'gc', '--as', 'alice')).code).toBe(0);
    expect((await alone('backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=12', '--as', 'bob')).code).toBe(0);
    expect((await alone('backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=14', '--as', 'alice')).code).toBe(0);
    await finishedRun(workspace, 'older', 'sma-cross', 5);
    expect((await at(root, 'registry', 'import', '--as', 'alice')).code).toBe(0);
    const listed = JSON.parse((await at(root, 'runs', '--json')).out) as { runs: readonly { by: string | null }[] };
    expect(listed.runs.map(({ by }) => by)).toEqual(['alice', 'bob', null, null]);
  });

  it('says where a colleague’s run was made, and where its files are', async () => {
    const [here, there] = [await temporaryRoot(), await temporaryRoot()];
    const { runs, workspace } = machine(postgres, there, 'desk-b:/work/two');
    await runs.record(await finishedRun(workspace, 'sma-noise-1234', 'sma', 5));
    await runs.record(await finishedRun(workspace, 'sma-noise-9999', 'sma', 6));
    for (const words of [
      ['report', 'sma-noise-1234'],
      ['evidence', 'sma-noise-12'],
    ]) {
      const { code, err } = await at(here, ...words);
      expect([code, err]).toEqual([
        2,
        expect.stringContaining('Run "sma-noise-1234" was made in desk-b:/work/two, and its files are there'),
      ]);
      expect(err).toContain(join(workspace.reports, 'sma-noise-1234'));
    }
    // What nobody made, and what could be either, is looked for in the list.
    for (const wanted of ['sma-noise', 'nothing']) expect((await at(here, 'report', wanted)).err).toContain(`There is no run "${wanted}"`);
    expect((await quantai(['report', 'sma-noise-1234', '--workspace', here, '--registry', 'none'])).err).toContain('There is no run');
    // One of its own whose files are gone is nowhere.
    const own = workspaceAt(here);
    await finishedRun(own, 'gone', 'sma', 5);
    expect((await at(here, 'registry', 'import')).code).toBe(0);
    await rm(join(own.reports, 'gone'), { recursive: true });
    expect((await at(here, 'report', 'gone')).err).toContain('was made here, and its files are no longer in');
  });

  it('is told once what is the matter with its registry', async () => {
    const root = await temporaryRoot();
    const bare = (await server.fresh()).url;
    for (const words of LOOKING) {
      const { code, err } = await quantai([...words, '--workspace', root, '--registry', bare]);
      expect([words, code, times(err, 'lacks a step of this version')]).toEqual([
        words,
        code,
        words[1] === 'SELECT 1' || words[0] === 'status' ? 0 : 1,
      ]);
      expect([words, err.includes('warning')]).toEqual([words, code !== 4 && words[1] !== 'SELECT 1' && words[0] !== 'status']);
    }
    const away = (await server.fresh()).url;
    const team = connectPostgres(away);
    await migrate(team);
    await machine(team, await temporaryRoot(), 'b:/two').audit.append('alice', [added('alice', ['approver'])]);
    const asked = (...words: string[]) => quantai([...words, '--workspace', root, '--registry', away, '--as', 'alice']);
    expect((await asked('users', 'list')).code).toBe(0);
    await team.close();
    await server.kill();
    try {
      for (const words of [
        ['audit', 'show'],
        ['users', 'list'],
        ['users', 'list'],
      ]) {
        const { code, err } = await asked(...words);
        expect([words, code, times(err, 'Users and stages are those of')]).toEqual([words, 0, 1]);
      }
    } finally {
      await server.start();
    }
  });
});

it('names its registry as the guide says', async () => {
  const guide = await readFile(new URL('../../../docs/team.md', import.meta.url), 'utf8');
  const [, file = ''] = /in `quantai\.config\.ts`[^`]*`QUANTAI_REGISTRY`[^]*?```\w+\n([^]*?)```/.exec(guide) ?? [];
  const root = await temporaryRoot();
  await writeFile(join(root, 'quantai.config.ts'), file);
  delete process.env['QUANTAI_REGISTRY'];
  expect(await registryUrl(workspaceAt(root))).toBe('postgres://quant@db.example:5432/quantai');
});

/** Verbs that only look. */
const LOOKING = [
  ['runs'],
  ['users', 'list'],
  ['audit', 'show'],
  ['audit', 'verify'],
  ['sql', 'SELECT 1'],
  ['sql', 'SELECT * FROM runs'],
].concat([
  ['promote'],
  ['approve'],
  ['limits'],
  ['status'],
  ['settings', 'history'],
  ['settings', 'get'],
  ['data', 'list'],
  ['models', 'list'],
  ['keys', 'list'],
]);

describe('who made a run', () => {
  const run = (runId: string, written: number, reproduce: string): RunOnDisk => ({
    runId,
    folder: runId,
    written,
    versions: [],
    manifest: { command: 'backtest', reproduce, dataset: { id: 'noise', version: 'v1' } },
  });
  const log = (...entries: readonly (readonly [number, string, string])[]): readonly AuditRecord[] => {
    let end = ORIGIN;
    return entries.map(([time, actor, line]) => {
      const next = auditLine(end, time, actor, { type: 'CommandGiven', verb: 'backtest', words: line.split(' ') });
      end = next.end;
      return JSON.parse(next.line) as AuditRecord;
    });
  };

  it('is who gave its command since the same was run before, and nobody where two did', () => {
    const command = 'quantai backtest x --dataset noise@v1';
    const typed = 'backtest x --dataset noise --workspace /w --json';
    const records = log([1, 'alice', typed], [3, 'bob', `${typed} --registry [secret]`], [5, 'alice', typed], [6, 'bob', typed]);
    const runs = [
      run('third', 7, command),
      run('second', 4, `${command} --registry none`),
      run('first', 2, command),
      run('late', 9, command),
      run('other', 9, 'quantai backtest y --dataset noise@v1'),
    ];
    expect([...runMakers(runs, records)]).toEqual([
      ['first', 'alice'],
      ['second', 'bob'],
    ]);
  });
});
