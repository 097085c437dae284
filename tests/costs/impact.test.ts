import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { almgrenChriss, expectedCostBps, permanentImpact, temporaryImpact } from '../../src/costs/almgren-chriss.js';
import { fittedImpact } from '../../src/costs/fitted-impact.js';
import { sqrtImpact } from '../../src/costs/slippage.js';
import { volatilitySlippage } from '../../src/costs/volatility-slippage.js';

const basis = { price: 200, quantity: 5, high: 220, low: 200, volume: 20 };
const SIGMA = Math.sqrt((Math.log(220 / 200) * Math.log(220 / 200)) / (4 * Math.LN2));

describe('slippage by volatility', () => {
  it('is half the spread and a multiple of the bar’s volatility, whatever the size', () => {
    const model = volatilitySlippage({ spreadBps: 10, multiple: 0.2 });
    expect(model(basis)).toBeCloseTo(200 * (0.0005 + 0.2 * SIGMA), 10);
    expect(model({ ...basis, quantity: 1e9 })).toBe(model(basis));
    expect(model({ ...basis, high: 200 })).toBeCloseTo(200 * 0.0005, 12);
  });
});

describe('Almgren–Chriss impact', () => {
  /** Table 3 of Almgren et al. (2005): 10 % of a day's volume, in a tenth, a fifth and half of the day. σ in bp a day; shares in millions. */
  const published = [
    { name: 'IBM', sigma: 157, volume: 6.561, outstanding: 1728, permanent: 20, temporary: [22, 15, 8], total: [32, 25, 18] },
    { name: 'DRI', sigma: 226, volume: 1.929, outstanding: 168, permanent: 22, temporary: [32, 21, 12], total: [43, 32, 23] },
  ];
  it.each(published)('gives the published costs of $name', ({ sigma, volume, outstanding, permanent, temporary, total }) => {
    // The published permanent part carries (shares outstanding ÷ volume)^¼, which is a constant of the stock.
    const gamma = 0.314 * Math.sqrt(Math.sqrt(outstanding / volume));
    const stays = 10_000 * permanentImpact({ permanent: gamma }, sigma / 10_000, 0.1);
    expect(Math.round(stays)).toBe(permanent);
    [0.1, 0.2, 0.5].forEach((days, i) => {
      const gone = 10_000 * temporaryImpact({ temporary: 0.142 }, sigma / 10_000, 0.1 / days);
      expect(Math.round(gone)).toBe(temporary[i]);
      expect(Math.abs(gone + stays / 2 - total[i]!)).toBeLessThan(1);
    });
  });

  it('charges half the spread, the temporary part and half of the permanent part', () => {
    const model = { spreadBps: 10, temporary: 0.3, exponent: 0.5, permanent: 0.4 };
    expect(almgrenChriss(model)(basis)).toBeCloseTo(200 * (0.0005 + 0.3 * SIGMA * 0.5 + 0.2 * SIGMA * 0.25), 10);
    expect(expectedCostBps(model, SIGMA, 0.25)).toBeCloseTo((10_000 * almgrenChriss(model)(basis)) / 200, 9);
  });

  it('is the square-root law with exponent one half and without a permanent part', () => {
    const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (quantity, volume, range) => {
        const at = { price: 50, quantity, volume, low: 40, high: 40 + range };
        const root = sqrtImpact({ spreadBps: 3, coefficient: 0.7 })(at);
        expect(almgrenChriss({ spreadBps: 3, temporary: 0.7, exponent: 0.5, permanent: 0 })(at)).toBeCloseTo(root, 12);
        expect(fittedImpact({ spreadBps: 3, coefficient: 0.7, exponent: 0.5 })(at)).toBe(root);
      }),
    );
  });

  it('of whatever model is never in favour of the order, nor smaller for a larger one', () => {
    const models = [
      volatilitySlippage({ spreadBps: 1, multiple: 0.5 }),
      almgrenChriss({ spreadBps: 1, temporary: 0.142, permanent: 0.314 }),
      fittedImpact({ spreadBps: 1, coefficient: 0.8, exponent: 0.4 }),
    ];
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.oneof(positive, fc.constant(NaN), fc.constant(0)), positive, (price, quantity, volume, range) => {
        const at = { price, quantity, volume, low: price, high: price + range };
        for (const model of models) {
          expect(model(at)).toBeGreaterThanOrEqual(0);
          expect(model({ ...at, quantity: 2 * quantity })).toBeGreaterThanOrEqual(model(at));
        }
      }),
    );
  });
});
