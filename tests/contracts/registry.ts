import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunRegistry } from '../../src/commands/registry/run-registry.js';
import type { RunOnDisk } from '../../src/commands/run-list.js';
import type { PasswordHashes } from '../../src/dashboard/identity/password-hashes.js';
import { openPasswords } from '../../src/dashboard/identity/passwords.js';
import { countTrials } from '../../src/experiments/count-trials.js';
import { readTrials, runBegan } from '../../src/experiments/read-trials.js';
import { recordTrial } from '../../src/experiments/record-trials.js';
import { trialHistory } from '../../src/experiments/trial-history.js';
import { openTrialLedger, type Trial } from '../../src/experiments/trial-ledger.js';
import type { TrialPlace } from '../../src/experiments/trial-store.js';
import { decideOn, following, type AuditStore } from '../../src/promotion/audit/audit-log.js';
import type { AuditWord } from '../../src/promotion/audit/audit-record.js';
import { newPrivateKey, publicKeyText } from '../../src/promotion/people/key-pair.js';
import { people } from '../../src/promotion/people/people.js';
import { foldPromotions } from '../../src/promotion/stages.js';

/** A registry as two who work with it see it: two processes of one workspace, or two machines of a team. */
export interface RegistryUnderTest {
  readonly trials: (who: 0 | 1) => TrialPlace;
  readonly runs: (who: 0 | 1) => RunRegistry;
  /** A finished run with a folder of its own, written at that time (epoch ms). */
  readonly finish: (who: 0 | 1, runId: string, strategy: string, at: number) => Promise<RunOnDisk>;
  readonly audit: (who: 0 | 1) => AuditStore;
  readonly hashes: (who: 0 | 1) => PasswordHashes;
  /** Changes records where they lie, as somebody would who may write there. */
  readonly tamper: (change: (lines: string[]) => string[]) => Promise<void>;
}

export const trialOf = (fast: number, more: Partial<Trial> = {}): Trial => ({
  strategy: 'sma',
  code: 'builtin:sma',
  data: 'd1',
  params: { fast },
  range: { from: 0, to: 1_000 },
  config: 'c1',
  role: 'train',
  ...more,
});

const word = (verb: string): AuditWord => ({ type: 'CommandGiven', verb, words: [] });
const PLACE = { account: 'main', venue: 'binanceusdm', practice: false } as const;
const verbsOf = async (log: AuditStore): Promise<string[]> =>
  (await log.read()).map(each => ('verb' in each.word ? each.word.verb : each.word.type));

/** What every registry keeps. `begin` makes an empty one. */
export const registryContract = (name: string, begin: () => Promise<RegistryUnderTest>): void => {
  describe(`the trials of ${name}`, () => {
    it('count once, however often, by whomever and in whatever role they are evaluated', async () => {
      const { trials } = await begin();
      for (const [who, role] of [
        [0, 'train'],
        [0, 'train'],
        [1, 'test'],
      ] as const) {
        const ledger = await openTrialLedger(trials(who), `run-${who}`, () => 7);
        await ledger.begin([trialOf(1, { role }), trialOf(2, { role })]);
        await ledger.settle(trialOf(1, { role }), { objective: 1, sharpe: 0.5 });
        await ledger.close();
      }
      expect(await countTrials(trials(0))).toMatchObject({ distinct: 2, lines: 6, unsettled: 1, unreadable: 0 });
      const [first] = (await readTrials(trials(1))).trials;
      expect(first).toMatchObject({ code: 'builtin:sma', data: 'd1', from: 0, to: 1_000, at: 7, lines: 3, settled: true, sharpe: 0.5 });
      expect([...(first?.roles ?? [])].sort()).toEqual(['test', 'train']);
    });

    it('count when nothing came of them: whoever looked is on record before', async () => {
      const { trials } = await begin();
      const ledger = await openTrialLedger(trials(0), 'crashed', () => 7);
      await ledger.begin([trialOf(1), trialOf(2)]);
      // Another sees them while the one who evaluates is at work, or dead.
      expect(await countTrials(trials(1))).toMatchObject({ distinct: 2, unsettled: 2 });
      const place = { folder: trials(0), runId: 'threw', clock: () => 8 };
      await expect(
        recordTrial(
          place,
          trialOf(3),
          () => Promise.reject(new Error('threw')),
          () => ({ objective: 1 }),
        ),
      ).rejects.toThrow('threw');
      expect(await countTrials(trials(1))).toMatchObject({ distinct: 3, unsettled: 3 });
      await ledger.close();
    });

    it('are whole when several write at once, into one run and into their own', async () => {
      const { trials } = await begin();
      await Promise.all(
        ([0, 1] as const).flatMap(who =>
          ['shared', `own-${who}`].map(async run => {
            const ledger = await openTrialLedger(trials(who), run, () => 7);
            for (let batch = 0; batch < 4; batch++) {
              const some = Array.from({ length: 10 }, (_, i) => trialOf(batch * 10 + i));
              await ledger.begin(some);
              await Promise.all(some.map(trial => ledger.settle(trial, { objective: 1 })));
            }
            await ledger.close();
          }),
        ),
      );
      expect(await countTrials(trials(0))).toMatchObject({ distinct: 40, lines: 160, unsettled: 0, unreadable: 0 });
    });

    it('keep the shape of their returns: those that trade alike are one idea', async () => {
      const { trials } = await begin();
      const ledger = await openTrialLedger(trials(0), 'run', () => 7);
      const all = [trialOf(1), trialOf(2), trialOf(3)];
      await ledger.begin(all);
      for (const trial of all)
        await ledger.settle(trial, { objective: 1, sharpe: 0.1, returns: Float64Array.from({ length: 50 }, (_, i) => Math.sin(i)) });
      await ledger.close();
      expect(await countTrials(trials(1))).toMatchObject({ distinct: 3, effective: 1, unsettled: 0 });
      expect((await readTrials(trials(1))).trials.every(({ sketch }) => sketch !== null)).toBe(true);
    });

    it('take the plain run before a check of it, and the first that says anything', async () => {
      const { trials } = await begin();
      const ledger = await openTrialLedger(trials(0), 'run', () => 7);
      await ledger.begin([trialOf(1, { role: 'check' }), trialOf(1, { role: 'run' })]);
      for (const [role, sharpe] of [
        ['check', 9],
        ['run', 2],
        ['run', 3],
      ] as const)
        await ledger.settle(trialOf(1, { role }), { objective: null, sharpe });
      await ledger.close();
      expect((await readTrials(trials(0))).trials.map(({ sharpe }) => sharpe)).toEqual([2]);
    });

    it('follow a strategy under all names that its code had, and count all others on its data', async () => {
      const { trials } = await begin();
      let at = 0;
      const put = async (who: 0 | 1, fast: number, more: Partial<Trial>): Promise<void> => {
        const ledger = await openTrialLedger(trials(who), `run-${who}`, () => (at += 1));
        await ledger.begin([trialOf(fast, more)]);
        await ledger.close();
      };
      await put(0, 1, { strategy: 'first', code: 'a' });
      await put(1, 2, { strategy: 'second', code: 'a' });
      await put(0, 3, { strategy: 'second', code: 'b', data: 'd2' });
      await put(1, 4, { strategy: 'third', code: 'b' });
      await put(1, 5, { strategy: 'other', code: 'x' });
      await put(1, 6, { strategy: 'elsewhere', code: 'y', data: 'd9' });
      expect(await countTrials(trials(0), { strategy: 'third' })).toMatchObject({
        distinct: 4,
        names: ['third', 'first', 'second'],
        onSameData: 5,
      });
      expect(await countTrials(trials(0), { strategy: 'other' })).toMatchObject({ distinct: 1, names: ['other'], onSameData: 4 });
      expect(await countTrials(trials(0), { strategy: 'nobody' })).toMatchObject({ distinct: 0, names: ['nobody'], onSameData: 0 });
      expect([...(await trialHistory(trials(0), { strategy: 'first' })).n]).toEqual([1, 2, 3, 4]);
      expect([await runBegan(trials(0), 'run-0'), await runBegan(trials(0), 'none')]).toEqual([1, NaN]);
    });

    it('have a run that can be named, or none', async () => {
      const { trials } = await begin();
      await expect(openTrialLedger(trials(0), '../run', () => 7)).rejects.toMatchObject({ code: 'bad-run-id' });
    });
  });

  describe(`the runs of ${name}`, () => {
    it('are listed, the newest first, and found by id and by strategy', async () => {
      const { runs, finish } = await begin();
      await runs(0).record(await finish(0, 'sma-1', 'sma', 1_000));
      await runs(1).record(await finish(1, 'rsi-1', 'rsi', 3_000));
      await runs(0).record(await finish(0, 'sma-2', 'sma', 2_000));
      expect((await runs(0).list()).map(({ runId, at }) => [runId, at])).toEqual([
        ['rsi-1', 3_000],
        ['sma-2', 2_000],
        ['sma-1', 1_000],
      ]);
      expect(await runs(1).get('sma-2')).toMatchObject({
        kind: 'backtest',
        strategy: 'sma',
        bundle: 'builtin:sma',
        dataset: 'noise',
        version: 'v-1',
        versions: ['v-1'],
        seed: 7,
        fingerprint: 'f-sma-2',
        metrics: { sharpe: 1.5, totalReturn: null },
        finalEquity: 10_500,
        manifest: { runId: 'sma-2' },
      });
      expect((await runs(1).get('sma-2'))?.config).toMatch(/^[0-9a-f]{64}$/);
      expect((await runs(1).latest())?.runId).toBe('rsi-1');
      expect((await runs(1).latest('sma'))?.runId).toBe('sma-2');
      expect([await runs(0).get('none'), await runs(0).latest('none')]).toEqual([null, null]);
    });

    it('are there once, as they were written last', async () => {
      const { runs, finish } = await begin();
      await runs(0).record(await finish(0, 'sma-1', 'sma', 1_000));
      await runs(0).record(await finish(0, 'sma-1', 'sma', 5_000));
      expect((await runs(0).list()).map(({ at }) => at)).toEqual([5_000]);
    });
  });

  describe(`the audit log of ${name}`, () => {
    it('is one chain from its first record on, whoever appends', async () => {
      const { audit } = await begin();
      expect([await audit(0).read(), await audit(0).append('alice', [])]).toEqual([[], []]);
      const made = await audit(0).append('alice', [word('a'), word('b')]);
      await audit(1).append('bob', [word('c')]);
      expect(made.map(({ seq, actor }) => [seq, actor])).toEqual([
        [0, 'alice'],
        [1, 'alice'],
      ]);
      const records = await audit(0).read();
      expect(records.map(({ seq, prev }) => [seq, prev])).toEqual([
        [0, '0'.repeat(64)],
        [1, records[0]?.hash],
        [2, records[1]?.hash],
      ]);
      expect(await audit(1).verify()).toMatchObject({ ok: true, records: 3, firstBad: null, head: { seq: 2, hash: records[2]?.hash } });
    });

    it('stays one chain when many append at once', async () => {
      const { audit } = await begin();
      await Promise.all(
        ([0, 1] as const).flatMap(who =>
          Array.from({ length: 12 }, (_, i) => audit(who).append(`user-${who}`, [word(`${who}-${i}`), word('again')])),
        ),
      );
      const records = await audit(0).read();
      expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 48 }, (_, i) => i));
      // A batch stays together.
      expect(records.every(({ seq, word: each }) => seq % 2 === 0 || ('verb' in each && each.verb === 'again'))).toBe(true);
      expect(new Set(await verbsOf(audit(1))).size).toBe(25);
      expect(await audit(1).verify()).toMatchObject({ ok: true, records: 48 });
    });

    it.each([
      ['was changed', (lines: string[]) => lines.map((line, i) => (i === 1 ? line.replace('"b"', '"x"') : line)), 1],
      ['was taken out', (lines: string[]) => lines.filter((_, i) => i !== 1), 1],
      ['was put in', (lines: string[]) => [...lines.slice(0, 2), lines[1] ?? '', ...lines.slice(2)], 2],
      ['was cut off the end', (lines: string[]) => lines.slice(0, -1), 3],
      ['was swapped', (lines: string[]) => [lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', lines[3] ?? ''], 1],
    ])('names the record that %s, and goes no further', async (_, change, seq) => {
      const { audit, tamper } = await begin();
      await audit(0).append('alice', [word('a'), word('b'), word('c'), word('d')]);
      await tamper(change);
      expect(await audit(1).verify()).toMatchObject({ ok: false, firstBad: { seq } });
      await expect(audit(1).read()).rejects.toMatchObject({ code: 'broken-audit-log', exitCode: 4 });
      if (seq === 3) await expect(audit(1).append('bob', [word('e')])).rejects.toMatchObject({ code: 'broken-audit-log', exitCode: 4 });
    });

    it('takes what was decided on what it says, and not on what it said', async () => {
      const { audit } = await begin();
      await audit(0).append('alice', [word('a')], { after: -1 });
      const known = await audit(0).read();
      await audit(1).append('bob', [word('b')], following(known));
      await expect(audit(0).append('alice', [word('c')], following(known))).rejects.toMatchObject({ code: 'log-moved', exitCode: 4 });
      await expect(audit(0).append('alice', [word('c')], { after: 7 })).rejects.toMatchObject({ code: 'log-moved' });
      expect(await verbsOf(audit(1))).toEqual(['a', 'b']);
      // Decided anew it is in order.
      let looks = 0;
      const made = await decideOn(audit(0), async records => {
        if ((looks += 1) === 1) await audit(1).append('bob', [word('d')]);
        return audit(0).append('alice', [word(`after ${records.length}`)], following(records));
      });
      expect(made.map(({ seq }) => seq)).toEqual([3]);
      expect(await verbsOf(audit(1))).toEqual(['a', 'b', 'd', 'after 3']);
      expect(await audit(1).readLast()).toEqual({ records: await audit(0).read(), isCopy: false });
    });

    it('is another by its mark when something was appended, and only then', async () => {
      const { audit } = await begin();
      const marks = [await audit(0).mark()];
      for (const verb of ['a', 'b']) {
        await audit(1).append('alice', [word(verb)]);
        marks.push(await audit(0).mark(), await audit(0).mark());
      }
      const [none, a, a2, b, b2] = marks;
      expect([a, b]).toEqual([a2, b2]);
      expect(new Set([none, a, b]).size).toBe(3);
    });
  });

  describe(`the promotions of ${name}`, () => {
    it('are what the log says, with their way', async () => {
      const { audit } = await begin();
      const entered = { type: 'StageEntered', promotion: 'sma-1', stage: 'paper', size: 1_000, share: 1, request: null, ...PLACE } as const;
      await audit(0).append('alice', [{ type: 'CandidateNamed', promotion: 'sma-1', strategy: 'sma', run: 'run-1', pins: 'p' }, entered]);
      const placed = async (who: 0 | 1) => foldPromotions(await audit(who).read()).placed({ mode: 'paper', strategy: 'sma', ...PLACE });
      expect(await placed(1)).toMatchObject({ id: 'sma-1', stage: 'paper', places: { paper: { size: 1_000, share: 1 } } });
      await audit(1).append('session:main', [{ type: 'StageLeft', promotion: 'sma-1', to: 'demoted', code: 'alarm', text: 'lost' }]);
      expect(await placed(0)).toBeNull();
      const state = foldPromotions(await audit(0).read()).find('sma');
      expect(state?.stage).toBe('demoted');
      expect(state?.history.map(({ actor, stage }) => [actor, stage])).toEqual([
        ['alice', 'candidate'],
        ['alice', 'paper'],
        ['session:main', 'demoted'],
      ]);
    });

    it('are moved by one at a time', async () => {
      const { audit } = await begin();
      await audit(0).append('alice', [word('a')]);
      let [inside, most] = [0, 0];
      const move = (who: 0 | 1) =>
        audit(who).movingStages(async () => {
          most = Math.max(most, (inside += 1));
          // What decides reads and appends while it alone may.
          await audit(who).append('alice', [word(`move-${(await audit(who).read()).length}`)]);
          await pause(5);
          inside -= 1;
        });
      await Promise.all(([0, 1, 0, 1, 0] as const).map(move));
      expect(most).toBe(1);
      expect(await verbsOf(audit(1))).toEqual(['a', 'move-1', 'move-2', 'move-3', 'move-4', 'move-5']);
      await expect(audit(0).movingStages(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
      expect(await audit(1).movingStages(() => Promise.resolve('next'))).toBe('next');
    });
  });

  describe(`the users of ${name}`, () => {
    it('are who the log says, with the roles of now', async () => {
      const { audit } = await begin();
      const publicKey = publicKeyText(newPrivateKey());
      await audit(0).append('alice', [
        { type: 'UserAdded', user: 'alice', roles: ['approver'], publicKey },
        { type: 'UserAdded', user: 'bob', roles: ['researcher'], publicKey: publicKeyText(newPrivateKey()) },
      ]);
      await audit(1).append('alice', [{ type: 'UserRolesChanged', user: 'bob', roles: ['operator'] }]);
      const known = people(await audit(0).read());
      expect([known.get('alice')?.publicKey, known.get('bob')?.roles]).toEqual([publicKey, ['operator']]);
      await audit(0).append('alice', [{ type: 'UserRemoved', user: 'bob' }]);
      expect([...people(await audit(1).read()).keys()]).toEqual(['alice']);
    });

    it('have the password that was set last, by its hash alone', async () => {
      const { hashes } = await begin();
      const [one, other] = [openPasswords(hashes(0)), openPasswords(hashes(1))];
      expect([await one.hasAny(), await one.has('alice'), await other.isRight('alice', 'secret one')]).toEqual([false, false, false]);
      await one.set('alice', 'secret one', 1);
      await pause(300);
      expect([await other.hasAny(), await other.isRight('alice', 'secret one'), await other.isRight('alice', 'secret two')]).toEqual([
        true,
        true,
        false,
      ]);
      expect(await hashes(1).get('alice')).toMatch(/^\$argon2id\$/);
      await other.set('alice', 'secret two', 2);
      await pause(300);
      expect([await one.isRight('alice', 'secret one'), await one.isRight('alice', 'secret two')]).toEqual([false, true]);
      await one.forget('alice');
      await pause(300);
      expect([await other.has('alice'), await other.hasAny()]).toEqual([false, false]);
    });
  });
};
