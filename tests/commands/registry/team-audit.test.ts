import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectPostgres } from '../../../src/cluster/postgres/connect-postgres.js';
import { migrate } from '../../../src/cluster/postgres/migrate.js';
import type { Postgres } from '../../../src/cluster/postgres/postgres.js';
import { knownPeople } from '../../../src/commands/dashboard/known-people.js';
import { appendLegal } from '../../../src/commands/promote-context.js';
import { addUser } from '../../../src/commands/run-users.js';
import { Secret } from '../../../src/live/secrets/secret.js';
import { decideOn } from '../../../src/promotion/audit/audit-log.js';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { authorityFault } from '../../../src/promotion/audit/authority-fault.js';
import { postgresAudit } from '../../../src/promotion/audit/postgres-audit.js';
import { keepTeamCopy, readTeamCopy, registryName, teamCopyFile } from '../../../src/promotion/audit/team-copy.js';
import type * as keyPair from '../../../src/promotion/people/key-pair.js';
import { newPrivateKey, publicKeyText } from '../../../src/promotion/people/key-pair.js';
import { people } from '../../../src/promotion/people/people.js';
import { foldPromotions } from '../../../src/promotion/stages.js';
import { openWire } from '../../cluster/postgres/wire.js';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { quantai } from '../run-quantai.js';
import { emptied, machine, temporaryRoot } from './registry-under-test.js';

const signatures = vi.hoisted(() => ({ checked: 0 }));
vi.mock('../../../src/promotion/people/key-pair.js', async original => {
  const real = await original<typeof keyPair>();
  return {
    ...real,
    verifySigned: (...signed: Parameters<typeof real.verifySigned>) => {
      signatures.checked += 1;
      return real.verifySigned(...signed);
    },
  };
});

const word = (verb: string): AuditWord => ({ type: 'CommandGiven', verb, words: [] });
const added = (user: string, roles: readonly ('approver' | 'operator')[] = ['approver']): AuditWord => ({
  type: 'UserAdded',
  user,
  roles: [...roles],
  publicKey: publicKeyText(newPrivateKey()),
});
const named: AuditWord = { type: 'CandidateNamed', promotion: 'p1', strategy: 'sma', run: 'run-1', pins: 'p' };

describe.skipIf(!HAS.postgres)('the audit log of a team (skipped where no PostgreSQL is installed)', () => {
  let server: Service;
  let url: string;
  let postgres: Postgres;
  const open: Postgres[] = [];
  const connected = (at: string, answerMs?: number): Postgres => {
    const made = connectPostgres(at, answerMs === undefined ? {} : { answerMs });
    open.push(made);
    return made;
  };
  /** Ends, as a network that broke would, whoever holds a lock of the registry. */
  const cutHolder = async (): Promise<void> => {
    await expect
      .poll(() =>
        postgres.query(
          `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND datname = current_database()`,
        ),
      )
      .toHaveLength(1);
  };
  beforeAll(async () => {
    server = await startPostgres();
    ({ url } = await server.fresh());
    postgres = connected(url);
    await migrate(postgres);
  });
  afterAll(async () => {
    await Promise.all(open.map(each => each.close()));
    await server.stop();
  });
  beforeEach(() => emptied(postgres));
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  describe('decides nothing on what was', () => {
    it('where the lock of who moves stages was lost: the second is told what the first did', async () => {
      const [a, b] = [
        machine(connected(url), await temporaryRoot(), 'a:/one').audit,
        machine(connected(url), await temporaryRoot(), 'b:/two').audit,
      ];
      await a.append('alice', [word('a')]);
      const context = (log: typeof a) => ({ log, actor: { name: 'alice', roles: [], isConfigured: false } });
      const name = (log: typeof a, between: () => Promise<void>) =>
        log.movingStages(() =>
          decideOn(log, async records => {
            if (foldPromotions(records).find('p1') !== null) return 'known';
            await between();
            await appendLegal(context(log), records, [named]);
            return 'named';
          }),
        );
      const first = name(a, async () => {
        await cutHolder();
        expect(await name(b, () => Promise.resolve())).toBe('named');
      });
      await expect(first).rejects.toMatchObject({ code: 'registry-lock-lost', exitCode: 4 });
      const records = await b.read();
      expect(records.map(each => each.word.type)).toEqual(['CommandGiven', 'CandidateNamed']);
      expect(foldPromotions(records).find('p1')?.stage).toBe('candidate');
    });

    it('where two add the same user at once', async () => {
      const root = await temporaryRoot();
      vi.stubEnv('QUANTAI_REGISTRY', url);
      const other = machine(postgres, await temporaryRoot(), 'b:/two').audit;
      let asked = 0;
      const ask = async () => {
        if ((asked += 1) === 1) await other.append('bob', [added('bob')]);
        return new Secret('a passphrase that is long enough');
      };
      const args = { workspace: root, as: 'bob', name: 'bob', role: 'approver' };
      await expect(addUser(args as Parameters<typeof addUser>[0], { env: {}, ask, n: 2 ** 10 })).rejects.toMatchObject({
        code: 'users-changed',
        exitCode: 4,
      });
      const records = await other.read();
      expect(authorityFault(records)).toBeNull();
      expect(people(records).size).toBe(1);
    });

    it('where a look comes late: a right that was taken away is gone with the next', async () => {
      const root = await temporaryRoot();
      vi.stubEnv('QUANTAI_REGISTRY', url);
      const other = machine(postgres, await temporaryRoot(), 'b:/two').audit;
      await other.append('alice', [added('alice'), added('bob')]);
      const known = knownPeople(root);
      expect([...(await known()).keys()]).toEqual(['alice', 'bob']);
      await other.append('alice', [{ type: 'UserRemoved', user: 'bob' }]);
      let release = (): void => undefined;
      const held = postgres.transaction(async ({ query }) => {
        await query('LOCK TABLE quantai.audit_records IN ACCESS EXCLUSIVE MODE');
        await new Promise<void>(resolve => (release = resolve));
      });
      await pause(100);
      expect([...(await known()).keys()]).toEqual(['alice', 'bob']);
      release();
      await held;
      // The look that was late has come in, and is what the next falls back on.
      await expect
        .poll(async () => (await readTeamCopy(teamCopyFile(join(root, 'team'), postgres.shown), registryName(postgres.shown)))?.head.seq)
        .toBe(2);
      expect([...(await known()).keys()]).toEqual(['alice']);
    });
  });

  describe('is remembered', () => {
    it('for each registry by itself', async () => {
      const root = await temporaryRoot();
      await machine(postgres, root, 'a:/one').audit.append('alice', [added('alice')]);
      await machine(postgres, root, 'a:/one').audit.read();
      const copy = teamCopyFile(join(root, 'team'), postgres.shown);
      const nobody = connected('postgres://quant@127.0.0.1:9/other');
      expect(teamCopyFile(join(root, 'team'), nobody.shown)).not.toBe(copy);
      const own = { place: 'a:/one', key: join(root, 'key.pem'), anchor: null, now: () => 7 };
      // Not even where it lies in the same place.
      await expect(postgresAudit({ ...own, postgres: nobody, copy }).readLast()).rejects.toMatchObject({ code: 'registry-away' });
      // Whoever logs in, and wherever the host is named.
      expect(teamCopyFile('team', 'a@db:5432/quantai')).toBe(teamCopyFile('team', 'b@db:5432/quantai'));
      expect([connected('postgres://u@x/quantai?host=one').shown, connected('postgres://u@x/quantai?host=two&port=1').shown]).toEqual([
        'u@one:5432/quantai',
        'u@two:1/quantai',
      ]);
    });

    it('as far as anybody saw it: who is late takes nothing back', async () => {
      const root = await temporaryRoot();
      const { audit } = machine(postgres, root, 'a:/one');
      const [path, registry] = [teamCopyFile(join(root, 'team'), postgres.shown), registryName(postgres.shown)];
      await audit.append('alice', [word('a')]);
      await audit.read();
      const older = await readTeamCopy(path, registry);
      await audit.append('alice', [word('b')]);
      await audit.read();
      if (older !== null) await keepTeamCopy(path, older);
      expect((await readTeamCopy(path, registry))?.head.seq).toBe(1);
      // By what the file says, too, in a process that did not write it.
      await writeFile(path, (await readFile(path, 'utf8')).replace(registry, 'elsewhere:1/x'));
      expect(await readTeamCopy(path, registry)).toBeNull();
    });

    it('and what was checked is not checked again, but by who verifies', async () => {
      const { audit } = machine(postgres, await temporaryRoot(), 'a:/one');
      for (const verb of ['a', 'b', 'c', 'd', 'e']) await audit.append('alice', [word(verb)]);
      await audit.read();
      const cost = async (work: () => Promise<unknown>): Promise<number> => {
        const before = signatures.checked;
        await work();
        return signatures.checked - before;
      };
      expect(await cost(() => audit.read())).toBe(0);
      await audit.append('alice', [word('f')]);
      expect(await cost(() => audit.read())).toBe(1);
      expect(await cost(() => audit.verify())).toBe(6);
      expect((await audit.read()).length).toBe(6);
    });
  });

  it('keeps no halt from who may give it by now, while it does not answer', async () => {
    const root = await temporaryRoot();
    const { url: database } = await server.fresh();
    const [team, at] = [connected(database), (...words: string[]) => quantai([...words, '--workspace', root, '--registry', database])];
    await migrate(team);
    const other = machine(team, await temporaryRoot(), 'b:/two').audit;
    await other.append('alice', [added('alice', ['approver', 'operator'])]);
    expect((await at('users', 'list', '--as', 'alice')).code).toBe(0);
    // While it answers a stranger is one.
    const stranger = await at('halt', '--account', 'main', '--as', 'nobody');
    expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('There is no user "nobody"')]);
    await other.append('alice', [added('carol', ['operator'])]);
    await team.close().catch(() => undefined);
    open.splice(open.indexOf(team), 1);
    await server.kill();
    try {
      const halted = await at('halt', '--account', 'main', '--as', 'carol');
      expect(halted.err).toContain('There is no user "carol"');
      expect(halted.err).toContain('No such session runs');
      const refused = await at('data', 'gc', '--as', 'carol');
      expect(refused.err).toContain('does not answer');
    } finally {
      await server.start();
    }
  });

  describe('is waited for by nobody', () => {
    it('because one stands still in it', async () => {
      const seen: string[] = [];
      const looking: Postgres = {
        ...postgres,
        transaction: work =>
          postgres.transaction(({ query }) =>
            work({
              query: async (text, values) => {
                if (text.includes('INSERT INTO quantai.audit_records')) {
                  const [row] = await query<{ still: string }>(`SELECT current_setting('idle_in_transaction_session_timeout') AS still`);
                  seen.push(row?.still ?? '');
                }
                return query(text, values);
              },
            }),
          ),
      };
      await machine(looking, await temporaryRoot(), 'a:/one').audit.append('alice', [word('a')]);
      expect(seen).toEqual(['15s']);
    });

    it('because the anchor of another hangs', async () => {
      const [root, anchor] = [await temporaryRoot(), await temporaryRoot()];
      const fast = machine(connected(url), await temporaryRoot(), 'b:/two').audit;
      const own = { postgres, place: 'a:/one', key: join(root, 'key.pem'), copy: join(root, 'copy.json'), now: () => 7 };
      await fast.append('bob', [word('a')]);
      const [row] = await postgres.query<{ chain: string }>('SELECT chain FROM quantai.audit_chains');
      // A pipe that nobody writes to, in the place of a share that does not answer.
      execFileSync('mkfifo', [join(anchor, `${row?.chain ?? ''}.ndjson`)]);
      const slow = postgresAudit({ ...own, anchor }).append('alice', [word('b')]);
      let isSlowOver = false;
      const over = slow.then(() => (isSlowOver = true));
      await pause(300);
      await fast.append('bob', [word('c')]);
      expect(isSlowOver).toBe(false);
      await over;
      expect((await slow).map(({ seq }) => seq)).toEqual([2]);
    });
  });

  it('has once what was appended again because its answer was lost, and gives up after one wait', async () => {
    const wire = await openWire(Number(new URL(url).port));
    const through = new URL(url);
    through.port = String(wire.port);
    const slow = connected(through.href, 2_000);
    const { audit } = machine(slow, await temporaryRoot(), 'a:/one');
    await audit.append('alice', [word('a')]);
    wire.swallowAfter('COMMIT');
    const begun = performance.now();
    await expect(audit.append('alice', [word('b')])).rejects.toMatchObject({ code: 'registry-away' });
    expect(performance.now() - begun).toBeLessThan(3_800);
    // More may have come to what waits by then; who decided on what was before is not told that it moved.
    expect((await audit.append('alice', [word('b'), word('c')], { after: 0 })).map(({ seq }) => seq)).toEqual([1, 2]);
    // What did not get there is written anew.
    wire.swallowAfter('INSERT INTO quantai.audit_records');
    await expect(audit.append('alice', [word('d')])).rejects.toMatchObject({ code: 'registry-away' });
    expect((await audit.append('alice', [word('d')])).map(({ seq }) => seq)).toEqual([3]);
    // The same again is meant.
    expect((await audit.append('alice', [word('d')])).map(({ seq }) => seq)).toEqual([4]);
    const verbs = (await audit.read()).map(each => ('verb' in each.word ? each.word.verb : ''));
    expect(verbs).toEqual(['a', 'b', 'c', 'd', 'd']);
    await slow.close();
    open.splice(open.indexOf(slow), 1);
    await wire.close();
  });
});
