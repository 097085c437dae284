import { describe, expect, it } from 'vitest';
import { MarginConfig } from '../../src/engine/run-config.js';
import { order } from '../../src/strategies/intent.js';
import { A, T0, factsOf, play, still, told, type BarRow, type Scenario } from '../engine/scenario.js';

const HOUR = 3_600_000;
const margin = (given: object): MarginConfig => MarginConfig.parse({ mode: 'cross', ...given });

describe('a price that jumps past the liquidation price', () => {
  const jump = (more: Partial<Scenario> = {}) =>
    play({
      bars: { [A]: [still(100), still(100), still(100), still(50), still(50)] },
      instruments: { [A]: { maintenanceMarginRate: 0.01 } },
      decide: i =>
        i === 0
          ? order({ symbol: A, side: 'buy', quantity: 300 })
          : i === 1
            ? order({ symbol: A, side: 'sell', stop: 80, quantity: 300, reduceOnly: true })
            : undefined,
      ...more,
    });

  it('liquidates before the stop of the position can fill there, so that nobody is left with a debt', async () => {
    const result = await jump();
    // 300 × 50 lost against 10,000.
    expect(factsOf(result, 'PositionLiquidated').map(f => [f.markPrice, f.insurance])).toEqual([[50, 5_000e8]]);
    expect(result.fills.map(f => f.reason)).toEqual(['', 'liquidation']);
    expect([result.finalEquity, result.halted?.code, result.refusals]).toEqual([0, 'liquidated', {}]);
    expect(factsOf(result, 'OrderCancelled').map(f => f.code)).toEqual(['liquidation']);
  });

  it('lets the stop fill where something is left', async () => {
    const result = await jump({ bars: { [A]: [still(100), still(100), still(100), still(70), still(50)] } });
    expect([factsOf(result, 'PositionLiquidated'), result.finalEquity]).toEqual([[], 1_000]);
  });

  it('ends an account whose own order lost more than everything, where only the last price jumped', async () => {
    const result = await jump({ mark: Array.from({ length: 5 }, (_, i) => [A, T0 + (i + 1) * HOUR, 100] as const) });
    expect(told(result).at(-1)).toBe('sell 300@50 taker h3');
    expect([result.finalEquity, result.halted?.code]).toEqual([-5_000, 'liquidated']);
  });
});

describe('an isolated position that is turned', () => {
  const turned = (quantity: number, rows: readonly BarRow[]) =>
    play({
      bars: { [A]: rows },
      instruments: { [A]: { maintenanceMarginRate: 0.01 } },
      decide: i =>
        i === 0 ? order({ symbol: A, side: 'buy', quantity: 1_000 }) : i === 1 ? order({ symbol: A, side: 'sell', quantity }) : undefined,
      config: { leverage: 10, margin: margin({ mode: 'isolated' }) },
    });

  it('gets no more than the margin that is left pays for', async () => {
    const result = await turned(2_000, [still(100), still(100), still(92), still(92), still(99)]);
    // 10,000 − 8,000 is left: at 92 and 10 × that carries 217.
    expect(told(result)[1]).toBe('sell 1217@92 taker h2');
    expect(result.finalEquity).toBe(10_000 - 8_000 - 217 * 7);
  });

  it('takes its profit along', async () => {
    const result = await turned(3_000, [still(100), still(100), still(110), still(110)]);
    // 10,000 + 10,000 at 110 and 10 × carry 1,818.
    expect(told(result)[1]).toBe('sell 2818@110 taker h2');
  });

  it('never loses more than the account had', async () => {
    const result = await turned(2_000, [still(100), still(100), still(92), still(92), still(200), still(200)]);
    expect(factsOf(result, 'PositionLiquidated').map(f => f.before)).toEqual([-217]);
    expect(result.finalEquity).toBeGreaterThanOrEqual(0);
  });
});

describe('margin of an isolated position in a higher bracket', () => {
  it('is set aside at the leverage that the bracket allows', async () => {
    const tiers = {
      [A]: [
        { floor: 0, cap: 10_000, rate: 0.01, deduction: 0, maxLeverage: 50 },
        { floor: 10_000, cap: null, rate: 0.1, deduction: 900, maxLeverage: 5 },
      ],
    };
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 75, 75], still(75)] },
      decide: i => (i === 0 ? order({ symbol: A, side: 'buy', quantity: 400 }) : undefined),
      config: {
        leverage: 50,
        fills: { kind: 'bars', path: 'high-first', limits: 'touch', participation: null },
        margin: margin({ mode: 'isolated', tiers, liquidation: { partial: false } }),
      },
    });
    // 40,000 at 5 × is 8,000: 8,000 + 400 (p − 100) = 40 p − 900 at p = 31,100 / 360. At 50 × it would have been liquidated at once.
    expect(factsOf(result, 'PositionLiquidated').map(f => f.markPrice)).toEqual([31_100 / 360]);
  });
});

describe('mark prices that cannot be relied on', () => {
  const fall = (rows: number, price: 'auto' | 'mark' | 'last', from = 0) =>
    play({
      bars: { [A]: [still(100), still(100), still(100), still(100), still(60), still(60)] },
      instruments: { [A]: { maintenanceMarginRate: 0.01 } },
      decide: i => (i === 0 ? order({ symbol: A, side: 'buy', quantity: 300 }) : undefined),
      ...(rows > 0 && { mark: Array.from({ length: rows }, (_, i) => [A, T0 + (from + i + 1) * HOUR, 100] as const) }),
      config: { margin: margin({ liquidation: { price } }) },
    });

  it('are not waited for where the data has none', async () => {
    await expect(fall(0, 'mark')).rejects.toMatchObject({ code: 'no-mark-prices' });
    expect(factsOf(await fall(0, 'auto'), 'PositionLiquidated').length).toBe(1);
  });

  it('give way to the last price where they end before the run does or begin late', async () => {
    expect(factsOf(await fall(3, 'auto'), 'PositionLiquidated').map(f => f.markPrice)).toEqual([60]);
    expect(factsOf(await fall(2, 'auto', 4), 'PositionLiquidated').map(f => f.markPrice)).toEqual([60]);
    // All of them there: the spike of the last price does not count.
    expect(factsOf(await fall(6, 'auto'), 'PositionLiquidated')).toEqual([]);
  });
});
