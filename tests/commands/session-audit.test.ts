import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { riskAtStart, sessionAudit } from '../../src/commands/session-audit.js';
import type { Fact } from '../../src/events/fact.js';
import type { AuditRecord, AuditWord } from '../../src/promotion/audit/audit-record.js';
import type { Word } from '../../src/live/word.js';
import { virtualClock } from '../live/feed/virtual-clock.js';

const place = { account: 'main', venue: 'binanceusdm', practice: true } as const;

let seq = 0;
const fact = (word: Word, strategy = ''): Fact =>
  ({ ...word, seq: seq++, version: 1, knownAt: word.ts, account: 'main', strategy, correlationId: -1, causationId: -1 }) as Fact;

/** A log that fails as it is told to. */
const stage = (fails: (n: number) => boolean = () => false) => {
  const clock = virtualClock(0);
  const written: [string, AuditWord][] = [];
  const failures: string[] = [];
  const kept: number[] = [];
  let calls = 0;
  const audit = sessionAudit({
    log: {
      append: (actor, words) => {
        if (fails(calls++)) return Promise.reject(new Error('the disk is full'));
        written.push(...words.map((word): [string, AuditWord] => [actor, word]));
        return Promise.resolve([]);
      },
    },
    mode: 'live',
    place,
    promotions: ['one-1'],
    clock,
    onFailure: text => failures.push(text),
    keep: waiting => {
      kept.push(waiting.reduce((sum, { words }) => sum + words.length, 0));
      return Promise.resolve();
    },
  });
  return { clock, written, failures, kept, audit };
};
const types = (written: readonly [string, AuditWord][]) => written.map(([, { type }]) => type);

describe('what a session says in the audit log', () => {
  it('is that it begins and ends, what risk and limits come to and through whom, and alarms that somebody must act on', async () => {
    const { clock, written, audit } = stage();
    const ts = 1;
    audit.hear(fact({ type: 'SessionStarted', ts, mode: 'live', venue: 'v', practice: true, epoch: 4, manifest: 'm' }));
    audit.hear(fact({ type: 'AlarmRaised', ts, code: 'key-unrestricted', text: 'x', severity: 'warning' }));
    audit.hear(fact({ type: 'AlarmCleared', ts, code: 'key-unrestricted' }));
    audit.hear(fact({ type: 'OperatorCommanded', ts, command: 'halt', by: 'ann', reason: 'news' }));
    audit.hear(fact({ type: 'RiskStateChanged', ts, state: 'HALTED', code: 'operator', text: 'ann: news' }));
    audit.hear(fact({ type: 'AlarmRaised', ts, code: 'halted', text: 'ann: news', severity: 'critical' }));
    audit.hear(fact({ type: 'AlarmCleared', ts, code: 'halted' }));
    audit.hear(fact({ type: 'RiskStateChanged', ts, state: 'REDUCING', code: 'daily-loss', text: 'lost' }, 'one'));
    audit.hear(
      fact({
        type: 'SettingChanged',
        ts,
        path: 'risk.maxExposure',
        before: '1',
        after: '0.5',
        direction: 'tighter',
        by: 'bob',
        reason: '',
      }),
    );
    audit.hear(fact({ type: 'SessionStopped', ts, code: 'operator', text: 'enough' }));
    audit.ended('ended', 'enough');
    await clock.run(10);
    expect(types(written)).toEqual([
      'SessionBegun',
      'CommandGiven',
      'RiskChanged',
      'AlarmChanged',
      'AlarmChanged',
      'RiskChanged',
      'LimitChanged',
      'SessionEnded',
    ]);
    expect(written[0]).toEqual([
      'session:main',
      { type: 'SessionBegun', mode: 'live', epoch: 4, manifest: 'm', promotions: ['one-1'], ...place },
    ]);
    expect(written[1]).toMatchObject(['ann', { verb: 'session halt' }]);
    expect(written[2]?.[1]).toMatchObject({ state: 'HALTED', by: 'ann' });
    expect(written[5]?.[1]).toMatchObject({ state: 'REDUCING', by: 'session:main', text: 'one: lost' });
    expect(written[6]?.[1]).toMatchObject({ by: 'bob', direction: 'tighter' });
    expect(written[7]?.[1]).toMatchObject({ epoch: 4, code: 'operator' });
  });

  it('is all of it, once and in order, however often the log fails, and somebody is told once for each time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.array(fc.nat(5_000), { minLength: 1, maxLength: 12 }),
        async (fails, gaps) => {
          const { clock, written, kept, audit } = stage(n => fails[n] === true);
          for (const [i, gap] of gaps.entries()) {
            audit.add([{ type: 'CommandGiven', verb: String(i), words: [] }], i % 3 === 0 ? 'ann' : undefined);
            await clock.run(gap);
          }
          await clock.run(3_600_000);
          expect(written.map(([, word]) => (word.type === 'CommandGiven' ? word.verb : ''))).toEqual(gaps.map((_, i) => String(i)));
          expect(await audit.close(1_000)).toBe(0);
          // Nothing stays aside for the next session.
          expect(kept.at(-1) ?? 0).toBe(0);
          expect(kept.some(count => count > 0)).toBe(kept.length > 0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('waits for nobody at the end longer than it is allowed, and says what is missing', async () => {
    const { clock, failures, kept, audit } = stage(() => true);
    audit.add([{ type: 'CommandGiven', verb: 'a', words: [] }]);
    audit.add([{ type: 'CommandGiven', verb: 'b', words: [] }], 'ann');
    await clock.run(10);
    const closed = audit.close(5_000);
    await clock.run(6_000);
    expect(await closed).toBe(2);
    expect(failures).toEqual(['the disk is full']);
    // Aside before a crash could take it, and at the end.
    expect([kept[0], kept.at(-1)]).toEqual([2, 2]);
    expect(clock.pending).toBe(0);
  });

  it('lies aside before a log that does not answer could lose it in a crash, and in the end no older state of it', async () => {
    const clock = virtualClock(0);
    let answer: () => void = () => undefined;
    const disk: AuditWord['type'][][] = [];
    const asked: AuditWord['type'][] = [];
    let write = 0;
    const audit = sessionAudit({
      log: {
        append: (_, words) => {
          asked.push(...words.map(({ type }) => type));
          return new Promise(resolve => (answer = () => resolve([])));
        },
      },
      mode: 'live',
      place,
      promotions: ['one-1'],
      clock,
      onFailure: () => undefined,
      // The first write is the slowest.
      keep: async waiting => {
        const types = waiting.flatMap(({ words }) => words.map(({ type }) => type));
        for (let i = write++ === 0 ? 20 : 1; i > 0; i--) await Promise.resolve();
        disk.push(types);
      },
    });
    audit.add([{ type: 'StageLeft', promotion: 'one-1', to: 'demoted', code: 'alarm', text: '' }]);
    expect(asked).toEqual([]);
    await clock.run(10);
    // The log was asked, and has not answered.
    expect([asked, disk.at(-1)]).toEqual([['StageLeft'], ['StageLeft']]);
    audit.add([{ type: 'CommandGiven', verb: 'a', words: [] }]);
    audit.add([{ type: 'CommandGiven', verb: 'b', words: [] }], 'ann');
    await clock.run(10);
    expect(disk.at(-1)).toEqual(['StageLeft', 'CommandGiven', 'CommandGiven']);
    for (let i = 0; i < 3; i++) {
      answer();
      await clock.run(10);
    }
    expect(disk.at(-1)).toEqual([]);
    expect(await audit.close(1_000)).toBe(0);
  });

  it('is written at once at the end, when what was wrong is over', async () => {
    let isBroken = true;
    const { clock, written, audit } = stage(() => isBroken);
    audit.add([{ type: 'CommandGiven', verb: 'a', words: [] }]);
    await clock.run(60_000);
    isBroken = false;
    const closed = audit.close(5_000);
    await clock.run(10);
    expect([await closed, written.length]).toEqual([0, 1]);
  });
});

describe('the account’s state as a session begins', () => {
  const record = (word: AuditWord): AuditRecord => ({ seq: 0, at: 0, actor: 'x', word, prev: '', hash: '' });
  const halted = record({ type: 'RiskChanged', state: 'HALTED', code: 'watchdog', text: '', by: 'ann', ...place });
  it('is said where the log has another, and only there', () => {
    expect(riskAtStart([halted], place, 'ACTIVE')).toMatchObject([{ state: 'ACTIVE', code: 'begun' }]);
    expect(riskAtStart([halted], place, 'HALTED')).toEqual([]);
    expect(riskAtStart([], place, 'ACTIVE')).toEqual([]);
    expect(riskAtStart([halted], { ...place, account: 'other' }, 'ACTIVE')).toEqual([]);
  });
});
