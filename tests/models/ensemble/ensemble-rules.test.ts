import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { adaHedge } from '../../../src/models/ensemble/ada-hedge.js';
import { bayesianAveraging } from '../../../src/models/ensemble/bayesian-averaging.js';
import { ENSEMBLE_RULES, ensembleRule } from '../../../src/models/ensemble/ensemble-rules.js';
import type { OnlineEnsemble } from '../../../src/models/ensemble/ensemble-rule.js';
import { equalWeight } from '../../../src/models/ensemble/equal-weight.js';
import { hedge } from '../../../src/models/ensemble/hedge.js';
import { onlineStacking } from '../../../src/models/ensemble/online-stacking.js';
import { softmaxLogScore } from '../../../src/models/ensemble/softmax-log-score.js';
import type { Json } from '../../../src/models/forecaster.js';
import { play, randomStream, sleepy, type Round } from './streams.js';

const stream = (seed: number, models: number, rounds: number): Round[] => sleepy(randomStream(seed, models, rounds), seed);

/** Sharper models of which the second is right. */
const oneIsRight = (models: number, rounds: number): Round[] =>
  randomStream('others', models, rounds).map(round => {
    const probability = round.probability.slice();
    for (let c = 0; c < 3; c++) probability[3 + c] = c === round.label ? 0.8 : 0.1;
    return { ...round, probability };
  });

describe.each(Object.entries(ENSEMBLE_RULES))('%s', (name, make) => {
  test('is found by its name and says its options', () => {
    expect(ensembleRule(name).kind).toBe(name);
    expect(ensembleRule(name).options).toEqual(make().options);
  });

  test('begins with equal weights', () => {
    const out = new Float64Array(4);
    make()
      .create(4)
      .weights(Uint8Array.of(1, 1, 0, 1), out);
    for (const [m, w] of [1 / 3, 1 / 3, 0, 1 / 3].entries()) expect(out[m]).toBeCloseTo(w, 15);
  });

  test('weighs those awake only, never below nothing, adding up to 1, and says their weighted mean', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (seed, models) => {
        const errors = play(make().create(models), stream(seed, models, 60)).flatMap(({ round, weights, combined }) => {
          const mean = [0, 0, 0].map((_, c) => weights.reduce((total, w, m) => total + (w > 0 ? w * round.probability[3 * m + c]! : 0), 0));
          return [
            weights.some((w, m) => (round.awake[m] === 1 ? !(w >= 0) : w !== 0)) ? 1 : 0,
            Math.abs(weights.reduce((total, w) => total + w, 0) - 1),
            ...mean.map((q, c) => Math.abs(combined[c]! - q)),
          ];
        });
        expect(Math.max(...errors)).toBeLessThan(1e-12);
      }),
      { numRuns: 25 },
    );
  });

  test('does not know what comes later', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer({ min: 0, max: 60 }), (seed, other, cut) => {
        const rounds = stream(seed, 4, 60);
        const changed = [...rounds.slice(0, cut), ...stream(other, 4, 60 - cut)];
        const ask = rounds[cut] ?? rounds[0]!;
        const [a, b] = [rounds, changed].map(all => {
          const ensemble = make().create(4);
          const said = play(ensemble, all.slice(0, cut)).map(({ weights }) => weights);
          const out = new Float64Array(4);
          ensemble.weights(ask.awake, out);
          return [said, Array.from(out)];
        });
        expect(b).toEqual(a);
        const [c, d] = [rounds, changed].map(all =>
          play(make().create(4), all)
            .slice(0, cut)
            .map(({ weights }) => weights),
        );
        expect(d).toEqual(c);
      }),
      { numRuns: 25 },
    );
  });

  test('goes on from its state, through JSON, as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 80 }), (seed, cut) => {
        const rounds = stream(seed, 3, 120);
        const ensemble = make().create(3);
        play(ensemble, rounds.slice(0, cut));
        const stored = JSON.parse(JSON.stringify(ensemble.state())) as Json;
        const again = make().create(3, stored);
        expect(play(again, rounds.slice(cut))).toEqual(play(ensemble, rounds.slice(cut)));
        expect(again.state()).toEqual(ensemble.state());
      }),
      { numRuns: 25 },
    );
  });

  test('does not mind the order of the models', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const rounds = stream(seed, 3, 60);
        const turn = [2, 0, 1];
        const turned = rounds.map(({ probability, awake, label }) => ({
          probability: Float64Array.from(turn.flatMap(m => Array.from(probability.subarray(3 * m, 3 * m + 3)))),
          awake: Uint8Array.from(turn, m => awake[m]!),
          label,
        }));
        const [a, b] = [play(make().create(3), rounds), play(make().create(3), turned)];
        const gaps = a.flatMap(({ weights }, t) => turn.map((m, k) => Math.abs(b[t]!.weights[k]! - weights[m]!)));
        expect(Math.max(...gaps)).toBeLessThan(1e-9);
      }),
      { numRuns: 15 },
    );
  });

  test('gives a model alone the whole weight', () => {
    for (const { weights } of play(make().create(1), randomStream('alone', 1, 30))) expect(weights).toEqual([1]);
  });
});

describe('a model that is always right', () => {
  test.each([
    ['softmax of the log score', softmaxLogScore(), 0.99],
    ['Bayesian averaging', bayesianAveraging(), 0.98],
    ['hedge', hedge(), 0.95],
    ['AdaHedge', adaHedge(), 0.95],
    ['online stacking', onlineStacking(), 0.9],
  ])('has nearly all the weight of %s in the end', (_, rule, least) => {
    expect(play(rule.create(4), oneIsRight(4, 500)).at(-1)!.weights[1]).toBeGreaterThan(least);
  });

  test('has no more than others with equal weights', () => {
    for (const { weights } of play(equalWeight().create(4), oneIsRight(4, 50))) expect(weights).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

describe('a model that is always wrong', () => {
  test('keeps the share of online stacking that the shrinkage gives it at each outcome', () => {
    const wrong = oneIsRight(2, 3000).map(({ probability, label }) => ({
      probability: Float64Array.from({ length: 6 }, (_, k) => (k < 3 ? (k === label ? 0.02 : 0.49) : probability[k]!)),
      awake: Uint8Array.of(1, 1),
      label,
    }));
    const least = (shrinkage: number): number => play(onlineStacking({ shrinkage }).create(2), wrong).at(-1)!.weights[0]!;
    expect(least(0.02)).toBeGreaterThanOrEqual(0.01);
    expect(least(0)).toBeLessThan(1e-9);
  });
});

describe('a model that sleeps', () => {
  /** Model 2 sleeps through the second half. */
  const halves = (): Round[] =>
    randomStream('halves', 3, 200).map((round, t) => {
      if (t < 100) return round;
      const probability = round.probability.slice();
      probability.fill(NaN, 6, 9);
      return { ...round, probability, awake: Uint8Array.of(1, 1, 0) };
    });

  test.each([
    ['hedge', hedge({ rate: 0.2 })],
    ['AdaHedge', adaHedge()],
  ])('loses no share of %s, and gains little: it is charged the mean loss, and the mean of e^−x is not below e^−mean', (_, rule) => {
    const share = (ensemble: OnlineEnsemble): number => {
      const out = new Float64Array(3);
      ensemble.weights(Uint8Array.of(1, 1, 1), out);
      return out[2]!;
    };
    const ensemble = rule.create(3);
    play(ensemble, halves().slice(0, 100));
    for (const round of halves().slice(100)) {
      const before = share(ensemble);
      play(ensemble, [round]);
      // AdaHedge lowers its rate as it goes, which draws all shares to equal ones.
      expect(Math.abs(share(ensemble) - before)).toBeLessThan(0.02);
    }
  });

  test('of Bayesian averaging at full evidence keeps its share exactly: it is given the loss of the others', () => {
    const everyone = Uint8Array.of(1, 1, 1);
    const out = new Float64Array(3);
    const ensemble = bayesianAveraging({ forgetting: 1, evidence: 1, floor: 0 }).create(3);
    play(ensemble, halves().slice(0, 20));
    ensemble.weights(everyone, out);
    const before = out[2]!;
    play(ensemble, halves().slice(100, 120));
    ensemble.weights(everyone, out);
    expect(out[2]).toBeCloseTo(before, 12);
  });

  test('of online stacking without shrinkage keeps its share exactly', () => {
    const ensemble = onlineStacking({ shrinkage: 0 }).create(3);
    play(ensemble, halves().slice(0, 100));
    const share = (): number => {
      const out = new Float64Array(3);
      ensemble.weights(Uint8Array.of(1, 1, 1), out);
      return out[2]!;
    };
    const before = share();
    play(ensemble, halves().slice(100));
    expect(share()).toBeCloseTo(before, 12);
  });

  test('of the log score keeps its mean', () => {
    const ensemble = softmaxLogScore().create(3);
    play(ensemble, halves().slice(0, 100));
    const before = ensemble.state() as { sum: number[]; mass: number[] };
    play(ensemble, halves().slice(100));
    const after = ensemble.state() as { sum: number[]; mass: number[] };
    expect([after.sum[2], after.mass[2]]).toEqual([before.sum[2], before.mass[2]]);
  });

  test('is woken with a say, however long the others were right', () => {
    const rounds = oneIsRight(3, 400).map(({ probability, label }) => ({
      probability: Float64Array.from(probability, (p, k) => (k < 6 ? p : NaN)),
      awake: Uint8Array.of(1, 1, 0),
      label,
    }));
    for (const rule of [hedge(), adaHedge(), bayesianAveraging(), onlineStacking()]) {
      const ensemble = rule.create(3);
      play(ensemble, rounds);
      const out = new Float64Array(3);
      ensemble.weights(Uint8Array.of(1, 1, 1), out);
      expect(out[2]).toBeGreaterThan(0.1);
    }
  });

  test('teaches nothing where all the others sleep too', () => {
    for (const make of Object.values(ENSEMBLE_RULES)) {
      const ensemble = make().create(2);
      play(ensemble, randomStream('before', 2, 20));
      const out = [new Float64Array(2), new Float64Array(2)];
      ensemble.weights(Uint8Array.of(1, 1), out[0]!);
      ensemble.learn(new Float64Array(6).fill(NaN), new Uint8Array(2), 1, new Float64Array(3));
      ensemble.weights(Uint8Array.of(1, 1), out[1]!);
      // What forgets or shrinks may do so.
      for (let m = 0; m < 2; m++) expect(Math.abs(out[1]![m]! - out[0]![m]!)).toBeLessThan(0.01);
    }
  });
});

describe('a mistake in the options', () => {
  test.each([
    () => hedge({ rate: 0 }),
    () => bayesianAveraging({ forgetting: 1.1 }),
    () => bayesianAveraging({ evidence: 0 }),
    () => bayesianAveraging({ floor: 1 }),
    () => softmaxLogScore({ discount: 1 }),
    () => softmaxLogScore({ sharpness: NaN }),
    () => onlineStacking({ rate: -1 }),
    () => onlineStacking({ shrinkage: 1 }),
  ])('is said, %#', make => {
    expect(make).toThrow(UserError);
  });

  test('in the name is met with the nearest', () => {
    expect(() => ensembleRule('hegde')).toThrow(/Did you mean "hedge"/);
  });
});
