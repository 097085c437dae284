import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { climatology } from '../../src/models/climatology.js';
import { noForecast } from '../../src/models/forecast.js';
import { forecasterContract } from '../contracts/forecaster.js';
import { plantedRows } from '../contracts/planted-rows.js';

forecasterContract('climatology', () => climatology(), { featureless: true });

describe('climatology', () => {
  const rows = {
    ...plantedRows({ count: 4 }),
    label: Uint8Array.of(0, 2, 2, 2),
    outcome: Float64Array.of(-0.02, 0.01, 0.03, 0.02),
    scale: Float64Array.of(0.01, 0.01, 0.01, 0.02),
    weight: Float64Array.of(1, 1, 0.5, 1.5),
  };

  test('is the weighted shares with one row of each class added', () => {
    const out = noForecast();
    climatology().predictor(climatology().fit(rows, 1))(new Float64Array(5), 0, 0.02, out);
    expect(out.down).toBeCloseTo((1 + 1) / 7, 14);
    expect(out.flat).toBeCloseTo((0 + 1) / 7, 14);
    expect(out.up).toBeCloseTo((3 + 1) / 7, 14);
    // Standardised outcomes: −2 | 1, 3, 1 with weights 1, 0.5, 1.5. Flat never came and gets the mean and variance of all: 1 × −2 + 1 + 1.5 + 1.5 = 2, ÷ 4.
    const mean = (2 * -2 + 1 * 0.5 + 4 * (4 / 3)) / 7;
    expect(out.mean).toBeCloseTo(mean * 0.02, 14);
    const squareOfAll = (4 + 1 + 4.5 + 1.5) / 4;
    const second = (2 * 4 + 1 * squareOfAll + 4 * (7 / 3)) / 7;
    expect(out.sd).toBeCloseTo(Math.sqrt(second - mean * mean) * 0.02, 14);
  });
  test('calls nothing impossible that it has not seen, and less so the less it saw', () => {
    const up = { ...rows, label: new Uint8Array(4).fill(2) };
    const out = noForecast();
    climatology({ smoothing: 0.5 }).predictor(climatology({ smoothing: 0.5 }).fit(up, 1))(new Float64Array(5), 0, 0.02, out);
    expect(out.down).toBeCloseTo(0.5 / 5.5, 14);
  });
  test('refuses a smoothing that would call the unseen impossible, and checkpoints of others', () => {
    expect(() => climatology({ smoothing: 0 })).toThrow(UserError);
    expect(() => climatology().predictor({ kind: 'logistic', version: 1, width: 5, body: {} })).toThrow(UserError);
  });
});
