import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromotionChange, type Gate, type PromotionLine } from '../../../src/dashboard/api/promotion-api.js';
import { changeBody, changeFaults, draftOf, type ChangeKind } from '../../../src/dashboard/web/promotion/change-form.js';
import { gateCount, worstFirst } from '../../../src/dashboard/web/promotion/gate-count.js';
import { changesFrom, pipelineOf } from '../../../src/dashboard/web/promotion/pipeline.js';
import { DEFAULT_STEPS, rampPlace, rampSteps } from '../../../src/dashboard/web/promotion/ramp-steps.js';
import { isTyped, wantedSentence } from '../../../src/dashboard/web/promotion/wanted-sentence.js';
import { isSentence } from '../../../src/promotion/approvals/confirmation-sentence.js';
import { PromotionConfig } from '../../../src/promotion/promotion-config.js';
import { nextStep } from '../../../src/promotion/ramp.js';

const line = (more: Partial<PromotionLine>): PromotionLine => ({
  id: 'p-1',
  strategy: 'sma-cross',
  run: 'r-1',
  stage: 'candidate',
  paper: null,
  live: null,
  overrides: [],
  at: null,
  ...more,
});

describe('the ramp', () => {
  it('names the same next step as the platform, from any share', () => {
    const config = PromotionConfig.parse({});
    expect(DEFAULT_STEPS).toEqual(config.ramp.steps);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), share => {
        fc.pre(config.ramp.steps.every(step => Math.abs(step - share) > 1e-6));
        expect(rampPlace(share).next).toBe(nextStep(config, share));
      }),
    );
    for (const step of config.ramp.steps) expect(rampPlace(step).next).toBe(nextStep(config, step));
  });

  it('has the steps that were set, the usual ones where none were, and none that anybody knows before the settings are', () => {
    expect(rampSteps([{ key: 'promotion.ramp.steps', value: [0.2, 1] }])).toEqual([0.2, 1]);
    expect(rampSteps([{ key: 'promotion.ramp', value: { steps: [0.3, 1] } }])).toEqual([0.3, 1]);
    expect(rampSteps([])).toEqual(DEFAULT_STEPS);
    expect(rampSteps(null)).toBeNull();
  });
});

describe('the sentence to type', () => {
  const sentence = 'approve my on main at practice with 100 of 10000 USDT, worst-case loss 35 USDT';

  it('is read from both refusals of the command line', () => {
    expect(wantedSentence('not-confirmed', `Say --confirm "${sentence}".`)).toBe(sentence);
    expect(wantedSentence('wrong-sentence', `It must be exactly: ${sentence}`)).toBe(sentence);
    expect(wantedSentence('gates-failed', `Say --confirm "${sentence}".`)).toBeNull();
    expect(wantedSentence('not-confirmed', null)).toBeNull();
  });

  it('counts as typed exactly where the platform takes it', () => {
    const request = {
      action: 'live',
      strategy: 'my',
      account: 'main',
      venue: 'practice',
      practice: true,
      size: 10_000,
      share: 0.01,
      currency: 'USDT',
      worstCaseLoss: 35,
      overrides: [],
    } as const;
    const blanks = fc.constantFrom(' ', '  ', '\n', '\t ');
    fc.assert(
      fc.property(fc.array(blanks, { minLength: 20, maxLength: 20 }), fc.boolean(), (between, isWrong) => {
        const words = sentence.split(' ');
        const typed = words.map((word, at) => word + (between[at] ?? ' ')).join('') + (isWrong ? 'x' : '');
        expect(isTyped(typed, sentence)).toBe(isSentence(typed, request));
        expect(isTyped(typed, sentence)).toBe(!isWrong);
      }),
    );
  });
});

describe('a change of stage', () => {
  it('is one that the server takes, for every kind, once nothing is wrong with it', () => {
    const kinds: readonly ChangeKind[] = ['paper', 'live', 'ramp', 'demote', 'retire'];
    const texts = fc.oneof(
      fc.constantFrom('main', 'practice', '5000', '1h', 'BTC/USDT:USDT, ETH/USDT:USDT', ''),
      fc.string({ maxLength: 40 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        texts,
        texts,
        texts,
        texts,
        texts,
        texts,
        (change, account, venue, size, reason, symbols, timeframe) => {
          const draft = { ...draftOf(change, line({})), account, venue, size, reason, symbols, timeframe };
          if (Object.keys(changeFaults(draft)).length > 0) return;
          expect(PromotionChange.safeParse(changeBody(draft)).error?.issues ?? []).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('sends no empty passphrase and no sentence that nobody typed', () => {
    expect(changeBody({ ...draftOf('ramp', line({ stage: 'live' })), typed: ' ' })).toEqual({ change: 'ramp', strategy: 'sma-cross' });
    expect(changeBody({ ...draftOf('ramp', line({})), typed: ' approve  it ', passphrase: 'secret' })).toEqual({
      change: 'ramp',
      strategy: 'sma-cross',
      confirm: 'approve it',
      passphrase: 'secret',
    });
  });

  it('wants a reason for the way down', () => {
    expect(changeFaults(draftOf('demote', line({ stage: 'live' })))).toEqual({ reason: 'Say why' });
  });
});

describe('the pipeline', () => {
  it('shows every promotion once: a demoted one among the candidates, a retired one apart', () => {
    const stages = ['candidate', 'paper', 'live', 'demoted', 'retired'] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...stages)), drawn => {
        const all = drawn.map((stage, at) => line({ id: `p-${at}`, stage, at }));
        const { columns, retired } = pipelineOf(all);
        const ids = [...columns.flatMap(({ cards }) => cards), ...retired].map(({ id }) => id);
        expect([...ids].sort()).toEqual(all.map(({ id }) => id).sort());
        expect(retired.every(({ stage }) => stage === 'retired')).toBe(true);
        expect(columns[0]?.cards.every(({ stage }) => stage === 'candidate' || stage === 'demoted')).toBe(true);
      }),
    );
  });

  it('offers nothing for what is retired', () => {
    expect(changesFrom('retired')).toEqual([]);
  });
});

describe('gates', () => {
  const gate = (name: string, verdict: Gate['verdict']): Gate => ({
    gate: name,
    title: name,
    verdict,
    figure: null,
    limit: null,
    sentence: '',
    change: '',
    overridable: true,
  });

  it('stand with what is in the way first, else in the order of judging', () => {
    const gates = [gate('a', 'pass'), gate('b', 'cannot-tell'), gate('c', 'fail'), gate('d', 'pass'), gate('e', 'fail')];
    expect(worstFirst(gates).map(each => each.gate)).toEqual(['c', 'e', 'b', 'a', 'd']);
    expect(gateCount(gates)).toEqual({ pass: 2, fail: 2, unclear: 1 });
  });
});
