import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestId } from '../../src/promotion/approvals/request-text.js';
import { PromotionConfig } from '../../src/promotion/promotion-config.js';
import { demoteWords, nextStep, stepDown, stepDownWords } from '../../src/promotion/ramp.js';
import { foldPromotions } from '../../src/promotion/stages.js';
import { HOUR, PLACE, writtenLog, type WrittenLog } from './written-log.js';

const config = PromotionConfig.parse({});
const STEPS = [0.01, 0.1, 0.5, 1];

const ENTERED = { type: 'StageEntered', promotion: 'sma-1', stage: 'live', size: 10_000, share: 0.01, request: null, ...PLACE } as const;

/** A log on which `sma-1` is live with one hundredth. */
const live = (): WrittenLog => {
  const log = writtenLog();
  log.name();
  log.paper();
  const request = log.ask();
  log.approve(request);
  log.enter(request);
  return log;
};
const stateOf = (log: WrittenLog, id = 'sma-1') => foldPromotions(log.records).find(id)!;
const error = (log: WrittenLog): string => {
  try {
    foldPromotions(log.records);
    return 'no error';
  } catch (caught) {
    expect(caught).toMatchObject({ code: 'illegal-record', exitCode: 4 });
    return (caught as Error).message;
  }
};

describe('a strategy on its way', () => {
  it('goes from candidate to paper to live, and keeps its place on paper', () => {
    const state = stateOf(live());
    expect(state).toMatchObject({ stage: 'live', strategy: 'sma', run: 'run-1' });
    expect(state.places.live).toMatchObject({ ...PLACE, size: 10_000, share: 0.01 });
    expect(state.places.paper).toMatchObject({ ...PLACE, size: 10_000, share: 1 });
    expect(state.history.map(({ stage }) => stage)).toEqual(['candidate', 'paper', 'paper', 'paper', 'paper', 'live']);
  });

  it('goes live by the typed word of one person where one is enough', () => {
    const log = writtenLog();
    log.name();
    log.paper();
    log.enter(log.ask({}, 'alice', 1), 'alice');
    expect(stateOf(log).stage).toBe('live');
  });

  it('may be live on the practice exchange without a request, where no money is at stake', () => {
    const log = writtenLog();
    log.name();
    log.paper();
    log.write('alice', { ...ENTERED, practice: true });
    expect(stateOf(log).places.live).toMatchObject({ practice: true });
  });

  it('is found at its place only: by mode, account, venue, practice and strategy', () => {
    const all = foldPromotions(live().records);
    const place = { mode: 'live', strategy: 'sma', ...PLACE } as const;
    expect(all.placed(place)?.id).toBe('sma-1');
    expect(all.placed({ ...place, mode: 'paper' })?.id).toBe('sma-1');
    for (const other of [{ account: 'x' }, { venue: 'bybit' }, { practice: true }, { strategy: 'x' }])
      expect(all.placed({ ...place, ...other })).toBeNull();
  });

  it('is found by the name of its strategy: the newest that has not been retired', () => {
    const log = live();
    log.name('sma-2');
    expect(stateOf(log, 'sma').id).toBe('sma-2');
    log.write('alice', { type: 'StageLeft', promotion: 'sma-2', to: 'retired', code: 'operator', text: 'no use' });
    expect(stateOf(log, 'sma').id).toBe('sma-1');
    expect(foldPromotions(log.records).find('other')).toBeNull();
  });

  it('has no place any more once it is demoted, and goes on paper again only from there', () => {
    const log = live();
    log.write('session:main', ...demoteWords(stateOf(log), 'parity', 'gap of 12 bp'));
    expect(stateOf(log)).toMatchObject({ stage: 'demoted', places: {} });
    log.paper();
    expect(stateOf(log).stage).toBe('paper');
    expect(demoteWords({ ...stateOf(log), stage: 'candidate' }, 'x', 'x')).toEqual([]);
  });
});

describe('what cannot be', () => {
  it.each([
    ['live that was never on paper', (log: WrittenLog) => log.enter(log.ask()), 'needs 1 approvals'],
    ['live without a request', (log: WrittenLog) => log.write('bob', { ...ENTERED, request: null }), 'nobody approved it'],
    [
      'live by a request that nobody made',
      (log: WrittenLog) => log.write('bob', { ...ENTERED, request: 'ffff' }),
      'was not made before it',
    ],
    [
      'live with more than was approved',
      (log: WrittenLog) => {
        const request = log.ask();
        log.approve(request);
        log.write('bob', { ...ENTERED, size: 20_000, request: request.id });
      },
      'names another place, size or share',
    ],
    [
      'live at another account than was approved',
      (log: WrittenLog) => {
        const request = log.ask();
        log.approve(request);
        log.write('bob', { ...ENTERED, account: 'other', request: request.id });
      },
      'names another place, size or share',
    ],
    [
      'live by the approval of the one who asked',
      (log: WrittenLog) => {
        const request = log.ask();
        log.approve(request, 'alice');
        log.enter(request);
      },
      'needs 1 approvals by others, and had 0',
    ],
    [
      'live by one person twice where two are asked for',
      (log: WrittenLog) => {
        const request = log.ask({}, 'alice', 3);
        log.approve(request);
        log.approve(request);
        log.enter(request);
      },
      'needs 2 approvals by others, and had 1',
    ],
    [
      'live by a request that had expired',
      (log: WrittenLog) => {
        const request = log.ask();
        log.approve(request);
        log.now += 25 * HOUR;
        log.enter(request);
      },
      'had expired',
    ],
    [
      'two steps by one request',
      (log: WrittenLog) => {
        const request = log.ask();
        log.approve(request);
        log.enter(request);
        log.enter(request);
      },
      'was used by record',
    ],
    [
      'a request whose terms were exchanged',
      (log: WrittenLog) => {
        const request = log.ask();
        const at = log.records.findIndex(({ word }) => word.type === 'ApprovalRequested');
        log.records[at] = { ...log.records[at]!, word: { type: 'ApprovalRequested', request: { ...request, size: 99_999 } } };
        log.approve(request);
        log.write('bob', { ...ENTERED, size: 99_999, request: request.id });
      },
      'the terms of request',
    ],
    [
      'an overridden gate that no other person has seen',
      (log: WrittenLog) => {
        const request = log.ask({ overrides: [{ gate: 'trades', reason: 'few but good' }] }, 'alice', 1);
        log.write('alice', { type: 'GateOverridden', promotion: 'sma-1', gate: 'trades', reason: 'few but good', request: request.id });
      },
      'needs 1 approvals by others, and had 0',
    ],
    [
      'one that says that it needs nobody',
      (log: WrittenLog) => {
        const asked = { ...log.ask({ overrides: [{ gate: 'trades', reason: 'x' }] }), approvals: 0 };
        const request = { ...asked, id: requestId(asked) };
        log.write('alice', { type: 'ApprovalRequested', request, signature: log.sign('alice', request) });
        log.enter(request, 'alice');
      },
      'needs 1 approvals by others, and had 0',
    ],
    ['a promotion that nobody named', (log: WrittenLog) => log.paper('sma-9'), 'there is no promotion sma-9'],
    ['the same promotion named twice', (log: WrittenLog) => log.name(), 'was named before'],
    [
      'two promotions of one strategy at one place',
      (log: WrittenLog) => {
        log.name('sma-2');
        log.paper('sma-2');
      },
      'sma-1 has that place',
    ],
    [
      'a larger share without approval',
      (log: WrittenLog) =>
        log.write('alice', { type: 'RampStepped', promotion: 'sma-1', from: 0.01, to: 1, code: 'x', text: 'x', request: null }),
      'nobody approved a larger share',
    ],
    [
      'anything after it was retired',
      (log: WrittenLog) => {
        log.write('alice', { type: 'StageLeft', promotion: 'sma-1', to: 'retired', code: 'operator', text: 'x' });
        log.paper();
      },
      'was retired',
    ],
  ])('%s is an error that names the record', (_, write, why) => {
    const log = writtenLog();
    log.name();
    log.paper();
    expect(error(log)).toBe('no error');
    write(log);
    const message = error(log);
    expect(message).toContain(why);
    expect(message).toContain(`Record ${log.records.length - 1} of the audit log`);
  });

  it('live straight from candidate is one', () => {
    const log = writtenLog();
    log.name();
    const request = log.ask();
    log.approve(request);
    log.enter(request);
    expect(error(log)).toContain('was not on paper before it');
  });
});

describe('the ramp', () => {
  it('goes up by the steps and down by them, and off the stage from the lowest', () => {
    for (const [i, step] of STEPS.entries()) {
      expect(nextStep(config, step)).toBe(STEPS[i + 1] ?? null);
      expect(stepDown(config, step)).toBe(STEPS[i - 1] ?? null);
    }
    // A share of older steps falls between those of today.
    expect([nextStep(config, 0.25), stepDown(config, 0.25)]).toEqual([0.5, 0.1]);
  });

  it('an alarm takes a step away at once, and the stage at the lowest', () => {
    const log = live();
    const up = log.ask({ action: 'ramp', share: 0.1 });
    log.approve(up);
    log.step(up, 0.01);
    expect(stateOf(log).places.live?.share).toBe(0.1);
    log.write('session:main', ...stepDownWords(stateOf(log), config, 'profit', 'below expectation'));
    expect(stateOf(log)).toMatchObject({ stage: 'live', places: { live: { share: 0.01 } } });
    log.write('session:main', ...stepDownWords(stateOf(log), config, 'profit', 'below expectation'));
    expect(stateOf(log)).toMatchObject({ stage: 'demoted', places: {} });
    expect(stepDownWords(stateOf(log), config, 'profit', 'again')).toEqual([]);
  });

  it('a step up that was asked for before an alarm has no effect after it', () => {
    const log = live();
    const first = log.ask({ action: 'ramp', share: 0.1 });
    log.approve(first);
    log.step(first, 0.01);
    const up = log.ask({ action: 'ramp', share: 0.5 });
    log.approve(up);
    log.write('session:main', ...stepDownWords(stateOf(log), config, 'profit', 'below expectation'));
    log.step(up, 0.1);
    expect(stateOf(log).places.live?.share).toBe(0.01);
    expect(stateOf(log).history.at(-1)?.text).toContain('no effect');
  });

  it('nor when the share has come back to where it was asked for from', () => {
    const log = live();
    const old = log.ask({ action: 'ramp', share: 0.1 });
    log.approve(old);
    const first = log.ask({ action: 'ramp', share: 0.1 });
    log.approve(first);
    log.step(first, 0.01);
    log.write('session:main', ...stepDownWords(stateOf(log), config, 'profit', 'below expectation'));
    log.step(old, 0.01);
    expect(stateOf(log).places.live?.share).toBe(0.01);
  });

  it('two alarms at once take one step: the least of what they leave holds', () => {
    const log = live();
    for (const share of [0.1, 0.5]) {
      const up = log.ask({ action: 'ramp', share });
      log.approve(up);
      log.step(up, stateOf(log).places.live!.share);
    }
    const alarm = stepDownWords(stateOf(log), config, 'profit', 'below expectation');
    log.write('session:main', ...alarm, ...alarm);
    expect(stateOf(log).places.live?.share).toBe(0.1);
  });

  it('a stage that was asked for before a demotion is not entered after it', () => {
    const log = live();
    const other = log.ask({ account: 'second' });
    log.approve(other);
    log.write('session:main', ...demoteWords(stateOf(log), 'parity', 'gap'));
    log.paper();
    log.enter(other);
    expect(stateOf(log)).toMatchObject({ stage: 'paper' });
    expect(stateOf(log).places.live).toBeUndefined();
  });
});

describe('a demotion that comes between', () => {
  const demote = { type: 'StageLeft', promotion: 'sma-1', to: 'demoted', code: 'parity', text: 'gap' } as const;

  it('leaves an approval of live without effect, and the log whole: a session demotes while others approve', () => {
    const log = writtenLog();
    log.name();
    log.paper();
    const request = log.ask();
    log.approve(request);
    log.write('session:paper', demote);
    log.enter(request);
    expect(stateOf(log)).toMatchObject({ stage: 'demoted', places: {} });
    expect(stateOf(log).history.at(-1)?.text).toContain('no effect');
  });

  it('hinders nothing that was asked for after it, whatever is told of the strategy meanwhile', () => {
    const log = live();
    log.write('session:main', demote);
    const request = log.ask({ action: 'paper', share: 1, overrides: [{ gate: 'trades', reason: 'few' }] });
    log.write('carol', { type: 'ApprovalRefused', request: request.id, code: 'wrong-sentence', text: 'x' });
    log.approve(request);
    log.enter(request);
    expect(stateOf(log).stage).toBe('paper');
  });
});

/** A slow machine of the rules as the page on promotion tells them. */
interface Model {
  stage: 'none' | 'candidate' | 'paper' | 'live' | 'demoted' | 'retired';
  share: number;
}
const OPERATIONS = ['name', 'paper', 'live', 'up', 'down', 'demote', 'retire'] as const;
type Operation = (typeof OPERATIONS)[number];
const isLegal = (model: Model, operation: Operation): boolean => {
  const { stage } = model;
  switch (operation) {
    case 'name':
      return stage === 'none';
    case 'paper':
      return stage !== 'none' && stage !== 'retired';
    case 'live':
      return stage === 'paper' || stage === 'live';
    case 'up':
      return stage === 'live' && model.share < 1;
    case 'down':
      return stage === 'live';
    case 'demote':
      return stage === 'paper' || stage === 'live' || stage === 'demoted';
    case 'retire':
      return stage !== 'none';
  }
};

describe('the fold as a whole', () => {
  it('agrees with the rules after any legal sequence, for several strategies at once, and is an error after any other', () => {
    const operation = fc.record({ id: fc.nat(2), operation: fc.constantFrom(...OPERATIONS) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), operations => {
        const log = writtenLog();
        const models: Model[] = [0, 1, 2].map(() => ({ stage: 'none', share: 0 }));
        for (const { id, operation: wanted } of operations) {
          const model = models[id]!;
          const promotion = `s${id}-1`;
          const terms = { promotion, strategy: `s${id}`, account: `a${id}` };
          const place = { account: `a${id}`, venue: PLACE.venue, practice: false };
          if (!isLegal(model, wanted)) continue;
          if (wanted === 'name') {
            log.name(promotion, `s${id}`);
            model.stage = 'candidate';
          } else if (wanted === 'paper') {
            log.paper(promotion, 'alice', place);
            if (model.stage !== 'live') model.stage = 'paper';
          } else if (wanted === 'live') {
            const request = log.ask(terms);
            log.approve(request);
            log.enter(request);
            Object.assign(model, { stage: 'live', share: 0.01 });
          } else if (wanted === 'up') {
            const share = STEPS.find(step => step > model.share)!;
            const request = log.ask({ ...terms, action: 'ramp', share });
            log.approve(request);
            log.step(request, model.share);
            model.share = share;
          } else if (wanted === 'down') {
            const below = STEPS.filter(step => step < model.share).at(-1);
            log.write('session', ...stepDownWords(stateOf(log, promotion), config, 'x', 'x'));
            if (below === undefined) model.stage = 'demoted';
            else model.share = below;
          } else {
            const to = wanted === 'demote' ? 'demoted' : 'retired';
            log.write('alice', { type: 'StageLeft', promotion, to, code: 'operator', text: 'x' });
            if (model.stage !== 'retired') model.stage = to;
          }
        }
        const folded = foldPromotions(log.records);
        for (const [id, model] of models.entries()) {
          const state = folded.find(`s${id}-1`);
          expect(state?.stage ?? 'none').toBe(model.stage);
          expect(state?.places.live?.share ?? null).toBe(model.stage === 'live' ? model.share : null);
          const placed = folded.placed({ mode: 'live', strategy: `s${id}`, account: `a${id}`, venue: PLACE.venue, practice: false });
          expect(placed !== null).toBe(model.stage === 'live');
        }
        // And what the rules do not allow next is an error, not a step.
        for (const [id, model] of models.entries())
          for (const wanted of ['name', 'paper', 'live'] as const) {
            if (isLegal(model, wanted)) continue;
            const kept = log.records.length;
            if (wanted === 'name') log.name(`s${id}-1`, `s${id}`);
            else if (wanted === 'paper') log.paper(`s${id}-1`);
            else {
              const request = log.ask({ promotion: `s${id}-1`, strategy: `s${id}` });
              log.approve(request);
              log.enter(request);
            }
            expect(error(log)).toContain(`Record ${log.records.length - 1} `);
            log.records.splice(kept);
          }
      }),
      { numRuns: 100 },
    );
  });

  it('is the same after every prefix: what comes later changes nothing that was', () => {
    const { records } = live();
    const whole = foldPromotions(records).find('sma-1')!.history;
    for (let n = 1; n <= records.length; n++)
      expect(whole.slice(0, foldPromotions(records.slice(0, n)).find('sma-1')!.history.length)).toEqual(
        foldPromotions(records.slice(0, n)).find('sma-1')!.history,
      );
  });
});
