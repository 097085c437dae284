import { describe, expect, test } from 'vitest';
import { drawdownOverlap } from '../../src/metrics/paired-drawdowns.js';
import { stormCorrelations } from '../../src/metrics/paired-storms.js';
import { random } from '../../src/random.js';

describe('drawdown overlap', () => {
  // By hand: equity 1.1, 0.99, 1.05, 1.2 and 0.9, 0.95, 1.0, 0.8.
  const first = Float64Array.of(1.1, 0.99, 1.05, 1.2).map((e, i) => e / (i === 0 ? 1 : [1.1, 0.99, 1.05, 1.2][i - 1]!) - 1);
  const second = Float64Array.of(0.9, 0.95, 1, 0.8).map((e, i) => e / (i === 0 ? 1 : [0.9, 0.95, 1, 0.8][i - 1]!) - 1);
  const overlap = drawdownOverlap(first, second);

  test('counts the days below a peak, of each and together', () => {
    // First: down on days 2 and 3. Second: on days 1, 2 and 4; day 3 is back at the peak but for rounding.
    expect(overlap.underWater.first).toBe(0.5);
    expect(overlap.underWater.ifUnrelated).toBe(overlap.underWater.first * overlap.underWater.second);
    // Deep: first below −5 % on day 2 (−10 %) only; second below −10 % on day 4 (−20 %) only.
    expect(overlap.deep).toEqual({ first: 0.25, second: 0.25, both: 0, ifUnrelated: 0.0625 });
  });

  test('says where one was when the other was lowest', () => {
    expect(overlap.secondAtFirstTrough).toBeCloseTo(-0.05, 12);
    expect(overlap.firstAtSecondTrough).toBe(0);
  });

  test('of a run and its mirror image leaves little to the halves', () => {
    const mirror = first.map(r => -r);
    expect(drawdownOverlap(first, mirror).halves).toBe(0);
    expect(drawdownOverlap(first, first).halves).toBeCloseTo(-0.1, 12);
  });
});

describe('correlation in calm and in storm', () => {
  test('tells a market whose runs fall together only when it is wild', () => {
    const draw = random(5);
    const days = 3000;
    const columns = [new Float64Array(days), new Float64Array(days)];
    for (let i = 0; i < days; i++) {
      const isWild = i % 300 >= 200;
      const [x, y] = [draw.normal(), draw.normal()];
      columns[0]![i] = (isWild ? 0.03 : 0.01) * x;
      columns[1]![i] = isWild ? 0.03 * (0.9 * x + Math.sqrt(1 - 0.81) * y) : 0.01 * y;
    }
    const { calm, stormy, all, calmPeriods, stormyPeriods } = stormCorrelations(columns);
    expect(stormy[1]).toBeGreaterThan(0.75);
    // About ten wild days in three hundred come before the weather is known to have turned; nine times as large, they count: 81 ÷ 280.
    expect(calm[1]).toBeLessThan(0.4);
    expect(all[0]).toBeCloseTo(1, 12);
    expect(calmPeriods + stormyPeriods).toBe(days - 20);
    expect(stormyPeriods / days).toBeCloseTo(1 / 3, 1);
  });

  test('does not rise by itself: of one law, calm and stormy correlate alike', () => {
    const draw = random(6);
    const days = 20_000;
    const x = Float64Array.from({ length: days }, () => draw.normal());
    const y = x.map(value => 0.5 * value + Math.sqrt(0.75) * draw.normal());
    const { calm, stormy } = stormCorrelations([x, y]);
    expect(calm[1]).toBeCloseTo(0.5, 1);
    expect(stormy[1]).toBeCloseTo(0.5, 1);
  });
});
