import { describe, expect, it } from 'vitest';
import { entryWords, stepWords } from '../../../src/promotion/approvals/step-words.js';
import { foldPromotions } from '../../../src/promotion/stages.js';
import { PLACE, writtenLog, type WrittenLog } from '../written-log.js';

const entry = { promotion: 'sma-2', strategy: 'sma', stage: 'paper', size: 10_000, share: 1, request: null, ...PLACE } as const;
const fold = (log: WrittenLog) => foldPromotions(log.records);
const onPaper = (): WrittenLog => {
  const log = writtenLog();
  log.name();
  log.paper();
  log.name('sma-2');
  return log;
};

describe('the words of a step', () => {
  it('take an older version of the same strategy off the place that the new one enters', () => {
    const log = onPaper();
    log.write('alice', ...entryWords(fold(log), entry));
    expect(fold(log).all.map(({ id, stage }) => [id, stage])).toEqual([
      ['sma-1', 'retired'],
      ['sma-2', 'paper'],
    ]);
    expect(fold(log).find('sma-1')?.history.at(-1)?.text).toBe('retired (superseded): sma-2 takes its place');
  });

  it('leave it where it is when the new one trades another account', () => {
    const log = onPaper();
    log.write('alice', ...entryWords(fold(log), { ...entry, account: 'second' }));
    expect(fold(log).all.map(({ stage }) => stage)).toEqual(['paper', 'paper']);
  });

  it('never take a live strategy off its stage for the sake of paper', () => {
    const log = onPaper();
    const request = log.ask();
    log.approve(request);
    log.enter(request);
    expect(() => entryWords(fold(log), entry)).toThrow(expect.objectContaining({ code: 'place-taken', exitCode: 4 }));
  });

  it('are legal for what was approved: stage, share and overridden gates', () => {
    const log = onPaper();
    const overrides = [{ gate: 'trades', reason: 'few but good' }];
    const request = log.ask({ overrides });
    log.approve(request);
    log.write('bob', ...stepWords(fold(log), request, ['bob']));
    const up = log.ask({ action: 'ramp', share: 0.1 });
    log.approve(up);
    log.write('bob', ...stepWords(fold(log), up, ['bob']));
    const state = fold(log).find('sma-1');
    expect(state).toMatchObject({ stage: 'live', places: { live: { size: 10_000, share: 0.1 } } });
    expect(state?.overrides).toMatchObject([{ gate: 'trades', reason: 'few but good', by: ['alice', 'bob'] }]);
  });
});
