import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../src/events/order.js';
import { approve, checksOf, isDenial, type RiskLimits } from '../../src/risk/approve.js';
import type { Instrument } from '../../src/market/instrument.js';
import { drawdownHalt } from '../../src/risk/drawdown-halt.js';
import { notionalAfter, reduces, type RiskView } from '../../src/risk/risk-check.js';
import type { RiskState } from '../../src/risk/state.js';

const OFF: RiskLimits = { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null };

/**
 * Equity 1,000; last price 100; a lot is one unit and a tick one unit of money. `held` lots here and market orders of `buys` and `sells` lots at work, and reduce-only ones of `closing` lots on either side; `elsewhere` notional
 * in another symbol, with buys of `elsewhereBuys` notional at work.
 */
const view = ({
  held = 0,
  buys = 0,
  sells = 0,
  closing = 0,
  elsewhere = 0,
  elsewhereBuys = 0,
  equity = 1000,
  last = 100,
} = {}): RiskView => ({
  equity,
  symbols: ['AAA', 'ELSE'],
  lastPrice: () => last,
  held: symbol => (symbol === 'AAA' ? held : elsewhere / last),
  notional: symbol => (symbol === 'AAA' ? held * last : elsewhere),
  workingLots: (symbol, side, reduceOnly) =>
    symbol === 'AAA' ? (reduceOnly ? closing : side === 'buy' ? buys : sells) : side === 'buy' && !reduceOnly ? elsewhereBuys / last : 0,
  workingNotional: (symbol, side) => (symbol === 'AAA' ? (side === 'buy' ? buys : sells) * last : side === 'buy' ? elsewhereBuys : 0),
  ticketNotional: t => t.lots * (t.limit ?? t.stop ?? last),
  limitPrice: t => t.limit,
});

const ticket = (side: 'buy' | 'sell', lots: number, more: Partial<Ticket> = {}): Ticket => ({
  orderId: 'o1',
  symbol: 'AAA',
  side,
  type: 'market',
  lots,
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...more,
});

const gate = (
  t: Ticket,
  v: RiskView,
  limits: Partial<RiskLimits>,
  state: RiskState = 'ACTIVE',
  instruments: readonly Instrument[] = [],
): string => {
  const answer = approve(t, v, checksOf({ ...OFF, ...limits }, instruments), state);
  return isDenial(answer) ? answer.code : 'approved';
};

describe('the risk gate', () => {
  it('lets everything pass without limits, and hands back the very ticket', () => {
    const t = ticket('buy', 1_000_000);
    expect(approve(t, view(), checksOf(OFF, []), 'ACTIVE')).toBe(t);
  });

  it('holds a single order to its largest value', () => {
    expect(gate(ticket('buy', 5), view(), { maxOrderNotional: 500 })).toBe('approved');
    expect(gate(ticket('buy', 6), view(), { maxOrderNotional: 500 })).toBe('max-order-notional');
    // Valued at its limit, where it has one.
    expect(gate(ticket('buy', 5, { type: 'limit', limit: 101 }), view(), { maxOrderNotional: 500 })).toBe('max-order-notional');
    expect(gate(ticket('sell', 9), view({ held: 9 }), { maxOrderNotional: 500 })).toBe('approved');
  });

  it('holds gross notional over all symbols to a multiple of equity', () => {
    expect(gate(ticket('buy', 20), view(), { maxLeverage: 2 })).toBe('approved');
    expect(gate(ticket('sell', 21), view(), { maxLeverage: 2 })).toBe('max-leverage');
    expect(gate(ticket('buy', 6), view({ elsewhere: 1500 }), { maxLeverage: 2 })).toBe('max-leverage');
    expect(gate(ticket('buy', 5), view({ elsewhere: 1500 }), { maxLeverage: 2 })).toBe('approved');
    // From 10 short to 10 long needs an order of 20 and is no more gross than before.
    expect(gate(ticket('buy', 20), view({ held: -10, elsewhere: 1000 }), { maxLeverage: 2 })).toBe('approved');
    expect(gate(ticket('buy', 21), view({ held: -10, elsewhere: 1000 }), { maxLeverage: 2 })).toBe('max-leverage');
    // Already above the limit: only less is allowed.
    expect(gate(ticket('sell', 1), view({ held: 30 }), { maxLeverage: 2 })).toBe('approved');
    expect(gate(ticket('buy', 1), view({ held: 30 }), { maxLeverage: 2 })).toBe('max-leverage');
  });

  it('holds one symbol to a multiple of equity, wherever the rest is', () => {
    expect(gate(ticket('buy', 5), view({ elsewhere: 1e6 }), { maxExposure: 0.5 })).toBe('approved');
    expect(gate(ticket('buy', 6), view(), { maxExposure: 0.5 })).toBe('max-exposure');
    expect(gate(ticket('sell', 6), view(), { maxExposure: 0.5 })).toBe('max-exposure');
    expect(gate(ticket('buy', 1), view({ held: 5 }), { maxExposure: 0.5 })).toBe('max-exposure');
    expect(gate(ticket('sell', 3), view({ held: 9 }), { maxExposure: 0.5 })).toBe('approved');
  });

  it('counts orders at work as if they had filled, of the side that leads further', () => {
    // 2 held and 2 being bought: one more is 5 of 10, two more are 6.
    expect(gate(ticket('buy', 1), view({ held: 2, buys: 2 }), { maxExposure: 0.5 })).toBe('approved');
    expect(gate(ticket('buy', 2), view({ held: 2, buys: 2 }), { maxExposure: 0.5 })).toBe('max-exposure');
    // What is being sold may not fill, and does not make room.
    expect(gate(ticket('buy', 4), view({ held: 2, sells: 2 }), { maxExposure: 0.5 })).toBe('max-exposure');
    expect(gate(ticket('sell', 5), view({ held: 2, sells: 2 }), { maxExposure: 0.5 })).toBe('approved');
    expect(gate(ticket('sell', 6), view({ held: 2, sells: 2 }), { maxExposure: 0.5 })).toBe('max-exposure');
    expect(gate(ticket('buy', 5), view({ elsewhere: 1000, elsewhereBuys: 500 }), { maxLeverage: 2 })).toBe('approved');
    expect(gate(ticket('buy', 6), view({ elsewhere: 1000, elsewhereBuys: 500 }), { maxLeverage: 2 })).toBe('max-leverage');
    // 10 short and 15 being bought are 10 at worst, not 5.
    expect(gate(ticket('buy', 10), view({ elsewhere: -1000, elsewhereBuys: 1500 }), { maxLeverage: 2 })).toBe('approved');
    expect(gate(ticket('buy', 11), view({ elsewhere: -1000, elsewhereBuys: 1500 }), { maxLeverage: 2 })).toBe('max-leverage');
  });

  it('takes for a reduction only what reduces after all orders of its side', () => {
    expect(reduces(ticket('sell', 3), view({ held: 5, sells: 2 }))).toBe(true);
    expect(reduces(ticket('sell', 4), view({ held: 5, sells: 2 }))).toBe(false);
    expect(reduces(ticket('sell', 4), view({ held: 5, buys: 2 }))).toBe(true);
    expect(gate(ticket('sell', 4), view({ held: 5, sells: 2 }), {}, 'REDUCING')).toBe('reducing');
  });

  it('does not count twice what reductions at work may use up', () => {
    // 5 held and 4 being closed: 6 more to sell lead to 5 short, not to 1, when the reductions fill first.
    expect(notionalAfter(ticket('sell', 6), view({ held: 5, closing: 4 }))).toBe(-500);
    expect(gate(ticket('sell', 6), view({ held: 5, closing: 4 }), { maxExposure: 0.5 })).toBe('approved');
    expect(gate(ticket('sell', 7), view({ held: 5, closing: 4 }), { maxExposure: 0.5 })).toBe('max-exposure');
    expect(notionalAfter(ticket('buy', 6), view({ held: -5, closing: 9 }))).toBe(600);
    expect(reduces(ticket('sell', 1), view({ held: 5, closing: 5 }))).toBe(false);
    expect(reduces(ticket('sell', 1), view({ held: 5, closing: 4 }))).toBe(true);
    // The reduction itself passes, however much is held, unless what else is being sold was to close it.
    expect(gate(ticket('sell', 9, { reduceOnly: true }), view({ held: 9, closing: 9 }), { maxExposure: 0.5 })).toBe('approved');
    expect(gate(ticket('sell', 5, { reduceOnly: true }), view({ held: 5, sells: 5 }), { maxExposure: 0.5 })).toBe('approved');
    expect(gate(ticket('sell', 5, { reduceOnly: true }), view({ held: 5, sells: 6 }), { maxExposure: 0.5 })).toBe('max-exposure');
    expect(gate(ticket('buy', 8), view({ held: -5, closing: 5, elsewhere: 1200 }), { maxLeverage: 2 })).toBe('approved');
    expect(gate(ticket('buy', 9), view({ held: -5, closing: 5, elsewhere: 1200 }), { maxLeverage: 2 })).toBe('max-leverage');
  });

  it('never sells spot that is not there', () => {
    const spot = [{ symbol: 'AAA', kind: 'spot' } as Instrument];
    expect(gate(ticket('sell', 1), view(), {}, 'ACTIVE', spot)).toBe('spot-short');
    expect(gate(ticket('sell', 3), view({ held: 3 }), {}, 'ACTIVE', spot)).toBe('approved');
    expect(gate(ticket('sell', 4), view({ held: 3 }), {}, 'ACTIVE', spot)).toBe('spot-short');
    expect(gate(ticket('sell', 2), view({ held: 3, sells: 2 }), {}, 'ACTIVE', spot)).toBe('spot-short');
    expect(gate(ticket('sell', 3, { reduceOnly: true }), view({ held: 3, closing: 3 }), {}, 'ACTIVE', spot)).toBe('approved');
    expect(gate(ticket('sell', 3, { reduceOnly: true }), view({ held: 3, sells: 1 }), {}, 'ACTIVE', spot)).toBe('spot-short');
    expect(gate(ticket('buy', 9), view(), {}, 'ACTIVE', spot)).toBe('approved');
    expect(gate(ticket('sell', 4), view({ held: 3 }), {}, 'ACTIVE', [{ symbol: 'BBB', kind: 'spot' } as Instrument])).toBe('approved');
  });

  it('holds a limit price near the market on the paying side only', () => {
    const limit = (side: 'buy' | 'sell', price: number): Ticket => ticket(side, 1, { type: 'limit', limit: price });
    expect([110, 111, 1].map(price => gate(limit('buy', price), view(), { priceCollar: 0.1001 }))).toEqual([
      'approved',
      'price-collar',
      'approved',
    ]);
    expect([90, 89, 1000].map(price => gate(limit('sell', price), view(), { priceCollar: 0.1 }))).toEqual([
      'approved',
      'price-collar',
      'approved',
    ]);
    expect(gate(ticket('buy', 1), view(), { priceCollar: 0.1 })).toBe('approved');
  });

  it('gives the first reason, in the order of the rules, with the figures', () => {
    expect(gate(ticket('buy', 60), view(), { maxOrderNotional: 1, maxLeverage: 1, maxExposure: 1 })).toBe('max-order-notional');
    expect(gate(ticket('buy', 60), view(), { maxLeverage: 1, maxExposure: 1 })).toBe('max-leverage');
    expect(approve(ticket('buy', 60), view(), checksOf({ ...OFF, maxExposure: 1 }, []), 'ACTIVE')).toMatchObject({
      text: 'AAA would be 6.000 times equity, above the limit of 1',
    });
  });

  it('lets nothing but reductions through once it is reducing or out of equity, and only reduce-only ones once it is halted', () => {
    for (const [state, code] of [
      ['REDUCING', 'reducing'],
      ['HALTED', 'halted'],
    ] as const) {
      expect(gate(ticket('buy', 1), view(), {}, state)).toBe(code);
      expect(gate(ticket('buy', 1), view({ held: 5 }), {}, state)).toBe(code);
      expect(gate(ticket('sell', 6), view({ held: 5 }), {}, state)).toBe(code);
      expect(gate(ticket('sell', 5), view({ held: 5 }), {}, state)).toBe(state === 'HALTED' ? code : 'approved');
      expect(gate(ticket('buy', 5), view({ held: -5 }), {}, state)).toBe(state === 'HALTED' ? code : 'approved');
      expect(gate(ticket('sell', 9, { reduceOnly: true }), view({ held: 5 }), {}, state)).toBe('approved');
      expect(gate(ticket('sell', 9, { reduceOnly: true }), view({ held: 5, sells: 1 }), {}, state)).toBe(code);
    }
    expect(gate(ticket('buy', 1), view({ equity: 0 }), {})).toBe('no-equity');
    expect(gate(ticket('buy', 1), view({ equity: -5 }), {})).toBe('no-equity');
    expect(gate(ticket('sell', 5), view({ equity: -5, held: 5 }), {})).toBe('approved');
  });

  it('judges what reduces in lots: neither a far stop opens a position nor a far limit is no exit', () => {
    // Two lots at a stop of half the price are worth the one lot that is held, and would leave one short.
    expect(reduces(ticket('sell', 2, { type: 'stop', stop: 50 }), view({ held: 1 }))).toBe(false);
    expect(reduces(ticket('sell', 1, { type: 'limit', limit: 150 }), view({ held: 1 }))).toBe(true);
    expect(gate(ticket('sell', 1, { type: 'limit', limit: 150 }), view({ held: 1 }), {}, 'REDUCING')).toBe('approved');
    expect(reduces(ticket('buy', 1), view({ held: 1 }))).toBe(false);
    expect(reduces(ticket('buy', 1), view())).toBe(false);
    expect(reduces(ticket('sell', 1), view())).toBe(false);
  });

  it('counts what the position will be when the ticket has filled', () => {
    expect(notionalAfter(ticket('buy', 3), view({ held: 2 }))).toBe(500);
    expect(notionalAfter(ticket('sell', 3), view({ held: 2 }))).toBe(-100);
  });
});

describe('the drawdown halt', () => {
  it('says so once, when equity has fallen the limit below its own peak', () => {
    const watch = drawdownHalt(0.25);
    expect([1000, 800, 1200, 901].map(watch)).toEqual([null, null, null, null]);
    expect(watch(900)).toEqual({
      code: 'max-drawdown',
      text: 'equity 900.00 is 25.00 % below its peak of 1200.00; the limit is 25.00 %',
    });
    expect([100, 5000, 10].map(watch)).toEqual([null, null, null]);
  });

  it('does not halt on equity that is not a number', () => {
    expect(drawdownHalt(0.1)(NaN)).toBeNull();
  });
});
