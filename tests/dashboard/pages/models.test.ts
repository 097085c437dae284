import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialBand, calibrationError, reliabilityRows } from '../../../src/dashboard/web/models/reliability.js';
import { scoreRows, skillWord } from '../../../src/dashboard/web/models/score-pivot.js';

describe('the reliability diagram', () => {
  it('draws an interval that holds the share, lies in 0 to 1, and narrows with more forecasts', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (p, n) => {
        const { low, high } = binomialBand(p, n);
        const wider = binomialBand(p, Math.max(1, Math.floor(n / 4)));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(p + 1e-9);
        expect(high).toBeGreaterThanOrEqual(p - 1e-9);
        expect(high - low).toBeLessThanOrEqual(wider.high - wider.low + 1e-9);
      }),
    );
  });

  it('gives Wilson’s interval: 10 of 20 is 29.9 % to 70.1 %', () => {
    const { low, high } = binomialBand(0.5, 20);
    expect(low).toBeCloseTo(0.2993, 4);
    expect(high).toBeCloseTo(0.7007, 4);
  });

  it('says how far off forecasts are on average, each as often as it was made', () => {
    const bins = [
      { model: 'm', bin: 0, forecast: 0.1, observed: 0.2, n: 30 },
      { model: 'm', bin: 1, forecast: 0.9, observed: 0.9, n: 10 },
    ];
    expect(calibrationError(bins)).toBeCloseTo(0.075, 12);
    expect(calibrationError([])).toBeNull();
  });

  it('shows only the model that is looked at, and no bin without forecasts', () => {
    const bins = [
      { model: 'a', bin: 1, forecast: 0.6, observed: 0.5, n: 5 },
      { model: 'a', bin: 0, forecast: 0.4, observed: 0.5, n: 5 },
      { model: 'a', bin: 2, forecast: 0.8, observed: 0, n: 0 },
      { model: 'b', bin: 0, forecast: 0.1, observed: 0.1, n: 5 },
    ];
    expect(reliabilityRows(bins, 'a').map(({ forecast }) => forecast)).toEqual([0.4, 0.6]);
  });
});

describe('the table of scores', () => {
  const metric = (model: string, name: string, value: number | null, reason: string | null = null) => ({
    model,
    metric: name,
    value,
    low: null,
    high: null,
    n: 100,
    reason,
  });

  it('has a row for each model in the order in which they come', () => {
    const rows = scoreRows([
      metric('ensemble', 'logLoss', 0.68),
      metric('forest', 'logLoss', 0.7),
      metric('ensemble', 'auc', null, 'one class'),
    ]);
    expect(rows.map(({ model }) => model)).toEqual(['ensemble', 'forest']);
    expect(rows[0]?.scores.get('auc')?.reason).toBe('one class');
    expect(rows[1]?.scores.get('auc')).toBeUndefined();
    expect(rows[0]?.n).toBe(100);
  });

  it('calls a skill better or worse only where its whole interval is on one side of zero', () => {
    expect(skillWord({ low: 0.001, high: 0.02 })).toBe('better');
    expect(skillWord({ low: -0.03, high: -0.001 })).toBe('worse');
    expect(skillWord({ low: -0.01, high: 0.02 })).toBe('unclear');
    expect(skillWord({ low: null, high: null })).toBe('unclear');
  });
});
