import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tierSchedule } from '../../../src/market/margin-tiers.js';
import { clearLiquidation } from '../../../src/portfolio/margin/liquidation-clearing.js';
import { liquidationPlan } from '../../../src/portfolio/margin/liquidation-plan.js';
import { schedules, slowMaintenance } from './arbitrary-positions.js';

const TIERS = tierSchedule([
  { floor: 0, rate: 0.01, maxLeverage: 50 },
  { floor: 1000, rate: 0.02, maxLeverage: 25 },
  { floor: 5000, rate: 0.05, maxLeverage: 10 },
]);

const draws = fc.record({
  lots: fc.integer({ min: 1, max: 3000 }),
  lotValue: fc.integer({ min: 50, max: 1000 }).map(n => n / 100),
  tiers: schedules,
  cover: fc.integer({ min: -100, max: 1200 }).map(n => n / 1000),
  feeRate: fc.integer({ min: 0, max: 100 }).map(n => n / 100_000),
});

describe('the plan of a liquidation', () => {
  it('closes nothing while margin exceeds maintenance margin, and something when it is no more than that', () => {
    // 120 lots of 50: 6,000 × 5 % − 160.
    const maintenance = 6000 * 0.05 - 160;
    expect(liquidationPlan({ lots: 120, lotValue: 50, tiers: TIERS, margin: maintenance + 0.01, feeRate: 0 }).close).toBe(0);
    expect(liquidationPlan({ lots: 120, lotValue: 50, tiers: TIERS, margin: maintenance, feeRate: 0 }).close).toBeGreaterThan(0);
  });

  it('closes just so much that the position is in the next lower bracket', () => {
    // 99 lots of 50 are below 5,000 and need 4,950 × 2 % − 10 = 89.
    expect(liquidationPlan({ lots: 120, lotValue: 50, tiers: TIERS, margin: 100, feeRate: 0.001 })).toEqual({
      close: 21,
      fee: 21 * 50 * 0.001,
      margin: 100 - 21 * 50 * 0.001,
      maintenance: 89,
    });
  });

  it('goes on bracket by bracket, and closes everything when the lowest is not enough', () => {
    // 19 lots of 50 need 9.50.
    expect(liquidationPlan({ lots: 120, lotValue: 50, tiers: TIERS, margin: 40, feeRate: 0 }).close).toBe(101);
    expect(liquidationPlan({ lots: 120, lotValue: 50, tiers: TIERS, margin: 9, feeRate: 0 }).close).toBe(120);
    expect(liquidationPlan({ lots: 5, lotValue: 50, tiers: TIERS, margin: -3, feeRate: 0.01 })).toEqual({
      close: 5,
      fee: 2.5,
      margin: -5.5,
      maintenance: 0,
    });
  });

  it('leaves a position that is carried or none, and one more bracket up would not be', () => {
    let partial = 0;
    fc.assert(
      fc.property(draws, ({ lots, lotValue, tiers, cover, feeRate }) => {
        const margin = cover * slowMaintenance(tiers, lots * lotValue);
        const { close, fee, margin: left, maintenance } = liquidationPlan({ lots, lotValue, tiers, margin, feeRate });
        const rest = lots - close;
        expect(rest >= 0 && Number.isInteger(rest)).toBe(true);
        expect(left + fee).toBeCloseTo(margin, 8);
        expect(fee).toBeCloseTo(close * lotValue * feeRate, 8);
        expect(maintenance).toBeCloseTo(slowMaintenance(tiers, rest * lotValue), 8);
        if (rest > 0) expect(left).toBeGreaterThan(maintenance);
        if (close === 0 || rest === 0) return;
        partial++;
        // It was not enough to stop in any bracket above: the largest position of each of them needs more than there is.
        for (const { cap } of tiers) {
          if (cap <= rest * lotValue || cap === Infinity) continue;
          const there = Math.ceil(cap / lotValue) - 1;
          if (there <= rest || there >= lots) continue;
          expect(margin - (lots - there) * lotValue * feeRate).toBeLessThanOrEqual(slowMaintenance(tiers, there * lotValue) + 1e-9);
        }
        // One lot more would be in a higher bracket.
        expect(tiers.some(({ floor }) => floor > 0 && rest * lotValue < floor && (rest + 1) * lotValue >= floor * (1 - 1e-12))).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(partial).toBeGreaterThan(30);
  });
});

describe('the clearing of a liquidation', () => {
  const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

  it('conserves: margin + insurance = loss + fee + rest, to the last digit', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000_000), amounts, fc.nat(1_000_000_000), (margin, profit, due) => {
        const { fee, insurance, rest } = clearLiquidation(margin, profit, due);
        expect(margin + insurance).toBe(-profit + fee + rest);
        expect(fee >= 0 && fee <= due && insurance >= 0 && rest >= 0).toBe(true);
        expect(insurance > 0 && (fee > 0 || rest > 0)).toBe(false);
        if (fee < due) expect(rest).toBe(0);
      }),
    );
  });

  it('conserves through a position that is closed bracket by bracket', () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: 1, max: 60 }), ({ lots, lotValue, tiers, cover, feeRate }, worsening) => {
        const whole = Math.ceil(lotValue);
        const start = Math.round(cover * slowMaintenance(tiers, lots * whole));
        let [margin, rest, loss, fees, insurance, value] = [Math.max(0, start), lots, 0, 0, 0, whole];
        for (let round = 0; round < 50 && rest > 0; round++) {
          const { close } = liquidationPlan({ lots: rest, lotValue: value, tiers, margin, feeRate });
          if (close === 0) {
            // The market moves on against the position.
            loss += rest * worsening;
            const left = margin - rest * worsening;
            margin = left;
            value += worsening;
            continue;
          }
          // Fills are a unit worse than the mark.
          const cleared = clearLiquidation(margin, -close, Math.round(close * value * feeRate));
          loss += close;
          fees += cleared.fee;
          insurance += cleared.insurance;
          margin = cleared.rest;
          rest -= close;
        }
        expect(Math.max(0, start) + insurance).toBe(loss + fees + margin);
      }),
    );
  });

  it('gives back what a better fill leaves, less the fee, and takes the fee only from what is there', () => {
    expect(clearLiquidation(100, -60, 15)).toEqual({ fee: 15, insurance: 0, rest: 25 });
    expect(clearLiquidation(100, -90, 15)).toEqual({ fee: 10, insurance: 0, rest: 0 });
    expect(clearLiquidation(100, -100, 15)).toEqual({ fee: 0, insurance: 0, rest: 0 });
    expect(clearLiquidation(100, -130, 15)).toEqual({ fee: 0, insurance: 30, rest: 0 });
  });
});
