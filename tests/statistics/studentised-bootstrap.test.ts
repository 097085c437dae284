import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { random } from '../../src/random.js';
import { blockError } from '../../src/statistics/block-error.js';
import { movingBlockLength } from '../../src/statistics/block-length.js';
import type { FunctionOfMeans } from '../../src/statistics/function-of-means.js';
import { intervalBlockLength } from '../../src/statistics/interval-block-length.js';
import { lastingError } from '../../src/statistics/lasting-error.js';
import { mean } from '../../src/statistics/moments.js';
import { quantile } from '../../src/statistics/quantile.js';
import { studentisedBootstraps } from '../../src/statistics/studentised-bootstrap.js';

const noise = (n: number, seed: string, phi = 0): Float64Array => {
  const draw = random(seed);
  let x = 0;
  return Float64Array.from({ length: n }, () => (x = phi * x + draw.normal()));
};

const identity: FunctionOfMeans = {
  value: m => m[0]!,
  gradient: (_, out) => {
    out[0] = 1;
  },
};
const ratio: FunctionOfMeans = {
  value: m => m[0]! / m[1]!,
  gradient: (m, out) => {
    out[0] = 1 / m[1]!;
    out[1] = -m[0]! / (m[1]! * m[1]!);
  },
};

/** The error by weighted autocovariances round a circle: what overlapping blocks that wrap amount to. */
const circularError = (values: Float64Array, weight: (lag: number) => number): number => {
  const n = values.length;
  const centre = mean(values);
  let total = 0;
  for (let lag = -(n - 1); lag < n; lag++)
    for (let i = 0; i < n; i++) {
      const j = i + lag;
      if (weight(lag) !== 0) total += (weight(lag) * (values[i]! - centre) * (values[((j % n) + n) % n]! - centre)) / n;
    }
  return Math.sqrt(total / n);
};

describe('the standard error from blocks', () => {
  test('is that of the flat-top window over autocovariances round the circle, where memory adds to it', () => {
    const values = noise(120, 'memory', 0.7);
    const flatTop = (lag: number) => Math.max(0, Math.min(1, 2 * (1 - Math.abs(lag) / 12)));
    expect(blockError(values, 12)).toBeCloseTo(circularError(values, flatTop), 12);
  });
  test('is never less than what the whole blocks say', () => {
    const triangle = (lag: number) => Math.max(0, 1 - Math.abs(lag) / 8);
    for (let seed = 0; seed < 20; seed++) {
      const values = noise(64, `floor ${seed}`, -0.5);
      expect(blockError(values, 8)).toBeGreaterThanOrEqual(circularError(values, triangle) - 1e-12);
    }
  });
  test('of single values is the deviation ÷ √n', () => {
    const values = noise(50, 'single');
    const centre = mean(values);
    expect(blockError(values, 1)).toBeCloseTo(Math.sqrt(values.reduce((a, x) => a + (x - centre) ** 2, 0)) / 50, 12);
  });
  test('approaches the closed form 1 ÷ (1 − φ) ÷ √n of an AR(1) law', () => {
    expect(blockError(noise(100_000, 'long', 0.5), 200) / (2 / Math.sqrt(100_000))).toBeCloseTo(1, 1);
  });
});

describe('the standard error of what outlasts blocks', () => {
  test('comes nearer to the closed form 1 ÷ (1 − φ) ÷ √n where half a shock is left after 34 days', () => {
    const [n, block] = [2000, 90];
    const ratios = (error: typeof blockError) =>
      Array.from({ length: 20 }, (_, i) => (error(noise(n, `lasting ${i}`, 0.98), block) * Math.sqrt(n)) / 50);
    expect(mean(ratios(blockError))).toBeLessThan(0.85);
    expect(mean(ratios(lastingError))).toBeGreaterThan(0.88);
    expect(mean(ratios(lastingError))).toBeLessThan(1.1);
  });
  test('is S ÷ (1 − q) of the autocovariances, and never below that of blocks', () => {
    const values = noise(80, 'by hand', 0.9);
    const centre = mean(values);
    const error = blockError(values, 8);
    const at = (lag: number) => values.reduce((a, x, i) => a + (i < lag ? 0 : (x - centre) * (values[i - lag]! - centre)), 0) / 80;
    const [near, far] = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ].map(lags => lags.reduce((a, lag) => a + at(lag) + error * error, 0)) as [number, number];
    const expected = Math.sqrt((at(0) + (2 * near) / (1 - Math.min(0.75, Math.max(0, far / near)))) / 80);
    expect(lastingError(values, 8)).toBeCloseTo(Math.max(error, expected), 12);
    expect(lastingError(values, 8)).toBeGreaterThan(error);
    for (let i = 0; i < 20; i++) {
      const white = noise(64, `white ${i}`, -0.4);
      expect(lastingError(white, 8)).toBeGreaterThanOrEqual(blockError(white, 8));
    }
    expect(lastingError(values, 1)).toBe(blockError(values, 1));
  });
});

describe('studentised intervals', () => {
  test('are what resampling row by row gives: the quantile of |θ* − θ| ÷ its error from its own blocks', () => {
    const [n, block, samples] = [53, 6, 80];
    const columns = [noise(n, 'a', 0.4), noise(n, 'b').map(x => 5 + x)];
    const draws: number[][] = [];
    const { ratio: fast } = studentisedBootstraps(
      columns,
      { ratio },
      {
        samples,
        block,
        seed: 4,
        level: 0.9,
        onResample: starts => draws.push([...starts]),
      },
    );
    const estimate = mean(columns[0]!) / mean(columns[1]!);
    const ratios = draws.map(starts => {
      const blocks = starts.map((start, b) =>
        Array.from({ length: Math.min(block, n - b * block) }, (_, j) => columns.map(column => column[(start + j) % n]!)),
      );
      const rows = blocks.flat();
      expect(rows.length).toBe(n);
      const [x, y] = [0, 1].map(k => rows.reduce((a, row) => a + row[k]!, 0) / n) as [number, number];
      const moved = ([u = 0, v = 0]: number[]) => (u - x) / y - (x / (y * y)) * (v - y);
      const squares = blocks.map(rowsOf => rowsOf.reduce((a, row) => a + moved(row), 0) ** 2).reduce((a, s) => a + s, 0);
      return Math.abs(x / y - estimate) / (Math.sqrt(squares) / n);
    });
    const moves = columns[0]!.map((u, i) => u / mean(columns[1]!) - (estimate / mean(columns[1]!)) * columns[1]![i]!);
    const reach = quantile(ratios, 0.9) * blockError(moves, block);
    expect(fast.estimate).toBeCloseTo(estimate, 12);
    expect(fast.low).toBeCloseTo(estimate - reach, 9);
    expect(fast.high).toBeCloseTo(estimate + reach, 9);
  });
  test('of the mean move and stretch with the values', () => {
    const values = noise(100, 'affine');
    const of = (column: Float64Array) => studentisedBootstraps([column], { identity }, { samples: 60, block: 5, seed: 2 }).identity;
    const plain = of(values);
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (shift, scale) => {
        const { low, high, error } = of(values.map(x => shift + scale * x));
        expect(low).toBeCloseTo(shift + scale * plain.low, 6);
        expect(high).toBeCloseTo(shift + scale * plain.high, 6);
        expect(error / scale).toBeCloseTo(plain.error, 9);
      }),
      { numRuns: 20 },
    );
  });
  test('are the same whichever figures stand beside them, and differ by seed', () => {
    const columns = [noise(90, 'c'), noise(90, 'd').map(x => 9 + x)];
    const options = { samples: 40, block: 4, seed: 1 };
    const alone = studentisedBootstraps(columns, { ratio }, options).ratio;
    expect(studentisedBootstraps(columns, { identity, ratio }, options).ratio).toEqual(alone);
    expect(studentisedBootstraps(columns, { ratio }, { ...options, seed: 2 }).ratio.low).not.toBe(alone.low);
  });
  test('have no limits where nothing varies or the figure is not defined', () => {
    const flat = studentisedBootstraps([new Float64Array(30).fill(0.1)], { identity }, { samples: 20, block: 3, seed: 1 }).identity;
    expect([flat.estimate, flat.low, flat.high]).toEqual([0.1, NaN, NaN]);
  });
  test('refuse what they cannot do', () => {
    const run = (columns: Float64Array[], rest: object) => () =>
      studentisedBootstraps(columns, { identity }, { samples: 10, block: 2, seed: 1, ...rest });
    const two = [noise(9, 'e')];
    for (const bad of [run([], {}), run([noise(9, 'e'), noise(8, 'f')], {}), run(two, { samples: 0 }), run(two, { block: 1.5 })])
      expect(bad).toThrow(UserError);
    for (const bad of [run(two, { block: 10 }), run(two, { level: 95 })]) expect(bad).toThrow(UserError);
  });
});

describe('the block length of an interval', () => {
  test('is 2√n for values without memory, and leaves eight blocks', () => {
    expect(intervalBlockLength(noise(1024, 'white'))).toBe(64);
    expect(intervalBlockLength(noise(80, 'short', 0.9))).toBe(10);
    expect(intervalBlockLength(noise(4, 'tiny'))).toBe(1);
  });
  test('is longer where the values or their squares remember', () => {
    expect(intervalBlockLength(noise(2000, 'memory', 0.95))).toBeGreaterThan(100);
    const draw = random('sign');
    const wild = noise(2000, 'scale', 0.98).map(log => Math.exp(log / 4) * draw.normal());
    expect(movingBlockLength(wild)).toBeLessThan(20);
    expect(intervalBlockLength(wild)).toBeGreaterThan(100);
  });
});
