import { describe, expect, it } from 'vitest';
import { CLOSE_ALL, type Ticket } from '../../src/events/order.js';
import { order, target, type OrderIntent } from '../../src/strategies/intent.js';
import { A, T0 } from './scenario.js';
import { venue } from './execution-venue.js';

const base = { symbol: A, side: 'sell', quantity: 5 } as const;
const closing = { symbol: A, side: 'sell', closePosition: true } as const;
const asked = (intent: OrderIntent, options: Parameters<typeof venue>[0] = {}) => {
  const v = venue(options);
  v.executions.take(intent);
  return v;
};

describe('an order that cannot be', () => {
  const impossible: Record<string, readonly [string, OrderIntent][]> = {
    'not-a-number': [
      ['no quantity', order({ ...base, quantity: NaN })],
      ['a negative trigger', order({ ...base, takeProfit: -1 })],
      ['a trigger of no number', order({ ...base, takeProfit: NaN })],
      ['a trail of no number', order({ ...base, trail: { bps: NaN } })],
      ['an activation of nothing', order({ ...base, trail: { bps: 10, activation: 0 } })],
      ['a date of no number', order({ ...base, limit: 110, goodTill: NaN })],
    ],
    'bad-order': [
      ['a trailing stop with a limit', order({ ...base, limit: 99, trail: { bps: 50 } })],
      ['a trailing stop with a fixed trigger', order({ ...base, stop: 99, trail: { bps: 50 } })],
      ['a trailing take-profit', order({ ...base, takeProfit: 110, trail: { bps: 50 } })],
      ['a trailing stop by two rules', order({ ...base, trail: { bps: 50, distance: 5 } })],
      ['a trailing stop by none', order({ ...base, trail: {} })],
      ['a trail of 0 bp', order({ ...base, trail: { bps: 0 } })],
      ['a trail below 0', order({ ...base, trail: { distance: -3 } })],
      ['a trail of the whole price in bp', order({ ...base, trail: { bps: 10_000 } })],
      ['a trail of the whole price', order({ ...base, trail: { distance: 100 } })],
      ['a trail of less than a tick', order({ ...base, trail: { distance: 0.4 } })],
      ['two triggers', order({ ...base, stop: 90, takeProfit: 110 })],
      ['gtd without a date', order({ ...base, limit: 110, tif: 'gtd' })],
      ['gtd in the past', order({ ...base, limit: 110, goodTill: T0 - 1 })],
      ['gtd till now', order({ ...base, limit: 110, goodTill: T0 })],
      ['a date with another time in force', order({ ...base, limit: 110, tif: 'ioc', goodTill: T0 + 1 })],
      ['a market order till a date', order({ ...base, goodTill: T0 + 1 })],
      ['a market order by the mark price', order({ ...base, triggerBy: 'mark' })],
      ['a limit order by the mark price', order({ ...base, limit: 110, triggerBy: 'mark' })],
      ['a post-only take-profit at the market', order({ ...base, takeProfit: 110, postOnly: true })],
      ['a post-only trailing stop', order({ ...base, trail: { bps: 10 }, postOnly: true })],
      ['close-position with a limit', order({ ...closing, limit: 110 })],
      ['close-position with a quantity', { ...order({ ...closing, stop: 90 }), quantity: 3 }],
      ['a limit of less than a tick', order({ ...base, side: 'buy', limit: 0.5 })],
      ['a trigger of less than a tick', order({ ...base, stop: 0.3 })],
    ],
    'below-lot': [['less than a lot', order({ ...base, quantity: 0.5, takeProfit: 110 })]],
    'position-side': [['a leg in one-way mode', order({ ...base, positionSide: 'long' })]],
  };

  for (const [code, orders] of Object.entries(impossible))
    it.each(orders)(`is denied as ${code}: %s`, (_, intent) => {
      const v = asked(intent);
      expect(v.denials()).toEqual([code]);
      expect(v.told('IntentDenied')[0]?.text).toMatch(/\w+ \w+/);
      expect([v.orders.size, v.told('OrderRequested')]).toEqual([0, []]);
    });

  it('is denied in hedge mode when it names no leg, or would open what it may only reduce', () => {
    const legs = [
      order(base),
      order({ ...base, positionSide: 'short', reduceOnly: true }),
      order({ ...closing, positionSide: 'short', stop: 90 }),
    ];
    for (const intent of legs) expect(asked(intent, { hedge: true }).denials()).toEqual(['position-side']);
  });

  it('is a target in hedge mode', () => {
    const v = venue({ hedge: true });
    v.executions.take(target(A, 1));
    expect([v.denials(), v.orders.size]).toEqual([['hedge-mode'], 0]);
  });

  it('is a close-position order while a target trades', () => {
    const v = venue();
    v.executions.take(target(A, 1));
    v.executions.take(order({ ...closing, stop: 90 }));
    expect(v.denials()).toEqual(['bad-order']);
    v.fill('o1');
    v.executions.take(order({ ...closing, stop: 90 }));
    expect(v.book()).toEqual([`sell stop ${CLOSE_ALL} !90`]);
  });
});

describe('what an order asks for beyond the usual', () => {
  const ticketOf = (intent: OrderIntent, hedge = false): Ticket => {
    const [approved] = asked(intent, { hedge }).told('OrderApproved');
    if (!approved) throw new Error('denied');
    return approved.ticket;
  };

  it('is booked in ticks: triggers to the nearest, limits away from paying more', () => {
    expect(ticketOf(order({ ...base, takeProfit: 110.4 }))).toMatchObject({ type: 'take-profit', stop: 110, limit: null });
    expect(ticketOf(order({ ...base, takeProfit: 110.6, limit: 109.2 }))).toMatchObject({
      type: 'take-profit-limit',
      stop: 111,
      limit: 110,
    });
    expect(ticketOf(order({ ...base, trail: { bps: 25, activation: 105.4 } }))).toMatchObject({
      type: 'trailing-stop',
      stop: null,
      trail: { bps: 25, distance: null, activation: 105 },
    });
    expect(ticketOf(order({ ...base, trail: { distance: 4.6 } })).trail).toEqual({ bps: null, distance: 5, activation: null });
    expect(ticketOf(order({ ...base, limit: 110, goodTill: T0 + 5 }))).toMatchObject({ tif: 'gtd', goodTill: T0 + 5 });
    expect(ticketOf(order({ ...base, limit: 110, goodTill: T0 + 5, postOnly: true }))).toMatchObject({ tif: 'gtd', postOnly: true });
    expect(ticketOf(order({ ...base, stop: 90, triggerBy: 'mark' }))).toMatchObject({ type: 'stop', triggerBy: 'mark' });
  });

  it('leaves no trace in an order that does not', () => {
    const v = asked(order({ ...base, limit: 110 }));
    expect(Object.keys(v.told('OrderApproved')[0]?.ticket ?? {})).toEqual([
      'orderId',
      'symbol',
      'side',
      'type',
      'lots',
      'limit',
      'stop',
      'tif',
      'postOnly',
      'reduceOnly',
    ]);
    const fact = v.told('OrderRequested')[0] ?? {};
    for (const key of ['goodTill', 'triggerBy', 'trail', 'closePosition', 'positionSide']) expect(fact).not.toHaveProperty(key);
  });

  it('makes a close-position order reduce-only and of all lots', () => {
    expect(ticketOf(order({ ...closing, takeProfit: 110 }))).toMatchObject({ lots: CLOSE_ALL, reduceOnly: true, closePosition: true });
  });

  it('makes what can only close a leg reduce-only', () => {
    const reduces = (side: 'buy' | 'sell', positionSide: 'long' | 'short') =>
      ticketOf(order({ symbol: A, side, quantity: 1, positionSide }), true).reduceOnly;
    expect([reduces('buy', 'long'), reduces('sell', 'long'), reduces('sell', 'short'), reduces('buy', 'short')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('the risk gate in hedge mode', () => {
  const both = (lots: number) => {
    const v = venue({ hedge: true, capital: 1000, risk: { maxLeverage: 2 } });
    v.executions.take(order({ symbol: A, side: 'buy', quantity: lots, positionSide: 'long' }));
    v.fill('o1');
    v.executions.take(order({ symbol: A, side: 'sell', quantity: lots, positionSide: 'short' }));
    v.fill('o2');
    return v;
  };

  it('counts both legs: long and short of one symbol are twice the notional', () => {
    // 10 lots at 100 are the equity of 1,000 once.
    expect(both(10).denials()).toEqual([]);
    expect(both(11).denials()).toEqual(['max-leverage']);
  });

  it('lets what closes a leg pass, whatever the other holds', () => {
    const v = both(10);
    v.executions.take(order({ symbol: A, side: 'sell', quantity: 10, positionSide: 'long' }));
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 10, positionSide: 'short' }));
    expect([v.denials(), v.book()]).toEqual([[], ['sell market 10', 'buy market 10']]);
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 1, positionSide: 'long' }));
    expect(v.denials()).toEqual(['max-leverage']);
  });

  it('closes both legs in a halt', () => {
    const v = both(10);
    v.desk.halt({ code: 'drawdown', text: 'enough' });
    expect(v.open().map(({ ticket: t }) => `${t.side} ${t.positionSide} ${t.lots} ${t.reduceOnly}`)).toEqual([
      'sell long 10 true',
      'buy short 10 true',
    ]);
    v.fill('o3', 4);
    v.end('o3', 'OrderExpired', 'venue');
    expect(v.open().map(({ ticket: t }) => `${t.side} ${t.positionSide} ${t.lots}`)).toEqual(['buy short 10', 'sell long 6']);
    v.fill('o4');
    v.fill('o5');
    expect([v.held, v.open()]).toEqual([[0, 0], []]);
  });
});
