import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSE_ALL } from '../../src/events/order.js';
import { tierSchedule } from '../../src/market/margin-tiers.js';
import { approveProtective, isDenial } from '../../src/risk/approve.js';
import { correlatedExposure } from '../../src/risk/correlated-exposure.js';
import { marginDistance } from '../../src/risk/margin-distance.js';
import type { RiskView } from '../../src/risk/risk-check.js';
import { A, B, C, says, ticket, under, view, working } from './book.js';

describe('a limit in money', () => {
  it('holds one symbol to it, to the last lot, orders at work included', () => {
    const checks = under({ maxPosition: 500 });
    expect(says(ticket(A, 'buy', 5), view(), checks)).toBe('approved');
    expect(says(ticket(A, 'sell', 6), view(), checks)).toBe('max-position');
    expect(says(ticket(A, 'buy', 2), view({ held: { [A]: 1, [B]: 50 }, orders: [working(A, 'buy', 2)] }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 3), view({ held: { [A]: 1 }, orders: [working(A, 'buy', 2)] }), checks)).toBe('max-position');
    expect(says(ticket(A, 'sell', 9), view({ held: { [A]: 9 } }), checks)).toBe('approved');
  });

  it('holds all symbols together to it, longs and shorts added up', () => {
    const checks = under({ maxGross: 2000 });
    expect(says(ticket(A, 'buy', 8), view({ held: { [B]: -12 } }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 9), view({ held: { [B]: -12 } }), checks)).toBe('max-gross');
    expect(says(ticket(A, 'buy', 8), view({ held: { [B]: -11 }, orders: [working(B, 'sell', 2)] }), checks)).toBe('max-gross');
  });
});

describe('net exposure', () => {
  const checks = under({ maxNet: 1 });

  it('is held to a multiple of equity in either direction', () => {
    expect(says(ticket(A, 'buy', 10), view(), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 11), view(), checks)).toBe('max-net');
    expect(says(ticket(A, 'sell', 11), view(), checks)).toBe('max-net');
    // 20 short elsewhere make room for 30 long; 20 long elsewhere leave none.
    expect(says(ticket(A, 'buy', 30), view({ held: { [B]: -20 } }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 31), view({ held: { [B]: -20 } }), checks)).toBe('max-net');
    expect(says(ticket(A, 'sell', 30), view({ held: { [B]: 20 } }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 1), view({ held: { [B]: 20 } }), checks)).toBe('max-net');
  });

  it('counts on no order of the other side, and on every one of its own', () => {
    expect(says(ticket(A, 'buy', 11), view({ orders: [working(B, 'sell', 5)] }), checks)).toBe('max-net');
    expect(says(ticket(A, 'buy', 5), view({ orders: [working(B, 'buy', 5)] }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 6), view({ orders: [working(B, 'buy', 5)] }), checks)).toBe('max-net');
  });
});

describe('concentration', () => {
  const checks = under({ maxConcentration: 0.5, concentrationFrom: 1 });

  it('holds one symbol to a share of the gross, above a size at which it matters', () => {
    // The first position is all there is, up to 1 × equity.
    expect(says(ticket(A, 'buy', 10), view(), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 11), view(), checks)).toBe('concentration');
    // 15 of 30 is half; 16 of 31 is more.
    expect(says(ticket(A, 'buy', 15), view({ held: { [B]: 7, [C]: -8 } }), checks)).toBe('approved');
    expect(says(ticket(A, 'sell', 16), view({ held: { [B]: 7, [C]: -8 } }), checks)).toBe('concentration');
    expect(says(ticket(A, 'sell', 16), view({ held: { [A]: 20 } }), checks)).toBe('approved');
  });

  it('does not count on what elsewhere is being sold or has not been bought yet', () => {
    expect(says(ticket(A, 'buy', 15), view({ held: { [B]: 15 }, orders: [working(B, 'sell', 1)] }), checks)).toBe('concentration');
    expect(says(ticket(A, 'buy', 15), view({ held: { [B]: 14 }, orders: [working(B, 'buy', 5)] }), checks)).toBe('concentration');
  });
});

describe('symbols that move together', () => {
  const known: Readonly<Record<string, number>> = { [`${A}${B}`]: 0.8, [`${B}${C}`]: 0.79, [`${A}${C}`]: 0.1 };
  const correlation = (a: string, b: string): number => known[a + b] ?? known[b + a] ?? NaN;
  const checks = [correlatedExposure({ limit: 1, at: 0.8, correlation })];

  it('count as one on each side of the market, from the correlation on', () => {
    expect(says(ticket(A, 'buy', 5), view({ held: { [B]: 5, [C]: 50 } }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 6), view({ held: { [B]: 5 } }), checks)).toBe('correlated');
    expect(says(ticket(A, 'sell', 6), view({ held: { [B]: -5 } }), checks)).toBe('correlated');
    // A pair trade: each leg has its own side.
    expect(says(ticket(A, 'sell', 10), view({ held: { [B]: 10 } }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 6), view({ orders: [working(B, 'buy', 5)] }), checks)).toBe('correlated');
    expect(says(ticket(A, 'sell', 5), view({ held: { [A]: 5, [B]: 50 } }), checks)).toBe('approved');
  });

  it('make a chain, and what is not known counts as moving together', () => {
    const chained = [correlatedExposure({ limit: 1, at: 0.79, correlation })];
    expect(says(ticket(A, 'buy', 5), view({ held: { [B]: 1, [C]: 5 } }), chained)).toBe('correlated');
    // Nothing is held in the link of the chain.
    expect(says(ticket(A, 'buy', 5), view({ held: { [C]: 6 } }), chained)).toBe('approved');
    const unknown = [correlatedExposure({ limit: 1, at: 0.8, correlation: () => NaN })];
    expect(says(ticket(A, 'buy', 5), view({ held: { [C]: 5 } }), unknown)).toBe('approved');
    expect(says(ticket(A, 'buy', 6), view({ held: { [C]: 5 } }), unknown)).toBe('correlated');
  });
});

describe('orders at work', () => {
  it('are no more than so many; reductions pass', () => {
    const checks = under({ maxOpenOrders: 2 });
    const one = [working(B, 'buy', 1)];
    expect(says(ticket(A, 'buy', 1), view({ orders: one }), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 1), view({ orders: [...one, ...one] }), checks)).toBe('open-orders');
    expect(says(ticket(A, 'sell', 1), view({ held: { [A]: 1 }, orders: [...one, ...one] }), checks)).toBe('approved');
  });
});

describe('the distance to liquidation', () => {
  it('is the move against every position that uses up equity down to the maintenance margin', () => {
    const flat = tierSchedule([{ floor: 0, rate: 0.05, maxLeverage: 20 }]);
    const checks = [marginDistance(0.2, () => flat)];
    // Gross g: (1,000 − 0.05 g) ÷ g ≥ 0.2 up to g = 4,000.
    expect(says(ticket(A, 'buy', 40), view(), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 41), view(), checks)).toBe('margin-distance');
    expect(says(ticket(A, 'sell', 20), view({ held: { [B]: 10 }, orders: [working(C, 'buy', 10)] }), checks)).toBe('approved');
    expect(says(ticket(A, 'sell', 21), view({ held: { [B]: 10 }, orders: [working(C, 'buy', 10)] }), checks)).toBe('margin-distance');
    expect(says(ticket(A, 'sell', 50), view({ held: { [A]: 60 } }), checks)).toBe('approved');
  });

  it('goes by the bracket of each position', () => {
    // Above 2,000 a tenth less the deduction of 2,000 × (0.1 − 0.05) = 100: of 3,000 the maintenance is 200.
    const tiers = tierSchedule([
      { floor: 0, rate: 0.05, maxLeverage: 20 },
      { floor: 2000, rate: 0.1, maxLeverage: 10 },
    ]);
    const at = (limit: number) => [marginDistance(limit, () => tiers)];
    expect(says(ticket(A, 'buy', 30), view(), at(0.8 / 3))).toBe('approved');
    expect(says(ticket(A, 'buy', 30), view(), at(0.267))).toBe('margin-distance');
  });
});

describe('what is not known', () => {
  it('lets nothing new through: a held position without a price makes every sum unknown', () => {
    const v = view({ held: { [B]: 1 }, prices: { [B]: NaN } });
    for (const limits of [{ maxGross: 1e9 }, { maxNet: 1e9 }, { maxLeverage: 1e9 }])
      expect(says(ticket(A, 'buy', 1), v, under(limits))).not.toBe('approved');
    const own = view({ held: { [A]: 1 }, prices: { [A]: NaN } });
    for (const limits of [{ maxPosition: 1e9 }, { maxExposure: 1e9 }, { maxOrderNotional: 1e9 }]) {
      expect(says(ticket(A, 'buy', 1), own, under(limits))).not.toBe('approved');
      expect(says(ticket(A, 'sell', 1), own, under(limits))).toBe('approved');
    }
    expect(says(ticket(A, 'buy', 1, { limit: 5 }), own, under({ priceCollar: 0.1 }))).toBe('price-collar');
  });
});

describe('orders that protect', () => {
  const strict = under({
    maxOrderNotional: 1,
    maxLeverage: 0.01,
    maxExposure: 0.01,
    maxPosition: 1,
    maxGross: 1,
    maxNet: 0.01,
    maxConcentration: 0.01,
    maxOpenOrders: 1,
  });
  const many = [working(B, 'buy', 1), working(B, 'buy', 1)];

  it('pass in every state and under every limit when they only reduce', () => {
    for (const state of ['ACTIVE', 'REDUCING', 'HALTED'] as const)
      for (const held of [5, -5])
        for (const equity of [1000, 0, -50]) {
          const v = view({ held: { [A]: held }, orders: many, equity });
          const side = held > 0 ? 'sell' : 'buy';
          const stop = { type: 'stop', stop: 90, reduceOnly: true } as const;
          expect(says(ticket(A, side, 5, { reduceOnly: true }), v, strict, state)).toBe('approved');
          expect(says(ticket(A, side, 5, stop), v, strict, state)).toBe('approved');
          expect(says(ticket(A, side, CLOSE_ALL, { ...stop, closePosition: true }), v, strict, state)).toBe('approved');
        }
  });

  it('of the broker itself pass also while other orders of their side could use up the position first', () => {
    const v = view({ held: { [A]: 5 }, orders: [working(A, 'sell', 3)] });
    const closing = ticket(A, 'sell', CLOSE_ALL, { type: 'stop', stop: 90, reduceOnly: true, closePosition: true });
    expect(says(closing, v, [], 'HALTED')).toBe('halted');
    expect(approveProtective(closing, v)).toBe(closing);
    expect(isDenial(approveProtective(ticket(A, 'sell', 2), v))).toBe(false);
    for (const wrong of [ticket(A, 'sell', 3), ticket(A, 'buy', 1)])
      expect(approveProtective(wrong, v)).toMatchObject({ code: 'not-protective' });
  });
});

describe('whatever is ordered and however it fills', () => {
  /** The limits, each recomputed from lots and prices alone. */
  const within = (lots: Readonly<Record<string, number>>, prices: Readonly<Record<string, number>>): boolean => {
    const notionals = [A, B, C].map(symbol => (lots[symbol] ?? 0) * (prices[symbol] ?? NaN));
    const gross = notionals.reduce((sum, x) => sum + Math.abs(x), 0);
    const net = notionals.reduce((sum, x) => sum + x, 0);
    return (
      notionals.every(x => Math.abs(x) <= 900 + 1e-6 && Math.abs(x) <= 0.8 * 1000 + 1e-6) &&
      gross <= 1800 + 1e-6 &&
      gross <= 1.5 * 1000 + 1e-6 &&
      Math.abs(net) <= 1000 + 1e-6
    );
  };

  it('no flow of orders passes a limit', () => {
    const checks = under({ maxPosition: 900, maxExposure: 0.8, maxGross: 1800, maxLeverage: 1.5, maxNet: 1, maxOrderNotional: 700 });
    const prices = { [A]: 100, [B]: 50, [C]: 7 };
    const step = fc.record({
      symbol: fc.constantFrom(A, B, C),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      lots: fc.integer({ min: 1, max: 40 }),
      reduceOnly: fc.boolean(),
      fill: fc.integer({ min: 0, max: 5 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    let approved = 0;
    let denied = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), steps => {
        const held: Record<string, number> = { [A]: 0, [B]: 0, [C]: 0 };
        const orders: { symbol: string; side: 'buy' | 'sell'; lots: number; limit: null; stop: null; reduceOnly: boolean }[] = [];
        for (const { symbol, side, lots, reduceOnly, fill, share } of steps) {
          const v: RiskView = view({ held, orders, prices });
          if (says(ticket(symbol, side, lots, { reduceOnly }), v, checks) === 'approved') {
            approved++;
            orders.push({ symbol, side, lots, limit: null, stop: null, reduceOnly });
          } else denied++;
          // Any order at work fills any part of it, as the venue would: a reduce-only one no more than is held.
          const order = orders[fill % Math.max(1, orders.length)];
          if (order) {
            const sign = order.side === 'buy' ? 1 : -1;
            const position = held[order.symbol] ?? 0;
            const most = order.reduceOnly ? Math.min(order.lots, position * sign < 0 ? Math.abs(position) : 0) : order.lots;
            const filled = Math.round(most * share);
            held[order.symbol] = position + sign * filled;
            order.lots -= filled;
            if (order.lots === 0 || (order.reduceOnly && most === 0)) orders.splice(orders.indexOf(order), 1);
          }
          if (!within(held, prices)) return false;
        }
        return true;
      }),
      { numRuns: 400 },
    );
    expect(approved).toBeGreaterThan(500);
    expect(denied).toBeGreaterThan(500);
  });
});
