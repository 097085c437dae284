import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { order, target } from '../../src/strategies/intent.js';
import type { RunResult } from '../../src/engine/run-result.js';
import { A, B, FREE, T0, factsOf, play, still, told, type BarRow, type Scenario } from '../engine/scenario.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const hours = (ts: number): number => (ts - T0) / HOUR;
const flat = (n: number, price = 100): BarRow[] => Array.from({ length: n }, () => still(price));
const buy = (quantity: number, more: Partial<Parameters<typeof order>[0]> = {}) => order({ symbol: A, side: 'buy', quantity, ...more });
const sell = (quantity: number, more: Partial<Parameters<typeof order>[0]> = {}) => order({ symbol: A, side: 'sell', quantity, ...more });

describe('fees of the simulated exchange', () => {
  it('are the rate of the fill’s own liquidity on its own notional', async () => {
    const result = await play({
      bars: { [A]: [still(100), [100, 120, 80, 100], still(100)] },
      decide: i => (i === 0 ? [buy(3), buy(2, { limit: 90 })] : undefined),
      config: { fees: { kind: 'maker-taker', maker: -0.0001, taker: 0.0005 } },
    });
    expect(result.fills.map(f => [f.liquidity, f.price, f.fee])).toEqual([
      ['taker', 100, 0.15],
      ['maker', 90, -0.018],
    ]);
    expect(result.finalEquity).toBeCloseTo(10_000 - 0.15 + 0.018 + 2 * 10, 9);
  });

  it('are rounded to 1e-8, half away from zero, a rebate like a charge', async () => {
    // 3,072 × 1e-8 × 2⁻¹¹ is exactly one and a half of 1e-8.
    const half = 2 ** -11;
    const of = (maker: number, taker: number) =>
      play({
        bars: { [A]: [still(3072e-8), [3072e-8, 3073e-8, 3071e-8, 3072e-8], still(3072e-8)] },
        instruments: { [A]: { tickSize: 1e-8 } },
        decide: i => (i === 0 ? [buy(1), buy(1, { limit: 3071e-8 })] : undefined),
        config: { fees: { kind: 'maker-taker', maker, taker } },
      });
    expect((await of(0, half)).fills.map(f => f.fee * 1e8)).toEqual([2, 0]);
    expect(factsOf(await of(-half, 0), 'OrderFilled').map(f => f.fee + 0)).toEqual([0, -1]);
    expect(factsOf(await of(-half * (3072 / 3071), 0), 'OrderFilled')[1]?.fee).toBe(-2);
  });

  it('by the order are charged once, with its first fill', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100, 10), still(100, 10), still(100, 10)] },
      decide: i => (i === 0 ? buy(12) : undefined),
      config: { fees: { kind: 'per-order', fixed: 7, rate: 0.01 }, fills: { ...FREE.fills, participation: 0.5 } },
    });
    expect(result.fills.map(f => [f.quantity, f.fee])).toEqual([
      [5, 12],
      [5, 5],
      [2, 2],
    ]);
  });
});

describe('slippage of the simulated exchange', () => {
  it('moves takers against themselves, rounded to the tick that is worse, and never makers', async () => {
    const of = async (bps: number, tickSize: number) =>
      told(
        await play({
          bars: { [A]: [still(100), [100, 120, 80, 100], still(100), still(100)] },
          instruments: { [A]: { tickSize } },
          decide: i => [[buy(1), buy(1, { limit: 90 })], sell(2)][i],
          config: { slippage: { kind: 'fixed-bps', bps } },
        }),
      );
    expect((await of(50, 0.1)).map(t => t.split(' ')[1])).toEqual(['1@100.5', '1@90', '2@99.5']);
    expect((await of(33, 0.1)).map(t => t.split(' ')[1])).toEqual(['1@100.4', '1@90', '2@99.6']);
  });

  it('is told as what the fill cost against the path', async () => {
    const result = await play({
      bars: { [A]: flat(3) },
      instruments: { [A]: { tickSize: 0.1, lotSize: 0.001 } },
      decide: i => [buy(0.5), sell(0.5)][i],
      config: { slippage: { kind: 'fixed-bps', bps: 33 } },
    });
    expect(result.fills.map(f => [f.price, f.slippage])).toEqual([
      [100.4, 0.2],
      [99.6, 0.2],
    ]);
    expect(result.finalEquity).toBeCloseTo(10_000 - 0.4, 9);
  });

  it('by the square-root law uses the bar that is traded in', async () => {
    const result = await play({
      bars: { [A]: [still(100), [100, 110, 100, 100, 400], still(100)] },
      instruments: { [A]: { tickSize: 1e-6 } },
      decide: i => (i === 0 ? buy(100) : undefined),
      config: { slippage: { kind: 'sqrt-impact', spreadBps: 20, coefficient: 1 } },
    });
    const sigma = Math.log(1.1) / (2 * Math.sqrt(Math.LN2));
    expect(result.fills[0]?.price).toBeCloseTo(100 * (1 + 0.001 + sigma * 0.5), 5);
  });

  it('never sells below one tick', async () => {
    const result = await play({
      bars: { [A]: flat(3, 1) },
      decide: i => (i === 0 ? sell(5) : undefined),
      config: { slippage: { kind: 'fixed-bps', bps: 1000 } },
    });
    expect(told(result)).toEqual(['sell 5@1 taker h1']);
  });

  it('of a limit order stops at its limit, of a gapped stop comes on top of the gap', async () => {
    const result = await play({
      bars: { [A]: [still(100), [100, 100, 100, 100], [90, 90, 90, 90]] },
      decide: i => (i === 0 ? [buy(1, { limit: 101 }), sell(1, { stop: 95 })] : undefined),
      config: { slippage: { kind: 'fixed-bps', bps: 200 } },
    });
    expect(told(result)).toEqual(['buy 1@101 taker h1', 'sell 1@88 taker h2']);
    expect(result.fills.map(f => f.slippage)).toEqual([1, 2]);
  });
});

describe('funding at the simulated exchange', () => {
  const held = (
    quantity: number,
    funding: readonly [string, number, number][],
    mark?: readonly [string, number, number][],
    rows = flat(6),
  ) =>
    play({
      bars: { [A]: rows },
      decide: i => (i === 0 ? (quantity > 0 ? buy(quantity) : sell(-quantity)) : undefined),
      funding,
      ...(mark ? { mark } : {}),
    });

  it('is paid by longs and received by shorts on notional at the mark price, not at the last', async () => {
    const at = T0 + 3 * HOUR;
    const long = await held(10, [[A, at, 0.001]], [[A, at, 110]]);
    expect(long.funding).toMatchObject([{ ts: at, symbol: A, rate: 0.001, quantity: 10, markPrice: 110, amount: -1.1 }]);
    expect(long.finalEquity).toBe(10_000 - 1.1);
    const short = await held(-10, [[A, at, 0.001]], [[A, at, 110]]);
    expect(short.funding.map(f => [f.quantity, f.amount])).toEqual([[-10, 1.1]]);
    const negative = await held(10, [[A, at, -0.002]], [[A, at, 90]]);
    expect(negative.funding.map(f => f.amount)).toEqual([1.8]);
  });

  it('uses the latest mark at the settlement, never a later one, and bridges a hole in the marks with the last of them', async () => {
    const result = await held(
      1,
      [
        [A, T0 + 2 * HOUR, 0.01],
        [A, T0 + 3 * HOUR, 0.01],
        [A, T0 + 5 * HOUR, 0.01],
      ],
      [
        [A, T0 + HOUR, 101],
        [A, T0 + 2 * HOUR, 102],
        [A, T0 + 3 * HOUR + 1, 103],
        [A, T0 + 6 * HOUR, 106],
      ],
    );
    expect(result.funding.map(f => f.markPrice)).toEqual([102, 102, 103]);
  });

  it('uses the last traded price where no mark is known', async () => {
    const rows: BarRow[] = [still(100), [100, 100, 90, 90], [90, 130, 90, 130], still(130), null, still(130)];
    const result = await held(
      1,
      [
        [A, T0 + 2 * HOUR, 0.01],
        [A, T0 + 2.5 * HOUR, 0.01],
        [A, T0 + 5 * HOUR, 0.01],
      ],
      undefined,
      rows,
    );
    // At half past two the last close is still the one of h2.
    expect(result.funding.map(f => f.markPrice)).toEqual([90, 90, 130]);
  });

  it('does not fill in a mark price that begins later than the funding it is needed for', async () => {
    await expect(held(1, [[A, T0 + 2 * HOUR, 0.01]], [[A, T0 + 4 * HOUR, 999]])).rejects.toMatchObject({ code: 'missing-mark' });
  });

  it('is due on the position held before the orders of that moment: who enters then pays nothing, who leaves then pays', async () => {
    const result = await play({
      bars: { [A]: flat(6) },
      decide: i => [undefined, buy(10), undefined, sell(10)][i],
      funding: [
        [A, T0 + 2 * HOUR, 0.01],
        [A, T0 + 4 * HOUR, 0.02],
        [A, T0 + 5 * HOUR, 0.04],
      ],
    });
    expect(told(result)).toEqual(['buy 10@100 taker h2', 'sell 10@100 taker h4']);
    expect(result.funding.map(f => [hours(f.ts), f.amount])).toEqual([[4, -20]]);
    expect(result.roundTrips.map(t => [t.funding, t.netPnl])).toEqual([[-20, -20]]);
  });

  it('comes before an order that arrives in the same moment, also within a bar', async () => {
    const result = await play({
      bars: { [A]: flat(4) },
      decide: i => (i === 0 ? buy(10) : undefined),
      funding: [[A, T0 + 1.5 * HOUR, 0.01]],
      config: { latency: { kind: 'constant', order: 30 * MINUTE, cancel: 0, report: 0 } },
    });
    expect(told(result)).toEqual(['buy 10@100 taker h1.5']);
    expect(result.funding).toEqual([]);
  });

  it('is due on what the path of the bar that ends then has filled', async () => {
    // The order arrives at minute 50, when the price falls from 110 towards the close of 95, and meets it at the close, in the moment of the settlement.
    const result = await play({
      bars: { [A]: [still(100), [100, 110, 90, 95], still(95), still(95)] },
      decide: i => [buy(10, { limit: 95 }), undefined, sell(10)][i],
      funding: [[A, T0 + 2 * HOUR, 0.01]],
      config: { latency: { kind: 'constant', order: 50 * MINUTE, cancel: 0, report: 0 } },
    });
    expect(told(result)).toEqual(['buy 10@95 maker h2', 'sell 10@95 taker h3.8333333333333335']);
    expect(result.funding.map(f => f.amount)).toEqual([-9.5]);
    expect(result.finalEquity).toBe(10_000 - 9.5);
    expect(result.roundTrips.map(t => [t.funding, t.netPnl])).toEqual([[-9.5, -9.5]]);
  });

  it('is charged on the position as the venue has it, also while the strategy does not know of it', async () => {
    const result = await play({
      bars: { [A]: flat(5) },
      decide: i => (i === 0 ? buy(10) : undefined),
      funding: [[A, T0 + 2 * HOUR, 0.01]],
      config: { latency: { kind: 'constant', order: 0, cancel: 0, report: 2.5 * HOUR } },
    });
    expect(factsOf(result, 'FundingSettled').map(f => [hours(f.ts), hours(f.knownAt), f.amount])).toEqual([[2, 4.5, -10e8]]);
  });

  it('keeps symbols and intervals apart', async () => {
    const result = await play({
      bars: { [A]: flat(6), [B]: flat(6, 10) },
      decide: (i, { symbol }) => (i === 0 ? target(symbol, symbol === A ? 0.5 : -0.5) : undefined),
      funding: [
        [A, T0 + 2 * HOUR, 0.01],
        [A, T0 + 4 * HOUR, 0.01],
        [B, T0 + 2 * HOUR, 0.02],
        [B, T0 + 3 * HOUR, 0.02],
        [B, T0 + 5 * HOUR, -0.02],
      ],
    });
    expect(result.funding.map(f => [f.symbol, hours(f.ts), f.amount])).toEqual([
      [A, 2, -50],
      [B, 2, 100],
      [B, 3, 100],
      [A, 4, -50],
      [B, 5, -100],
    ]);
  });

  it('is left out when that is asked for', async () => {
    const result = await play({
      bars: { [A]: flat(4) },
      decide: i => (i === 0 ? buy(10) : undefined),
      funding: [[A, T0 + 2 * HOUR, 0.01]],
      config: { funding: { kind: 'none' } },
    });
    expect([result.funding, result.finalEquity]).toEqual([[], 10_000]);
  });
});

describe('margin at the simulated exchange', () => {
  it('carries up to leverage × equity, and not a lot more', async () => {
    const of = async (quantity: number) => {
      const result = await play({ bars: { [A]: flat(3) }, decide: i => (i === 0 ? buy(quantity) : undefined), config: { leverage: 2 } });
      return [told(result), result.refusals];
    };
    expect(await of(200)).toEqual([['buy 200@100 taker h1'], {}]);
    expect(await of(201)).toEqual([['buy 200@100 taker h1'], { margin: 1 }]);
  });

  it('counts what other symbols tie up at their last close, and what they have earned', async () => {
    const of = async (quantity: number) =>
      told(
        await play({
          bars: { [A]: [still(100), still(100), [100, 120, 100, 120], still(120), still(120)], [B]: flat(5, 10) },
          decide: (i, { symbol }) =>
            symbol === A && i === 0 ? buy(150) : symbol === B && i === 2 ? order({ symbol: B, side: 'sell', quantity }) : undefined,
          config: { leverage: 2 },
        }),
      )[1];
    // 150 × 20 earned: equity 13,000, of which twice is 26,000; A ties up 18,000; 8,000 are left for B at 10.
    expect([await of(800), await of(801), await of(5000)]).toEqual(Array.from({ length: 3 }, () => 'sell 800@10 taker h3 BBB'));
  });

  it('never stands in the way of a reduction, and judges a reversal by what it ends with', async () => {
    // 180 at 100, then 70: equity 4,600, twice is 9,200, held 12,600.
    const of = async (quantity: number) => {
      const result = await play({
        bars: { [A]: [still(100), still(100), still(70), still(70)] },
        decide: i => (i === 0 ? buy(180) : i === 2 ? sell(quantity) : undefined),
        config: { leverage: 2 },
      });
      return result.fills[1]?.quantity;
    };
    expect([await of(10), await of(180), await of(360), await of(361)]).toEqual([10, 180, 360, 360]);
  });

  it('counts the fill at its own price', async () => {
    const of = async (quantity: number) =>
      told(
        await play({
          bars: { [A]: flat(3) },
          decide: i => (i === 0 ? buy(quantity) : undefined),
          config: { leverage: 1, slippage: { kind: 'fixed-bps', bps: 1000 } },
        }),
      );
    // 110 each, of which 10 are lost: 83 lots are 9,130 and leave 9,170; 84 are 9,240 and leave 9,160.
    expect([await of(83), await of(84)]).toEqual([['buy 83@110 taker h1'], ['buy 83@110 taker h1']]);
  });

  it('pays the fill’s own fee first, so that at a leverage of one nothing is borrowed for it', async () => {
    // 10,000 at a price of 1 and a fee of a thousandth: 9,990 lots cost 9.99 and leave 9,990.01.
    const one = await play({
      bars: { [A]: flat(4, 1) },
      instruments: { [A]: { kind: 'spot' } },
      decide: () => target(A, 1),
      config: { leverage: 1, fees: { kind: 'maker-taker', maker: 0, taker: 0.001 } },
    });
    expect(told(one)).toEqual(['buy 9990@1 taker h1']);
    // 50 × (10,000 − 0.1 n) ≥ 100 n at 4,761.9 lots.
    const fifty = await play({
      bars: { [A]: flat(4) },
      decide: () => target(A, 50),
      config: { leverage: 50, fees: { kind: 'maker-taker', maker: 0, taker: 0.001 } },
    });
    expect(told(fifty)).toEqual(['buy 4761@100 taker h1']);
    expect(fifty.curve.gross.at(-1)).toBeLessThanOrEqual(50);
  });

  it('cuts nothing from a FOK order: it fills whole or not at all', async () => {
    const of = async (quantity: number) => {
      const result = await play({
        bars: { [A]: flat(3) },
        decide: i => (i === 0 ? order({ symbol: A, side: 'buy', quantity, tif: 'fok' }) : undefined),
        config: { leverage: 1 },
      });
      return [told(result).length, result.refusals];
    };
    expect([await of(100), await of(101)]).toEqual([
      [1, {}],
      [0, { margin: 1 }],
    ]);
  });

  it('lets nothing wait to reduce a position that such a fill has turned', async () => {
    const result = await play({
      bars: { [A]: flat(4) },
      decide: i =>
        i === 0 ? sell(50) : i === 1 ? [order({ symbol: A, side: 'buy', quantity: 9, stop: 150, reduceOnly: true }), buy(300)] : undefined,
      config: { leverage: 1 },
    });
    expect(told(result)).toEqual(['sell 50@100 taker h1', 'buy 150@100 taker h2']);
    expect(factsOf(result, 'OrderCancelled').map(f => [f.orderId, f.code])).toEqual([['o2', 'reduce-only']]);
  });

  it('ends a resting order, too, that the account can carry only in part, and what waits to reduce a position that is gone', async () => {
    // 50 short, a stop above to close it; at 90 a limit buys 300: 50 close, and 100 × 100 + 50 × 10 earned carry 116 at 90, of 250 wanted.
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 80, 90], still(90)] },
      decide: i =>
        i === 0
          ? sell(50)
          : i === 1
            ? [
                order({ symbol: A, side: 'buy', quantity: 50, stop: 150, reduceOnly: true }),
                order({ symbol: A, side: 'buy', quantity: 300, limit: 90 }),
              ]
            : undefined,
      config: { leverage: 1 },
    });
    expect(told(result)).toEqual(['sell 50@100 taker h1', 'buy 166@90 maker h2.5']);
    expect(factsOf(result, 'OrderExpired').map(f => [f.orderId, f.code])).toEqual([['o3', 'margin']]);
    expect(factsOf(result, 'OrderCancelled').map(f => [f.orderId, f.code])).toEqual([['o2', 'reduce-only']]);
  });

  it('fills the rest of a target, to the lots planned, once something else has made room', async () => {
    // B holds 60 of 100 lots when A wants 60: 40 are carried. B is closed in the bar after, and the price of A is another by then.
    const result = await play({
      bars: { [A]: [still(100), still(100), still(100), still(100), still(90), still(90), still(90)], [B]: flat(7) },
      decide: (i, { symbol }) => (symbol === B ? target(B, i < 2 ? 0.6 : 0) : i >= 1 ? target(A, 0.6) : undefined),
      config: { leverage: 1 },
    });
    expect(told(result)).toEqual(['buy 60@100 taker h1 BBB', 'buy 40@100 taker h2', 'sell 60@100 taker h3 BBB', 'buy 20@90 taker h4']);
    expect(result.refusals).toEqual({ margin: 1 });
    expect(factsOf(result, 'TargetSet').length).toBe(3);
  });

  it('does not take a position that was stopped out since for such a rest', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 80, 80], still(50), still(50), still(50)], [B]: flat(6) },
      decide: (i, { symbol }) =>
        symbol === B
          ? target(B, i < 2 ? 0.6 : 0)
          : i === 1
            ? [target(A, 0.6), order({ symbol: A, side: 'sell', quantity: 60, stop: 90, reduceOnly: true })]
            : i > 1
              ? target(A, 0.6)
              : undefined,
      config: { leverage: 1 },
    });
    expect(told(result)).toEqual(['buy 60@100 taker h1 BBB', 'buy 40@100 taker h2', 'sell 40@90 taker h2.5', 'sell 60@100 taker h3 BBB']);
  });

  it('lets a target of all of the equity be held at a leverage of one, whatever the costs, and does not chase the rest', async () => {
    const result = await play({
      bars: { [A]: flat(8) },
      decide: () => target(A, 1),
      config: { leverage: 1, slippage: { kind: 'fixed-bps', bps: 100 }, fees: { kind: 'maker-taker', maker: 0.001, taker: 0.001 } },
    });
    // 101 each, of which 1.101 are lost: 97 lots are 9,797 and leave 9,893; 98 are 9,898 and leave 9,892.
    expect(told(result)).toEqual(['buy 97@101 taker h1']);
    expect(result.refusals).toEqual({ margin: 1 });
    const round = await play({ bars: { [A]: flat(8) }, decide: i => target(A, i < 3 ? 1 : -1), config: { leverage: 1 } });
    expect(told(round)).toEqual(['buy 100@100 taker h1', 'sell 200@100 taker h4']);
  });
});

/** As runs were margined before they had a margin model: at the instrument's own rate, looked at when bars close. */
const flatRate = (scenario: Scenario): Promise<RunResult> => play({ ...scenario, config: { ...scenario.config, margin: undefined } });

describe('liquidation without a margin model', () => {
  const instruments = { [A]: { tickSize: 0.1, maintenanceMarginRate: 0.005 }, [B]: { maintenanceMarginRate: 0.1 } };
  const taker = { fees: { kind: 'maker-taker', maker: 0, taker: 0.001 } } as const;

  it('comes when equity at a close is down to the maintenance margin, closes everything as a taker and ends the account', async () => {
    const result = await flatRate({
      bars: { [A]: [still(100), still(100), still(91), [91, 91, 80, 90.4], still(95), still(95)] },
      instruments,
      decide: i => (i === 0 ? [buy(1000), buy(5, { limit: 50 })] : i >= 3 ? [buy(1), target(A, 0.1)] : undefined),
      config: { ...taker, leverage: 11 },
    });
    // 1,000 at 100 with 10,000; entry fee 100. At 91 equity is 900 against 455; at 90.4 it is 300 against 452.
    expect(told(result)).toEqual(['buy 1000@100 taker h1', 'sell 1000@90.4 taker h4']);
    expect(factsOf(result, 'AccountLiquidated').map(f => [hours(f.ts), f.equity, f.maintenance])).toEqual([[4, 300e8, 452e8]]);
    expect(factsOf(result, 'OrderCancelled').map(f => [f.orderId, f.code])).toEqual([['o2', 'liquidation']]);
    expect(result.halted).toMatchObject({ ts: T0 + 4 * HOUR, code: 'liquidated' });
    expect(result.finalEquity).toBeCloseTo(10_000 - 100 - 9600 - 90.4, 9);
    // The buy of the last moment reaches a closed account; what comes later does not leave the desk.
    expect(factsOf(result, 'OrderRejected').map(f => f.code)).toEqual(['liquidated', 'liquidated']);
    expect(result.refusals['halted']).toBeGreaterThan(0);
    expect(result.roundTrips.map(t => t.exitReason)).toEqual(['liquidation']);
  });

  it('comes at exactly the margin and not a tick before', async () => {
    const at = async (price: number) => {
      const result = await flatRate({
        bars: { [A]: [still(100), still(100), still(price)] },
        instruments: { [A]: { maintenanceMarginRate: 0.25 } },
        decide: i => (i === 0 ? buy(200) : undefined),
      });
      return factsOf(result, 'AccountLiquidated').length;
    };
    // 200 at 100 with 10,000: equity 200p − 10,000, margin 50p; equal at p = 66.67. So 67 stands and 66 falls.
    expect([await at(67), await at(66)]).toEqual([0, 1]);
    const exactly = await flatRate({
      bars: { [A]: [still(100), still(100), still(80)] },
      instruments: { [A]: { maintenanceMarginRate: 0.375 } },
      decide: i => (i === 0 ? buy(200) : undefined),
    });
    // 200 × 80 − 10,000 = 6,000 = 0.375 × 16,000.
    expect(factsOf(exactly, 'AccountLiquidated').map(f => [f.equity, f.maintenance])).toEqual([[6000e8, 6000e8]]);
  });

  it('comes by the price that the venue knows, also where bars are published later than the next one closes', async () => {
    const result = await flatRate({
      bars: { [A]: [still(100), still(100), still(100), still(60), still(100), still(100), still(100), still(100)] },
      instruments: { [A]: { maintenanceMarginRate: 0.25 } },
      decide: i => (i === 0 ? buy(200) : undefined),
      config: { delays: { bars: 1.5 * HOUR, funding: 0, mark: 0 } },
    });
    // Decided at h2.5 on the bar of h1, bought at 100 (the bar from h2 is still), down to 60 at h4: seen by the venue when it looks next, at h4.5.
    expect(factsOf(result, 'AccountLiquidated').map(f => hours(f.ts))).toEqual([4.5]);
  });

  it('comes from funding too', async () => {
    const result = await flatRate({
      bars: { [A]: flat(5) },
      instruments: { [A]: { maintenanceMarginRate: 0.25 } },
      decide: i => (i === 0 ? buy(200) : undefined),
      funding: [[A, T0 + 2 * HOUR, 0.25]],
    });
    // A quarter of 20,000 leaves 5,000, which is the margin.
    expect(factsOf(result, 'AccountLiquidated').map(f => [hours(f.ts), f.equity])).toEqual([[2, 5000e8]]);
    expect(result.finalEquity).toBe(5000);
  });

  it('weighs all positions together, each at its own rate', async () => {
    const result = await flatRate({
      bars: { [A]: [still(100), still(100), still(100)], [B]: [still(10), still(10), still(12), still(12)] },
      instruments,
      decide: (i, { symbol }) => (i === 0 ? target(symbol, symbol === A ? 2 : -3) : undefined),
    });
    // B short 3,000 at 10, now 12: equity 4,000; margin 0.005 × 20,000 + 0.1 × 36,000 = 3,700. It stands.
    expect(factsOf(result, 'AccountLiquidated')).toEqual([]);
    const worse = await flatRate({
      bars: { [A]: flat(3), [B]: [still(10), still(10), [10, 10, 10, 10], still(10)] },
      instruments: { ...instruments, [B]: { maintenanceMarginRate: 0.33 } },
      decide: (i, { symbol }) => (i === 0 ? target(symbol, symbol === A ? 2 : -3) : undefined),
    });
    // 10,000 against 100 + 9,900.
    expect(factsOf(worse, 'AccountLiquidated').map(f => f.maintenance)).toEqual([10_000e8]);
    expect(worse.fills.filter(f => f.reason === 'liquidation').map(f => [f.symbol, f.side])).toEqual([
      [A, 'sell'],
      [B, 'buy'],
    ]);
  });

  it('is known by the next bar, where answers take no time', async () => {
    const seen: number[] = [];
    const result = await flatRate({
      bars: { [A]: [still(100), still(100), still(50), still(50), still(50)] },
      instruments: { [A]: { maintenanceMarginRate: 0.25 } },
      decide: (i, _, { position }) => {
        seen.push(position(A).quantity);
        return i === 0 ? buy(200) : undefined;
      },
    });
    expect(seen).toEqual([0, 200, 200, 0, 0]);
    expect([...result.curve.gross].at(-1)).toBe(0);
    expect(factsOf(result, 'AccountLiquidated').map(f => hours(f.knownAt))).toEqual([3]);
  });

  it('stays the reason for which the run ended, however much is lost in closing', async () => {
    // 100 bought at 110 with 10,000: 9,000 at 100, which is the margin. Sold at 90: a fifth of the peak is lost.
    const result = await flatRate({
      bars: { [A]: flat(5) },
      instruments: { [A]: { maintenanceMarginRate: 0.9 } },
      decide: i => (i === 0 ? buy(100) : undefined),
      config: {
        slippage: { kind: 'fixed-bps', bps: 1000 },
        risk: { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null, maxDrawdown: 0.15 },
      },
    });
    expect(result.finalEquity).toBe(8000);
    expect(result.halted?.code).toBe('liquidated');
    expect(factsOf(result, 'RiskStateChanged')).toEqual([]);
  });

  it('is not followed by the halt’s own closing orders', async () => {
    const result = await flatRate({
      bars: { [A]: [still(100), still(100), still(91), still(50), still(50), still(50)] },
      instruments,
      decide: i => (i === 0 ? buy(1000) : undefined),
      config: {
        risk: { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null, maxDrawdown: 0.99 },
        latency: { kind: 'constant', order: 10, cancel: 10, report: 10 },
      },
    });
    expect(told(result).length).toBe(2);
    expect(result.halted?.code).toBe('liquidated');
  });
});

describe('the books of the venue and of the run', () => {
  it('agree with a plain sum of flows on any path and costs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 50, max: 150 }), fc.integer({ min: -20, max: 20 }), fc.integer({ min: -3, max: 3 })), {
          minLength: 3,
          maxLength: 15,
        }),
        async steps => {
          const result = await play({
            bars: { [A]: steps.map(([price]) => still(price)) },
            decide: i => {
              const size = steps[i]?.[1] ?? 0;
              return size === 0 ? undefined : size > 0 ? buy(size) : sell(-size);
            },
            funding: steps.map(([, , rate], i) => [A, T0 + (i + 1) * HOUR, rate / 1000] as const),
            config: { fees: { kind: 'maker-taker', maker: 0, taker: 0.001 } },
          });
          // An order of bar i fills at the still price of bar i + 1; funding at the close of bar i is on what was held in it, at its price.
          let cash = 10_000;
          let position = 0;
          const curve = steps.map(([price, , rate], i) => {
            const size = i === 0 ? 0 : (steps[i - 1]?.[1] ?? 0);
            cash -= size * price + Math.abs(size) * price * 0.001;
            position += size;
            const before = cash + position * price;
            cash -= (position * price * rate) / 1000;
            return { before, after: cash + position * price };
          });
          // A settlement of the last moment is known after the point of that moment and before the end.
          expect(result.finalEquity).toBeCloseTo(curve.at(-1)?.after ?? NaN, 6);
          [...result.curve.equity].slice(0, -1).forEach((e, i) => expect(e).toBeCloseTo(curve[i]?.before ?? NaN, 6));
        },
      ),
      { numRuns: 60 },
    );
  });
});
