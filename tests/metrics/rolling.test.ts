import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { rollingSharpe, rollingVolatility } from '../../src/metrics/rolling.js';
import { sharpeRatio } from '../../src/metrics/sharpe.js';
import { annualVolatility } from '../../src/metrics/volatility.js';
import { flat } from './sample-track.js';

const returns = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { maxLength: 60 });
const close = (a: number, b: number) => (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

describe('rolling metrics', () => {
  test('are those of each window by itself', () => {
    fc.assert(
      fc.property(returns, fc.integer({ min: 2, max: 20 }), (rs, window) => {
        const sharpes = rollingSharpe(rs, window, 365);
        const volatilities = rollingVolatility(rs, window, 365);
        expect([sharpes.length, volatilities.length]).toEqual([rs.length, rs.length]);
        rs.forEach((_, i) => {
          const slice = i + 1 < window ? [] : rs.slice(i + 1 - window, i + 1);
          // Next to the bound below which deviation counts as rounding, the two may fall on different sides.
          if (annualVolatility(slice, 1) < 1e-12 && slice.some(r => r !== slice[0])) return;
          expect(sharpes[i]!).toSatisfy((s: number) => close(s, sharpeRatio(slice, 365)));
          expect(volatilities[i]!).toSatisfy((v: number) => close(v, annualVolatility(slice, 365)));
        });
      }),
      { numRuns: 300 },
    );
  });
  test('see no volatility where there is none, after a storm too', () => {
    const rs = [0.5, -0.4, 0.3, ...flat(20, 0.01)];
    expect(
      rollingVolatility(rs, 4, 365)
        .slice(6)
        .every(v => v === 0),
    ).toBe(true);
    expect(rollingSharpe(rs, 4, 365).slice(6).every(Number.isNaN)).toBe(true);
  });
  test('take time in proportion to the returns, not to the window', () => {
    const rs = new Float64Array(200_000).map((_, i) => ((i * 7919) % 1000) / 1e5 - 0.005);
    const began = performance.now();
    rollingSharpe(rs, 50_000, 365);
    // 10 billion steps if each window were summed afresh: more than ten seconds.
    expect(performance.now() - began).toBeLessThan(2000);
  });
  test('refuse a window that is none', () => expect(() => rollingSharpe([1, 2], 1, 365)).toThrow(UserError));
});
