import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tieredFees, type FeeTier } from '../../src/costs/fee-tiers.js';
import type { FeeModel } from '../../src/costs/fees.js';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 10, 9);

// Binance USDⓈ-M futures, regular user to VIP 2; the last row adds a maker rebate.
const TIERS: readonly FeeTier[] = [
  { volume: 0, maker: 0.0002, taker: 0.0005 },
  { volume: 15e6, maker: 0.00016, taker: 0.0004 },
  { volume: 50e6, maker: 0.00014, taker: 0.00035 },
  { volume: 500e6, maker: -0.00005, taker: 0.0003 },
];

const ask = (fees: FeeModel, ts: number, liquidity: 'maker' | 'taker' = 'taker'): number =>
  fees({ notional: 1e8, liquidity, first: true, ts }) / 1e8;
const trade = (fees: FeeModel, ts: number, money: number): void =>
  fees.booked?.({ notional: money * 1e8, liquidity: 'taker', first: true, ts });

describe('tiered fees', () => {
  it('begin in the tier of the volume before the run, a tier including its own bound', () => {
    const rate = (volume: number): number => ask(tieredFees({ tiers: TIERS, volume }), START);
    expect([0, 14_999_999, 15e6, 50e6, 1e12].map(rate)).toEqual([0.0005, 0.0005, 0.0004, 0.00035, 0.0003]);
    expect(ask(tieredFees({ tiers: TIERS }), START, 'maker')).toBe(0.0002);
  });

  it('count own fills from the next day (UTC) on, and for 30 days', () => {
    const fees = tieredFees({ tiers: TIERS });
    trade(fees, START, 20e6);
    expect(ask(fees, START + 1000)).toBe(0.0005);
    const midnight = Date.UTC(2024, 0, 11);
    expect(ask(fees, midnight - 1)).toBe(0.0005);
    expect(ask(fees, midnight)).toBe(0.0004);
    expect(ask(fees, midnight + 30 * DAY - 1)).toBe(0.0004);
    expect(ask(fees, midnight + 30 * DAY)).toBe(0.0005);
  });

  it('let the volume before the run fade, a thirtieth each day', () => {
    const fees = tieredFees({ tiers: TIERS, volume: 30e6 });
    expect(ask(fees, START)).toBe(0.0004);
    // After 15 idle days half of it is left, which is just the bound.
    expect(ask(fees, START + 15 * DAY)).toBe(0.0004);
    expect(ask(fees, START + 16 * DAY)).toBe(0.0005);
  });

  it('forget everything after a long pause', () => {
    const fees = tieredFees({ tiers: TIERS, volume: 1e9 });
    trade(fees, START, 1e9);
    expect(ask(fees, START + 300 * DAY)).toBe(0.0005);
  });

  it('change by booked fills only: asking, however often, costs no place and gains none', () => {
    const fees = tieredFees({ tiers: TIERS });
    for (let i = 0; i < 1000; i++) fees({ notional: 1e15, liquidity: 'taker', first: true, ts: START });
    expect(ask(fees, START + DAY)).toBe(0.0005);
  });

  it('pay rebates, and take a coin discount off charges but not off rebates', () => {
    const coin = { asset: 'BNB', discount: 0.1 };
    const fees = tieredFees({ tiers: TIERS, volume: 500e6, coin });
    expect(ask(fees, START, 'taker')).toBeCloseTo(0.00027, 15);
    expect(ask(fees, START, 'maker')).toBe(-0.00005);
  });

  it('count the quote value of an inverse contract where it is given', () => {
    const fees = tieredFees({ tiers: TIERS });
    fees.booked?.({ notional: 300e8, liquidity: 'taker', first: true, ts: START, volume: 20e6 });
    expect(ask(fees, START + DAY)).toBe(0.0004);
  });

  it('agree with a plain sum over the 30 days before each day', () => {
    const fills = fc.array(fc.record({ gap: fc.nat(5 * DAY), money: fc.integer({ min: 1, max: 10_000_000 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(fills, fc.integer({ min: 0, max: 100 }), (drawn, millions) => {
        const before = millions * 1e6;
        const fees = tieredFees({ tiers: TIERS, volume: before });
        const log: { day: number; money: number }[] = [];
        let ts = START;
        const first = Math.floor(START / DAY);
        expect(ask(fees, ts)).toBeGreaterThan(0);
        for (const { gap, money } of drawn) {
          ts += gap;
          const day = Math.floor(ts / DAY);
          const own = log.reduce((sum, fill) => sum + (fill.day < day && fill.day >= day - 30 ? fill.money : 0), 0);
          const volume = own + (before * Math.max(0, 30 - (day - first))) / 30;
          // At a bound rounding decides.
          if (TIERS.every(tier => Math.abs(tier.volume - volume) > 1 || tier.volume === 0)) {
            const tier = [...TIERS].reverse().find(t => t.volume <= volume);
            expect(ask(fees, ts)).toBe(tier?.taker);
          }
          trade(fees, ts, money);
          log.push({ day, money });
        }
      }),
    );
  });

  it('are refused when the tiers do not begin at 0, do not ascend, or are none', () => {
    const refused = (tiers: readonly FeeTier[]): void =>
      expect(() => tieredFees({ tiers })).toThrow(expect.objectContaining({ code: 'bad-fee-tiers', exitCode: 2 }));
    refused(TIERS.slice(1));
    refused([...TIERS, { volume: 500e6, maker: 0, taker: 0 }]);
    refused([]);
  });
});
