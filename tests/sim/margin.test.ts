import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginConfig } from '../../src/engine/run-config.js';
import { order, target, type Decision } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { A, B, T0, engineOver, factsOf, play, stage, still, told, type BarRow, type Scenario } from '../engine/scenario.js';

const HOUR = 3_600_000;
const margin = (given: object): MarginConfig => MarginConfig.parse({ mode: 'cross', ...given });
const buy = (quantity: number, more: Partial<Parameters<typeof order>[0]> = {}) => order({ symbol: A, side: 'buy', quantity, ...more });
const sell = (quantity: number, more: Partial<Parameters<typeof order>[0]> = {}) => order({ symbol: A, side: 'sell', quantity, ...more });
const INVERSE = 'BTC/USD:BTC';

describe('liquidation on the path of a bar', () => {
  it('comes at the price at which equity is the maintenance margin, and not at the close', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 60, 100]] },
      instruments: { [A]: { maintenanceMarginRate: 0.01, tickSize: 0.01 } },
      decide: i => (i === 0 ? buy(300) : undefined),
      config: { fills: { kind: 'bars', path: 'low-first', limits: 'touch', participation: null } },
    });
    // 10,000 + 300 (p − 100) = 0.01 × 300 p: p = 20,000 / 297. The path falls 40 in a third of the bar.
    const price = 20_000 / 297;
    const at = T0 + 2 * HOUR + ((HOUR / 3) * (100 - price)) / 40;
    const [fact] = factsOf(result, 'PositionLiquidated');
    expect(fact?.markPrice).toBeCloseTo(price, 9);
    expect(fact?.ts).toBeCloseTo(at, 3);
    expect([fact?.before, fact?.after, fact?.insurance]).toEqual([300, 0, 0]);
    // 1.0 % of 20,202.02 is the margin that is left; sold at the tick below.
    expect(Math.abs((fact?.margin ?? 0) - (fact?.maintenance ?? 1))).toBeLessThanOrEqual(2);
    expect(result.fills.at(-1)).toMatchObject({ side: 'sell', price: 67.34, quantity: 300, liquidity: 'taker', reason: 'liquidation' });
    expect(result.finalEquity).toBeCloseTo(10_000 - 300 * (100 - 67.34), 6);
    expect(result.halted?.code).toBe('liquidated');
  });

  it('does not come a tick before', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 67.35, 100]] },
      instruments: { [A]: { maintenanceMarginRate: 0.01, tickSize: 0.01 } },
      decide: i => (i === 0 ? buy(300) : undefined),
    });
    expect(factsOf(result, 'PositionLiquidated')).toEqual([]);
    expect(result.finalEquity).toBe(10_000);
  });

  it('looks at the mark price where the data has one as often as bars, and not at a spike of the last price', async () => {
    const marked = (lowest: number): Scenario => ({
      bars: { [A]: [still(100), still(100), [100, 100, 60, 100], still(100)] },
      instruments: { [A]: { maintenanceMarginRate: 0.01 } },
      decide: i => (i === 0 ? buy(300) : undefined),
      mark: [100, 100, lowest, 100].map((price, i) => [A, T0 + (i + 1) * HOUR, price] as const),
    });
    expect(factsOf(await play(marked(68)), 'PositionLiquidated')).toEqual([]);
    const [fact] = factsOf(await play(marked(67)), 'PositionLiquidated');
    expect([fact?.ts, fact?.markPrice]).toEqual([T0 + 3 * HOUR, 67]);
  });

  it('takes the liquidation fee out of what is left, and no more', async () => {
    const at = (fee: number) =>
      play({
        bars: { [A]: [still(100), still(100), still(67)] },
        instruments: { [A]: { maintenanceMarginRate: 0.01 } },
        decide: i => (i === 0 ? buy(300) : undefined),
        config: { margin: margin({ liquidation: { fee } }) },
      });
    // 10,000 − 300 × 33 = 100; 0.25 % of 20,100 is 50.25.
    expect((await at(0.0025)).finalEquity).toBeCloseTo(49.75, 8);
    const all = await at(0.01);
    expect(factsOf(all, 'PositionLiquidated').map(f => [f.fee, f.insurance])).toEqual([[100e8, 0]]);
    expect(all.finalEquity).toBe(0);
  });

  it('leaves a debt to the insurance fund: a gap takes no more than there is', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(50)] },
      instruments: { [A]: { maintenanceMarginRate: 0.01 } },
      decide: i => (i === 0 ? buy(300) : undefined),
    });
    // 300 × 50 lost against 10,000.
    expect(factsOf(result, 'PositionLiquidated').map(f => f.insurance)).toEqual([5000e8]);
    expect(result.finalEquity).toBe(0);
    expect(result.liquidations).toMatchObject([{ symbol: A, before: 300, after: 0, insurance: 5000 }]);
  });

  it('reduces a large position bracket by bracket and lets the rest live', async () => {
    const tiers = {
      [A]: [
        { floor: 0, cap: 10_000, rate: 0.01, deduction: 0, maxLeverage: 100 },
        { floor: 10_000, cap: null, rate: 0.2, deduction: 1_900, maxLeverage: 100 },
      ],
    };
    const result = await play({
      bars: { [A]: [still(100), still(100), still(78), still(78)] },
      decide: i => (i === 0 ? buy(300) : undefined),
      config: { margin: margin({ tiers }) },
    });
    // At 78: 3,400 left; 0.2 × 23,400 − 1,900 = 2,780 is covered. So nothing happens.
    expect(factsOf(result, 'PositionLiquidated')).toEqual([]);
    const worse = await play({
      bars: { [A]: [still(100), still(100), still(75), still(75)] },
      decide: i => (i === 0 ? buy(300) : undefined),
      config: { margin: margin({ tiers }) },
    });
    // At 75: 2,500 left against 2,600. 133 lots are worth 9,975, the most below 10,000; they need 99.75.
    expect(factsOf(worse, 'PositionLiquidated').map(f => [f.before, f.after])).toEqual([[300, 133]]);
    expect(factsOf(worse, 'AccountLiquidated')).toEqual([]);
    expect(worse.finalEquity).toBe(2500);
  });

  it('weighs all positions of a cross account together, whatever the order of their bars', async () => {
    const scenario = (b: number): Scenario => ({
      bars: { [A]: [still(100), still(100), [100, 100, 80, 80], still(80)], [B]: [still(100), still(100), [100, b, 100, b], still(b)] },
      instruments: { [A]: { maintenanceMarginRate: 0.05, tickSize: 0.01 }, [B]: { maintenanceMarginRate: 0.05, tickSize: 0.01 } },
      decide: (i, { symbol }) => (i === 0 ? target(symbol, 2) : undefined),
    });
    // A loses 4,000 of 10,000; B gains.
    expect(factsOf(await play(scenario(110)), 'PositionLiquidated')).toEqual([]);
    const down: Scenario = {
      ...scenario(100),
      bars: { ...scenario(100).bars, [B]: [still(100), still(100), [100, 100, 75, 75], still(75)] },
    };
    // A share t of the fall leaves 10,000 − 9,000 t against 5 % of 200 × (200 − 45 t): at t = 8,000 / 8,550. Without B the rest carries A.
    const [fact, ...others] = factsOf(await play(down), 'PositionLiquidated');
    expect([fact?.symbol, others]).toEqual([B, []]);
    expect(Math.abs((fact?.markPrice ?? NaN) - (100 - (25 * 8_000) / 8_550))).toBeLessThan(0.02);
  });
});

describe('isolated margin', () => {
  it('loses the margin of its own position and nothing else', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(70), still(100), still(100)], [B]: Array.from({ length: 5 }, () => still(100)) },
      instruments: { [A]: { maintenanceMarginRate: 0.01 }, [B]: { maintenanceMarginRate: 0.01 } },
      decide: (i, { symbol }): Decision => (i === 0 ? order({ symbol, side: 'buy', quantity: 50 }) : undefined),
      config: { margin: margin({ mode: 'isolated', leverage: { [A]: 5, [B]: 5 } }) },
    });
    // 5,000 at 5 × is 1,000 of margin; a fall of 30 costs 1,500: the fund pays 500.
    expect(factsOf(result, 'PositionLiquidated').map(f => [f.symbol, f.insurance])).toEqual([[A, 500e8]]);
    expect(result.finalEquity).toBe(9_000);
    expect(factsOf(result, 'AccountLiquidated')).toEqual([]);
  });

  it('is liquidated where the published formula says (freqtrade’s Binance cases: long and short of 1 at 10, 5 ×, 1 %)', async () => {
    const path = async (side: 'buy' | 'sell', extreme: number) =>
      factsOf(
        await play({
          bars: { [A]: [still(10), still(10), side === 'buy' ? [10, 10, extreme, 10] : [10, extreme, 10, 10]] },
          instruments: { [A]: { maintenanceMarginRate: 0.01, tickSize: 0.0001 } },
          decide: i => (i === 0 ? order({ symbol: A, side, quantity: 1 }) : undefined),
          config: { margin: margin({ mode: 'isolated', leverage: { [A]: 5 } }) },
        }),
        'PositionLiquidated',
      ).map(f => f.markPrice);
    // (10 − 2) / 0.99 and (10 + 2) / 1.01; the published ones carry a maintenance amount of 0.01 besides.
    expect((await path('buy', 7))[0]).toBeCloseTo(8 / 0.99, 9);
    expect((await path('sell', 13))[0]).toBeCloseTo(12 / 1.01, 9);
  });

  it('cannot open more than the free cash margins', async () => {
    const result = await play({
      bars: { [A]: Array.from({ length: 4 }, () => still(100)) },
      decide: i => (i === 0 ? buy(900) : undefined),
      config: { leverage: 100, margin: margin({ mode: 'isolated', leverage: { [A]: 5 } }) },
    });
    // 10,000 at 5 × carry 500.
    expect(told(result)).toEqual(['buy 500@100 taker h1']);
    expect(result.refusals).toMatchObject({ margin: 1 });
  });
});

describe('inverse contracts', () => {
  const inverse = (rows: readonly BarRow[], decide: Scenario['decide'], more: Partial<Scenario> = {}) =>
    play({
      bars: { [INVERSE]: rows },
      instruments: { [INVERSE]: { kind: 'inverse-perpetual', contractSize: 100, lotSize: 100, maintenanceMarginRate: 0.005 } },
      ...(decide && { decide }),
      ...more,
      config: { capital: 1, ...more.config },
    });

  it('pay in coins: quantity × (1/entry − 1/exit)', async () => {
    const result = await inverse([still(8000), still(8000), still(10_000), still(10_000)], i =>
      i === 0
        ? order({ symbol: INVERSE, side: 'buy', quantity: 8_000 })
        : i === 2
          ? order({ symbol: INVERSE, side: 'sell', quantity: 8_000 })
          : undefined,
    );
    expect(result.finalEquity).toBeCloseTo(1 + 8_000 * (1 / 8_000 - 1 / 10_000), 8);
    expect(result.roundTrips).toMatchObject([{ entryPrice: 8_000, exitPrice: 10_000, netReturn: 0.2 }]);
  });

  it('pay fees and funding in coins (wisebitcoin’s example: 10,000 contracts long at 10,024, +0.025 %: 0.0002494 BTC)', async () => {
    const result = await inverse(
      Array.from({ length: 4 }, () => still(10_024)),
      i => (i === 0 ? order({ symbol: INVERSE, side: 'buy', quantity: 10_000 }) : undefined),
      {
        funding: [[INVERSE, T0 + 3 * HOUR, 0.00025]],
        config: { capital: 1, fees: { kind: 'maker-taker', maker: 0, taker: 0.00075 } },
      },
    );
    expect(result.funding.map(f => f.amount)).toEqual([-0.0002494]);
    expect(result.fills[0]?.fee).toBeCloseTo((0.00075 * 10_000) / 10_024, 8);
  });

  it('are liquidated where their own formula says', async () => {
    const result = await inverse(
      [still(8000), still(8000), [8000, 8000, 4000, 8000]],
      i => (i === 0 ? order({ symbol: INVERSE, side: 'buy', quantity: 10_000 }) : undefined),
      {
        config: { capital: 0.5 },
      },
    );
    // 0.5 + 10,000 (1/8,000 − 1/p) = 0.005 × 10,000 / p: p = 10,050 / 1.75.
    const [fact] = factsOf(result, 'PositionLiquidated');
    expect(fact?.markPrice).toBeCloseTo(10_050 / 1.75, 6);
  });

  it('cannot be mixed with contracts that settle in another asset', async () => {
    await expect(play({ bars: { [A]: [still(1)], [INVERSE]: [still(1)] } })).rejects.toMatchObject({ code: 'mixed-settlement' });
  });
});

describe('hedge mode', () => {
  it('holds a long and a short leg of one symbol, each with its own entry', async () => {
    const seen: unknown[] = [];
    const result = await play({
      bars: { [A]: [still(100), still(100), still(110), still(110), still(110)] },
      decide: (i, _, { position }) => {
        seen.push(position(A));
        return [buy(10, { positionSide: 'long' }), sell(10, { positionSide: 'short' }), sell(10, { positionSide: 'long' })][i];
      },
      config: { margin: margin({ positions: 'hedge' }) },
    });
    expect(told(result)).toEqual(['buy 10@100 taker h1', 'sell 10@110 taker h2', 'sell 10@110 taker h3']);
    expect(seen[1]).toMatchObject({ quantity: 10, long: { quantity: 10, entryPrice: 100 }, short: { quantity: 0 } });
    expect(seen[2]).toMatchObject({ quantity: 0, long: { quantity: 10 }, short: { quantity: -10, entryPrice: 110 } });
    expect(result.finalEquity).toBe(10_100);
    expect(result.roundTrips.map(t => [t.side, t.netPnl])).toEqual([['long', 100]]);
  });

  it('never turns a leg: an order against it only reduces it', async () => {
    const result = await play({
      bars: { [A]: Array.from({ length: 5 }, () => still(100)) },
      decide: i => [buy(10, { positionSide: 'long' }), sell(25, { positionSide: 'long' })][i],
      config: { margin: margin({ positions: 'hedge' }) },
    });
    expect(told(result)).toEqual(['buy 10@100 taker h1', 'sell 10@100 taker h2']);
  });
});

describe('a spot leg beside a perpetual', () => {
  const SPOT = 'AAA/USDT';
  const carry = (rows: readonly BarRow[], more: Partial<MarginConfig> = {}) =>
    play({
      bars: { [A]: rows, [SPOT]: rows },
      instruments: { [A]: { maintenanceMarginRate: 0.01 }, [SPOT]: { kind: 'spot' } },
      decide: (i, { symbol }) => (i === 0 ? order({ symbol, side: symbol === SPOT ? 'buy' : 'sell', quantity: 50 }) : undefined),
      funding: Array.from({ length: 3 }, (_, k) => [A, T0 + (k + 2) * HOUR, 0.001] as const),
      config: { leverage: 3, margin: margin(more) },
    });

  it('earns the funding and nothing of the price', async () => {
    const result = await carry([still(100), still(100), still(130), still(90), still(120)]);
    // 0.1 % of 50 × 100, 130 and 90.
    expect(result.finalEquity).toBeCloseTo(10_000 + 5 + 6.5 + 4.5, 8);
    expect(result.funding.every(f => f.symbol === A && f.amount > 0)).toBe(true);
  });

  it('is paid in full from cash', async () => {
    const result = await play({
      bars: { [SPOT]: Array.from({ length: 4 }, () => still(100)) },
      instruments: { [SPOT]: { kind: 'spot' } },
      decide: i => (i === 0 ? order({ symbol: SPOT, side: 'buy', quantity: 250 }) : undefined),
      config: { leverage: 3, margin: margin({}) },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1 AAA']);
  });

  it('backs the perpetual only as far as its venue counts it: a doubled price liquidates the hedge otherwise', async () => {
    const rows = [still(100), still(100), [100, 210, 100, 100], still(100)] as const;
    expect(factsOf(await carry(rows), 'PositionLiquidated').map(f => [f.symbol, f.after])).toEqual([[A, 0]]);
    expect(factsOf(await carry(rows, { spotCollateral: 1 }), 'PositionLiquidated')).toEqual([]);
  });
});

describe('funding of a position opened just after a settlement', () => {
  const late = (fundingTolerance: number) =>
    play({
      bars: { [A]: Array.from({ length: 4 }, () => still(100)) },
      decide: i => (i === 0 ? buy(10) : undefined),
      funding: [[A, T0 + HOUR, 0.01]],
      config: { latency: { kind: 'constant', order: 5_000, cancel: 0, report: 0 }, margin: margin({ fundingTolerance }) },
    });

  it('is charged within the tolerance that was asked for, which is none by default', async () => {
    expect((await late(0)).funding).toEqual([]);
    expect((await late(4_999)).funding).toEqual([]);
    expect((await late(5_000)).funding.map(f => f.amount)).toEqual([-10]);
  });
});

describe('money through liquidations', () => {
  it('is conserved in the venue’s books and in the run’s, on any path, mode, side and bracket', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          prices: fc.array(fc.tuple(fc.integer({ min: 40, max: 160 }), fc.integer({ min: 40, max: 160 })), { minLength: 4, maxLength: 12 }),
          sizes: fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 12, maxLength: 12 }),
          mode: fc.constantFrom('cross', 'isolated'),
          positions: fc.constantFrom('one-way', 'hedge'),
          partial: fc.boolean(),
          fee: fc.constantFrom(0, 0.0125),
          inverse: fc.boolean(),
        }),
        async ({ prices, sizes, mode, positions, partial, fee, inverse }) => {
          const symbol = inverse ? INVERSE : A;
          const leg = (size: number) =>
            positions === 'hedge' ? { positionSide: size % 2 === 0 ? ('long' as const) : ('short' as const) } : {};
          const { chunks, config, instruments } = stage({
            bars: { [symbol]: prices.map(([open, close]): BarRow => [open, Math.max(open, close) + 5, Math.min(open, close) - 5, close]) },
            instruments: {
              [symbol]: { maintenanceMarginRate: 0.02, tickSize: 0.01, lotSize: 1, ...(inverse && { kind: 'inverse-perpetual' }) },
            },
            funding: prices.map((_, i) => [symbol, T0 + (i + 1) * HOUR, 0.001] as const),
            config: {
              capital: inverse ? 2 : 10_000,
              leverage: 10,
              fees: { kind: 'maker-taker', maker: -0.0001, taker: 0.0005 },
              margin: margin({ mode, positions, liquidation: { partial, fee } }),
            },
          });
          const strategy = defineStrategy({
            name: 'busy',
            params: {},
            decide: bar => {
              const size = sizes[Math.round((bar.openTime - T0) / HOUR)] ?? 0;
              return size === 0 ? undefined : order({ symbol, side: size > 0 ? 'buy' : 'sell', quantity: Math.abs(size), ...leg(size) });
            },
          });
          const { engine, venue, feed } = engineOver(strategy, { chunks, config, instruments });
          await engine.run(feed);
          const { account, ledger } = engine.fold;
          // The run's books are a fold of what the venue said, and nothing was said that the venue did not book.
          expect([account.cash, [...account.lots], [...account.cost]]).toEqual([
            venue.account.cash,
            [...venue.account.lots],
            [...venue.account.cost],
          ]);
          const flows = engine.facts.reduce(
            (sum, fact) => {
              if (fact.type === 'OrderFilled') return sum + fact.realised - fact.fee;
              if (fact.type === 'FundingSettled') return sum + fact.amount;
              if (fact.type === 'PositionLiquidated') return sum + fact.insurance - fact.fee;
              return sum;
            },
            Math.round(config.capital * 1e8),
          );
          expect(account.cash).toBe(flows);
          const accounts = ['capital', 'cash', 'trading', 'fees', 'funding', 'insurance'] as const;
          expect(ledger.balance('cash')).toBe(account.cash);
          expect(accounts.reduce((sum, each) => sum + ledger.balance(each), 0)).toBe(0);
          for (const fact of engine.facts)
            if (fact.type === 'PositionLiquidated') {
              expect(fact.insurance).toBeGreaterThanOrEqual(0);
              expect(Math.abs(fact.after)).toBeLessThan(Math.abs(fact.before));
              expect(fact.margin).toBeLessThanOrEqual(fact.maintenance + 1e-6 * Math.abs(fact.maintenance) + 2);
            }
          // Whoever is liquidated owes nothing.
          if (engine.halted?.code === 'liquidated') expect(account.cash).toBeGreaterThanOrEqual(0);
          // Orders end at most once.
          const ended = engine.facts.flatMap(fact =>
            fact.type === 'OrderCancelled' || fact.type === 'OrderExpired' || fact.type === 'OrderRejected' ? [fact.orderId] : [],
          );
          expect(new Set(ended).size).toBe(ended.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});
