import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { probabilityOfOverfitting } from '../../../src/experiments/overfitting/pbo.js';
import { sharpeRatio } from '../../../src/metrics/sharpe.js';
import { random } from '../../../src/random.js';

const noise = (configurations: number, rows: number, seed: number | string, drift = (_c: number) => 0): Float64Array[] => {
  const draw = random(seed);
  return Array.from({ length: configurations }, (_, c) => Float64Array.from({ length: rows }, () => drift(c) + draw.normal()));
};

/** CSCV as the paper words it: cut the rows, glue the halves, sort. The highest bit is the first block, so that falling masks are in lexicographic order. */
const slowLogits = (matrix: readonly Float64Array[], blocks: number): number[] => {
  const size = Math.floor(matrix[0]!.length / blocks);
  const from = matrix[0]!.length - size * blocks;
  const rowsOf = (mask: number, column: Float64Array) =>
    [...column].filter((_, i) => i >= from && (mask >> (blocks - 1 - Math.floor((i - from) / size))) & 1);
  const logits: number[] = [];
  for (let mask = (1 << blocks) - 1; mask > 0; mask--) {
    if (mask.toString(2).replaceAll('0', '').length !== blocks / 2) continue;
    const train = matrix.map(column => sharpeRatio(rowsOf(mask, column), 1));
    const test = matrix.map(column => sharpeRatio(rowsOf(~mask, column), 1));
    const chosen = test[train.indexOf(Math.max(...train))]!;
    const rank = test.toSorted((a, b) => a - b).indexOf(chosen) + 1;
    const w = rank / (matrix.length + 1);
    logits.push(Math.log(w / (1 - w)));
  }
  return logits;
};

describe('the probability of backtest overfitting', () => {
  test('agrees with the procedure written out row by row, rows left over at the front dropped', () => {
    const matrix = noise(7, 50, 'slow');
    const { logits, rows, combinations } = probabilityOfOverfitting(matrix, 6);
    expect([rows, combinations]).toEqual([48, 20]);
    expect([...logits]).toEqual(slowLogits(matrix, 6));
  });
  test('keeps its digits where returns are large beside their spread', () => {
    // Sums of squares subtracted would leave nothing of a spread of 1e-6 at a mean of 1000.
    const draw = random('large');
    const matrix = Array.from({ length: 3 }, () => Float64Array.from({ length: 40 }, () => 1000 + 1e-6 * draw.normal()));
    const { inSample } = probabilityOfOverfitting(matrix, 4);
    const firstHalf = Math.max(...matrix.map(column => sharpeRatio(column.subarray(0, 20), 1)));
    expect(Math.abs(inSample[0]! / firstHalf - 1)).toBeLessThan(1e-6);
    const flat = [new Float64Array(40).fill(0.1), Float64Array.from({ length: 40 }, () => draw.normal())];
    expect(probabilityOfOverfitting(flat, 4).inSample.every(sharpe => sharpe === Infinity)).toBe(true);
  });
  test('never chooses a configuration without a Sharpe ratio', () => {
    const [good, other] = noise(2, 40, 'undefined', () => 1);
    const { inSample, logits } = probabilityOfOverfitting([new Float64Array(40).fill(NaN), good!, other!], 4);
    expect(inSample.every(sharpe => sharpe > -1)).toBe(true);
    expect(Math.min(...logits)).toBeGreaterThanOrEqual(0);
  });
  test('is high for pure noise and near 0 where one configuration is truly better', () => {
    const average = (drift?: (c: number) => number) => {
      let total = 0;
      for (let i = 0; i < 20; i++) total += probabilityOfOverfitting(noise(10, 400, `noise-${i}`, drift), 8).pbo / 20;
      return total;
    };
    expect(average()).toBeGreaterThan(0.4);
    expect(average(c => (c === 3 ? 0.5 : 0))).toBeLessThan(0.01);
  });
  test('is 1 where the best of one half is always the worst of the other', () => {
    // Each configuration wins in one block and loses steadily elsewhere.
    const matrix = Array.from({ length: 4 }, (_, c) =>
      Float64Array.from({ length: 40 }, (_, t) => (Math.floor(t / 10) === c ? 10 : -1) + 0.01 * (t % 2)),
    );
    const { pbo, probabilityOfLoss, slope } = probabilityOfOverfitting(matrix, 4);
    expect([pbo, probabilityOfLoss]).toEqual([1, 1]);
    expect(slope).not.toBeGreaterThan(0);
  });
  test('takes a configuration that did nothing as Sharpe ratio 0, and ties share their rank', () => {
    const idle = [new Float64Array(40), new Float64Array(40), new Float64Array(40)];
    const { logits, pbo, probabilityOfLoss } = probabilityOfOverfitting(idle, 4);
    expect([...logits]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([pbo, probabilityOfLoss]).toEqual([1, 0]);
  });
  test('chooses the first of configurations that look the same in sample', () => {
    const first = Float64Array.of(0.01, 0.03, 0.01, 0.02);
    const second = Float64Array.of(0.01, 0.03, 0.02, 0.01).map((r, i) => (i > 1 ? -r : r));
    const { outOfSample } = probabilityOfOverfitting([first, second], 2);
    expect(outOfSample[0]).toBeCloseTo(sharpeRatio([0.01, 0.02], 1), 12);
  });
  test('does 16 blocks of 100 configurations over 2,000 days in little time', () => {
    const matrix = noise(100, 2000, 1);
    // Processor time: the machine may be busy with other tests.
    const began = process.cpuUsage();
    expect(probabilityOfOverfitting(matrix).combinations).toBe(12_870);
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
  });
  test('refuses what cannot be cross-validated', () => {
    const attempt = (matrix: Float64Array[], blocks?: number) => () => probabilityOfOverfitting(matrix, blocks);
    for (const bad of [
      attempt([]),
      attempt(noise(1, 100, 1)),
      attempt(noise(2, 100, 1), 5),
      attempt(noise(2, 20, 1), 16),
      attempt(noise(2, 100, 1), 26),
    ])
      expect(bad).toThrow(UserError);
    expect(attempt([new Float64Array(50), new Float64Array(51)])).toThrow('different length');
  });
});

const FILE = '../shared/expected/overfitting_psr_dsr_pbo.json';
const MATRIX = '../shared/expected/pbo_matrix_sp500_sma.csv';
describe.skipIf(!existsSync(FILE) || !existsSync(MATRIX))(
  `PBO of twelve rules on the S&P 500, by two other implementations (${FILE})`,
  () => {
    const present = existsSync(FILE) && existsSync(MATRIX);
    const results = present
      ? (JSON.parse(readFileSync(FILE, 'utf8')) as { pbo_example: { results: ({ S: number } & Record<string, number>)[] } }).pbo_example
          .results
      : [];
    const rows = present
      ? readFileSync(MATRIX, 'utf8')
          .trim()
          .split('\n')
          .slice(1)
          .map(line => line.split(',').slice(1).map(Number))
      : [];
    const matrix = (rows[0] ?? []).map((_, c) => Float64Array.from(rows, row => row[c]!));
    test.each(results)('with $S blocks', expected => {
      const found = probabilityOfOverfitting(matrix, expected.S);
      expect(found.combinations).toBe(expected['combinations']);
      expect(found.pbo).toBeCloseTo(expected['pbo_logit_le_0']!, 12);
      expect(found.probabilityOfLoss).toBeCloseTo(expected['prob_oos_loss']!, 12);
      expect(found.slope).toBeCloseTo(expected['slope']!, 10);
      expect(found.intercept).toBeCloseTo(expected['intercept']!, 11);
      const sorted = found.logits.toSorted();
      const half = sorted.length / 2;
      expect((sorted[half - 1]! + sorted[half]!) / 2).toBeCloseTo(expected['median_logit']!, 12);
      expect(sorted.reduce((a, b) => a + b, 0) / sorted.length).toBeCloseTo(expected['mean_logit']!, 11);
    });
  },
);
