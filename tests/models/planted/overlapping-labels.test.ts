import { describe, expect, test } from 'vitest';
import { climatology } from '../../../src/models/climatology.js';
import { noForecast } from '../../../src/models/forecast.js';
import type { Forecaster } from '../../../src/models/forecaster.js';
import { purged } from '../../../src/models/labels/purge.js';
import { randomForest } from '../../../src/models/random-forest.js';
import type { TrainingRows } from '../../../src/models/training-rows.js';
import { random } from '../../../src/random.js';

/** Bars ahead of an outcome: neighbours share 23 of 24. */
const HORIZON = 24;
const COUNT = 500;
const BAR = 3_600_000;

/** Free enough to learn where it was by heart; leaves take so much from equal shares that being wrong by chance costs little. */
const memoriser = randomForest({ trees: 12, depth: 8, minLeaf: 8, featureFraction: 1, smoothing: 20 });

interface World {
  readonly rows: TrainingRows;
  readonly maturedAt: Float64Array;
}

/** Returns that nothing foretells, outcomes that overlap, and two features that tell only when it is: a random walk that drifts, and a clock. */
const world = (seed: number): World => {
  const draw = random(`overlap/${seed}`);
  const returns = Array.from({ length: COUNT + HORIZON }, () => draw.normal());
  let walk = 0;
  const x = new Float64Array(2 * COUNT);
  const ahead = new Float64Array(COUNT);
  for (let i = 0; i < COUNT; i++) {
    walk += 0.2 + draw.normal();
    x[2 * i] = walk / 20;
    x[2 * i + 1] = i / COUNT;
    ahead[i] = returns.slice(i + 1, i + 1 + HORIZON).reduce((a, b) => a + b, 0) / Math.sqrt(HORIZON);
  }
  const ts = Float64Array.from({ length: COUNT }, (_, i) => i * BAR);
  const rows: TrainingRows = {
    count: COUNT,
    width: 2,
    names: ['walk', 'clock'],
    x,
    label: Uint8Array.from(ahead, r => (r < -0.4 ? 0 : r > 0.4 ? 2 : 1)),
    outcome: ahead.map(r => 0.01 * r),
    scale: new Float64Array(COUNT).fill(0.01),
    weight: new Float64Array(COUNT).fill(1),
    group: new Int32Array(COUNT),
    ts,
  };
  return { rows, maturedAt: ts.map(t => t + HORIZON * BAR) };
};

const pick = ({ width, names, x, ...rows }: TrainingRows, kept: ArrayLike<number>): TrainingRows => {
  const of = Array.from(kept);
  return {
    count: of.length,
    width,
    names,
    x: Float64Array.from(of.flatMap(i => Array.from(x.subarray(width * i, width * (i + 1))))),
    label: Uint8Array.from(of, i => rows.label[i]!),
    outcome: Float64Array.from(of, i => rows.outcome[i]!),
    scale: Float64Array.from(of, i => rows.scale[i]!),
    weight: Float64Array.from(of, i => rows.weight[i]!),
    group: Int32Array.from(of, i => rows.group[i]!),
    ts: Float64Array.from(of, i => rows.ts[i]!),
  };
};

const lossOn = (model: Forecaster, training: TrainingRows, test: TrainingRows): number => {
  const predict = model.predictor(model.fit(training, 1));
  const out = noForecast();
  let total = 0;
  for (let i = 0; i < test.count; i++) {
    predict(test.x, test.width * i, 0.01, out);
    total -= Math.log([out.down, out.flat, out.up][test.label[i]!]!);
  }
  return total / test.count;
};

/** Skill in log loss over climatology by world, each with blocks of `length` rows at random places; `train` says which rows may be learned from. */
const skills = (worlds: number, length: number, train: (start: number, end: number, world: World) => Int32Array | number[]): number[] =>
  Array.from({ length: worlds }, (_, seed) => {
    const drawn = world(seed);
    const place = random(`places/${seed}`);
    let [own, usual] = [0, 0];
    for (let block = 0; block < 3; block++) {
      const start = 150 + place.int(COUNT - 150 - length);
      const end = start + length;
      const training = pick(drawn.rows, train(start, end, drawn));
      const test = pick(
        drawn.rows,
        Array.from({ length }, (_each, k) => start + k),
      );
      own += lossOn(memoriser, training, test);
      usual += lossOn(climatology(), training, test);
    }
    return 1 - own / usual;
  });

/** Mean and how many standard errors it lies from 0. */
const meanAndScore = (values: readonly number[]): { readonly mean: number; readonly score: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (values.length - 1);
  return { mean, score: mean / Math.sqrt(variance / values.length) };
};

const everyRow = Array.from({ length: COUNT }, (_, i) => i);
const WORLDS = 40;

describe('outcomes that overlap, on pure noise, learned by heart', () => {
  test('show skill in blocks cut from the middle, and none once rows that share bars with a block are left out', () => {
    const leaky = meanAndScore(skills(WORLDS, 12, (start, end) => everyRow.filter(i => i < start || i >= end)));
    const clean = meanAndScore(
      skills(WORLDS, 12, (start, end, { rows, maturedAt }) =>
        everyRow.filter(i => maturedAt[i]! <= rows.ts[start]! || rows.ts[i]! >= maturedAt[end - 1]!),
      ),
    );
    expect(leaky.mean).toBeGreaterThan(0.05);
    expect(leaky.score).toBeGreaterThan(4);
    expect(Math.abs(clean.mean)).toBeLessThan(0.05);
    expect(Math.abs(clean.score)).toBeLessThan(3);
  });

  test('show skill on the next rows when all rows before them are learned from, and none with the purge', () => {
    const leaky = meanAndScore(skills(WORLDS, 4, start => everyRow.slice(0, start)));
    const clean = meanAndScore(skills(WORLDS, 4, (start, _end, { rows, maturedAt }) => purged({ maturedAt, at: rows.ts[start]! })));
    expect(leaky.mean).toBeGreaterThan(0.05);
    expect(leaky.score).toBeGreaterThan(4);
    expect(Math.abs(clean.mean)).toBeLessThan(0.05);
    expect(Math.abs(clean.score)).toBeLessThan(3);
  });
});
