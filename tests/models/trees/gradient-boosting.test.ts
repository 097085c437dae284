import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { climatology } from '../../../src/models/climatology.js';
import type { Forecaster } from '../../../src/models/forecaster.js';
import { boostingShapValues, gradientBoosting } from '../../../src/models/gradient-boosting.js';
import { randomForest } from '../../../src/models/random-forest.js';
import { forecasterContract, forecastsOf } from '../../contracts/forecaster.js';
import { plantedRows } from '../../contracts/planted-rows.js';

const small = { trees: 25, depth: 4, learningRate: 0.15 };

forecasterContract('gradient boosting', () => gradientBoosting(small), { stopAfter: 7 });
forecasterContract(
  'gradient boosting with everything switched on',
  () =>
    gradientBoosting({
      ...small,
      maxLeaves: 6,
      subsample: 0.7,
      featureFraction: 0.8,
      bins: 32,
      minGain: 0.1,
      monotone: { 'feature 0': 1 },
      earlyStopping: { fraction: 0.2, rounds: 10, gap: 4 },
    }),
  { stopAfter: 3 },
);

/** Mean fall of the log loss below climatology's on later rows, in standard errors of that mean. */
const skillOf = (forecaster: Forecaster, strength: number, seed: string): number => {
  const rows = plantedRows({ count: 2400, width: 6, strength, seed });
  const cut = 1600;
  const part = (from: number, to: number) => ({
    ...rows,
    count: to - from,
    x: rows.x.slice(from * 6, to * 6),
    label: rows.label.slice(from, to),
    outcome: rows.outcome.slice(from, to),
    scale: rows.scale.slice(from, to),
    weight: rows.weight.slice(from, to),
    group: rows.group.slice(from, to),
    ts: rows.ts.slice(from, to),
  });
  const [train, later] = [part(0, cut), part(cut, 2400)];
  const losses = (model: Forecaster) =>
    forecastsOf(model, model.fit(train, 1), later).map(
      ({ row, forecast: { down, flat, up } }) => -Math.log([down, flat, up][later.label[row]!]!),
    );
  const own = losses(forecaster);
  const gains = losses(climatology()).map((loss, i) => loss - own[i]!);
  const mean = gains.reduce((a, b) => a + b, 0) / gains.length;
  const variance = gains.reduce((a, b) => a + (b - mean) * (b - mean), 0) / (gains.length - 1);
  return mean / Math.sqrt(variance / gains.length);
};

describe.each([
  ['gradientBoosting', gradientBoosting({ trees: 20, depth: 3, minLeaf: 40 })],
  ['randomForest', randomForest({ trees: 25, depth: 6 })],
])('%s on later rows', (_, forecaster) => {
  test('shows no skill where there is nothing but noise', () => {
    for (const seed of ['n1', 'n2', 'n3']) expect(skillOf(forecaster, 0, seed)).toBeLessThan(2);
  });
  test('shows it where there is a signal, even a weak one', () => {
    expect(skillOf(forecaster, 0.7, 's1')).toBeGreaterThan(5);
    expect(skillOf(forecaster, 0.3, 's2')).toBeGreaterThan(2);
  });
});

describe('gradientBoosting', () => {
  const rows = plantedRows({ count: 500, width: 3 });
  const forecaster = gradientBoosting(small);
  const checkpoint = forecaster.fit(rows, 1);
  test('explains the log-odds: the softmax of the sums is what it forecasts', () => {
    for (const { row, forecast } of forecastsOf(forecaster, checkpoint, rows).slice(0, 40)) {
      const shap = boostingShapValues(checkpoint, rows.x, row * 3);
      expect(shap.length).toBe(12);
      const odds = [0, 1, 2].map(c => Math.exp(shap.subarray(c * 4, c * 4 + 4).reduce((a, b) => a + b, 0)));
      const sum = odds[0]! + odds[1]! + odds[2]!;
      expect(odds[0]! / sum).toBeCloseTo(forecast.down, 10);
      expect(odds[2]! / sum).toBeCloseTo(forecast.up, 10);
    }
  });
  test('has other bytes for another seed only where it draws', () => {
    const draws = gradientBoosting({ ...small, subsample: 0.5 });
    expect(JSON.stringify(forecaster.fit(rows, 2))).toBe(JSON.stringify(checkpoint));
    expect(JSON.stringify(draws.fit(rows, 2))).not.toBe(JSON.stringify(draws.fit(rows, 1)));
  });
  test('weighs rows: a row of weight 2 is two rows', () => {
    const twice = plantedRows({ count: 300, width: 3, groups: 1 });
    const weight = Float64Array.from(twice.weight, (_, i) => (i % 3 === 0 ? 2 : 1));
    const order = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? [i, i] : [i])).flat();
    const copies = {
      ...twice,
      count: order.length,
      x: Float64Array.from(order.flatMap(i => [...twice.x.subarray(i * 3, i * 3 + 3)])),
      label: Uint8Array.from(order, i => twice.label[i]!),
      outcome: Float64Array.from(order, i => twice.outcome[i]!),
      scale: Float64Array.from(order, i => twice.scale[i]!),
      weight: new Float64Array(order.length).fill(1),
      group: new Int32Array(order.length),
      ts: Float64Array.from(order, i => twice.ts[i]!),
    };
    // Leaves by rows would differ, and so would quantile bins.
    const model = gradientBoosting({ ...small, trees: 5, minLeaf: 1, depth: 3, bins: 255 });
    const discrete = (x: Float64Array) => x.map(v => Math.round(4 * v) / 4);
    const a = forecastsOf(model, model.fit({ ...twice, x: discrete(twice.x), weight }, 1), twice);
    const b = forecastsOf(model, model.fit({ ...copies, x: discrete(copies.x) }, 1), twice);
    a.forEach(({ forecast }, i) => expect(forecast.up).toBeCloseTo(b[i]!.forecast.up, 6));
  });
  test('refuses the checkpoint of another forecaster, or of other features', () => {
    const other = randomForest({ trees: 2 }).fit(rows, 1);
    expect(() => forecaster.predictor(other)).toThrow(UserError);
    expect(() => boostingShapValues(other, rows.x, 0)).toThrow(UserError);
    expect(() => forecaster.fit(plantedRows({ count: 500, width: 4 }), 1, { resume: checkpoint })).toThrow(UserError);
  });
  test('refuses rows of too many features', () => {
    expect(() => forecaster.fit(plantedRows({ count: 40, width: 1024 }), 1)).toThrow(UserError);
  });
});
