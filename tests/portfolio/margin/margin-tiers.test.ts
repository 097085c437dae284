import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTiers, maintenanceOf, tierOf, tierSchedule, type MarginTier } from '../../../src/market/margin-tiers.js';
import { tiersFor, venueTiers } from '../../../src/market/venue-tiers.js';
import { venueUnits } from '../../../src/market/venue-units.js';
import { initialMargin } from '../../../src/portfolio/margin/initial-margin.js';
import { maintenanceMargin } from '../../../src/portfolio/margin/maintenance-margin.js';
import { schedules, slowMaintenance } from './arbitrary-positions.js';

const GOOD: readonly MarginTier[] = [
  { floor: 0, cap: 50_000, rate: 0.004, deduction: 0, maxLeverage: 125 },
  { floor: 50_000, cap: 250_000, rate: 0.005, deduction: 50, maxLeverage: 100 },
  { floor: 250_000, cap: Infinity, rate: 0.01, deduction: 1300, maxLeverage: 50 },
];

const spoiled = (i: number, change: Partial<MarginTier>): MarginTier[] => GOOD.map((tier, j) => (i === j ? { ...tier, ...change } : tier));

describe('a maintenance-margin schedule', () => {
  it('is filled in from floors and rates with the deductions that Binance publishes for them', () => {
    const steps = GOOD.map(({ floor, rate, maxLeverage }) => ({ floor, rate, maxLeverage }));
    const built = tierSchedule(steps);
    expect(built.map(t => t.cap)).toEqual([50_000, 250_000, Infinity]);
    built.forEach((tier, i) => expect(tier.deduction).toBeCloseTo(GOOD[i]!.deduction, 9));
  });

  it('charges each part of the notional at the rate of its own bracket', () => {
    fc.assert(
      fc.property(schedules, fc.double({ min: 0, max: 50_000, noNaN: true }), (tiers, notional) => {
        expect(maintenanceOf(tiers, notional)).toBeCloseTo(slowMaintenance(tiers, notional), 8);
      }),
    );
  });

  it('has no step and never falls where a bracket ends', () => {
    fc.assert(
      fc.property(schedules, tiers => {
        for (const { floor } of tiers.slice(1)) {
          const below = maintenanceOf(tiers, floor * (1 - 1e-12));
          const at = maintenanceOf(tiers, floor);
          expect(Math.abs(at - below)).toBeLessThan(1e-8 * floor);
        }
      }),
    );
  });

  it('puts a position that is worth exactly a floor into the bracket that begins there', () => {
    expect(tierOf(GOOD, 50_000)).toBe(GOOD[1]);
    expect(tierOf(GOOD, 49_999.99)).toBe(GOOD[0]);
    expect(tierOf(GOOD, 1e15)).toBe(GOOD[2]);
    expect(tierOf([], 5)).toBeUndefined();
  });

  it('is refused, with the tier named, when it is no schedule', () => {
    expect(checkTiers(GOOD)).toBe(GOOD);
    const refused: readonly (readonly [string, readonly MarginTier[]])[] = [
      ['tier 1: it ends at Infinity and', [{ ...GOOD[2]!, floor: Infinity }, GOOD[1]!, GOOD[0]!]],
      ['tier 1: the first bracket begins at 250000', [...GOOD].reverse()],
      ['tier 2: it begins at 40000', spoiled(1, { floor: 40_000 })],
      ['tier 2: it begins at 60000', spoiled(1, { floor: 60_000 })],
      ['tier 2: it ends at 50000', spoiled(1, { cap: 50_000 })],
      ['tier 3: it begins at 250000, and the one before ends at 240000', spoiled(1, { cap: 240_000 })],
      ['tier 3: the rate falls from 0.005 to 0.0045', spoiled(2, { rate: 0.0045 })],
      ['tier 2: the maintenance rate is 0', spoiled(1, { rate: 0 })],
      ['tier 2: the maintenance rate is NaN', spoiled(1, { rate: NaN })],
      ['tier 3: the maintenance rate is 1', spoiled(2, { rate: 1 })],
      ['tier 2: the deduction of 49 makes a step', spoiled(1, { deduction: 49 })],
      ['tier 2: the deduction of NaN makes a step', spoiled(1, { deduction: NaN })],
      ['tier 1: the first deduction is 5', spoiled(0, { deduction: 5 })],
      ['tier 2: leverage rises from 125 to 126', spoiled(1, { maxLeverage: 126 })],
      ['tier 2: the highest leverage is 0', spoiled(1, { maxLeverage: 0 })],
      ['tier 3: it is the last one and ends at 1000000000', spoiled(2, { cap: 1e9 })],
      ['tier 1: the first bracket begins at 10', spoiled(0, { floor: 10 })],
    ];
    for (const [named, tiers] of refused) {
      let thrown: unknown;
      try {
        checkTiers(tiers);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({ code: 'bad-tiers', exitCode: 2 });
      expect(String(thrown)).toContain(named);
    }
  });

  it('says which deduction would join the brackets', () => {
    expect(() => checkTiers(spoiled(2, { deduction: 1200 }))).toThrow('Margin tier 3: the deduction of 1200 makes a step');
  });
});

describe('the schedules of venues', () => {
  // Maintenance amounts as the venues print them beside the rates: nothing here was computed from the rates.
  const PUBLISHED: Readonly<Record<string, readonly number[]>> = {
    'binance BTC/USDT:USDT': [
      0, 50, 950, 11_450, 131_450, 481_450, 2_981_450, 14_481_450, 26_481_450, 41_481_450, 121_481_450, 421_481_450,
    ],
    'binance ETH/USDT:USDT': [0, 50, 950, 11_450, 131_450, 381_450, 2_006_450, 9_506_450, 17_506_450, 27_506_450, 80_506_450, 280_506_450],
    'bybit BTC/USDT:USDT': [
      0, 1200, 3020, 4300, 5820, 8460, 15_460, 20_500, 46_000, 66_000, 80_000, 160_000, 300_000, 452_000, 502_000, 777_000, 837_000,
      967_000, 1_107_000, 1_482_000,
    ],
  };

  it.each(Object.entries(PUBLISHED))('of %s has the maintenance amounts that are published with it', (name, amounts) => {
    const [exchange = '', symbol = ''] = name.split(' ');
    const tiers = venueTiers(exchange, symbol)?.tiers ?? [];
    expect(tiers.length).toBe(amounts.length);
    tiers.forEach((tier, i) => expect(Math.abs(tier.deduction - amounts[i]!)).toBeLessThan(1e-3));
    expect(tiers[0]).toMatchObject({
      rate: venueUnits(exchange, symbol)?.maintenanceMarginRate,
      maxLeverage: venueUnits(exchange, symbol)?.maxLeverage,
    });
  });

  it('hold only where the instrument has the same first rate; else its own rate holds for every size', () => {
    const instrument = {
      exchange: 'binanceusdm',
      symbol: 'BTC/USDT:USDT',
      kind: 'linear-perpetual',
      maintenanceMarginRate: 0.004,
      maxLeverage: 125,
    } as const;
    expect(tiersFor(instrument)).toHaveLength(12);
    const own = { ...instrument, maintenanceMarginRate: 0.02, maxLeverage: 20 };
    expect(tiersFor(own)).toEqual([{ floor: 0, cap: Infinity, rate: 0.02, deduction: 0, maxLeverage: 20 }]);
    expect(tiersFor({ ...own, symbol: 'DOGE/USDT:USDT' })).toEqual(tiersFor(own));
    expect(tiersFor({ ...instrument, symbol: 'BTC/USDT', kind: 'spot' })).toEqual([]);
    expect(tiersFor({ ...own, kind: 'equity', maintenanceMarginRate: 0 })).toEqual([]);
    expect(venueTiers('somewhere', 'BTC/USDT:USDT')).toBeUndefined();
  });
});

describe('margins of a position', () => {
  it('are asked at the leverage of the symbol, and at that of the bracket where the bracket has less', () => {
    expect(initialMargin(GOOD, 40_000, 20)).toBe(2000);
    expect(initialMargin(GOOD, 40_000, 200)).toBe(320);
    expect(initialMargin(GOOD, 300_000, 100)).toBe(6000);
    expect(initialMargin([], 300_000, 1)).toBe(300_000);
  });

  it('are kept at the mark price, in coins for inverse contracts', () => {
    expect(maintenanceMargin(GOOD, false, -5, 20_000)).toBeCloseTo(100_000 * 0.005 - 50, 9);
    const coins = tierSchedule([{ floor: 0, rate: 0.005, maxLeverage: 100 }]);
    expect(maintenanceMargin(coins, true, 10_000, 8000)).toBeCloseTo(0.00625, 15);
  });
});
