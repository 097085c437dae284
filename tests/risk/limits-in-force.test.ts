import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import { changeLimits, LIMIT_NAMES } from '../../src/risk/change-limits.js';
import { effectiveLimits, foldLimits, heldLimits, keptLimits, type LimitsInForce } from '../../src/risk/limits-in-force.js';
import type { RiskLimits } from '../../src/risk/limits.js';
import { OFF } from './book.js';

const envelope = { seq: 0, version: 1, ts: 0, knownAt: 0, account: 'a', strategy: '', correlationId: 0, causationId: -1 };
type Value = number | boolean | null;

/** How strict a value is, written down by hand for one limit of each kind; a value that compares with none has no number. */
const STRICT: Readonly<Record<'maxLeverage' | 'minMarginDistance' | 'dailyLossHalts', (value: Value) => number>> = {
  maxLeverage: value => (value === null ? -Infinity : -Number(value)),
  minMarginDistance: value => (value === null ? -Infinity : Number(value)),
  dailyLossHalts: value => Number(value),
};
const NAMES = Object.keys(STRICT) as (keyof typeof STRICT)[];

const some = fc.constantFrom(0.1, 0.2, 0.5, 0.9, null);
const config = fc
  .record({ maxLeverage: some, minMarginDistance: some, dailyLossHalts: fc.boolean(), haltFlattens: fc.boolean() })
  .map((limits): RiskLimits => ({ ...OFF, ...limits }));
const step = fc.oneof(
  fc.record({ start: config }),
  fc.record({
    set: fc.record(
      { maxLeverage: some, minMarginDistance: some, dailyLossHalts: fc.boolean(), haltFlattens: fc.boolean() },
      { requiredKeys: [] },
    ),
  }),
);

/** A start as a session writes it down. */
const started = (limits: LimitsInForce, configured: RiskLimits): LimitsInForce => {
  const kept = keptLimits(limits, configured, 1);
  const fact: Fact = {
    ...envelope,
    type: 'SessionStarted',
    mode: 'paper',
    venue: 'v',
    practice: true,
    epoch: 1,
    manifest: '',
    limits: effectiveLimits(configured),
  };
  const words = kept.map(({ word }): Fact => ({ ...envelope, ...word }));
  // A journal that was cut between them says the same.
  const cut = foldLimits(limits, fact);
  const whole = words.reduce(foldLimits, cut);
  expect(whole).toEqual(cut);
  return whole;
};
const set = (limits: LimitsInForce, configured: RiskLimits, patch: Record<string, unknown>): LimitsInForce => {
  const answer = changeLimits(heldLimits(configured, limits), patch, { by: 'ann', reason: 'because', ts: 2 });
  if ('code' in answer) throw new Error(answer.text);
  return answer.words.map((word): Fact => ({ ...envelope, ...word })).reduce(foldLimits, limits);
};

describe('the limits in force over starts and changes', () => {
  it('are never loosened by a start, and tightened by one whose configuration is tighter', () => {
    fc.assert(
      fc.property(config, fc.array(step, { maxLength: 12 }), (first, steps) => {
        let configured = first;
        let limits = started({}, first);
        expect(effectiveLimits(heldLimits(first, limits))).toEqual(effectiveLimits(first));
        for (const each of steps) {
          const before = effectiveLimits(heldLimits(configured, limits));
          if ('set' in each) {
            limits = set(limits, configured, each.set);
            expect(heldLimits(configured, limits)).toMatchObject(each.set);
            continue;
          }
          const wanted = effectiveLimits(each.start);
          const was = effectiveLimits(configured);
          limits = started(limits, each.start);
          configured = each.start;
          const after = effectiveLimits(heldLimits(configured, limits));
          for (const name of NAMES) {
            const strict = STRICT[name];
            // A limit that nobody has edited is as it was, loosened by hand or not; else the stricter of the two holds.
            const expected = wanted[name] === was[name] || strict(before[name]!) >= strict(wanted[name]!) ? before[name] : wanted[name];
            expect([name, after[name]]).toEqual([name, expected]);
          }
          expect(after['haltFlattens']).toBe(before['haltFlattens']);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are the same from a state that went the way of a snapshot', () => {
    fc.assert(
      fc.property(config, config, fc.array(step, { maxLength: 6 }), (first, last, steps) => {
        let configured = first;
        let limits = started({}, first);
        for (const each of steps)
          if ('set' in each) limits = set(limits, configured, each.set);
          else limits = started(limits, (configured = each.start));
        const kept = JSON.parse(JSON.stringify(limits)) as LimitsInForce;
        expect(started(kept, last)).toEqual(started(limits, last));
      }),
    );
  });

  it('are said with who set them and why, once for each that is not as configured', () => {
    const loose: RiskLimits = { ...OFF, maxLeverage: 2, maxDrawdown: 0.2 };
    const limits = set(started({}, loose), loose, { maxLeverage: 1 });
    expect(keptLimits(limits, loose, 9)).toMatchObject([
      {
        name: 'maxLeverage',
        configured: 2,
        inForce: 1,
        word: {
          type: 'SettingChanged',
          ts: 9,
          path: 'risk.maxLeverage',
          before: '2',
          after: '1',
          direction: 'tighter',
          by: 'restart',
          reason: 'as ann set it: because',
        },
      },
    ]);
    // Said again at the start after that, still of the one who did it.
    expect(keptLimits(started(limits, loose), loose, 9)).toMatchObject([{ word: { reason: 'as ann set it: because' } }]);
    expect(keptLimits(started({}, loose), { ...loose, maxDrawdown: 0.1 }, 9)).toEqual([]);
    expect(keptLimits(started({}, loose), { ...loose, maxDrawdown: 0.3 }, 9)).toMatchObject([
      { name: 'maxDrawdown', inForce: 0.2, set: null, word: { reason: 'as it was when the account was last traded' } },
    ]);
  });

  it('of a journal that says no configuration hold when they are the tighter ones', () => {
    const old: Fact = {
      ...envelope,
      type: 'SettingChanged',
      path: 'risk.maxLeverage',
      before: '2',
      after: '3',
      direction: 'looser',
      by: 'ann',
      reason: 'x',
    };
    const loosened = foldLimits({}, old);
    expect(heldLimits({ ...OFF, maxLeverage: 2 }, started(loosened, { ...OFF, maxLeverage: 2 })).maxLeverage).toBe(2);
    const tightened = foldLimits({}, { ...old, after: '1', direction: 'tighter' });
    expect(heldLimits({ ...OFF, maxLeverage: 2 }, started(tightened, { ...OFF, maxLeverage: 2 })).maxLeverage).toBe(1);
  });

  it('leave out nothing that there is a limit of', () => {
    expect(Object.keys(effectiveLimits(OFF)).sort()).toEqual([...LIMIT_NAMES].sort());
  });
});
