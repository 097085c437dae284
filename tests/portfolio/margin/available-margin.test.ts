import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../../src/events/order.js';
import { tierSchedule } from '../../../src/market/margin-tiers.js';
import { availableMargin } from '../../../src/risk/available-margin.js';
import type { RiskView } from '../../../src/risk/risk-check.js';

const TIERS = tierSchedule([
  { floor: 0, rate: 0.01, maxLeverage: 50 },
  { floor: 10_000, rate: 0.05, maxLeverage: 4 },
]);

/** Last price 100, a lot is one unit; `held` lots of AAA, notional `elsewhere` in ELSE and `atWork` lots of buy orders in AAA. */
const view = ({ held = 0, elsewhere = 0, equity = 1000, atWork = 0 } = {}): RiskView => ({
  equity,
  symbols: ['AAA', 'ELSE'],
  lastPrice: () => 100,
  held: symbol => (symbol === 'AAA' ? held : elsewhere / 100),
  notional: symbol => (symbol === 'AAA' ? held * 100 : elsewhere),
  workingLots: (symbol, side, reduceOnly) => (symbol === 'AAA' && side === 'buy' && !reduceOnly ? atWork : 0),
  workingNotional: (symbol, side) => (symbol === 'AAA' && side === 'buy' ? atWork * 100 : 0),
  ticketNotional: t => t.lots * (t.limit ?? 100),
  limitPrice: t => t.limit,
});
const buy = (lots: number, more: Partial<Ticket> = {}): Ticket => ({
  orderId: 'o1',
  symbol: 'AAA',
  side: 'buy',
  type: 'market',
  lots,
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...more,
});

const check = availableMargin({ leverageOf: symbol => (symbol === 'AAA' ? 10 : 2), tiersOf: () => TIERS });

describe('the check of available margin', () => {
  it('lets through what equity can margin at the leverage of the symbol, to the last lot', () => {
    // 99 lots are 9,900, in the first bracket: 990 at leverage 10.
    expect(check(buy(99), view())).toBeNull();
    expect(check(buy(99), view({ equity: 989 }))?.code).toBe('insufficient-margin');
    expect(check(buy(99), view({ equity: 990 }))).toBeNull();
  });

  it('asks more margin where the bracket of the position allows less leverage', () => {
    // 100 lots are 10,000: leverage 4, 2,500 of margin.
    expect(check(buy(100), view({ equity: 2499 }))?.text).toBe('initial margin would be 2500.00, above the equity of 2499.00');
    expect(check(buy(100), view({ equity: 2500 }))).toBeNull();
  });

  it('counts other symbols at their own leverage, and orders that are at work', () => {
    expect(check(buy(50), view({ elsewhere: -1000 }))).toBeNull();
    expect(check(buy(51), view({ elsewhere: -1000 }))?.code).toBe('insufficient-margin');
    expect(check(buy(1), view({ elsewhere: -1000, atWork: 50 }))?.code).toBe('insufficient-margin');
  });

  it('never stands in the way of a reduction', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: -1e4, max: 1e4, noNaN: true }),
        (held, lots, equity) => {
          const closing = Math.min(held, lots);
          expect(check(buy(closing), view({ held: -held, equity }))).toBeNull();
          expect(check(buy(closing, { side: 'sell', reduceOnly: true }), view({ held, equity }))).toBeNull();
        },
      ),
    );
  });
});
