import { beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { climatology } from '../../../src/models/climatology.js';
import type { Checkpoint, Forecaster } from '../../../src/models/forecaster.js';
import { gru } from '../../../src/models/gru.js';
import { lstm } from '../../../src/models/lstm.js';
import { mixtureDensity } from '../../../src/models/mixture-density.js';
import { mlp, type MlpOptions } from '../../../src/models/mlp.js';
import { random } from '../../../src/random.js';
import { forecasterContract, forecastsOf, logLossOf } from '../../contracts/forecaster.js';
import { plantedRows, type PlantedOptions } from '../../contracts/planted-rows.js';

forecasterContract(
  'mlp with dropout and early stopping',
  () => mlp({ epochs: 8, batch: 64, hidden: [8], learningRate: 0.02, dropout: 0.2, earlyStopping: { share: 0.2, gap: 6, patience: 2 } }),
  { stopAfter: 3 },
);

const baselineLoss = (options: PlantedOptions): number => {
  const baseline = climatology();
  const unseen = plantedRows({ ...options, seed: 'unseen' });
  return logLossOf(forecastsOf(baseline, baseline.fit(plantedRows(options), 1), unseen), unseen);
};
const lossOf = (model: Forecaster, checkpoint: Checkpoint, options: PlantedOptions): number => {
  const unseen = plantedRows({ ...options, seed: 'unseen' });
  return logLossOf(forecastsOf(model, checkpoint, unseen), unseen);
};

beforeAll(() => mlp().prepare?.());

describe('a network that remembers', () => {
  const lagged: PlantedOptions = { count: 900, width: 3, lag: 2, strength: 0.8, groups: 2 };

  test.each([
    ['LSTM', lstm],
    ['GRU', gru],
  ])('learns what a bar said two bars ago: %s', async (_name, make) => {
    const model = make({ lookback: 4, units: 8, epochs: 20, batch: 64, learningRate: 0.03 });
    await model.prepare?.();
    expect(lossOf(model, model.fit(plantedRows(lagged), 1), lagged)).toBeLessThan(baselineLoss(lagged) - 0.1);
  });

  test('does what one that sees the newest bar alone cannot', () => {
    const model = mlp({ hidden: [8], epochs: 10, batch: 64 });
    return Promise.resolve(model.prepare?.()).then(() =>
      expect(lossOf(model, model.fit(plantedRows(lagged), 1), lagged)).toBeGreaterThan(baselineLoss(lagged) - 0.02),
    );
  });
});

describe('a perceptron', () => {
  const prepared = async (options: MlpOptions): Promise<Forecaster> => {
    const model = mlp({ hidden: [8], epochs: 4, batch: 64, learningRate: 0.02, ...options });
    await model.prepare?.();
    return model;
  };

  test('stops when the watched windows get no better, and predicts with the weights that were best for them', async () => {
    // Nothing to learn: what is learned is noise, and the watched loss rises soon.
    const noise = plantedRows({ count: 300, width: 20, strength: 0 });
    const earlyStopping = { share: 0.3, gap: 4, patience: 3 };
    const model = await prepared({ epochs: 200, learningRate: 0.05, weightDecay: 0, earlyStopping });
    const checkpoint = model.fit(noise, 1);
    const { epoch, bestEpoch, bestLoss } = checkpoint.body as { epoch: number; bestEpoch: number; bestLoss: number };
    expect(epoch).toBe(bestEpoch + 3);
    expect(epoch).toBeLessThan(200);
    const watched = forecastsOf(model, checkpoint, noise).slice(-90);
    let [loss, weights] = [0, 0];
    for (const { row, forecast } of watched) {
      loss -= noise.weight[row]! * Math.log([forecast.down, forecast.flat, forecast.up][noise.label[row]!]!);
      weights += noise.weight[row]!;
    }
    expect(loss / weights).toBeCloseTo(bestLoss, 10);
  });

  test('learns nothing from the watched windows, nor from those of the gap before them', async () => {
    const rows = plantedRows({ count: 400 });
    const model = await prepared({ epochs: 1, earlyStopping: { share: 0.25, gap: 20, patience: 1 } });
    const weightsOf = (outcome: typeof rows): unknown => model.fit(outcome, 1).body['gradientMean'];
    // Features of rows from 280 on: they reach the network by no other way than as examples.
    const changed = (from: number, to: number): typeof rows => ({
      ...rows,
      x: rows.x.map((v, k) => (k >= from * 5 && k < to * 5 ? -v : v)),
    });
    expect(weightsOf(changed(280, 400))).toBe(weightsOf(rows));
    expect(weightsOf(changed(279, 280))).not.toBe(weightsOf(rows));
  });

  test('learns from the latest rows only when there are more than it may', async () => {
    const rows = plantedRows({ count: 500 });
    const model = await prepared({ maxRows: 200 });
    const early = { ...rows, x: rows.x.map((v, k) => (k < 300 * 5 ? -v : v)) };
    expect(model.fit(early, 1).body['weights']).toBe(model.fit(rows, 1).body['weights']);
  });

  test('begins from the weights of an earlier model, and is better after one epoch for it', async () => {
    const options: PlantedOptions = { count: 600 };
    const earlier = (await prepared({ epochs: 15 })).fit(plantedRows({ ...options, seed: 'earlier' }), 1);
    const model = await prepared({ epochs: 1 });
    const warm = model.fit(plantedRows(options), 1, { warmStart: earlier });
    expect(lossOf(model, warm, options)).toBeLessThan(lossOf(model, model.fit(plantedRows(options), 1), options) - 0.02);
    expect(warm.body['epoch']).toBe(1);
  });

  test('ends between steps when its fit is aborted half-way', async () => {
    const model = await prepared({ epochs: 50 });
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = (done: number): void => {
      told.push(done);
      if (done === 2) controller.abort(new Error('enough'));
    };
    expect(() => model.fit(plantedRows(), 1, { signal: controller.signal, onProgress })).toThrow('enough');
    expect(told).toEqual([1, 2]);
  });

  test('says so when training diverges', async () => {
    const rows = plantedRows({ count: 100 });
    const model = await prepared({});
    const huge = { ...rows, x: rows.x.map(() => Infinity) };
    expect(() => model.fit(huge, 1)).toThrow(/diverged/);
  });

  test('refuses options out of range', () => {
    const wrong: MlpOptions[] = [
      { hidden: [] },
      { hidden: [0] },
      { epochs: 0 },
      { batch: 1.5 },
      { learningRate: 0 },
      { weightDecay: -1 },
      { clipNorm: 0 },
      { dropout: 1 },
      { maxRows: 0 },
      { earlyStopping: { share: 1, gap: 0, patience: 1 } },
      { earlyStopping: { share: 0.2, gap: -1, patience: 1 } },
      { earlyStopping: { share: 0.2, gap: 0, patience: 0 } },
    ];
    for (const options of wrong) expect(() => mlp(options)).toThrow(UserError);
    expect(() => lstm({ lookback: 0 })).toThrow(UserError);
    expect(() => gru({ units: 0 })).toThrow(UserError);
    expect(() => mixtureDensity({ components: 0 })).toThrow(UserError);
  });
});

describe('a mixture density network', () => {
  test('expects a wider outcome where a feature says so, the class probabilities notwithstanding', async () => {
    // Feature 0 doubles or halves the spread of an outcome without direction.
    const draw = random('spread');
    const base = plantedRows({ count: 1200, width: 2, strength: 0 });
    const wide = Uint8Array.from({ length: 1200 }, () => draw.int(2));
    const x = base.x.map((v, k) => (k % 2 === 0 ? 2 * wide[k / 2]! - 1 : v));
    const outcome = base.scale.map((s, i) => s * draw.normal() * (wide[i] === 1 ? 2 : 0.5));
    const model = mixtureDensity({ hidden: [8], epochs: 20, batch: 64, learningRate: 0.02 });
    await model.prepare?.();
    const rows = { ...base, x, outcome };
    const forecasts = forecastsOf(model, model.fit(rows, 1), rows);
    const meanSd = (of: number): number => {
      const chosen = forecasts.filter(({ row }) => wide[row] === of);
      return chosen.reduce((sum, { row, forecast }) => sum + forecast.sd / rows.scale[row]!, 0) / chosen.length;
    };
    expect(meanSd(1)).toBeGreaterThan(1.6);
    expect(meanSd(1)).toBeLessThan(2.4);
    expect(meanSd(0)).toBeGreaterThan(0.4);
    expect(meanSd(0)).toBeLessThan(0.75);
  });
});
