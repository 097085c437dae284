import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaHedge } from '../../../src/models/ensemble/ada-hedge.js';
import { bayesianAveraging } from '../../../src/models/ensemble/bayesian-averaging.js';
import { hedge } from '../../../src/models/ensemble/hedge.js';
import { onlineStacking } from '../../../src/models/ensemble/online-stacking.js';
import { nats, play, randomStream, sleepy, type Round, type Said } from './streams.js';

const LARGEST = 4 * Math.log(10);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const lossOf = ({ probability, label }: Round, m: number): number => nats(probability[3 * m + label]!);
const meanLoss = ({ round, weights }: Said): number => sum(weights.map((w, m) => (w > 0 ? w * lossOf(round, m) : 0)));

/** Charged less what a model lost, over the rounds in which it was awake. */
const regretAwake = (said: readonly Said[], m: number, charged: (round: Said) => number): number =>
  sum(said.filter(({ round }) => round.awake[m] === 1).map(each => charged(each) - lossOf(each.round, m)));

const sleepers = (check: (said: readonly Said[], models: number) => void, make: (models: number) => Parameters<typeof play>[0]): void => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), (seed, models) => {
      check(play(make(models), sleepy(randomStream(seed, models, 150), seed)), models);
    }),
    { numRuns: 20 },
  );
};

/** Two models, awake or not, and the probability that each gives to what comes. */
const pair = (first: number, second: number): Round => ({
  probability: Float64Array.of(first, (1 - first) / 2, (1 - first) / 2, second, (1 - second) / 2, (1 - second) / 2),
  awake: Uint8Array.of(1, 1),
  label: 0,
});

describe('regret over the rounds in which a model is awake is bounded as if it had never slept', () => {
  test('for hedge', () => {
    const rate = 0.3;
    sleepers(
      (said, models) => {
        for (let m = 0; m < models; m++)
          expect(regretAwake(said, m, meanLoss) / LARGEST).toBeLessThanOrEqual(Math.log(models) / rate + (rate * said.length) / 8 + 1e-9);
      },
      models => hedge({ rate }).create(models),
    );
  });

  test('for AdaHedge', () => {
    sleepers(
      (said, models) => {
        const variance = sum(
          said.map(each => {
            const mean = meanLoss(each) / LARGEST;
            const gaps = each.weights.map((_, m) => (each.round.awake[m] === 1 ? lossOf(each.round, m) / LARGEST - mean : 0));
            return sum(each.weights.map((w, m) => w * gaps[m]! * gaps[m]!));
          }),
        );
        const bound = 2 * Math.sqrt(variance * Math.log(models)) + (4 / 3) * Math.log(models) + 2;
        for (let m = 0; m < models; m++) expect(regretAwake(said, m, meanLoss) / LARGEST).toBeLessThanOrEqual(bound + 1e-9);
      },
      models => adaHedge().create(models),
    );
  });

  test('for Bayesian averaging that never forgets', () => {
    sleepers(
      (said, models) => {
        for (let m = 0; m < models; m++)
          expect(regretAwake(said, m, ({ round, combined }) => nats(combined[round.label]!))).toBeLessThanOrEqual(Math.log(models) + 1e-9);
      },
      models => bayesianAveraging({ forgetting: 1, evidence: 1, floor: 0 }).create(models),
    );
  });
});

describe('a model that is wrong when awake and mostly sleeps', () => {
  test.each([
    ['hedge', hedge({ rate: 0.1 }), Math.log(2) / 0.1 + (0.1 * 2000) / 8],
    // V is at most a quarter for each of the 200 rounds in which both are awake.
    ['AdaHedge', adaHedge(), 2 * Math.sqrt(50 * Math.log(2)) + (4 / 3) * Math.log(2) + 2],
  ])('wins no weight in %s by sleeping', (_, rule, bound) => {
    const rounds = Array.from({ length: 2000 }, (_each, t): Round =>
      t % 10 === 0 ? pair(0.1, 1e-4) : { ...pair(0.1, NaN), awake: Uint8Array.of(1, 0) },
    );
    expect(regretAwake(play(rule.create(2), rounds), 0, meanLoss) / LARGEST).toBeLessThanOrEqual(bound);
  });
});

describe('AdaHedge', () => {
  test('keeps its bound where models that were all but equal then take turns at being wrong', () => {
    // A hair's breadth makes the rate enormous, and the loser has no weight left that could be counted when it overtakes.
    const rounds = Array.from({ length: 2400 }, (_, t) =>
      t < 2000 ? pair(0.5, 0.5 - 1e-9) : t % 2 === 0 ? pair(1e-4, 0.9) : pair(0.9, 1e-4),
    );
    const said = play(adaHedge().create(2), rounds);
    const best = Math.min(...[0, 1].map(m => sum(said.map(({ round }) => lossOf(round, m)))));
    const regret = (sum(said.map(meanLoss)) - best) / LARGEST;
    // V ≤ T ÷ 4.
    expect(regret).toBeLessThan(2 * Math.sqrt((2400 / 4) * Math.log(2)) + (4 / 3) * Math.log(2) + 2);
  });
});

describe('online stacking without shrinkage', () => {
  test('still has weights for a model that had sunk to nothing and is left alone', () => {
    const ensemble = onlineStacking({ rate: 1, shrinkage: 0 }).create(2);
    play(
      ensemble,
      Array.from({ length: 2000 }, () => pair(0.98, 0.01)),
    );
    const out = new Float64Array(2);
    ensemble.weights(Uint8Array.of(0, 1), out);
    expect(out).toEqual(Float64Array.of(0, 1));
  });
});
