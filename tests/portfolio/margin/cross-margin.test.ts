import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossMargin, crossedMargin, type CrossHolding } from '../../../src/portfolio/margin/cross-margin.js';
import { liquidationPrice } from '../../../src/portfolio/margin/liquidation-price.js';
import { tierSchedule } from '../../../src/market/margin-tiers.js';
import { positions, slowMaintenance, slowNotional, slowProfit, type DrawnPosition } from './arbitrary-positions.js';

const FLAT = tierSchedule([{ floor: 0, rate: 0.01, maxLeverage: 50 }]);

const holding = (p: DrawnPosition, move: number): CrossHolding => ({ ...p, markPrice: p.entryPrice * move, leverage: 5 });
const held = fc.tuple(positions, fc.double({ min: 0.8, max: 1.25, noNaN: true })).map(([p, move]) => holding(p, move));

const slowEquity = (wallet: number, holdings: readonly CrossHolding[]): number =>
  holdings.reduce((sum, h) => sum + slowProfit(h.inverse, h.quantity, h.entryPrice, h.markPrice), wallet);
const slowNeeds = (holdings: readonly CrossHolding[]): number =>
  holdings.reduce((sum, h) => sum + slowMaintenance(h.tiers, slowNotional(h.inverse, h.quantity, h.markPrice)), 0);

describe('a crossed account', () => {
  it('with one position has the liquidation price of an isolated one with all of the equity as margin', () => {
    fc.assert(
      fc.property(positions, p => {
        const margin = p.cover * slowMaintenance(p.tiers, slowNotional(p.inverse, p.quantity, p.entryPrice));
        expect(liquidationPrice({ ...p, margin: crossedMargin(margin, []) })).toEqual(liquidationPrice({ ...p, margin }));
      }),
    );
  });

  it('with several has equity equal to the maintenance margin of all where one of them reaches its liquidation price', () => {
    let reached = 0;
    fc.assert(
      fc.property(fc.array(held, { minLength: 2, maxLength: 4 }), fc.double({ min: 1, max: 4, noNaN: true }), (holdings, cover) => {
        // A wallet that carries everything at the marks.
        const wallet = cover * slowNeeds(holdings) - slowEquity(0, holdings);
        const [moved, ...others] = holdings;
        if (!moved) return;
        const price = liquidationPrice({ ...moved, margin: crossedMargin(wallet, others) });
        if (Number.isNaN(price)) return;
        reached++;
        const then = [{ ...moved, markPrice: price }, ...others];
        const scale = Math.abs(wallet) + then.reduce((sum, h) => sum + slowNotional(h.inverse, h.quantity, h.markPrice), 0);
        expect(Math.abs(slowEquity(wallet, then) - slowNeeds(then)) / scale).toBeLessThan(1e-9);
        expect(moved.quantity > 0 ? price <= moved.markPrice * (1 + 1e-9) : price >= moved.markPrice * (1 - 1e-9)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(reached).toBeGreaterThan(150);
  });

  it('adds up equity, margins and what is free', () => {
    fc.assert(
      fc.property(fc.array(held, { maxLength: 5 }), fc.double({ min: 0, max: 1e5, noNaN: true }), (holdings, wallet) => {
        const { equity, maintenance, initial, available } = crossMargin(wallet, holdings);
        const scale = 1 + wallet + holdings.reduce((sum, h) => sum + slowNotional(h.inverse, h.quantity, h.markPrice), 0);
        expect(Math.abs(equity - slowEquity(wallet, holdings)) / scale).toBeLessThan(1e-12);
        expect(Math.abs(maintenance - slowNeeds(holdings)) / scale).toBeLessThan(1e-12);
        expect(available).toBe(equity - initial);
      }),
    );
  });

  it('asks maintenance margin of each leg of a hedge, whose profits offset each other', () => {
    const leg = { inverse: false, entryPrice: 100, markPrice: 130, tiers: FLAT, leverage: 10 };
    const { equity, maintenance, initial } = crossMargin(1000, [
      { ...leg, quantity: 3 },
      { ...leg, quantity: -2 },
    ]);
    expect(equity).toBeCloseTo(1000 + 1 * 30, 12);
    expect(maintenance).toBeCloseTo((3 + 2) * 130 * 0.01, 12);
    expect(initial).toBeCloseTo(((3 + 2) * 130) / 10, 12);
  });

  it('holds coins beside the perpetual: paid in full, without maintenance margin, counted at their collateral ratio', () => {
    const coins: CrossHolding = { inverse: false, quantity: 2, entryPrice: 100, markPrice: 150, tiers: [], leverage: 1 };
    const hedge: CrossHolding = { inverse: false, quantity: -2, entryPrice: 101, markPrice: 151, tiers: FLAT, leverage: 5 };
    // A wallet of 1,000 of which 200 went into coins. What they gained the short lost.
    expect(crossMargin(1000, [coins, hedge])).toEqual({
      equity: 1000,
      maintenance: 2 * 151 * 0.01,
      initial: 2 * 150 + (2 * 151) / 5,
      available: 1000 - 300 - 60.4,
    });
    expect(crossMargin(1000, [{ ...coins, collateralRatio: 0.9 }]).equity).toBeCloseTo(1000 - 200 + 0.9 * 300, 12);
    expect(crossMargin(1000, [{ ...coins, collateralRatio: 0 }]).equity).toBe(800);
  });
});
