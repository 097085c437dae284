import { describe, expect, it } from 'vitest';
import { MarginConfig } from '../../src/engine/run-config.js';
import { order } from '../../src/strategies/intent.js';
import { A, B, T0, factsOf, play, still, told, type Scenario } from '../engine/scenario.js';

const HOUR = 3_600_000;
const margin = (given: object): MarginConfig => MarginConfig.parse({ mode: 'cross', ...given });
const high = { kind: 'bars', path: 'high-first', limits: 'touch', participation: null } as const;

describe('what happens at one moment in several symbols', () => {
  it('is one jump: a short hedged by coins or by another contract is not liquidated because its bar opens first', async () => {
    const hedged = (b: number): Promise<unknown[]> =>
      play({
        bars: { [A]: [still(100), still(100), still(180)], [B]: [still(100), still(100), still(b)] },
        instruments: { [A]: { maintenanceMarginRate: 0.01 }, [B]: { maintenanceMarginRate: 0.01 } },
        decide: (i, { symbol }) => (i === 0 ? order({ symbol, side: symbol === A ? 'sell' : 'buy', quantity: 200 }) : undefined),
        config: { margin: margin({}) },
      }).then(result => factsOf(result, 'PositionLiquidated').map(f => f.symbol));
    expect(await hedged(180)).toEqual([]);
    // 200 × 80 lost against 10,000 and nothing won.
    expect(await hedged(100)).toEqual([A, B]);
  });

  it('closes every position at the same moment’s prices', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(180)], [B]: [still(100), still(100), still(110)] },
      instruments: { [A]: { maintenanceMarginRate: 0.01 }, [B]: { maintenanceMarginRate: 0.01 } },
      decide: (i, { symbol }) => (i === 0 ? order({ symbol, side: symbol === A ? 'sell' : 'buy', quantity: 200 }) : undefined),
      config: { margin: margin({}) },
    });
    // A: −16,000, B: +2,000.
    expect(told(result).slice(2)).toEqual(['buy 200@180 taker h2', 'sell 200@110 taker h2 BBB']);
    expect(factsOf(result, 'PositionLiquidated').map(f => f.insurance)).toEqual([0, 4000e8]);
  });

  it('does not let a fill in one symbol walk the path of another too far', async () => {
    const scenario = (limit: number): Scenario => ({
      bars: {
        [A]: [still(100), still(100), [100, 110, 100, 100], still(100)],
        [B]: [still(100), still(100), [100, 110, 70, 100], still(100)],
      },
      decide: (i, { symbol }) => {
        if (symbol === B) return i === 0 ? order({ symbol, side: 'buy', quantity: 100 }) : undefined;
        return i === 1 ? order({ symbol, side: 'sell', limit, quantity: 1 }) : undefined;
      },
      config: { fills: high, margin: margin({ mode: 'isolated', leverage: { [A]: 5, [B]: 5 } }) },
    });
    // The limit order fills at the very top of A’s path, where B’s path turns as well; B falls through 80 after that.
    for (const limit of [110, 105]) {
      const result = await play(scenario(limit));
      expect(factsOf(result, 'PositionLiquidated').map(f => [f.symbol, f.markPrice])).toEqual([[B, 80]]);
    }
  });

  it('shows a mark price of that moment to stops that wait for it, though another symbol’s mark price came first', async () => {
    const result = await play({
      bars: { [A]: Array.from({ length: 6 }, () => still(100)), [B]: Array.from({ length: 6 }, () => still(100)) },
      instruments: { [A]: { maintenanceMarginRate: 0.01 }, [B]: { maintenanceMarginRate: 0.01 } },
      mark: [100, 100, 60, 60, 100, 100].flatMap((price, i) => [
        [A, T0 + (i + 1) * HOUR, price] as const,
        [B, T0 + (i + 1) * HOUR, i === 2 ? 95 : 100] as const,
      ]),
      decide: (i, { symbol }) =>
        i === 0
          ? order({ symbol, side: 'buy', quantity: 150 })
          : i === 1 && symbol === B
            ? order({ symbol, side: 'sell', stop: 96, triggerBy: 'mark', quantity: 150 })
            : undefined,
      config: { margin: margin({}) },
    });
    expect(factsOf(result, 'PositionLiquidated')).toEqual([]);
    expect(factsOf(result, 'OrderTriggered').map(f => [f.ts, f.price])).toEqual([[T0 + 3 * HOUR, 95]]);
  });
});
