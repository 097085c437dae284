import { describe, expect, it } from 'vitest';
import { adwin } from '../../../src/models/drift/adwin.js';
import { random } from '../../../src/random.js';
import { coin, exponential, falseAlarms, found, normal, shifted } from './simulated-runs.js';

const make = () => adwin().create();

describe('ADWIN', () => {
  it('raises no more false alarms than it states', () => {
    const quiet = falseAlarms(make, normal, 200);
    expect(quiet.drift).toBeLessThanOrEqual(0.05);
    expect(quiet.warning).toBeLessThanOrEqual(0.1);
    expect(falseAlarms(make, exponential, 200).drift).toBeLessThanOrEqual(0.05);
    expect(falseAlarms(make, coin, 200).drift).toBeLessThanOrEqual(0.1);
  });

  it('finds shifts in the time it states', () => {
    expect(found(make, normal, shifted(normal, 1), 100, 100, 200)).toBeGreaterThanOrEqual(0.95);
    expect(found(make, normal, shifted(normal, -2), 100, 30, 200)).toBeGreaterThanOrEqual(0.95);
  });

  it('compares means at the split by the bound of its authors', () => {
    // 8 zeros and 8 ones: 16 observations lie in buckets of 4, 2 and 1 with a split in the middle; σ² is a quarter, the range 1, m is 4.
    const detector = adwin({ least: 16, side: 8, delta: 0.1, warningDelta: 0.2 }).create();
    for (let i = 0; i < 16; i++) detector.update(i < 8 ? 0 : 1);
    const log = Math.log((2 * Math.log(16)) / 0.1);
    expect(detector.statistic).toBeCloseTo(1 / (Math.sqrt((2 * 0.25 * log) / 4) + (2 * log) / (3 * 4)), 12);
  });

  it('stays at drift while the new law lasts, and recovers when the old one is back', () => {
    const draw = random('there and back');
    const detector = make();
    for (let i = 0; i < 150; i++) detector.update(draw.normal());
    const away = Array.from({ length: 200 }, () => detector.update(draw.normal() + 2));
    expect(away.indexOf('warning')).toBeLessThan(away.indexOf('drift'));
    expect(away.slice(40).every(level => level === 'drift')).toBe(true);
    const back = Array.from({ length: 200 }, () => detector.update(draw.normal()));
    expect(back.at(-1)).toBe('none');
  });

  it('forgets on reset', () => {
    const detector = make();
    const draw = random('again');
    const values = Array.from({ length: 300 }, (_, i) => draw.normal() + (i > 150 ? 3 : 0));
    const first = values.map(x => [detector.update(x), detector.statistic]);
    expect(first.some(([level]) => level === 'drift')).toBe(true);
    detector.reset();
    expect(values.map(x => [detector.update(x), detector.statistic])).toEqual(first);
  });

  it('has nothing to say of a constant or of what is no number', () => {
    const detector = make();
    for (let i = 0; i < 100; i++) expect(detector.update(i % 3 === 0 ? NaN : 2)).toBe('none');
  });

  it('refuses settings that cut nothing', () => {
    for (const wrong of [{ delta: 0 }, { delta: 0.7 }, { warningDelta: 1 }, { least: 5 }, { side: 0 }])
      expect(() => adwin(wrong)).toThrow(/is/);
  });
});
