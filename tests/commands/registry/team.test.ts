import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/cluster/postgres/connect-postgres.js';
import { migrate } from '../../../src/cluster/postgres/migrate.js';
import type { Postgres } from '../../../src/cluster/postgres/postgres.js';
import { filedHashes } from '../../../src/dashboard/identity/password-hashes.js';
import { importHashes } from '../../../src/dashboard/identity/postgres-hashes.js';
import { openPasswords } from '../../../src/dashboard/identity/passwords.js';
import { countTrials } from '../../../src/experiments/count-trials.js';
import { seenBefore } from '../../../src/experiments/evidence/seen-before.js';
import { trialsOnRecord } from '../../../src/experiments/evidence/trials-on-record.js';
import { importTrials } from '../../../src/experiments/import-trials.js';
import { readTrials } from '../../../src/experiments/read-trials.js';
import { openTrialLedger, type Trial } from '../../../src/experiments/trial-ledger.js';
import { auditLine, ORIGIN, type ChainEnd } from '../../../src/promotion/audit/audit-chain.js';
import { headText, readHead, signHead } from '../../../src/promotion/audit/audit-head.js';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { importAudit } from '../../../src/promotion/audit/import-audit.js';
import { openAuditLog } from '../../../src/promotion/audit/open-audit-log.js';
import { teamCopyFile } from '../../../src/promotion/audit/team-copy.js';
import { newPrivateKey, publicKeyText } from '../../../src/promotion/people/key-pair.js';
import { people } from '../../../src/promotion/people/people.js';
import { quantai } from '../run-quantai.js';
import { trialOf } from '../../contracts/registry.js';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { emptied, machine, rewriteTeamLog, temporaryRoot } from './registry-under-test.js';

const word = (verb: string): AuditWord => ({ type: 'CommandGiven', verb, words: [] });
/** Long enough for a ratio to be one. */
const DAYS = 90 * 86_400_000;

describe.skipIf(!HAS.postgres)('the registry of a team (skipped where no PostgreSQL is installed)', () => {
  let server: Service;
  let postgres: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
    postgres = connectPostgres((await server.fresh()).url);
    await migrate(postgres);
  });
  afterAll(async () => {
    await postgres.close();
    await server.stop();
  });
  beforeEach(() => emptied(postgres));

  describe('trials', () => {
    it('are read from it as from files, whatever was tried', async () => {
      const trial = fc.record({
        strategy: fc.constantFrom('a', 'b', 'c'),
        code: fc.constantFrom('x', 'y', 'z'),
        data: fc.constantFrom('d1', 'd2'),
        params: fc.record({ fast: fc.integer({ min: 1, max: 3 }) }),
        range: fc.constantFrom({ from: 0, to: 1_000 }, { from: 500, to: 1_500 }),
        config: fc.constant('c'),
        role: fc.constantFrom<Trial['role']>('train', 'test', 'run', 'check'),
      });
      const step = fc.record({ run: fc.constantFrom('run-1', 'run-2'), trials: fc.array(trial, { maxLength: 4 }), settles: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 5 }), fc.constantFrom('a', 'b', undefined), async (steps, strategy) => {
          await emptied(postgres);
          const folder = join(await temporaryRoot(), 'ledger');
          const team = machine(postgres, await temporaryRoot(), 'a:/one').trials;
          let at = 0;
          for (const { run, trials, settles } of steps) {
            at += 1;
            for (const place of [folder, team]) {
              const ledger = await openTrialLedger(place, run, () => at);
              await ledger.begin(trials);
              // One outcome for each trial: evaluating it again gives it again.
              if (settles)
                for (const each of trials)
                  await ledger.settle(each, {
                    objective: 1,
                    sharpe: each.params['fast'] === 1 ? null : each.role === 'check' ? 9 : 0.1 * Number(each.params['fast']),
                  });
              await ledger.close();
            }
          }
          const filter = strategy === undefined ? {} : { strategy };
          expect(await countTrials(team, filter)).toEqual(await countTrials(folder, filter));
          const sorted = async (place: typeof team | string) =>
            [...(await readTrials(place)).trials].sort((a, b) => (a.hash < b.hash ? -1 : 1));
          expect(await sorted(team)).toEqual(await sorted(folder));
        }),
        { numRuns: 25 },
      );
    });

    it('of colleagues count in the statistics of whoever looks, and take a walk out of sample from none', async () => {
      const [alice, bob] = [
        machine(postgres, await temporaryRoot(), 'a:/one').trials,
        machine(postgres, await temporaryRoot(), 'b:/two').trials,
      ];
      const put = async (place: typeof alice, run: string, fasts: readonly number[], at: number): Promise<void> => {
        const ledger = await openTrialLedger(place, run, () => at);
        const trials = fasts.map(fast => trialOf(fast, { role: 'run', range: { from: 0, to: DAYS } }));
        await ledger.begin(trials);
        for (const trial of trials)
          await ledger.settle(trial, {
            objective: 1,
            sharpe: 0.1,
            returns: Float64Array.from({ length: 40 }, (_, i) => Math.sin(i * Number(trial.params['fast']))),
          });
        await ledger.close();
      };
      await put(bob, 'theirs', [1, 2, 3], 1);
      await put(alice, 'own', [4], 2);
      const found = await trialsOnRecord(alice, 'sma', 1, DAYS);
      expect([found.run, found.total, found.sharpes.length]).toEqual([1, 4, 4]);
      const walk = { runId: 'own', strategy: 'sma', code: 'builtin:sma', data: 'd1', searched: false };
      const folds = [{ index: 0, train: { from: -1_000, to: 0 }, test: { from: 0, to: DAYS }, candidates: [{ params: { fast: 4 } }] }];
      // Bob looked at these days before.
      expect(await seenBefore(alice, { ...walk, folds })).toBe(true);
      expect(
        await seenBefore(bob, {
          ...walk,
          runId: 'theirs',
          folds: [{ ...folds[0]!, candidates: [1, 2, 3].map(fast => ({ params: { fast } })) }],
        }),
      ).toBe(false);
    });

    it('are not evaluated while they cannot be put on record, and are not lost with their results', async () => {
      const said: string[] = [];
      const { trials } = machine(postgres, await temporaryRoot(), 'a:/one', text => said.push(text));
      const ledger = await openTrialLedger(trials, 'run', () => 1);
      await ledger.begin([trialOf(1)]);
      await server.kill();
      await ledger.settle(trialOf(1), { objective: 1, sharpe: 0.5 });
      await expect(ledger.begin([trialOf(2)])).rejects.toMatchObject({
        code: 'registry-away',
        message: expect.stringContaining('off the record'),
      });
      await server.start();
      await ledger.close();
      expect(said.join(' ')).toContain('cannot be noted');
      expect(await countTrials(trials)).toMatchObject({ distinct: 1, unsettled: 0 });
    });
  });

  describe('the audit log', () => {
    it('is only appended to', async () => {
      const { audit } = machine(postgres, await temporaryRoot(), 'a:/one');
      await audit.append('alice', [word('a')]);
      for (const statement of [
        `UPDATE quantai.audit_records SET line = ''`,
        'DELETE FROM quantai.audit_heads',
        'TRUNCATE quantai.audit_records',
      ])
        await expect(postgres.query(statement)).rejects.toThrow('only ever appended to');
    });

    it('that was put back is found by every machine that saw more, and goes no further there', async () => {
      const root = await temporaryRoot();
      const { audit } = machine(postgres, root, 'a:/one');
      await audit.append('alice', [word('a')]);
      await audit.append('alice', [word('b')]);
      await audit.read();
      await rewriteTeamLog(postgres, lines => lines.slice(0, 1));
      await postgres.query(
        'ALTER TABLE quantai.audit_heads DISABLE TRIGGER USER; DELETE FROM quantai.audit_heads WHERE seq = 1; ALTER TABLE quantai.audit_heads ENABLE TRIGGER USER',
      );
      expect(await audit.verify()).toMatchObject({
        ok: false,
        firstBad: { seq: 1, reason: expect.stringContaining('this machine has seen records up to 1') },
      });
      await expect(audit.append('alice', [word('c')])).rejects.toMatchObject({ code: 'broken-audit-log' });
      // A machine that never looked cannot know.
      expect(await machine(postgres, await temporaryRoot(), 'c:/three').audit.verify()).toMatchObject({ ok: true });
      await rm(teamCopyFile(join(root, 'team'), postgres.shown));
      expect(await audit.verify()).toMatchObject({ ok: true, records: 1 });
    });

    it('that was computed anew and signed anew is found by every machine that saw the other one', async () => {
      const { audit } = machine(postgres, await temporaryRoot(), 'a:/one');
      await audit.append('alice', [word('a'), word('b'), word('c')]);
      await audit.read();
      const key = newPrivateKey();
      let end: ChainEnd = ORIGIN;
      await rewriteTeamLog(postgres, () =>
        ['a', 'x', 'c'].map(verb => {
          const next = auditLine(end, 7, 'alice', word(verb));
          end = next.end;
          return next.line.slice(0, -1);
        }),
      );
      const [row] = await postgres.query<{ head: string; chain: string }>('SELECT head, chain FROM quantai.audit_heads');
      const workspace = readHead(row?.head ?? '')?.workspace ?? '';
      await postgres.query('ALTER TABLE quantai.audit_heads DISABLE TRIGGER USER');
      await postgres.query('UPDATE quantai.audit_heads SET head = $1', [headText(signHead({ workspace, ...end, at: 7 }, key))]);
      await postgres.query('ALTER TABLE quantai.audit_heads ENABLE TRIGGER USER');
      expect(await machine(postgres, await temporaryRoot(), 'c:/three').audit.verify()).toMatchObject({ ok: true });
      expect(await audit.verify()).toMatchObject({ ok: false, firstBad: { seq: 1, reason: 'this machine has seen another record here' } });
      await expect(audit.append('alice', [word('d')])).rejects.toMatchObject({ code: 'broken-audit-log' });
    });

    it('is found when a head is changed, or another one is in its place', async () => {
      const { audit } = machine(postgres, await temporaryRoot(), 'a:/one');
      await audit.append('alice', [word('a')]);
      await audit.append('alice', [word('b')]);
      await postgres.query(
        `ALTER TABLE quantai.audit_heads DISABLE TRIGGER USER; UPDATE quantai.audit_heads SET head = replace(head, '"at":7', '"at":8') WHERE seq = 1; ALTER TABLE quantai.audit_heads ENABLE TRIGGER USER`,
      );
      expect(await audit.verify()).toMatchObject({ ok: false, firstBad: { seq: 1, reason: 'the head that signs for it was changed' } });
      await expect(audit.append('alice', [word('c')])).rejects.toMatchObject({ code: 'broken-audit-log' });
    });

    it('goes through what an anchor remembers', async () => {
      const [root, anchor] = [await temporaryRoot(), await temporaryRoot()];
      const { postgresAudit } = await import('../../../src/promotion/audit/postgres-audit.js');
      const anchored = postgresAudit({
        postgres,
        place: 'a:/one',
        key: join(root, 'key.pem'),
        copy: join(root, 'copy.json'),
        anchor,
        now: () => 7,
      });
      await anchored.append('alice', [word('a')]);
      await anchored.append('alice', [word('b')]);
      expect(await anchored.verify()).toMatchObject({ ok: true, anchors: { heads: 2, last: 1, behind: 0 } });
      await rewriteTeamLog(postgres, lines => lines.slice(0, 1));
      await postgres.query(
        'ALTER TABLE quantai.audit_heads DISABLE TRIGGER USER; DELETE FROM quantai.audit_heads WHERE seq = 1; ALTER TABLE quantai.audit_heads ENABLE TRIGGER USER',
      );
      expect(await anchored.verify()).toMatchObject({
        ok: false,
        firstBad: { seq: 1, reason: expect.stringContaining('the anchor has seen records up to 1') },
      });
      await expect(anchored.append('alice', [word('c')])).rejects.toMatchObject({
        code: 'broken-audit-log',
        message: expect.stringContaining(anchor),
      });
    });

    it('is read from the last look while the registry is away, and nothing is appended then', async () => {
      const said: string[] = [];
      const { audit } = machine(postgres, await temporaryRoot(), 'a:/one', text => said.push(text));
      await audit.append('alice', [{ type: 'UserAdded', user: 'alice', roles: ['operator'], publicKey: publicKeyText(newPrivateKey()) }]);
      await audit.read();
      await server.kill();
      // Who looks, or halts, is told what was; who decides is told nothing.
      const last = await audit.readLast();
      expect([[...people(last.records).keys()], last.isCopy]).toEqual([['alice'], true]);
      await expect(audit.read()).rejects.toMatchObject({ code: 'registry-away' });
      await expect(audit.mark()).rejects.toMatchObject({ code: 'registry-away' });
      expect(said.join(' ')).toMatch(/does not answer.*those of 1970/);
      await expect(audit.append('alice', [word('b')])).rejects.toMatchObject({ code: 'registry-away' });
      await expect(audit.movingStages(() => Promise.resolve(1))).rejects.toMatchObject({ code: 'registry-away' });
      await expect(machine(postgres, await temporaryRoot(), 'new:/one').audit.readLast()).rejects.toMatchObject({ code: 'registry-away' });
      await server.start();
      await audit.append('alice', [word('b')]);
      expect((await audit.readLast()).isCopy).toBe(false);
      expect((await audit.read()).length).toBe(2);
    });
  });

  describe('passwords', () => {
    it('are right while the registry is away, and set when it is there', async () => {
      const { hashes } = machine(postgres, await temporaryRoot(), 'a:/one');
      const passwords = openPasswords(hashes);
      await passwords.set('alice', 'secret one', 1);
      await server.kill();
      expect([await passwords.isRight('alice', 'secret one'), await passwords.isRight('alice', 'wrong')]).toEqual([true, false]);
      await expect(passwords.set('alice', 'secret two', 2)).rejects.toMatchObject({ code: 'registry-away' });
      await server.start();
    });

    it('of a workspace come along, and those of the team stay', async () => {
      const { hashes } = machine(postgres, await temporaryRoot(), 'a:/one');
      await hashes.put('alice', 'team', 1);
      const local = filedHashes(join(await temporaryRoot(), 'dashboard'));
      await local.put('alice', 'own', 2);
      await local.put('bob', 'own', 2);
      expect([await importHashes(postgres, local), await importHashes(postgres, local)]).toEqual([
        { here: 2, added: 1 },
        { here: 2, added: 0 },
      ]);
      expect(await hashes.all()).toEqual({ alice: { hash: 'team', at: 1 }, bob: { hash: 'own', at: 2 } });
    });
  });

  describe('an import', () => {
    it('brings a ledger as it is counted, once', async () => {
      const folder = join(await temporaryRoot(), 'ledger');
      for (const run of ['run-1', 'run-2']) {
        const ledger = await openTrialLedger(folder, run, () => 5);
        await ledger.begin([trialOf(1), trialOf(1), trialOf(2), trialOf(run === 'run-1' ? 3 : 4, { strategy: 'other', code: 'x' })]);
        await ledger.settle(trialOf(1), { objective: 1, sharpe: 0.5, returns: Float64Array.from({ length: 20 }, (_, i) => i % 3) });
        await ledger.close();
      }
      await writeFile(join(folder, 'torn.ndjson'), '{"type":"tri');
      const expected = { files: 3, distinct: 4, found: 4, unreadable: 1 };
      expect([await importTrials(postgres, 'a:/one', folder), await importTrials(postgres, 'a:/one', folder)]).toEqual([
        expected,
        expected,
      ]);
      const { trials } = machine(postgres, await temporaryRoot(), 'b:/two');
      for (const filter of [{}, { strategy: 'sma' }])
        expect(await countTrials(trials, filter)).toEqual({ ...(await countTrials(folder, filter)), unreadable: 0 });
    });

    it('makes the first log the team’s, record by record, and keeps later ones beside it', async () => {
      const [first, later] = [join(await temporaryRoot(), 'audit'), join(await temporaryRoot(), 'audit')];
      const log = openAuditLog({ folder: first, anchor: null, now: () => 7 });
      await log.append('alice', [
        word('a'),
        { type: 'UserAdded', user: 'alice', roles: ['approver'], publicKey: publicKeyText(newPrivateKey()) },
      ]);
      const own = await log.read();
      expect(await importAudit(postgres, 'a:/one', { folder: first })).toMatchObject({
        as: 'team',
        records: 2,
        added: 2,
        head: { seq: 1, hash: own[1]?.hash },
      });
      expect(await importAudit(postgres, 'a:/one', { folder: first })).toMatchObject({ as: 'team', added: 0 });
      const { audit } = machine(postgres, await temporaryRoot(), 'b:/two');
      expect(await audit.read()).toEqual(own);
      await openAuditLog({ folder: later, anchor: null, now: () => 7 }).append('mallory', [
        { type: 'UserAdded', user: 'mallory', roles: ['approver'], publicKey: publicKeyText(newPrivateKey()) },
      ]);
      expect(await importAudit(postgres, 'b:/two', { folder: later }, true)).toMatchObject({ as: 'kept', records: 1, added: 1 });
      expect([...people(await audit.read()).keys()]).toEqual(['alice']);
      // What the workspace wrote since is added, while the team has not gone on.
      await log.append('alice', [word('b')]);
      expect(await importAudit(postgres, 'a:/one', { folder: first })).toMatchObject({ as: 'team', records: 3, added: 1 });
      await audit.append('alice', [word('c')]);
      expect(await importAudit(postgres, 'a:/one', { folder: first })).toMatchObject({ added: 0 });
      await log.append('alice', [word('d'), word('e')]);
      await expect(importAudit(postgres, 'a:/one', { folder: first })).rejects.toMatchObject({ code: 'diverged-audit-log', exitCode: 4 });
      expect(await audit.verify()).toMatchObject({ ok: true, records: 4 });
      const file = join(later, 'log.ndjson');
      await writeFile(file, (await readFile(file, 'utf8')).replace('mallory', 'nobody!'));
      await expect(importAudit(postgres, 'b:/two', { folder: later })).rejects.toMatchObject({ code: 'broken-audit-log' });
    });
  });

  it('is what the command line works with: runs, trials, users and the log of two workspaces', async () => {
    const roots = [await temporaryRoot(), await temporaryRoot()] as const;
    const database = (await server.fresh()).url;
    const at = (who: 0 | 1, ...words: string[]) =>
      quantai([...words, '--workspace', roots[who], '--registry', database, '--as', who === 0 ? 'alice' : 'bob']);
    const json = async (who: 0 | 1, ...words: string[]): Promise<Record<string, unknown>> => {
      const { code, out, err } = await at(who, ...words, '--json');
      expect(
        [
          code,
          err
            .replace(/^warning.*$/gm, '')
            .replace(/^Synthetic data.*$/gm, '')
            .trim(),
        ],
        words.join(' '),
      ).toEqual([0, '']);
      return JSON.parse(out) as Record<string, unknown>;
    };
    // Nothing is evaluated off the record.
    for (const root of roots) {
      const made = await quantai([
        'data',
        'synth',
        '--dataset',
        'noise',
        '--from',
        '2023-01-01',
        '--to',
        '2023-02-01',
        '--symbols',
        'BTC/USDT:USDT',
        '--workspace',
        root,
      ]);
      expect(made.code).toBe(0);
    }
    const early = await at(0, 'backtest', 'sma-cross', '--dataset', 'noise');
    expect([early.code, early.err]).toEqual([4, expect.stringContaining('quantai registry migrate')]);
    expect(await json(0, 'registry', 'migrate')).toMatchObject({ taken: [{ number: 1 }] });
    expect(await json(0, 'registry', 'migrate')).toMatchObject({ taken: [] });
    const first = await json(0, 'backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=10');
    expect(first).toMatchObject({ trialsEver: 1 });
    // Bob's first backtest is the team's second trial.
    expect(await json(1, 'backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=12')).toMatchObject({
      trialsEver: 2,
      trialsOnData: 2,
    });
    const { runs } = (await json(1, 'runs')) as { runs: readonly { runId: string; by: string }[] };
    expect(runs.map(({ by }) => by).sort()).toEqual(['alice', 'bob']);
    expect(await json(0, 'sql', 'SELECT count(DISTINCT hash) AS n, count(*) AS m, bool_and(settled) FROM trials')).toMatchObject({
      rows: [[2, 2, true]],
    });
    expect(
      await json(
        0,
        'sql',
        `SELECT made_by, count(sharpe), min(command), min(manifest->>'$.runId') = min(run_id) FROM runs GROUP BY 1 ORDER BY 1`,
      ),
    ).toMatchObject({
      rows: [
        ['alice', 1, 'backtest', true],
        ['bob', 1, 'backtest', true],
      ],
    });
    expect(await json(0, 'sql', "SELECT DISTINCT verb FROM (SELECT word->>'$.verb' AS verb FROM audit_log)")).toMatchObject({
      rows: [['backtest']],
    });
    expect(await json(0, 'registry', 'status')).toMatchObject({
      pending: [],
      holds: { trials: 2, runs: 2, records: 2, places: 2, users: 0 },
    });
    expect(await json(1, 'audit', 'verify')).toMatchObject({ ok: true, records: 2 });
    // What was made without the registry comes along.
    const alone = await quantai(['backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=14', '--workspace', roots[0], '--json']);
    expect(JSON.parse(alone.out)).toMatchObject({ trialsEver: 1 });
    expect(((await json(0, 'runs')) as { unregistered: readonly string[] }).unregistered).toHaveLength(1);
    expect(await json(0, 'registry', 'import')).toMatchObject({
      audit: { as: 'none' },
      trials: { distinct: 1, found: 1 },
      runs: { here: 2, found: 2 },
    });
    expect(await json(1, 'sql', 'SELECT count(DISTINCT hash) FROM trials')).toMatchObject({ rows: [[3]] });
    expect((await json(0, 'registry', 'status'))['holds']).toMatchObject({ trials: 3, runs: 3 });
    // A user who is added here is known there, and nobody else is any more.
    const added = await at(
      0,
      'users',
      'add',
      'alice',
      '--role',
      'approver,operator,researcher',
      '--public-key',
      publicKeyText(newPrivateKey()),
    );
    expect([added.code, added.out]).toEqual([0, expect.stringContaining('alice')]);
    const stranger = await at(1, 'registry', 'import');
    expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('There is no user "bob"')]);
    expect(
      (await quantai(['registry', 'status', '--json', '--workspace', roots[1], '--registry', database, '--as', 'alice'])).out,
    ).toContain('"users": 1');
    const recorded = await postgresWords(database);
    expect(recorded).not.toContain(database);
    // Who is in none of it says so.
    const none = await quantai(['registry', 'status', '--workspace', roots[0]]);
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('No registry is named')]);
    const own = await quantai(['runs', '--workspace', roots[1], '--json']);
    expect((JSON.parse(own.out) as { runs: unknown[] }).runs).toHaveLength(1);
  });

  it('keeps no halt when it is there and does not answer', async () => {
    const root = await temporaryRoot();
    const sockets: Socket[] = [];
    const silent = createServer(socket => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const begun = performance.now();
    const halted = await quantai([
      'halt',
      '--account',
      'main',
      '--workspace',
      root,
      '--registry',
      `postgres://quantai@127.0.0.1:${port}/quantai`,
    ]);
    expect(halted.err).toContain('No such session runs');
    expect(performance.now() - begun).toBeLessThan(15_000);
    // Another command takes the workspace for what it is.
    expect(await quantai(['runs', '--workspace', root, '--registry', 'none'])).toMatchObject({ code: 0 });
    expect(await quantai(['runs', '--workspace', root, '--registry', 'mysql://host/db'])).toMatchObject({ code: 2 });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('lets nobody act while it is away, and lets a halt through', async () => {
    const root = await temporaryRoot();
    const database = (await server.fresh()).url;
    const at = (...words: string[]) => quantai([...words, '--workspace', root, '--registry', database]);
    expect((await at('registry', 'migrate')).code).toBe(0);
    expect((await at('audit', 'verify')).code).toBe(0);
    await server.kill();
    const refused = await at('data', 'gc');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('does not answer')]);
    const begun = performance.now();
    const halted = await at('halt', '--account', 'main');
    // It comes as far as it would: no session runs here.
    expect(halted.err).toContain('No such session runs');
    expect(halted.err).toContain('goes on without it');
    expect(performance.now() - begun).toBeLessThan(15_000);
    await server.start();
  });
});

/** Every record of a database's log, as text. */
const postgresWords = async (url: string): Promise<string> => {
  const reader = connectPostgres(url);
  try {
    return JSON.stringify(await reader.query('SELECT line FROM quantai.audit_records'));
  } finally {
    await reader.close();
  }
};
