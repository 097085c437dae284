import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/models/forecaster.js';
import { logisticRegression } from '../../../src/models/logistic.js';
import { fixedHorizon } from '../../../src/models/labels/fixed-horizon.js';
import { checkCompatible } from '../../../src/models/registry/compatibility.js';
import { identityDifferences } from '../../../src/models/registry/identity-differences.js';
import { recipeIdentity, type ForecastRecipe } from '../../../src/models/recipe.js';
import { tinyRecipe } from '../../arbitraries/forecasting-strategy.js';
import { versionOf } from './saved-models.js';

const trainedBy = (recipe: ForecastRecipe) => ({ ...versionOf(1, recipeIdentity(recipe) as Json), members: {} });

describe('saved models under a recipe', () => {
  it('fit the recipe that they were made by', () => {
    expect(checkCompatible(trainedBy(tinyRecipe()), tinyRecipe(), '1h')).toEqual([]);
  });

  it('fit another schedule or calibration, and it is said in what it differs', () => {
    const other = tinyRecipe({ training: { historyLimit: 500 }, calibration: { coverage: 0.8 } });
    expect(checkCompatible(trainedBy(tinyRecipe()), other, '1h').map(({ path }) => path)).toEqual([
      'calibration.coverage',
      'training.historyLimit',
    ]);
  });

  it.each([
    [
      'another label',
      tinyRecipe({ label: fixedHorizon({ horizon: 5, band: { kind: 'volatility', multiple: 0.3 } }) }),
      '1h',
      /label was .*\(4.*is .*\(5/,
    ],
    [
      'other options of a model',
      tinyRecipe({}, logisticRegression({ l2: 0.5 })),
      '1h',
      /models\.member\.options\.l2 was 0\.01, and is 0\.5/,
    ],
    ['other features', tinyRecipe({ features: { ...tinyRecipe().features, version: 2 } }), '1h', /features\.id/],
    ['another timeframe', tinyRecipe(), '4h', /forecast 1h bars, not 4h/],
  ])('do not fit %s', (_, recipe, timeframe, message) => {
    expect(() => checkCompatible(trainedBy(tinyRecipe()), recipe, timeframe)).toThrow(message);
  });
});

describe('differences of two recipes as data', () => {
  const data = fc.letrec<{ value: Json }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
      fc.array(fc.integer(), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')) as fc.Arbitrary<Json>,
    ),
  })).value;

  it('are none exactly when they are equal, and the same the other way round', () => {
    fc.assert(
      fc.property(data, data, (a, b) => {
        expect(identityDifferences(a, structuredClone(a))).toEqual([]);
        const differences = identityDifferences(a, b);
        const equal = fc.stringify(a) === fc.stringify(b);
        if (equal) expect(differences).toEqual([]);
        expect(identityDifferences(b, a)).toEqual(differences.map(({ path, left, right }) => ({ path, left: right, right: left })));
      }),
    );
  });

  it('name the path of each field, and one that only one has', () => {
    expect(identityDifferences({ a: { b: 1, c: [1, 2] }, d: null }, { a: { b: 2, c: [1, 2] }, e: 'x' })).toEqual([
      { path: 'a.b', left: 1, right: 2 },
      { path: 'd', left: null, right: undefined },
      { path: 'e', left: undefined, right: 'x' },
    ]);
  });
});
