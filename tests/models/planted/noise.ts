import { climatology } from '../../../src/models/climatology.js';
import type { Forecaster } from '../../../src/models/forecaster.js';
import { gradientBoosting } from '../../../src/models/gradient-boosting.js';
import { gru } from '../../../src/models/gru.js';
import { logisticRegression } from '../../../src/models/logistic.js';
import { lstm } from '../../../src/models/lstm.js';
import { mixtureDensity } from '../../../src/models/mixture-density.js';
import { mlp } from '../../../src/models/mlp.js';
import { randomForest } from '../../../src/models/random-forest.js';
import { logLosses } from '../../../src/models/scores/log-loss.js';
import { skillOver } from '../../../src/models/scores/skill.js';
import type { TrainingRows } from '../../../src/models/training-rows.js';
import { random } from '../../../src/random.js';
import { probabilitiesAround } from './planted-laws.js';
import { probabilitiesOf } from './skill-of.js';

/** Bars ahead of an outcome: neighbours share three of four. */
const HORIZON = 4;
/** In standard deviations of the outcome. */
const BAND = 0.4;
const ROWS = 2000;

/** Nominal shares, of an interval at 95 %. */
export const NOMINAL = { above: 0.025, missed: 0.05 } as const;

/** Models tried, by name, with the seeds of a soak. Small enough that hundreds of fits take minutes, free enough to learn noise. */
export const TRIED: Readonly<Record<string, { readonly make: () => Forecaster; readonly seeds: number }>> = {
  logistic: { make: () => logisticRegression({ l1: 0, l2: 0 }), seeds: 200 },
  boosting: { make: () => gradientBoosting({ trees: 20, depth: 3 }), seeds: 200 },
  forest: { make: () => randomForest({ trees: 20, depth: 6 }), seeds: 200 },
  mlp: { make: () => mlp({ hidden: [8], epochs: 3 }), seeds: 20 },
  'mixture-density': { make: () => mixtureDensity({ hidden: [8], components: 2, epochs: 3 }), seeds: 20 },
  lstm: { make: () => lstm({ lookback: 4, units: 4, epochs: 2 }), seeds: 20 },
  gru: { make: () => gru({ lookback: 4, units: 4, epochs: 2 }), seeds: 20 },
};

/** Returns that nothing foretells: features are the last three of them and four columns of noise, outcomes the sum of the next four. */
const noiseRows = (count: number, seed: string): TrainingRows => {
  const draw = random(`noise/${seed}`);
  const returns = Float64Array.from({ length: count + 3 + HORIZON }, () => draw.normal());
  const ahead = Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < HORIZON; k++) sum += returns[i + 3 + k]!;
    return sum / Math.sqrt(HORIZON);
  });
  const width = 7;
  return {
    count,
    width,
    names: Array.from({ length: width }, (_, j) => `feature ${j}`),
    x: Float64Array.from({ length: count * width }, (_, k) => {
      const j = k % width;
      return j < 3 ? returns[Math.floor(k / width) + 2 - j]! : draw.normal();
    }),
    label: Uint8Array.from(ahead, r => (r < -BAND ? 0 : r > BAND ? 2 : 1)),
    outcome: ahead.map(r => 0.01 * r),
    scale: new Float64Array(count).fill(0.01),
    weight: new Float64Array(count).fill(1),
    group: new Int32Array(count),
    ts: Float64Array.from({ length: count }, (_, i) => i * 3_600_000),
  };
};

const slice = (rows: TrainingRows, from: number, to: number): TrainingRows => ({
  ...rows,
  count: to - from,
  x: rows.x.slice(from * rows.width, to * rows.width),
  label: rows.label.slice(from, to),
  outcome: rows.outcome.slice(from, to),
  scale: rows.scale.slice(from, to),
  weight: rows.weight.slice(from, to),
  group: rows.group.slice(from, to),
  ts: rows.ts.slice(from, to),
});

/** Loss that forecasts have on average where outcomes come as the law says, whatever was forecast. */
const expectedLoss = (said: Float64Array): number => {
  const law = probabilitiesAround(0, BAND);
  let [sum, n] = [0, 0];
  for (let i = 0; i < said.length; i += 3) {
    if (!(said[i]! >= 0)) continue;
    for (let c = 0; c < 3; c++) sum -= law[c]! * Math.log(said[i + c]!);
    n++;
  }
  return sum / n;
};

/** What one world of noise showed. */
export interface NoiseTrial {
  readonly estimate: number;
  /** The interval of the skill lies above 0: a discovery of nothing. */
  readonly above: boolean;
  /** The interval does not hold the skill that the trained model really has, which is below 0. */
  readonly missed: boolean;
}

/** Trains on the first half of a world, leaves out a horizon, and looks at the skill interval on the rest. */
export const noiseTrial = (model: Forecaster, seed: number): NoiseTrial => {
  const rows = noiseRows(ROWS, String(seed));
  const training = slice(rows, 0, ROWS / 2 - HORIZON);
  const fresh = slice(rows, ROWS / 2, ROWS);
  const more = noiseRows(4000, `more ${seed}`);
  const outcome = Float64Array.from(fresh.label);
  const [own, usual] = [model, climatology()].map(of => {
    const [here, everywhere] = probabilitiesOf(of, training, [fresh, more], seed);
    return { losses: logLosses(here!, outcome), expected: expectedLoss(everywhere!) };
  });
  const pair = { losses: own!.losses, baseline: usual!.losses };
  const { estimate, low, high } = skillOver({ pair }, { ts: fresh.ts, horizon: HORIZON, seed }).pair;
  const truth = 1 - own!.expected / usual!.expected;
  return { estimate, above: low > 0, missed: truth < low || truth > high };
};

/** Most successes of `n` trials at the nominal share that chance explains: more come with a probability below 1 in 1,000, by the binomial law. */
export const mostByChance = (n: number, share: number): number => {
  let term = Math.exp(n * Math.log(1 - share));
  let below = 0;
  for (let k = 0; ; k++) {
    below += term;
    if (1 - below < 0.001) return k;
    term *= ((n - k) * share) / ((k + 1) * (1 - share));
  }
};

/** What many worlds showed of one model. */
export interface NoiseCount {
  readonly model: string;
  readonly seeds: number;
  readonly meanSkill: number;
  readonly above: number;
  readonly mostAbove: number;
  readonly missed: number;
  readonly mostMissed: number;
}

/** Tries one model in so many worlds. */
export const countNoise = async (model: string, seeds: number): Promise<NoiseCount> => {
  const { make } = TRIED[model]!;
  const forecaster = make();
  await forecaster.prepare?.();
  const trials = Array.from({ length: seeds }, (_, seed) => noiseTrial(forecaster, seed));
  const count = (of: (trial: NoiseTrial) => boolean): number => trials.filter(of).length;
  return {
    model,
    seeds,
    meanSkill: trials.reduce((sum, { estimate }) => sum + estimate, 0) / seeds,
    above: count(({ above }) => above),
    mostAbove: mostByChance(seeds, NOMINAL.above),
    missed: count(({ missed }) => missed),
    mostMissed: mostByChance(seeds, NOMINAL.missed),
  };
};
