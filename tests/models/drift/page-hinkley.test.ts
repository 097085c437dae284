import { describe, expect, it } from 'vitest';
import { pageHinkley } from '../../../src/models/drift/page-hinkley.js';
import { random } from '../../../src/random.js';
import { exponential, expectWarningFirstAndRecovery, falseAlarms, found, normal, shifted } from './simulated-runs.js';

const learned = () => pageHinkley().create();
const known = () => pageHinkley({ mean: 0 }).create();

describe('Page–Hinkley', () => {
  it('raises no more false alarms than it states', () => {
    for (const make of [learned, known]) {
      const { drift, warning } = falseAlarms(make, normal);
      expect(drift).toBeLessThanOrEqual(0.05);
      expect(warning).toBeLessThanOrEqual(0.3);
      expect(falseAlarms(make, exponential).drift).toBeLessThanOrEqual(0.12);
    }
  });

  it('finds a shift up or down in the time it states', () => {
    for (const by of [1, -1]) {
      expect(found(learned, normal, shifted(normal, by), 100, 60)).toBeGreaterThanOrEqual(0.9);
      expect(found(known, normal, shifted(normal, by), 15, 45)).toBeGreaterThanOrEqual(0.9);
    }
  });

  it('warns first, and recovers', () => expectWarningFirstAndRecovery(learned, 60));

  it('recovers from a drift of any length in the same time', () => {
    const ends = [200, 2000].map(length => {
      const detector = known();
      for (let i = 0; i < 20; i++) detector.update(i % 2 === 0 ? 1 : -1);
      for (let i = 0; i < length; i++) detector.update(3);
      let wait = 0;
      while (detector.update(0) !== 'none') wait++;
      return wait;
    });
    expect(ends[1]).toBe(ends[0]);
  });

  it('is the same for every unit and origin', () => {
    const draw = random('units');
    const [plain, other] = [learned(), learned()];
    for (let i = 0; i < 300; i++) {
      const x = draw.normal() + (i > 150 ? 0.7 : 0);
      expect(other.update(x * 1024 + 4096)).toBe(plain.update(x));
      expect(other.statistic).toBeCloseTo(plain.statistic, 8);
    }
  });

  it('sums deviations less the allowance, as Page did, when the scale is known', () => {
    // Alternating ±1 gives mean 0 and squares of 1, so the n-th observation is standardised by 1 and Student's t of n degrees.
    const detector = pageHinkley({ mean: 0, burnIn: 400 }).create();
    for (let i = 0; i < 400; i++) detector.update(i % 2 === 0 ? 1 : -1);
    let sum = 0;
    for (const x of [1.5, 0.2, 2, -0.4, 1.1]) {
      detector.update(x);
      sum = Math.max(0, sum + x - 0.5);
      expect(detector.statistic).toBeCloseTo(sum, 1);
    }
  });

  it('forgets on reset', () => {
    const detector = learned();
    const draw = random('again');
    const values = Array.from({ length: 200 }, (_, i) => draw.normal() + (i > 100 ? 2 : 0));
    const first = values.map(x => [detector.update(x), detector.statistic]);
    detector.reset();
    expect(values.map(x => [detector.update(x), detector.statistic])).toEqual(first);
  });

  it('takes any move of what never moved for a large one, and nothing for what is no number', () => {
    const detector = learned();
    for (let i = 0; i < 50; i++) expect(detector.update(7)).toBe('none');
    expect(detector.update(NaN)).toBe('none');
    expect(detector.statistic).toBe(0);
    detector.update(7.001);
    expect(detector.statistic).toBe(2.5);
  });

  it('refuses settings that watch nothing', () => {
    for (const wrong of [{ burnIn: 2 }, { allowance: 3 }, { threshold: 0 }, { warningShare: 1 }])
      expect(() => pageHinkley(wrong)).toThrow(/is/);
  });
});
