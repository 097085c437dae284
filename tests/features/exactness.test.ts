import { describe, expect, it } from 'vitest';
import { random } from '../../src/random.js';
import { highest } from '../../src/features/price/highest.js';
import { linearRegressionSlope } from '../../src/features/trend/linear-regression.js';
import { sma } from '../../src/features/trend/sma.js';
import { bollinger } from '../../src/features/volatility/bollinger.js';
import { standardDeviation } from '../../src/features/volatility/standard-deviation.js';
import { obv } from '../../src/features/volume/obv.js';
import { vwap } from '../../src/features/volume/vwap.js';
import { chunkOf, valuesOf } from './bar-series.js';

const ramp = (rows: number, at: (i: number) => number): number[] => Array.from({ length: rows }, (_, i) => at(i));

describe('worked by hand', () => {
  const close = [10, 11, 13, 12, 16];
  it('a mean of three', () => expect(valuesOf(sma(3), { close })).toEqual([NaN, NaN, 34 / 3, 12, 41 / 3]));
  it('a highest of two', () => expect(valuesOf(highest(2), { close })).toEqual([NaN, 11, 13, 13, 16]));
  it('a slope of three', () => expect(valuesOf(linearRegressionSlope(3), { close })).toEqual([NaN, NaN, 1.5, 0.5, 1.5]));
  it('a band of two: the deviation of two values is half their distance', () => {
    expect(valuesOf(bollinger(2, 2), { close }, 'upper')).toEqual([NaN, 11.5, 14, 13.5, 18]);
    expect(valuesOf(bollinger(2, 2), { close }, 'percentB')).toEqual([NaN, 0.75, 0.75, 0.25, 0.75]);
  });
  it('on-balance volume', () => expect(valuesOf(obv(), { close, volume: [5, 1, 2, 4, 8] })).toEqual([0, 1, 3, -1, 7]));
  it('a session starts at midnight UTC', () => {
    const hours = ramp(26, i => i + 1);
    const values = valuesOf(vwap({ source: 'close' }), { close: hours }, undefined, '1h');
    expect(values.slice(22)).toEqual([12, 12.5, 25, 25.5]);
  });
});

describe('windows do not drift', () => {
  it('a mean after a million bars is as good as after twenty', () => {
    const draw = random('drift');
    const rows = 1_000_000;
    const close = ramp(rows, () => 1e5 * draw.next() + 1e-3);
    const ours = valuesOf(sma(20), { close });
    for (let i = rows - 500; i < rows; i++) {
      const exact = close.slice(i - 19, i + 1).reduce((a, b) => a + b, 0) / 20;
      expect(Math.abs((ours[i] ?? NaN) / exact - 1)).toBeLessThan(1e-14);
    }
  });

  it('a huge value leaves nothing behind, wherever in the window it came', () => {
    const clean = ramp(200, i => 1 + (i % 7) / 8);
    for (const feature of [sma(20), standardDeviation(20), linearRegressionSlope(20)]) {
      const expected = valuesOf(feature, { close: clean });
      for (let at = 40; at < 80; at++) {
        const ours = valuesOf(feature, { close: clean.map((x, i) => (i === at ? 1e17 : x)) });
        for (let i = at + 20; i < 200; i++) expect(Math.abs((ours[i] ?? NaN) - (expected[i] ?? NaN))).toBeLessThan(1e-13);
      }
    }
  });

  it('a constant has no deviation and no slope, exactly', () => {
    const close = ramp(500, () => 65432.1);
    expect(
      valuesOf(standardDeviation(20), { close })
        .slice(19)
        .every(x => x === 0),
    ).toBe(true);
    expect(
      valuesOf(linearRegressionSlope(20), { close })
        .slice(19)
        .every(x => x === 0),
    ).toBe(true);
  });

  it('a small deviation on a large price keeps its digits', () => {
    const close = ramp(400, i => 1e9 + (i % 2));
    for (const value of valuesOf(standardDeviation(20), { close }).slice(19)) expect(value).toBeCloseTo(0.5, 12);
  });

  it('on-balance volume of a million bars is a whole number of tenths', () => {
    const rows = 1_000_001;
    const ours = valuesOf(obv(), chunkOf({ close: ramp(rows, i => i), volume: ramp(rows, () => 0.1) }));
    expect(ours.at(-1)).toBe(100_000);
  });
});
