import type { OnlineEnsemble } from '../../../src/models/ensemble/ensemble-rule.js';
import { random, type Random } from '../../../src/random.js';

/** One outcome of a stream: what each model said (models × 3), who was awake and what came. */
export interface Round {
  readonly probability: Float64Array;
  readonly awake: Uint8Array;
  readonly label: number;
}

/** Least probability that a model of a stream gives to a class: where losses are clipped. */
const LEAST = 1e-4;

/** Three probabilities of at least `LEAST`, as peaked as `sharpness` says. */
const triple = (draw: Random, sharpness: number): number[] => {
  const odds = Array.from({ length: 3 }, () => Math.exp(sharpness * draw.normal()));
  const total = odds.reduce((a, b) => a + b, 0);
  return odds.map(o => LEAST + ((1 - 3 * LEAST) * o) / total);
};

/** Puts nearly everything, or nearly nothing, on a class. */
const pointed = (label: number, hit: boolean): number[] => {
  const most = 1 - 2 * LEAST;
  return Array.from({ length: 3 }, (_, c) => (hit ? (c === label ? most : LEAST) : c === (label + 1) % 3 ? most : LEAST));
};

const everyone = (models: number): Uint8Array => new Uint8Array(models).fill(1);

/** Models that say anything, and outcomes that follow none of them. */
export const randomStream = (seed: number | string, models: number, rounds: number): Round[] => {
  const draw = random(`random stream ${seed}`);
  return Array.from({ length: rounds }, () => ({
    probability: Float64Array.from(Array.from({ length: models }, () => triple(draw, 2)).flat()),
    awake: everyone(models),
    label: draw.int(3),
  }));
};

/** The model that is right changes after each `length` rounds, in turn; all others are as wrong as they may be. */
export const regimeStream = (models: number, rounds: number, length: number): Round[] =>
  Array.from({ length: rounds }, (_, t) => {
    const right = Math.floor(t / length) % models;
    const label = t % 3;
    return {
      probability: Float64Array.from(Array.from({ length: models }, (_m, m) => pointed(label, m === right)).flat()),
      awake: everyone(models),
      label,
    };
  });

/** An enemy who knows the weights: the model of the greatest weight is wrong next, every other right. */
export const hostileStream = (models: number, rounds: number) => {
  const weights = new Float64Array(models);
  return (ensemble: OnlineEnsemble, visit: (round: Round) => void): void => {
    const awake = everyone(models);
    for (let t = 0; t < rounds; t++) {
      ensemble.weights(awake, weights);
      let heaviest = 0;
      for (let m = 1; m < models; m++) if (weights[m]! > weights[heaviest]!) heaviest = m;
      const label = t % 3;
      const probability = Float64Array.from(Array.from({ length: models }, (_, m) => pointed(label, m !== heaviest)).flat());
      visit({ probability, awake, label });
    }
  };
};

/** The same with models that come and go; somebody is always awake. Who sleeps says nothing, NaN. */
export const sleepy = (rounds: readonly Round[], seed: number | string, share = 0.4): Round[] => {
  const draw = random(`sleep ${seed}`);
  return rounds.map(({ probability, label }) => {
    const models = probability.length / 3;
    const awake = Uint8Array.from({ length: models }, () => (draw.next() < share ? 0 : 1));
    awake[draw.int(models)] = 1;
    return { probability: probability.map((p, k) => (awake[Math.floor(k / 3)] === 1 ? p : NaN)), awake, label };
  });
};

/** Log loss, nats. */
export const nats = (p: number): number => -Math.log(p);

/** What an ensemble said of one round before it learned from it. */
export interface Said {
  readonly round: Round;
  readonly weights: readonly number[];
  readonly combined: Float64Array;
}

/** Asks, then teaches, as a desk whose outcomes are known at once. */
export const play = (ensemble: OnlineEnsemble, rounds: readonly Round[]): Said[] =>
  rounds.map(round => {
    const models = round.awake.length;
    const weights = new Float64Array(models);
    ensemble.weights(round.awake, weights);
    const combined = new Float64Array(3);
    ensemble.combine(round.probability, round.awake, combined);
    ensemble.learn(round.probability, round.awake, round.label, combined);
    return { round, weights: Array.from(weights), combined };
  });
