import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../src/events/order.js';
import { accountView } from '../../src/risk/account-view.js';
import { checksOf } from '../../src/risk/approve.js';
import { limitUses, type WatchedFigures } from '../../src/risk/limit-use.js';
import type { RiskLimits } from '../../src/risk/limits.js';
import { perpetual } from '../engine/scenario.js';

const SYMBOLS = ['A/USDT:USDT', 'B/USDT:USDT', 'C/USDT:USDT'];
const instruments = SYMBOLS.map(symbol => perpetual(symbol));

const account = fc.record({
  equity: fc.integer({ min: 100, max: 10_000 }),
  prices: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 3 }),
  held: fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 3, maxLength: 3 }),
  orders: fc.array(
    fc.record({
      symbol: fc.constantFrom(...SYMBOLS),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      lots: fc.integer({ min: 1, max: 30 }),
      reduceOnly: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
});
type Case = typeof account extends fc.Arbitrary<infer T> ? T : never;

const NOTHING: WatchedFigures = {
  drawdown: 0,
  dailyLoss: 0,
  streak: 0,
  requests: 0,
  ageOf: () => NaN,
  volatilityOf: () => NaN,
  spreadOf: () => NaN,
  correlation: () => NaN,
  tiersOf: () => [],
};

const viewOf = ({ equity, prices, held, orders }: Case) =>
  accountView(instruments, {
    equity,
    positions: SYMBOLS.map((symbol, i) => ({ symbol, lots: held[i]! })),
    orders: orders.map(order => ({ ...order, limit: null, stop: null })),
    lastPrice: symbol => prices[SYMBOLS.indexOf(symbol)]!,
  });

/** Every position that some of the orders of a symbol may lead to, tried out one subset after another, reductions first within a side. */
const reach = (
  held: number,
  orders: readonly { readonly side: 'buy' | 'sell'; readonly lots: number; readonly reduceOnly: boolean }[],
): number[] => {
  const along = (side: 'buy' | 'sell'): number => {
    const sign = side === 'buy' ? 1 : -1;
    let at = held;
    for (const order of orders.filter(each => each.side === side && each.reduceOnly))
      if (at * sign < 0) at += sign * Math.min(order.lots, Math.abs(at));
    for (const order of orders.filter(each => each.side === side && !each.reduceOnly)) at += sign * order.lots;
    return at;
  };
  return [held, along('buy'), along('sell')];
};

const limits: RiskLimits = { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null };
const used = (uses: ReturnType<typeof limitUses>, name: keyof RiskLimits): number | null => uses.find(each => each.name === name)!.used;

describe('what is used of a limit', () => {
  it('is, by symbol, the furthest that orders at work can lead to, tried out one by one', () => {
    fc.assert(
      fc.property(account, given => {
        const { equity, prices, held, orders } = given;
        const reached = SYMBOLS.map((symbol, i) =>
          reach(
            held[i]!,
            orders.filter(each => each.symbol === symbol),
          ).map(lots => lots * prices[i]!),
        );
        const worst = reached.map(all => Math.max(...all.map(Math.abs)));
        const uses = limitUses(limits, viewOf(given), NOTHING);
        expect(used(uses, 'maxPosition')).toBeCloseTo(Math.max(...worst), 9);
        expect(used(uses, 'maxExposure')).toBeCloseTo(Math.max(...worst) / equity, 9);
        expect(used(uses, 'maxGross')).toBeCloseTo(worst[0]! + worst[1]! + worst[2]!, 9);
        expect(used(uses, 'maxLeverage')).toBeCloseTo((worst[0]! + worst[1]! + worst[2]!) / equity, 9);
        const longest = reached.reduce((sum, [now, buy]) => sum + Math.max(now!, buy!), 0);
        const shortest = reached.reduce((sum, [now, , sell]) => sum + Math.min(now!, sell!), 0);
        expect(used(uses, 'maxNet')).toBeCloseTo(Math.max(0, longest, -shortest) / equity, 9);
        expect(used(uses, 'maxOpenOrders')).toBe(orders.length);
      }),
    );
  });

  it('is beyond the limit wherever the check would refuse an order of nothing', () => {
    const ticket = (symbol: string, side: 'buy' | 'sell'): Ticket => ({
      orderId: 'x',
      symbol,
      side,
      type: 'market',
      lots: 0,
      limit: null,
      stop: null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: false,
    });
    fc.assert(
      fc.property(account, fc.double({ min: 0.1, max: 3, noNaN: true }), (given, bound) => {
        const view = viewOf(given);
        const held: RiskLimits = { ...limits, maxLeverage: bound };
        const isOver = (limitUses(held, view, NOTHING).find(({ name }) => name === 'maxLeverage')!.use ?? 0) > 1 + 1e-9;
        const denials = SYMBOLS.flatMap(symbol =>
          (['buy', 'sell'] as const).map(side => checksOf(held, instruments).some(check => check(ticket(symbol, side), view) !== null)),
        );
        // An order of nothing adds nothing: any that is refused is refused for what is used already.
        if (denials.some(Boolean)) expect(isOver).toBe(true);
      }),
    );
  });

  it('of concentration counts only symbols that are large enough to be judged', () => {
    const view = viewOf({ equity: 1000, prices: [10, 10, 10], held: [30, 10, 0], orders: [] });
    expect(used(limitUses({ ...limits, concentrationFrom: 0.2 }, view, NOTHING), 'maxConcentration')).toBeCloseTo(0.75, 9);
    expect(used(limitUses({ ...limits, concentrationFrom: 0.5 }, view, NOTHING), 'maxConcentration')).toBeNull();
  });

  it('of symbols that move together is the largest side of one group', () => {
    const together = new Set([SYMBOLS[0]!, SYMBOLS[1]!]);
    const correlation = (a: string, b: string): number => (together.has(a) && together.has(b) ? 0.95 : 0);
    const view = viewOf({ equity: 1000, prices: [10, 10, 10], held: [30, 20, 60], orders: [] });
    const [found] = limitUses({ ...limits, maxCorrelated: 1 }, view, { ...NOTHING, correlation }).filter(
      ({ name }) => name === 'maxCorrelated',
    );
    expect(found).toMatchObject({ used: 0.6, of: SYMBOLS[2], use: 0.6 });
    const both = limitUses(
      { ...limits, maxCorrelated: 1 },
      viewOf({ equity: 1000, prices: [10, 10, 10], held: [40, 30, 60], orders: [] }),
      { ...NOTHING, correlation },
    );
    expect(both.find(({ name }) => name === 'maxCorrelated')).toMatchObject({ used: 0.7, of: SYMBOLS.slice(0, 2).join(', ') });
  });

  it('that must be left is full when nothing is left beyond it', () => {
    const view = viewOf({ equity: 1000, prices: [10, 10, 10], held: [200, 0, 0], orders: [] });
    const [room] = limitUses({ ...limits, minMarginDistance: 0.25 }, view, NOTHING).filter(({ name }) => name === 'minMarginDistance');
    expect(room).toMatchObject({ used: 0.5, use: 0.5, unit: 'fraction' });
  });

  it('is never a negative share: where equity is gone, what is held against it has no figure', () => {
    fc.assert(
      fc.property(account, fc.integer({ min: -5_000, max: 0 }), (given, equity) => {
        const held = { ...limits, maxLeverage: 3, maxExposure: 1, maxNet: 1, maxCorrelated: 1 };
        const uses = limitUses(held, viewOf({ ...given, equity }), NOTHING);
        const isHeld = given.held.some(lots => lots !== 0) || given.orders.some(order => !order.reduceOnly);
        for (const { name, used: much, use } of uses) {
          if (name === 'minMarginDistance') continue;
          expect(much ?? 0).toBeGreaterThanOrEqual(0);
          expect(use ?? 0).toBeGreaterThanOrEqual(0);
        }
        expect(used(uses, 'maxLeverage')).toBe(isHeld ? null : 0);
      }),
    );
  });

  it('of leverage is a multiple of equity, not a share of it', () => {
    const view = viewOf({ equity: 1000, prices: [10, 10, 10], held: [150, 0, 0], orders: [] });
    expect(limitUses({ ...limits, maxLeverage: 3 }, view, NOTHING).find(({ name }) => name === 'maxLeverage')).toMatchObject({
      unit: 'multiple',
      limit: 3,
      used: 1.5,
    });
  });
});
