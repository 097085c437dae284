import { describe, expect, it } from 'vitest';
import { confirmationSentence, isSentence } from '../../../src/promotion/approvals/confirmation-sentence.js';
import { judgeApproval, type OfferedApproval } from '../../../src/promotion/approvals/judge-approval.js';
import { approvalsNeeded } from '../../../src/promotion/approvals/make-request.js';
import { requestId, requestText } from '../../../src/promotion/approvals/request-text.js';
import { GATES, HOUR, writtenLog } from '../written-log.js';

/** A strategy on paper; alice (operator and approver) asks, bob and carol approve, dave may not. */
const asked = (persons = 2) => {
  const log = writtenLog();
  log.add('alice', 'operator', 'approver');
  log.add('bob', 'approver');
  log.add('carol', 'approver');
  log.add('dave', 'operator');
  log.name();
  log.paper();
  const request = log.ask({}, 'alice', persons);
  const offer = (by: string, change: Partial<OfferedApproval> = {}) =>
    judgeApproval({
      request: request.id,
      records: log.records,
      by,
      at: log.now + HOUR,
      sentence: confirmationSentence(request),
      signature: log.sign(by, request),
      changes: [],
      ...change,
    });
  return { log, request, offer };
};
const code = (verdict: ReturnType<typeof judgeApproval>) => (verdict.ok ? 'ok' : verdict.code);

describe('an approval', () => {
  it('counts when another approver types and signs it in time', () => {
    expect(asked().offer('bob')).toMatchObject({ ok: true, isEnough: true });
    expect(asked(3).offer('bob')).toMatchObject({ ok: true, isEnough: false });
  });

  it('may name the request by its beginning', () => {
    const { request, offer } = asked();
    expect(code(offer('bob', { request: request.id.slice(0, 6) }))).toBe('ok');
    expect(code(offer('bob', { request: request.id.slice(0, 2) }))).toBe('unknown-request');
  });

  it('by the one who asked is self-approval, whatever roles', () => {
    expect(code(asked().offer('alice'))).toBe('self-approval');
  });

  it('by who is no approver, or nobody, is refused for the role', () => {
    expect(code(asked().offer('dave'))).toBe('wrong-role');
    expect(code(asked().offer('mallory'))).toBe('wrong-role');
  });

  it('by who was an approver when it was asked for, and is none now, is refused', () => {
    const { log, offer } = asked();
    log.write('alice', { type: 'UserRolesChanged', user: 'bob', roles: ['viewer'] });
    expect(code(offer('bob'))).toBe('wrong-role');
  });

  it('counts up to the moment at which the request expires', () => {
    const { request, offer } = asked();
    expect(code(offer('bob', { at: request.expiresAt - 1 }))).toBe('ok');
    expect(code(offer('bob', { at: request.expiresAt }))).toBe('expired');
  });

  it('of a request that was used is a replay', () => {
    const { log, request, offer } = asked();
    log.approve(request);
    expect(code(offer('carol'))).toBe('replayed');
    log.enter(request);
    expect(code(offer('carol'))).toBe('replayed');
  });

  it('by the same person twice is a replay, and another person still may', () => {
    const { log, request, offer } = asked(3);
    log.approve(request);
    expect(code(offer('bob'))).toBe('replayed');
    expect(offer('carol')).toMatchObject({ ok: true, isEnough: true });
  });

  it.each([
    ['another size', 'approve sma on main at binanceusdm with 100 of 20000 USDT, worst-case loss 35 USDT'],
    ['another account', 'approve sma on second at binanceusdm with 100 of 10000 USDT, worst-case loss 35 USDT'],
    ['a smaller loss', 'approve sma on main at binanceusdm with 100 of 10000 USDT, worst-case loss 3 USDT'],
    ['yes', 'yes'],
    ['nothing', ''],
  ])('with a sentence that says %s is refused', (_, sentence) => {
    expect(code(asked().offer('bob', { sentence }))).toBe('wrong-sentence');
  });

  it('with a signature by another key, over another text, or none is forged', () => {
    const { log, request, offer } = asked();
    expect(code(offer('bob', { signature: log.sign('carol', request) }))).toBe('forged-signature');
    expect(code(offer('bob', { signature: log.sign('bob', { ...request, size: 1 }) }))).toBe('forged-signature');
    expect(code(offer('bob', { signature: '' }))).toBe('forged-signature');
  });

  it('is not the last that is needed after another that its author never signed', () => {
    const { log, request, offer } = asked(3);
    log.write('carol', { type: 'ApprovalGiven', request: request.id, signature: log.sign('alice', request) });
    expect(code(offer('bob'))).toBe('forged-signature');
  });

  it('by a second name with the key of the one who asks is self-approval', () => {
    const { log, offer } = asked();
    const alice = log.records.flatMap(({ word }) => (word.type === 'UserAdded' && word.user === 'alice' ? [word.publicKey] : []))[0]!;
    log.write('alice', { type: 'UserKeyChanged', user: 'bob', publicKey: alice });
    expect(code(offer('bob'))).toBe('self-approval');
  });

  it('of a request that the one who asks has not signed is refused: somebody else could have asked under that name', () => {
    const { log, request, offer } = asked();
    const at = log.records.findIndex(({ word }) => word.type === 'ApprovalRequested');
    log.records[at] = {
      ...log.records[at]!,
      word: { type: 'ApprovalRequested', request, signature: log.sign('bob', request) },
    };
    expect(code(offer('bob'))).toBe('forged-signature');
  });

  it('of terms that do not hold any more is refused, and says which', () => {
    const { offer } = asked();
    const verdict = offer('bob', { changes: ['strategy.ts has other bytes'] });
    expect(verdict).toMatchObject({ code: 'changed-terms', text: expect.stringContaining('strategy.ts') as string });
  });

  it.each([
    [
      'demoted',
      (log: ReturnType<typeof writtenLog>) =>
        log.write('x', { type: 'StageLeft', promotion: 'sma-1', to: 'demoted', code: 'parity', text: 'x' }),
    ],
    [
      'retired',
      (log: ReturnType<typeof writtenLog>) =>
        log.write('x', { type: 'StageLeft', promotion: 'sma-1', to: 'retired', code: 'operator', text: 'x' }),
    ],
    [
      'judged otherwise',
      (log: ReturnType<typeof writtenLog>) =>
        log.write('x', { type: 'GatesJudged', promotion: 'sma-1', to: 'live', results: [{ ...GATES[0], verdict: 'fail' }] }),
    ],
  ])('of a strategy that was %s meanwhile is refused', (_, happen) => {
    const { log, offer } = asked();
    happen(log);
    expect(code(offer('bob'))).toBe('changed-terms');
  });
});

describe('gates that are judged again', () => {
  it('do no harm while they say the same, whatever the figures', () => {
    const { log, offer } = asked();
    log.write('x', { type: 'GatesJudged', promotion: 'sma-1', to: 'live', results: [{ ...GATES[0], figure: 121 }] });
    expect(code(offer('bob'))).toBe('ok');
  });

  it('are those that the request names: it counts for nothing with others', () => {
    const { log, offer } = asked();
    const at = log.records.findIndex(({ word }) => word.type === 'GatesJudged');
    log.records[at] = {
      ...log.records[at]!,
      word: { type: 'GatesJudged', promotion: 'sma-1', to: 'live', results: [{ ...GATES[0], figure: 121 }] },
    };
    expect(code(offer('bob'))).toBe('changed-terms');
  });
});

describe('a request', () => {
  it('has an id and a text that every one of its terms is in', () => {
    const { request } = asked();
    const others = { ...request, size: 1, share: 1, account: 'x', venue: 'x', practice: true, worstCaseLoss: 1, pins: 'x', gates: 'x' };
    for (const [key, value] of Object.entries(others)) {
      const changed = { ...request, [key]: value };
      if (JSON.stringify(changed) === JSON.stringify(request)) continue;
      expect(requestId(changed), key).not.toBe(request.id);
      expect(requestText(changed), key).not.toBe(requestText(request));
    }
  });

  it('needs others by the configuration, and one at least for an overridden gate', () => {
    const needed = (persons: number | undefined, hasUsers: boolean, overrides = 0) => approvalsNeeded({ persons }, { hasUsers, overrides });
    expect([needed(undefined, false), needed(undefined, true), needed(1, true), needed(3, true)]).toEqual([0, 1, 0, 2]);
    expect([needed(undefined, false, 1), needed(1, true, 2), needed(3, true, 1)]).toEqual([1, 1, 2]);
  });

  it('is confirmed by a sentence that names everything at stake, losses rounded up', () => {
    const { request } = asked();
    expect(confirmationSentence({ ...request, worstCaseLoss: 35.001 })).toBe(
      'approve sma on main at binanceusdm with 100 of 10000 USDT, worst-case loss 35.01 USDT',
    );
    expect(confirmationSentence({ ...request, share: 1, practice: true, overrides: [{ gate: 'trades', reason: 'x' }] })).toBe(
      'approve sma on main at practice with 10000 USDT, worst-case loss 35 USDT, overriding trades',
    );
    expect(isSentence('  approve sma on main  at binanceusdm with 100 of 10000 USDT, worst-case loss 35 USDT\n', request)).toBe(true);
  });
});
