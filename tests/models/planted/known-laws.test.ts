import { describe, expect, test } from 'vitest';
import type { Forecaster } from '../../../src/models/forecaster.js';
import { gradientBoosting } from '../../../src/models/gradient-boosting.js';
import { logisticRegression } from '../../../src/models/logistic.js';
import { mlp } from '../../../src/models/mlp.js';
import { randomForest } from '../../../src/models/random-forest.js';
import { random } from '../../../src/random.js';
import {
  autoregressive,
  boundForNormalMean,
  boundForTwoDrifts,
  probabilitiesAround,
  switchingDrift,
  switchingMomentum,
} from './planted-laws.js';
import { skillOf } from './skill-of.js';

const MODELS: Readonly<Record<string, () => Forecaster>> = {
  logistic: () => logisticRegression(),
  boosting: () => gradientBoosting({ trees: 50, depth: 4, minLeaf: 50 }),
  forest: () => randomForest({ trees: 40, depth: 8, minLeaf: 40, featureFraction: 0.7 }),
  mlp: () => mlp({ hidden: [16], epochs: 8, batch: 128, learningRate: 0.01 }),
};

const LAWS = {
  'autoregressive returns': { law: autoregressive(0.6, 0.4), models: ['logistic', 'boosting', 'forest', 'mlp'] },
  'a drift that switches with a state': { law: switchingDrift(0.7, 0.4), models: ['logistic', 'boosting', 'forest', 'mlp'] },
  'momentum that switches with a state': { law: switchingMomentum(0.6, 0.4), models: ['boosting', 'forest', 'mlp'] },
} as const;

describe.each(Object.entries(LAWS))('of %s', (_, { law, models }) => {
  const training = law.rows(5000, 'training');
  const fresh = law.rows(5000, 'fresh');

  test.each(models)('%s finds seven tenths or more of what can be known, and no more than can be', async name => {
    const { estimate, low, high } = await skillOf(MODELS[name]!(), training, fresh, 1);
    expect(low).toBeGreaterThan(0);
    expect(estimate / law.bound).toBeGreaterThan(0.7);
    // Above the bound only by the luck of the sample.
    expect(estimate - (high - low)).toBeLessThan(law.bound);
  });
});

test('what is not linear stays hidden from logistic regression', async () => {
  const { law } = LAWS['momentum that switches with a state'];
  const { estimate } = await skillOf(logisticRegression(), law.rows(5000, 'training'), law.rows(5000, 'fresh'), 1);
  expect(Math.abs(estimate)).toBeLessThan(0.1 * law.bound);
});

describe('the bound', () => {
  test('is nothing where the mean says nothing, and grows with it', () => {
    expect(boundForNormalMean(0, 0.4)).toBeCloseTo(0, 9);
    expect(boundForTwoDrifts(0, 0.4)).toBeCloseTo(0, 9);
    for (const of of [boundForNormalMean, boundForTwoDrifts]) {
      const bounds = [0.2, 0.5, 1, 2, 5].map(s => of(s, 0.4));
      for (let k = 1; k < bounds.length; k++) expect(bounds[k]!).toBeGreaterThan(bounds[k - 1]!);
    }
  });

  test('is the mean gain of the true probabilities over the class shares on drawn outcomes', () => {
    const [sd, band, count] = [0.75, 0.4, 200_000];
    const draw = random('bound');
    const shares = [0, 0, 0];
    let own = 0;
    for (let i = 0; i < count; i++) {
      const mean = sd * draw.normal();
      const r = mean + draw.normal();
      const c = r < -band ? 0 : r > band ? 2 : 1;
      shares[c]!++;
      own -= Math.log(probabilitiesAround(mean, band)[c]!);
    }
    const usual = shares.reduce((h, n) => h - n * Math.log(n / count), 0);
    expect(1 - own / usual).toBeCloseTo(boundForNormalMean(sd, band), 2);
  });
});
