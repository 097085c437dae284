import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaHedge } from '../../../src/models/ensemble/ada-hedge.js';
import { bayesianAveraging } from '../../../src/models/ensemble/bayesian-averaging.js';
import type { EnsembleRule } from '../../../src/models/ensemble/ensemble-rule.js';
import { hedge } from '../../../src/models/ensemble/hedge.js';
import { onlineStacking } from '../../../src/models/ensemble/online-stacking.js';
import { hostileStream, nats, play, randomStream, regimeStream, type Round, type Said } from './streams.js';

/** Log loss of a probability of 10⁻⁴: what losses are divided by. */
const LARGEST = 4 * Math.log(10);

const lossOf = ({ probability, label }: Round, m: number): number => nats(probability[3 * m + label]!);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const bestOf = (said: readonly Said[]): number =>
  Math.min(...said[0]!.weights.map((_, m) => sum(said.map(({ round }) => lossOf(round, m)))));
const ownLoss = (said: readonly Said[]): number => sum(said.map(({ round, combined }) => nats(combined[round.label]!)));
/** The weighted mean of the models' losses, scaled to 0…1. */
const chargedLoss = (said: readonly Said[]): number =>
  sum(said.map(({ round, weights }) => sum(weights.map((w, m) => w * lossOf(round, m))))) / LARGEST;

/** All kinds of streams, and the one that the rule likes least. */
const everyStream = (rule: EnsembleRule, check: (said: Said[], models: number) => void): void => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 300 }), (seed, models, rounds) => {
      check(play(rule.create(models), randomStream(seed, models, rounds)), models);
    }),
    { numRuns: 20 },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 200 }),
      (models, rounds, length) => {
        check(play(rule.create(models), regimeStream(models, rounds, length)), models);
        const said: Said[] = [];
        const ensemble = rule.create(models);
        hostileStream(models, rounds)(ensemble, round => said.push(...play(ensemble, [round])));
        check(said, models);
      },
    ),
    { numRuns: 12 },
  );
};

describe('regret against the best single model stays within what is stated', () => {
  test.each([0.05, 0.2, 1])('of hedge at the rate %d: ln N ÷ η + η T ÷ 8 in scaled losses', rate => {
    everyStream(hedge({ rate }), (said, models) => {
      const charged = chargedLoss(said);
      expect(charged - bestOf(said) / LARGEST).toBeLessThanOrEqual(Math.log(models) / rate + (rate * said.length) / 8 + 1e-9);
      expect(ownLoss(said) / LARGEST).toBeLessThanOrEqual(charged + 1e-9);
    });
  });

  test('of AdaHedge: 2 √(V ln N) + 4/3 ln N + 2 in scaled losses', () => {
    everyStream(adaHedge(), (said, models) => {
      const variance = sum(
        said.map(({ round, weights }) => {
          const losses = weights.map((_, m) => lossOf(round, m) / LARGEST);
          const mean = sum(weights.map((w, m) => w * losses[m]!));
          return sum(weights.map((w, m) => w * (losses[m]! - mean) * (losses[m]! - mean)));
        }),
      );
      const log = Math.log(models);
      const charged = chargedLoss(said);
      expect(charged - bestOf(said) / LARGEST).toBeLessThanOrEqual(2 * Math.sqrt(variance * log) + (4 / 3) * log + 2 + 1e-9);
      expect(ownLoss(said) / LARGEST).toBeLessThanOrEqual(charged + 1e-9);
    });
  });

  test('of AdaHedge: twice its mixability gap, which is its state', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 6 }), (seed, models) => {
        const ensemble = adaHedge().create(models);
        const said = play(ensemble, [...randomStream(seed, models, 60), ...regimeStream(models, 60, 7)]);
        const { gap } = ensemble.state() as { gap: number };
        expect(chargedLoss(said) - bestOf(said) / LARGEST).toBeLessThanOrEqual(2 * gap + 1e-9);
      }),
      { numRuns: 20 },
    );
  });

  test.each([1, 0.5, 0.1])('of Bayesian averaging that never forgets, at evidence %d: ln N ÷ ε nats', evidence => {
    everyStream(bayesianAveraging({ forgetting: 1, evidence, floor: 0 }), (said, models) => {
      expect(ownLoss(said) - bestOf(said)).toBeLessThanOrEqual(Math.log(models) / evidence + 1e-9);
    });
  });

  test('of Bayesian averaging it is what Bayes says of the whole sequence', () => {
    // Chain rule: the probability of all outcomes under the mixture is the mean of their probabilities under the models.
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), (seed, models) => {
        const said = play(bayesianAveraging({ forgetting: 1, evidence: 1, floor: 0 }).create(models), randomStream(seed, models, 40));
        const under = Array.from({ length: models }, (_, m) => Math.exp(-sum(said.map(({ round }) => lossOf(round, m)))));
        expect(ownLoss(said)).toBeCloseTo(nats(sum(under) / models), 8);
      }),
      { numRuns: 20 },
    );
  });

  test('of online stacking against every fixed mixture: ln N ÷ η + η T r² ÷ 8 nats', () => {
    const rate = 0.3;
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 300 }), (seed, models, rounds) => {
        // Models that never say less than 0.2: ratios are at most 4 ÷ … and are measured, and none is clipped.
        const stream = randomStream(seed, models, rounds).map(round => ({
          ...round,
          probability: round.probability.map(p => 0.2 + 0.4 * p),
        }));
        const said = play(onlineStacking({ rate, shrinkage: 0 }).create(models), stream);
        const r = Math.max(
          ...said.flatMap(({ round, combined }) =>
            Array.from({ length: models }, (_, m) => round.probability[3 * m + round.label]! / combined[round.label]!),
          ),
        );
        expect(r).toBeLessThan(10);
        const bound = Math.log(models) / rate + (rate * rounds * r * r) / 8;
        const own = ownLoss(said);
        const mixtures = [
          ...Array.from({ length: models }, (_, k) => Array.from({ length: models }, (_m, m) => (m === k ? 1 : 0))),
          Array.from({ length: models }, () => 1 / models),
          Array.from({ length: models }, (_, m) => (2 * (m + 1)) / (models * (models + 1))),
        ];
        for (const fixed of mixtures) {
          const loss = sum(said.map(({ round }) => nats(sum(fixed.map((w, m) => w * round.probability[3 * m + round.label]!)))));
          expect(own - loss).toBeLessThanOrEqual(bound + 1e-9);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('after a change of regime', () => {
  test('rules without forgetting have gained nothing once every model was right as often', () => {
    for (const rule of [hedge(), adaHedge()]) {
      const said = play(rule.create(2), regimeStream(2, 801, 400));
      expect(said[800]!.weights[0]).toBeCloseTo(0.5, 9);
    }
  });

  test.each([
    ['Bayesian averaging', bayesianAveraging()],
    ['online stacking', onlineStacking()],
  ])('%s gives most weight to the model that is right now', (_, rule) => {
    const ensemble = rule.create(2);
    const said = play(ensemble, regimeStream(2, 800, 400));
    expect(said[399]!.weights[0]).toBeGreaterThan(0.8);
    expect(said[799]!.weights[1]).toBeGreaterThan(0.8);
  });
});
