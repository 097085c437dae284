import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brierScores } from '../../../src/models/scores/brier.js';
import { logLosses, PROBABILITY_FLOOR } from '../../../src/models/scores/log-loss.js';
import { rankedProbabilityScores } from '../../../src/models/scores/ranked-probability.js';
import { scoreMean } from '../../../src/models/scores/score-mean.js';

const of = (...values: number[]) => Float64Array.from(values);
/** Probability vectors of three classes. */
const law = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }))
  .map(([a, b, c]) => [a / (a + b + c), b / (a + b + c), c / (a + b + c)] as const);

const SCORES = { logLosses, brierScores, rankedProbabilityScores };

describe('the logarithmic score', () => {
  test('is that of the example in the documentation of scikit-learn', () => {
    // log_loss(["spam", "ham", "ham", "spam"], [[.1, .9], [.9, .1], [.8, .2], [.35, .65]]) = 0.21616…
    const { mean } = scoreMean(logLosses(of(0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.35, 0.65), of(1, 0, 0, 1), 2));
    expect(mean).toBeCloseTo(0.21616, 5);
  });
  test('is ln 3 for knowing nothing, and no more than its floor allows', () => {
    expect(logLosses(of(1 / 3, 1 / 3, 1 / 3), of(1))[0]).toBeCloseTo(Math.log(3), 14);
    expect(logLosses(of(0, 0, 1), of(0))[0]).toBe(-Math.log(PROBABILITY_FLOOR));
    expect(logLosses(of(0, 0, 1), of(2))[0]).toBe(0);
  });
});

describe('the Brier score', () => {
  test('is that of the example in the documentation of scikit-learn', () => {
    // brier_score_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]) = 0.037…
    const { mean } = scoreMean(brierScores(of(0.9, 0.1, 0.1, 0.9, 0.2, 0.8, 0.7, 0.3), of(0, 1, 1, 0), 2));
    expect(mean).toBeCloseTo(0.0375, 12);
  });
  test('is 1 for a sure error in three classes', () => {
    expect([...brierScores(of(1, 0, 0, 1, 0, 0), of(2, 0))]).toEqual([1, 0]);
  });
});

describe('the ranked probability score', () => {
  test('is half the sum of the squared differences of cumulative probabilities', () => {
    // Cumulative 0.2, 0.5 against 0, 0.
    expect(rankedProbabilityScores(of(0.2, 0.3, 0.5), of(2))[0]).toBeCloseTo((0.04 + 0.25) / 2, 14);
  });
  test('holds the far class for the worse error, which the Brier score does not', () => {
    const far = of(1, 0, 0);
    const near = of(0, 1, 0);
    expect(rankedProbabilityScores(far, of(2))[0]).toBe(1);
    expect(rankedProbabilityScores(near, of(2))[0]).toBe(0.5);
    expect(brierScores(far, of(2))[0]).toBe(brierScores(near, of(2))[0]);
  });
});

describe.each(Object.entries(SCORES))('%s', (_, score) => {
  test('are least on average for the true probabilities, and only for them', () => {
    fc.assert(
      fc.property(law, law, (truth, told) => {
        const expected = (said: readonly number[]) => {
          const scores = score(of(...said, ...said, ...said), of(0, 1, 2));
          return truth.reduce((total, q, c) => total + q * scores[c]!, 0);
        };
        const distance = truth.reduce((total, q, c) => total + Math.abs(q - told[c]!), 0);
        if (distance > 1e-6) expect(expected(told)).toBeGreaterThan(expected(truth));
      }),
    );
  });
  test('are missing where the forecast or the outcome is', () => {
    const scores = score(of(NaN, NaN, NaN, 0.2, 0.3, 0.5, 0.2, 0.3, 0.5), of(1, NaN, 1));
    expect([...scores].map(Number.isNaN)).toEqual([true, true, false]);
    expect(scoreMean(scores)).toEqual({ mean: scores[2], count: 1 });
    expect(scoreMean(scores.subarray(0, 2))).toEqual({ mean: NaN, count: 0 });
  });
});
