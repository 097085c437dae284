import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { independentRows } from '../../../src/models/scores/independent-rows.js';
import { overlapWidening } from '../../../src/models/scores/overlap-widening.js';
import { skillOver } from '../../../src/models/scores/skill.js';
import { random } from '../../../src/random.js';

const of = (...values: number[]) => Float64Array.from(values);

/** Losses of two forecasters that are equally good, on outcomes that span `horizon` bars, of symbols that move together. */
const equals = (seed: string, moments: number, horizon: number, symbols: number) => {
  const draw = random(seed);
  const steps = Float64Array.from({ length: moments + horizon }, () => draw.normal());
  const ts: number[] = [];
  const [losses, baseline]: [number[], number[]] = [[], []];
  for (let i = 0; i < moments; i++) {
    const move = steps.subarray(i, i + horizon).reduce((a, b) => a + b) / Math.sqrt(horizon);
    for (let s = 0; s < symbols; s++) {
      ts.push(i);
      losses.push(1 + 0.05 * move + 0.01 * draw.normal());
      baseline.push(1 - 0.05 * move + 0.01 * draw.normal());
    }
  }
  return { ts: Float64Array.from(ts), losses: Float64Array.from(losses), baseline: Float64Array.from(baseline) };
};

/** Share of 95 % intervals that leave 0 out between equals. */
const falsely = (moments: number, horizon: number, symbols: number, seeds: number) => {
  let found = 0;
  for (let s = 0; s < seeds; s++) {
    const { ts, ...equal } = equals(`equals-${s}`, moments, horizon, symbols);
    const { equal: skill } = skillOver({ equal }, { ts, horizon, seed: s, samples: 200 });
    if (skill.low > 0 || skill.high < 0) found++;
  }
  return found / seeds;
};

describe('skill', () => {
  test('is 1 − mean loss ÷ mean loss of the baseline, on rows that both spoke on', () => {
    const pair = { losses: of(1, 2, 3, NaN, 100), baseline: of(4, 4, 4, 100, NaN) };
    const { x } = skillOver({ x: pair }, { ts: of(1, 2, 3, 4, 5), horizon: 1, seed: 1 });
    expect(x.estimate).toBeCloseTo(0.5, 12);
    expect(x.rows).toBe(3);
    expect(x.low).toBeLessThanOrEqual(0.5);
    expect(x.high).toBeGreaterThanOrEqual(0.5);
  });
  test('of equals is found about as often as the level says, for one bar and one symbol', () => {
    expect(falsely(300, 1, 1, 120)).toBeLessThan(0.1);
  });
  test('of equals is not found more often when horizons overlap and symbols move together', () => {
    const share = falsely(300, 8, 2, 120);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.11);
  });
  test('is found where there is some', () => {
    const { ts, losses, baseline } = equals('better', 500, 4, 1);
    const { better, worse } = skillOver(
      { better: { losses: losses.map(l => l - 0.1), baseline }, worse: { losses: losses.map(l => l + 0.1), baseline } },
      { ts, horizon: 4, seed: 1 },
    );
    expect(better.low).toBeGreaterThan(0);
    expect(worse.high).toBeLessThan(0);
  });
  test('has an interval that does not narrow when every symbol says the same', () => {
    const { ts, losses, baseline } = equals('copies', 200, 1, 1);
    const twice = (column: Float64Array) => Float64Array.from(column.length === 0 ? [] : [...column].flatMap(v => [v, v]));
    const one = skillOver({ x: { losses, baseline } }, { ts, horizon: 1, seed: 1 }).x;
    const two = skillOver({ x: { losses: twice(losses), baseline: twice(baseline) } }, { ts: twice(ts), horizon: 1, seed: 1 }).x;
    expect(two.low).toBeCloseTo(one.low, 10);
    expect(two.high).toBeCloseTo(one.high, 10);
  });
  test('is the same for the same seed, and for scores that stand beside their equals', () => {
    const { ts, ...x } = equals('seed', 100, 3, 1);
    const options = { ts, horizon: 3, seed: 'a' };
    expect(skillOver({ x }, options)).toEqual(skillOver({ x }, options));
    expect(skillOver({ x, y: x }, options).x).toEqual(skillOver({ x }, options).x);
    expect(skillOver({ x }, { ...options, seed: 'b' }).x.low).not.toBe(skillOver({ x }, options).x.low);
  });
  test('draws blocks of twice the horizon at least', () => {
    const { ts, ...x } = equals('block', 400, 1, 1);
    expect(skillOver({ x }, { ts, horizon: 24, seed: 1 }).x.meanBlock).toBe(48);
  });
  test('needs two moments', () => {
    const x = { losses: of(1, 1, NaN), baseline: of(1, 1, 1) };
    expect(() => skillOver({ x }, { ts: of(1, 1, 2), horizon: 1, seed: 1 })).toThrow(UserError);
  });
});

describe('the widening for overlap', () => {
  test('is next to nothing for a long history of single bars', () => {
    expect(overlapWidening({ moments: 100_000, horizon: 1, meanBlock: 2, level: 0.95 })).toBeCloseTo(1, 3);
  });
  test('is that of Student for few blocks', () => {
    // 2.2281 and 2.0860 at 97.5 % of 10 and 20 degrees, over 1.95996; horizon and centring as worked out for single bars.
    for (const [blocks, t] of [
      [10, 2.2281],
      [20, 2.086],
    ] as const) {
      const centring = Math.sqrt(1 - (2 * 5 - 1) / (blocks * 5));
      expect(overlapWidening({ moments: blocks * 5, horizon: 1, meanBlock: 5, level: 0.95 }) * centring).toBeCloseTo(t / 1.959964, 3);
    }
  });
  test('gives back the share of the variance that blocks cut, as the bootstrap itself shows it', () => {
    // ∫ (1 − x) e^(−x/2) over [0, 1], twice: 8 e^(−1/2) − 4 = 0.852 for blocks of two long horizons.
    const widening = overlapWidening({ moments: 1e7, horizon: 400, meanBlock: 800, level: 0.95 });
    expect(widening).toBeCloseTo(1 / Math.sqrt(8 * Math.exp(-0.5) - 4), 2);
  });
});

describe('rows that do not overlap', () => {
  test('are one a span, of the symbols in turn', () => {
    const ts = of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4);
    expect([
      ...independentRows(
        ts,
        ts.map(t => t + 2),
        ts,
      ),
    ]).toEqual([0, 5, 8]);
  });
  test('begin no sooner than the last one ended, and leave out what is not known', () => {
    const draw = random('spans');
    const ts = Float64Array.from({ length: 300 }, (_, i) => Math.floor(i / 3));
    const maturedAt = ts.map(t => (draw.next() < 0.1 ? NaN : t + 1 + draw.int(6)));
    const known = ts.map(() => (draw.next() < 0.3 ? NaN : 1));
    const rows = independentRows(ts, maturedAt, known);
    expect(rows.length).toBeGreaterThan(10);
    rows.forEach((row, k) => {
      expect(maturedAt[row]! + known[row]!).not.toBeNaN();
      if (k > 0) expect(ts[row]).toBeGreaterThanOrEqual(maturedAt[rows[k - 1]!]!);
    });
  });
});
