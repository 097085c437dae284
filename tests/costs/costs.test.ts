import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makerTaker, perOrder } from '../../src/costs/fees.js';
import { fundingPayment, roundHalfAway } from '../../src/costs/funding.js';
import { fixedBps, halfSpread, noSlippage, sqrtImpact } from '../../src/costs/slippage.js';

const basis = { price: 200, quantity: 5, high: 220, low: 200, volume: 20 };

describe('fees', () => {
  it('charge makers and takers their own fraction of notional; a negative rate is a rebate', () => {
    const fee = makerTaker({ maker: -0.0001, taker: 0.0005 });
    expect(fee({ notional: 1_000_000, liquidity: 'taker', first: true })).toBeCloseTo(500, 9);
    expect(fee({ notional: 1_000_000, liquidity: 'maker', first: false })).toBeCloseTo(-100, 9);
  });

  it('charge a fixed sum once an order, with its first fill, and the fraction with each', () => {
    const fee = perOrder({ fixed: 10, rate: 0.01 });
    expect(fee({ notional: 100e8, liquidity: 'taker', first: true })).toBe(11e8);
    expect(fee({ notional: 100e8, liquidity: 'maker', first: false })).toBe(1e8);
  });
});

describe('slippage', () => {
  it('is nothing, a share of the price, or half of the spread, whatever the size', () => {
    expect(noSlippage()(basis)).toBe(0);
    expect(fixedBps({ bps: 25 })(basis)).toBeCloseTo(0.5, 12);
    expect(halfSpread({ spreadBps: 50 })(basis)).toBeCloseTo(0.5, 12);
    expect(fixedBps({ bps: 25 })({ ...basis, quantity: 1e9 })).toBeCloseTo(0.5, 12);
  });

  it('by the square-root law is half the spread plus coefficient × range volatility × √(share of volume)', () => {
    // Parkinson: σ² = ln(high ÷ low)² ÷ (4 ln 2). A quarter of the volume gives √¼.
    const sigma = Math.sqrt((Math.log(220 / 200) * Math.log(220 / 200)) / (4 * Math.LN2));
    expect(sqrtImpact({ spreadBps: 10, coefficient: 0.8 })(basis)).toBeCloseTo(200 * (0.0005 + 0.8 * sigma * 0.5), 10);
  });

  it('by the square-root law doubles when the order is four times as large, and stops growing at the whole volume', () => {
    const impact = sqrtImpact({ spreadBps: 0, coefficient: 1 });
    const at = (quantity: number): number => impact({ ...basis, quantity });
    expect(at(4) / at(1)).toBeCloseTo(2, 12);
    expect(at(20)).toBe(at(2000));
  });

  it('by the square-root law counts an order as the whole bar where there is no volume, and a still bar as riskless', () => {
    const impact = sqrtImpact({ spreadBps: 10, coefficient: 1 });
    const whole = impact({ ...basis, quantity: 20 });
    expect(impact({ ...basis, volume: NaN })).toBe(whole);
    expect(impact({ ...basis, volume: 0 })).toBe(whole);
    expect(impact({ ...basis, high: 200 })).toBeCloseTo(200 * 0.0005, 12);
    expect(impact({ ...basis, high: NaN })).toBeCloseTo(200 * 0.0005, 12);
    expect(impact({ ...basis, high: NaN, low: NaN })).toBeCloseTo(200 * 0.0005, 12);
  });

  it('never moves a price in favour of the order', () => {
    const models = [noSlippage(), fixedBps({ bps: 3 }), halfSpread({ spreadBps: 2 }), sqrtImpact({ spreadBps: 1, coefficient: 1 })];
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, positive, (price, quantity, volume, range) => {
        for (const model of models) expect(model({ price, quantity, volume, high: price + range, low: price })).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('funding', () => {
  it('is paid by longs to shorts when the rate is positive, and the other way when it is negative', () => {
    expect(fundingPayment(20_000e8, 0.0001)).toBe(-2e8);
    expect(fundingPayment(-20_000e8, 0.0001)).toBe(2e8);
    expect(fundingPayment(20_000e8, -0.0003)).toBe(6e8);
    expect(fundingPayment(-20_000e8, -0.0003)).toBe(-6e8);
  });

  it('takes from one side what it gives to the other, to the last digit, half away from zero', () => {
    expect([fundingPayment(3, 0.5), fundingPayment(-3, 0.5), fundingPayment(1, 0.25)].map(x => x + 0)).toEqual([-2, 2, 0]);
    expect([roundHalfAway(2.5), roundHalfAway(-2.5), roundHalfAway(-2.4), roundHalfAway(1.5)]).toEqual([3, -3, -2, 2]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e15 }), fc.double({ min: -0.03, max: 0.03, noNaN: true }), (notional, rate) => {
        expect(fundingPayment(notional, rate) + fundingPayment(-notional, rate)).toBe(0);
      }),
    );
  });
});
