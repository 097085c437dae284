import { describe, expect, it } from 'vitest';
import { cancel, order, target } from '../../src/strategies/intent.js';
import { A, B, FREE, NO_RISK, T0, factsOf, play, still, told, type BarRow } from './scenario.js';

const HOUR = 3_600_000;
const flat = (n: number, price = 100): BarRow[] => Array.from({ length: n }, () => still(price));

describe('a target beyond a limit of risk', () => {
  it('is denied once, with its code, however often it is repeated', async () => {
    for (const [code, risk] of Object.entries({
      'max-exposure': { ...NO_RISK, maxExposure: 0.5 },
      'max-leverage': { ...NO_RISK, maxLeverage: 0.5 },
      'max-order-notional': { ...NO_RISK, maxOrderNotional: 5000 },
    })) {
      const result = await play({ bars: { [A]: flat(5) }, decide: () => target(A, 1), config: { risk } });
      expect(told(result)).toEqual([]);
      expect(result.refusals).toEqual({ [code]: 1 });
      expect(factsOf(result, 'TargetSet').length).toBe(1);
    }
  });

  it('is tried again and passes when the limit lets it', async () => {
    // A is closed in the bar in which B is first denied.
    const result = await play({
      bars: { [A]: flat(5), [B]: flat(5) },
      decide: (i, { symbol }) => (symbol === A ? target(A, i === 0 ? 1 : 0) : i >= 1 ? target(B, 1) : undefined),
      config: { risk: { ...NO_RISK, maxLeverage: 1 } },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@100 taker h2', 'buy 100@100 taker h3 BBB']);
    expect(result.refusals).toEqual({ 'max-leverage': 1 });
  });

  it('is denied anew when another target was asked for in between', async () => {
    const result = await play({
      bars: { [A]: flat(6) },
      decide: i => target(A, i === 2 ? 0.3 : i < 4 ? 1 : 2),
      config: { risk: { ...NO_RISK, maxExposure: 0.5 } },
    });
    expect(told(result)).toEqual(['buy 30@100 taker h3']);
    expect(result.refusals).toEqual({ 'max-exposure': 3 });
  });

  it('is denied anew when it passed in between', async () => {
    // Half of 10,000 is above 4,500. A loses 2,000 and half of 8,000 passes; A gains 12,000 and the drift of B asks for 6,000.
    const result = await play({
      bars: { [A]: [still(100), still(100), still(80), still(80), still(200), still(200)], [B]: flat(6) },
      decide: (i, { symbol }) =>
        symbol === B ? target(B, 0.5) : i === 0 ? [40, 40, 20].map(quantity => order({ symbol: A, side: 'buy', quantity })) : undefined,
      config: { rebalanceBand: 0.1, risk: { ...NO_RISK, maxOrderNotional: 4500 } },
    });
    expect(told(result).slice(3)).toEqual(['buy 40@100 taker h3 BBB']);
    expect(result.refusals).toEqual({ 'max-order-notional': 2 });
  });

  it('holds limit prices near the market', async () => {
    const result = await play({
      bars: { [A]: flat(3) },
      decide: i => (i === 0 ? order({ symbol: A, side: 'buy', quantity: 1, limit: 121 }) : undefined),
      config: { risk: { ...NO_RISK, priceCollar: 0.2 } },
    });
    expect(result.refusals).toEqual({ 'price-collar': 1 });
  });

  it('sees the account as the strategy knows it, marked at last closes', async () => {
    // 50 lots at 100 and a close of 200: 10,000 of 15,000 equity. 12 more lots make 12,400, below 0.83 × 15,000 = 12,450; 13 do not.
    const add = (quantity: number) =>
      play({
        bars: { [A]: [still(100), still(100), still(200), still(200)] },
        decide: i => (i === 0 ? target(A, 0.5) : i === 2 ? order({ symbol: A, side: 'buy', quantity }) : undefined),
        config: { risk: { ...NO_RISK, maxExposure: 0.83 } },
      });
    expect(told(await add(12)).length).toBe(2);
    expect((await add(13)).refusals).toEqual({ 'max-exposure': 1 });
  });
});

describe('orders at work', () => {
  it('count against the limit of one symbol: together they cannot pass what none of them may', async () => {
    // 40 at 90 are 3,600, two of them 7,200 of 10,000.
    const result = await play({
      bars: { [A]: [still(100), still(100), still(80)] },
      decide: i => (i === 0 ? [1, 2, 3].map(() => order({ symbol: A, side: 'buy', quantity: 40, limit: 90 })) : undefined),
      config: { risk: { ...NO_RISK, maxExposure: 0.5 } },
    });
    expect(told(result)).toEqual(['buy 40@90 maker h2']);
    expect(result.refusals).toEqual({ 'max-exposure': 2 });
    // 40 × 80 of 10,000 − 400.
    expect(result.curve.gross.at(-1)).toBeCloseTo(3200 / 9600, 12);
  });

  it('count against the limit of the account in every symbol', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(80)], [B]: [still(100), still(100), still(80)] },
      decide: (i, { symbol }) => (i === 0 ? order({ symbol, side: 'buy', quantity: 60, limit: 90 }) : undefined),
      config: { risk: { ...NO_RISK, maxLeverage: 1 } },
    });
    expect(told(result)).toEqual(['buy 60@90 maker h2']);
    expect(result.refusals).toEqual({ 'max-leverage': 1 });
  });

  it('make room again when they end', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(80)] },
      decide: i =>
        i === 0
          ? order({ symbol: A, side: 'buy', quantity: 40, limit: 90, id: 'x' })
          : i === 1
            ? [cancel('x'), order({ symbol: A, side: 'buy', quantity: 41, limit: 90 })]
            : undefined,
      config: { risk: { ...NO_RISK, maxExposure: 0.5 } },
    });
    // Until its cancel is confirmed the first still counts.
    expect(told(result)).toEqual([]);
    expect(result.refusals).toEqual({ 'max-exposure': 1 });
  });

  it('are valued at what they can fill at: their own price is no bound on the other side of the market', async () => {
    const of = (ticket: Parameters<typeof order>[0]) =>
      play({
        bars: { [A]: flat(4) },
        decide: i => (i === 0 ? order(ticket) : undefined),
        config: { risk: { ...NO_RISK, maxExposure: 0.5 } },
      });
    for (const ticket of [
      { side: 'buy', quantity: 51, stop: 10 },
      { side: 'sell', quantity: 51, limit: 10 },
      { side: 'sell', quantity: 51, stop: 10 },
      { side: 'sell', quantity: 51, stop: 100, limit: 1 },
      { side: 'sell', quantity: 51, stop: 10, limit: 1 },
    ] as const) {
      const refused = await of({ symbol: A, ...ticket });
      expect(refused.refusals, JSON.stringify(ticket)).toEqual({ 'max-exposure': 1 });
      expect(told(await of({ symbol: A, ...ticket, quantity: 50 })).length).toBeLessThanOrEqual(1);
    }
    // A buy is bounded by its limit, and a sale is worth its limit above the market.
    expect((await of({ symbol: A, side: 'buy', quantity: 62, limit: 80 })).refusals).toEqual({});
    expect((await of({ symbol: A, side: 'sell', quantity: 45, limit: 120 })).refusals).toEqual({ 'max-exposure': 1 });
  });

  it('and reductions of their side are not both counted on to close the same lots', async () => {
    // 50 long and a limit of 100 to sell are 50 short at worst; with a stop that may sell the 50 first it would be 100.
    const turning = (quantity: number) =>
      play({
        bars: { [A]: [still(100), still(100), [100, 100, 80, 80], still(80), still(120)] },
        decide: i =>
          i === 0
            ? target(A, 0.5)
            : i === 1
              ? [
                  order({ symbol: A, side: 'sell', quantity, limit: 110 }),
                  order({ symbol: A, side: 'sell', quantity: 50, stop: 90, reduceOnly: true }),
                ]
              : undefined,
        config: { risk: { ...NO_RISK, maxExposure: 0.6 } },
      });
    const beyond = await turning(100);
    expect(told(beyond)).toEqual(['buy 50@100 taker h1', 'sell 100@110 maker h4']);
    expect(beyond.refusals).toEqual({ 'max-exposure': 1 });
    const within = await turning(40);
    expect(told(within)).toEqual(['buy 50@100 taker h1', 'sell 50@90 taker h2.5', 'sell 40@110 maker h4']);
  });
});

describe('spot', () => {
  it('cannot be sold short', async () => {
    const result = await play({
      bars: { [A]: flat(5) },
      instruments: { [A]: { kind: 'spot' } },
      decide: i => [target(A, 0.5), target(A, -0.5), target(A, 0)][i],
    });
    expect(told(result)).toEqual(['buy 50@100 taker h1', 'sell 50@100 taker h3']);
    expect(result.refusals).toEqual({ 'spot-short': 1 });
  });
});

describe('the drawdown halt', () => {
  const halting = { risk: { ...NO_RISK, maxDrawdown: 0.2 } };

  it('takes back what rests, closes what is held at the next open, and lets nothing new through', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(90), still(79), still(78), still(78), still(50)] },
      decide: i =>
        i === 0 ? [target(A, 1), order({ symbol: A, side: 'buy', quantity: 5, limit: 60 })] : i >= 4 ? target(A, 0.5) : undefined,
      config: halting,
    });
    // At 90 the fall is a tenth; at 79 it is 21 %.
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@78 taker h4']);
    expect(result.halted).toEqual({
      ts: T0 + 4 * HOUR,
      code: 'max-drawdown',
      text: 'equity 7900.00 is 21.00 % below its peak of 10000.00; the limit is 20.00 %',
    });
    expect(result.finalEquity).toBe(7800);
    expect(result.refusals).toEqual({ halted: 1 });
    expect(factsOf(result, 'OrderCancelled').map(f => f.orderId)).toEqual(['o2']);
    expect(factsOf(result, 'RiskStateChanged').length).toBe(1);
    expect(result.fills[1]?.reason).toBe('max-drawdown');
  });

  it('closes a short and several symbols alike', async () => {
    const result = await play({
      bars: {
        [A]: [still(100), still(100), still(120), still(120), still(120)],
        [B]: [still(50), still(50), still(40), still(40), still(40)],
      },
      decide: (i, { symbol }) => (i === 0 ? target(symbol, symbol === A ? -0.5 : 0.5) : undefined),
      config: halting,
    });
    expect(told(result)).toEqual(['sell 50@100 taker h1', 'buy 100@50 taker h1 BBB', 'buy 50@120 taker h3', 'sell 100@40 taker h3 BBB']);
    expect(result.curve.gross.at(-1)).toBe(0);
  });

  it('closes the whole position although a target is still being filled', async () => {
    // 30 lots a bar: 60 of 100 are there when the price collapses. The rest must not be bought, and 60 must be sold.
    const result = await play({
      bars: {
        [A]: [still(100, 100), still(100, 100), [100, 100, 40, 40, 100], still(40, 100), still(40, 100), still(40, 100), still(40, 100)],
      },
      decide: i => (i === 0 ? target(A, 1) : undefined),
      config: { ...halting, fills: { ...FREE.fills, participation: 0.3 } },
    });
    expect(told(result)).toEqual(['buy 30@100 taker h1', 'buy 30@100 taker h2', 'sell 30@40 taker h3', 'sell 30@40 taker h4']);
    expect(result.refusals).toEqual({});
    expect(factsOf(result, 'TargetSet').map(f => f.exposure)).toEqual([1, 0]);
    expect(result.curve.gross.at(-1)).toBe(0);
  });

  it('closes what an order opens that was on its way when it came', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 40, 40], still(40), still(40)], [B]: flat(5, 10) },
      decide: (i, { symbol }) => (symbol === A && i === 0 ? target(A, 1) : symbol === B && i === 2 ? target(B, 1) : undefined),
      config: { ...halting, latency: { kind: 'constant', order: 100, cancel: 100, report: 50 } },
    });
    expect(result.fills.map(f => [f.symbol, f.side, f.quantity])).toEqual([
      [A, 'buy', 100],
      [B, 'buy', 400],
      [A, 'sell', 100],
      [B, 'sell', 400],
    ]);
    expect(result.curve.gross.at(-1)).toBe(0);
  });

  it('closes what is left when an order on its way turns the position', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 70, 70], still(70), still(70), still(70)] },
      decide: i => (i === 0 ? target(A, 1) : i === 2 ? target(A, -1) : undefined),
      config: { ...halting, latency: { kind: 'constant', order: 100, cancel: 100, report: 50 } },
    });
    expect(result.fills.reduce((held, f) => held + (f.side === 'buy' ? f.quantity : -f.quantity), 0)).toBe(0);
    expect(result.curve.gross.at(-1)).toBe(0);
  });

  it('leaves closing to the venue once the account is liquidated', async () => {
    // Ten lots a bar can be sold; the price falls through the maintenance margin before the halt has sold all.
    const result = await play({
      bars: { [A]: [still(100, 10_000), still(100, 10_000), still(90, 100), still(60, 100), still(40, 100), still(40, 100)] },
      instruments: { [A]: { maintenanceMarginRate: 0.2 } },
      decide: i => (i === 0 ? target(A, 1.9) : undefined),
      config: { risk: { ...NO_RISK, maxDrawdown: 0.15 }, fills: { ...FREE.fills, participation: 0.1 } },
    });
    // At 60 equity is 10,000 − 190 × 40 = 2,400, above the maintenance of 180 × 60 × 0.2 = 2,160; at the open of 40 it is gone, before the halt’s order can sell more.
    expect(told(result)).toEqual(['buy 190@100 taker h1', 'sell 10@60 taker h3', 'sell 180@40 taker h4']);
    expect(factsOf(result, 'OrderRejected')).toEqual([]);
    expect(result.halted?.code).toBe('liquidated');
  });

  it('is not held up by an order that could open a position', async () => {
    // Three bars without volume; the cancel of the partly filled reduction takes two and a half hours.
    const result = await play({
      bars: {
        [A]: [
          still(100, 1000),
          still(100, 1000),
          still(100, 1000),
          still(90, 10),
          ...Array.from({ length: 5 }, () => still(90, 0)),
          ...Array.from({ length: 5 }, () => still(90, 1000)),
        ],
      },
      decide: i =>
        i === 0
          ? target(A, 1)
          : i === 2
            ? target(A, 0.5)
            : i === 4
              ? order({ symbol: A, side: 'sell', quantity: 40, limit: 500 })
              : undefined,
      config: {
        risk: { ...NO_RISK, maxDrawdown: 0.05 },
        fills: { ...FREE.fills, participation: 1 },
        latency: { kind: 'constant', order: 0, cancel: 2.5 * HOUR, report: 0 },
      },
    });
    expect(result.curve.exposure.at(-1)).toBe(0);
    expect(result.refusals['halted']).toBe(1);
  });

  it('lets the strategy reduce by itself, and nothing else', async () => {
    const result = await play({
      bars: { [A]: [still(100, 100), still(100, 1000), still(70, 10), still(70, 10), still(70, 10), still(70, 10)] },
      decide: i =>
        i === 0
          ? target(A, 1)
          : i === 3
            ? [
                order({ symbol: A, side: 'sell', quantity: 1, limit: 60, reduceOnly: true }),
                // The closing order may sell everything first.
                order({ symbol: A, side: 'sell', quantity: 1, limit: 61 }),
                order({ symbol: A, side: 'sell', quantity: 500 }),
                order({ symbol: A, side: 'buy', quantity: 1, limit: 60 }),
              ]
            : undefined,
      config: { ...halting, fills: { ...FREE.fills, participation: 0.1 } },
    });
    expect(factsOf(result, 'IntentDenied').map(f => f.code)).toEqual(['halted', 'halted', 'halted']);
    expect(factsOf(result, 'OrderApproved').map(f => [f.ticket.side, f.ticket.lots])).toEqual([
      ['buy', 100],
      ['sell', 100],
      ['sell', 1],
    ]);
  });
});
