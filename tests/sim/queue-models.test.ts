import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logQueue, pessimisticQueue, powerQueue, proportionalQueue, queueModel } from '../../src/sim/matching/queue/queue-models.js';

const MODELS = [
  { name: 'pessimistic', model: pessimisticQueue() },
  { name: 'proportional', model: proportionalQueue() },
  { name: 'power 1', model: powerQueue({ exponent: 1 }) },
  { name: 'power 2.5', model: powerQueue({ exponent: 2.5 }) },
  { name: 'log', model: logQueue() },
];

/** A level of which some lots are ahead of us, and what is left of it. */
const level = fc
  .tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([before, a, b]) => ({ before, ahead: before * a, after: Math.floor(before * b) }));

describe('queue models', () => {
  it('keep what is ahead between nothing and what is displayed, and never let it grow', () => {
    fc.assert(
      fc.property(level, ({ ahead, before, after }) => {
        for (const { model } of MODELS) {
          const left = model.ahead(ahead, before, after);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThanOrEqual(Math.min(ahead, after));
        }
      }),
    );
  });

  it('leave no one further back than the pessimistic one', () => {
    fc.assert(
      fc.property(level, ({ ahead, before, after }) => {
        const worst = pessimisticQueue().ahead(ahead, before, after);
        for (const { model } of MODELS) expect(model.ahead(ahead, before, after)).toBeLessThanOrEqual(worst);
      }),
    );
  });

  it.each(MODELS)('$name: nothing is ahead of who was first or of an empty level', ({ model }) => {
    expect(model.ahead(0, 10, 4)).toBe(0);
    expect(model.ahead(7, 10, 0)).toBe(0);
    expect(model.ahead(0, 0, 0)).toBe(0);
  });

  it.each(MODELS.slice(1))('$name: who is last loses all that is cancelled from the front', ({ model }) => {
    expect(model.ahead(10, 10, 4)).toBe(4);
  });

  it('pessimistic: all cancellations are behind us as long as there is something', () => {
    const { ahead } = pessimisticQueue();
    expect(ahead(6, 10, 7)).toBe(6);
    expect(ahead(6, 10, 5)).toBe(5);
  });

  it('proportional: three quarters of the level ahead are three quarters of what is left', () => {
    expect(proportionalQueue().ahead(9, 12, 8)).toBe(6);
  });

  // By hand from ProbQueueModel::depth of hftbacktest: p = f(back) ÷ (f(back) + f(front)), front − (1 − p) × change + min(back − p × change, 0).
  it('power: the share behind us grows with the power of the lots behind us', () => {
    // f(8) = 64, f(4) = 16: p = 0.8; 4 − 0.2 × 5 = 3.
    expect(powerQueue({ exponent: 2 }).ahead(4, 12, 7)).toBeCloseTo(3, 12);
    // p = 2 ÷ 10: front 8 − 0.8 × 5 = 4; behind 2 − 0.2 × 5 = 1 is left.
    expect(powerQueue({ exponent: 1 }).ahead(8, 10, 5)).toBeCloseTo(4, 12);
    // f(6) = 216, f(2) = 8: p = 27 ÷ 28 of 7 is more than the 6 behind us: the rest comes off the front. 2 − 0.25 − 0.75 = 1.
    expect(powerQueue({ exponent: 3 }).ahead(2, 8, 1)).toBeCloseTo(1, 12);
  });

  it('log: the share behind us grows with the logarithm of one and the lots behind us', () => {
    // f(7) = log 8 = 3 log 2, f(1) = log 2: p = 3/4; 1 − 1/4 × 2 = 1/2.
    expect(logQueue().ahead(1, 8, 6)).toBeCloseTo(0.5, 12);
  });

  it('are found by the name in the configuration', () => {
    expect(queueModel({ kind: 'pessimistic' }).ahead(6, 10, 7)).toBe(6);
    expect(queueModel({ kind: 'proportional' }).ahead(9, 12, 8)).toBe(6);
    expect(queueModel({ kind: 'power', exponent: 2 }).ahead(4, 12, 7)).toBeCloseTo(3, 12);
    expect(queueModel({ kind: 'log' }).ahead(1, 8, 6)).toBeCloseTo(0.5, 12);
  });
});
