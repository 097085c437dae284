import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { climatology } from '../../src/models/climatology.js';
import { noForecast, type Forecast } from '../../src/models/forecast.js';
import type { Checkpoint, Forecaster } from '../../src/models/forecaster.js';
import type { TrainingRows } from '../../src/models/training-rows.js';
import { plantedRows } from './planted-rows.js';

/** What differs between forecasters. */
export interface ForecasterContractOptions {
  /** Training rows; 1200 when left out. */
  readonly rows?: number;
  /** Features in a row; 5 when left out. */
  readonly width?: number;
  /** Steps after which to stop and resume; left out where the algorithm cannot. */
  readonly stopAfter?: number;
  /** Looks at no feature: it is not asked to learn and may learn from one class. */
  readonly featureless?: boolean;
}

/** The rows' windows of `lookback` as a predictor wants them, for the rows that have one. */
export const windowsOf = (
  { count, width, x, group }: TrainingRows,
  lookback: number,
): { readonly row: number; readonly x: Float64Array }[] => {
  const history = new Map<number, number[]>();
  const windows: { row: number; x: Float64Array }[] = [];
  for (let i = 0; i < count; i++) {
    const past = history.get(group[i]!) ?? [];
    history.set(group[i]!, past);
    past.push(i);
    if (past.length < lookback) continue;
    const window = new Float64Array(lookback * width);
    past.slice(-lookback).forEach((row, t) => window.set(x.subarray(row * width, (row + 1) * width), t * width));
    windows.push({ row: i, x: window });
  }
  return windows;
};

/** Forecasts of every row that has a window. */
export const forecastsOf = (forecaster: Forecaster, checkpoint: Checkpoint, rows: TrainingRows): { row: number; forecast: Forecast }[] => {
  const predict = forecaster.predictor(checkpoint);
  return windowsOf(rows, forecaster.lookback).map(({ row, x }) => {
    const forecast = noForecast();
    predict(x, 0, rows.scale[row]!, forecast);
    return { row, forecast };
  });
};

/** Mean log loss of forecasts of rows. */
export const logLossOf = (forecasts: readonly { row: number; forecast: Forecast }[], { label }: TrainingRows): number =>
  forecasts.reduce((sum, { row, forecast: { down, flat, up } }) => sum - Math.log([down, flat, up][label[row]!]!), 0) / forecasts.length;

const throughJson = (checkpoint: Checkpoint): Checkpoint => JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;

/** What every forecaster promises, on rows of which the law is known. One line in the tests of each. */
export const forecasterContract = (
  name: string,
  make: () => Forecaster,
  { rows: count = 1200, width = 5, stopAfter, featureless = false }: ForecasterContractOptions = {},
): void => {
  describe(`${name} is a forecaster`, () => {
    const rows = plantedRows({ count, width, seed: 'train' });
    const forecaster = make();
    let checkpoint: Checkpoint;
    beforeAll(async () => {
      await forecaster.prepare?.();
      checkpoint = forecaster.fit(rows, 7);
    });

    test('has a name and options that JSON can hold, and says of what kind and width its checkpoint is', () => {
      expect(forecaster.kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(JSON.parse(JSON.stringify(forecaster.options))).toEqual(forecaster.options);
      expect(make().options).toEqual(forecaster.options);
      expect(forecaster.lookback).toBeGreaterThanOrEqual(1);
      expect(checkpoint).toMatchObject({ kind: forecaster.kind, width });
    });

    test('learns the same bytes from the same rows and seed, whatever it learned in between, and leaves the rows as they were', async () => {
      const before = structuredClone(rows);
      const other = make();
      await other.prepare?.();
      other.fit(plantedRows({ count, width, seed: 'other' }), 8);
      expect(JSON.stringify(other.fit(rows, 7))).toBe(JSON.stringify(checkpoint));
      expect(rows).toEqual(before);
    });

    test('predicts from a checkpoint that was written and read as from the one in memory', () => {
      const read = throughJson(checkpoint);
      expect(read).toEqual(checkpoint);
      expect(forecastsOf(make(), read, rows)).toEqual(forecastsOf(forecaster, checkpoint, rows));
    });

    test('gives probabilities that add up to 1, and a finite mean and positive deviation in units of the scale, whatever the features', () => {
      const predict = forecaster.predictor(checkpoint);
      const size = forecaster.lookback * width;
      const feature = fc.oneof(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.constant(NaN),
      );
      const out = noForecast();
      const twice = noForecast();
      fc.assert(
        fc.property(
          fc.array(feature, { minLength: size, maxLength: size }),
          fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
          fc.nat(3),
          (features, scale, offset) => {
            const x = new Float64Array(offset + size).fill(1e9);
            x.set(features, offset);
            const before = x.slice();
            predict(x, offset, scale, out);
            expect(x).toEqual(before);
            for (const p of [out.down, out.flat, out.up]) expect(p).toBeGreaterThanOrEqual(0);
            expect(Math.abs(out.down + out.flat + out.up - 1)).toBeLessThan(1e-12);
            expect(Number.isFinite(out.mean)).toBe(true);
            expect(out.sd).toBeGreaterThan(0);
            expect(out.sd).toBeLessThan(Infinity);
            predict(Float64Array.from(features), 0, 2 * scale, twice);
            expect([twice.down, twice.flat, twice.up]).toEqual([out.down, out.flat, out.up]);
            expect(Math.abs(twice.mean - 2 * out.mean)).toBeLessThanOrEqual(1e-12 * scale);
            expect(Math.abs(twice.sd / out.sd - 2)).toBeLessThan(1e-12);
          },
        ),
        { numRuns: 50 },
      );
    });

    test('learns from rows with missing features', () => {
      const holes = plantedRows({ count, width, missing: 0.2, seed: 'holes' });
      for (const { forecast } of forecastsOf(forecaster, forecaster.fit(holes, 1), holes))
        expect(Number.isFinite(forecast.down + forecast.flat + forecast.up + forecast.mean + forecast.sd)).toBe(true);
    });

    test('refuses rows that it cannot learn from', () => {
      expect(() => forecaster.fit(plantedRows({ count: 0, width }), 1)).toThrow(UserError);
      if (featureless) return;
      expect(() => forecaster.fit(plantedRows({ count: 5, width }), 1)).toThrow(UserError);
      expect(() => forecaster.fit({ ...rows, label: new Uint8Array(count).fill(2) }, 1)).toThrow(UserError);
    });

    test('stops when it is told to, with the reason, and tells how far it is', () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      controller.abort(reason);
      expect(() => forecaster.fit(rows, 1, { signal: controller.signal })).toThrow(reason);
      const told: [number, number][] = [];
      forecaster.fit(rows, 7, { onProgress: (done, total) => told.push([done, total]) });
      for (const [done, total] of told) expect(done).toBeLessThanOrEqual(total);
      expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b));
    });

    if (stopAfter !== undefined)
      test(`goes on after ${stopAfter} steps as if it had never stopped`, () => {
        const partial = throughJson(forecaster.fit(rows, 7, { stopAfter }));
        expect(JSON.stringify(partial)).not.toBe(JSON.stringify(checkpoint));
        expect(JSON.stringify(forecaster.fit(rows, 7, { resume: partial }))).toBe(JSON.stringify(checkpoint));
      });

    if (!featureless)
      test('finds a signal that is there: less log loss than the climatology on rows it has not seen', () => {
        const unseen = plantedRows({ count: 800, width, seed: 'unseen' });
        const baseline = climatology();
        const own = forecastsOf(forecaster, checkpoint, unseen);
        const reference = logLossOf(forecastsOf(baseline, baseline.fit(rows, 1), unseen), unseen);
        expect(logLossOf(own, unseen)).toBeLessThan(reference - 0.05);
        // What it expects goes with what came.
        const hits = own.filter(({ row, forecast }) => forecast.mean * unseen.outcome[row]! > 0).length;
        expect(hits / own.length).toBeGreaterThan(0.6);
      });

    if (forecaster.importance !== undefined)
      test('finds the feature that carries the signal the most important', () => {
        const importance = forecaster.importance?.(checkpoint, rows) ?? new Float64Array();
        expect(importance.length).toBe(width);
        for (const value of importance) expect(value).toBeGreaterThanOrEqual(0);
        expect(importance.indexOf(Math.max(...importance))).toBe(0);
      });
  });
};
