import { describe, expect, it } from 'vitest';
import { amend, order } from '../../src/strategies/intent.js';
import { A } from './scenario.js';
import { venue } from './execution-venue.js';

const resting = (options: Parameters<typeof venue>[0] = {}, more: Partial<Parameters<typeof order>[0]> = {}) => {
  const v = venue(options);
  v.executions.take(order({ symbol: A, side: 'buy', quantity: 10, limit: 95, id: 'x', ...more }));
  return v;
};

describe('an amendment', () => {
  it('asks the venue for the new terms in its steps, and the order has them once the venue says so', () => {
    const v = resting();
    v.executions.take(amend('x', { quantity: 12.7, limit: 96.9, reason: 'closer' }));
    expect(v.told('AmendRequested').map(({ orderId, lots, limit, stop, reason }) => [orderId, lots, limit, stop, reason])).toEqual([
      ['o1', 12, 96, null, 'closer'],
    ]);
    expect(v.desk.orders.get('o1')?.terms).toMatchObject({ lots: 10, limit: 95 });
    v.settle();
    expect(v.desk.orders.get('o1')?.terms).toEqual({ lots: 12, limit: 96, stop: null });
    expect(v.book()).toEqual(['buy limit 12 @96']);
  });

  it('of the quantity says the whole: what has filled is part of it', () => {
    const v = resting();
    v.fill('o1', 4);
    v.executions.take(amend('x', { quantity: 6 }));
    v.settle();
    expect(v.desk.orders.get('o1')).toMatchObject({ filled: 4, remaining: 2 });
    v.fill('o1', 2);
    expect(v.desk.orders.get('o1')).toBe(undefined);
  });

  it('moves the trigger of a stop and of a take-profit', () => {
    const v = venue();
    v.executions.take(order({ symbol: A, side: 'sell', quantity: 1, stop: 90, id: 's' }));
    v.executions.take(order({ symbol: A, side: 'sell', quantity: 1, takeProfit: 110, id: 't' }));
    v.executions.take(amend('s', { stop: 92 }));
    v.executions.take(amend('t', { stop: 108 }));
    v.settle();
    expect(v.book()).toEqual(['sell stop 1 !92', 'sell take-profit 1 !108']);
  });

  it('that names no order at work is rejected', () => {
    const v = resting();
    v.executions.take(amend('never', { limit: 96 }));
    v.fill('o1');
    v.executions.take(amend('x', { limit: 96 }));
    expect(v.told('AmendRejected').map(({ orderId, code }) => [orderId, code])).toEqual([
      ['never', 'not-working'],
      ['x', 'not-working'],
    ]);
    expect(v.requests).toEqual([]);
  });

  it('that comes after the fill is rejected by the venue, and nothing else happens', () => {
    const v = resting({ isSlow: true });
    v.fill('o1');
    v.executions.take(amend('x', { limit: 96 }));
    v.settle();
    expect(v.told('AmendRejected').map(({ orderId }) => orderId)).toEqual(['o1']);
    expect(v.held[0]).toBe(10);
  });

  it('that makes no sense is denied with a code and asks nothing of the venue', () => {
    const nonsense: Record<string, readonly [Parameters<typeof order>[0] | null, Parameters<typeof amend>[1]][]> = {
      'not-a-number': [
        [null, { quantity: NaN }],
        [null, { limit: -1 }],
        [null, { stop: Infinity }],
      ],
      'below-lot': [[null, { quantity: 0.5 }]],
      'bad-order': [
        [null, {}],
        [null, { stop: 99 }],
        [null, { quantity: 4 }],
        [null, { limit: 0.2 }],
        [{ symbol: A, side: 'buy', quantity: 10, stop: 110, id: 'x' }, { limit: 99 }],
        [{ symbol: A, side: 'buy', quantity: 10, trail: { bps: 10 }, id: 'x' }, { stop: 99 }],
      ],
    };
    for (const [code, cases] of Object.entries(nonsense))
      for (const [ticket, change] of cases) {
        const v = ticket === null ? resting() : venue();
        if (ticket === null) v.fill('o1', 4);
        else v.executions.take(order(ticket));
        v.executions.take(amend('x', change));
        expect([v.denials(), v.requests, v.told('AmendRequested')], JSON.stringify([ticket, change])).toEqual([[code], [], []]);
      }
    const v = venue();
    v.executions.take(order({ symbol: A, side: 'sell', closePosition: true, stop: 90, id: 'x' }));
    v.executions.take(amend('x', { quantity: 5 }));
    expect(v.denials()).toEqual(['bad-order']);
  });
});

describe('the risk gate', () => {
  // Equity 1,000: 10 lots at 95 are 0.95 of it.
  const limited = { capital: 1000, risk: { maxExposure: 1 } };

  it('judges an amendment as a new order in the place of the old one', () => {
    const v = resting(limited);
    v.executions.take(amend('x', { limit: 100 }));
    v.settle();
    expect(v.denials()).toEqual([]);
    v.executions.take(amend('x', { quantity: 11 }));
    v.settle();
    expect(v.denials()).toEqual(['max-exposure']);
    expect(v.told('AmendRejected').map(({ orderId, code }) => [orderId, code])).toEqual([['o1', 'max-exposure']]);
    expect(v.book()).toEqual(['buy limit 10 @100']);
  });

  it('counts an amendment that is on its way at the worse of both terms, until it is answered', () => {
    const v = resting({ ...limited, isSlow: true });
    v.executions.take(amend('x', { quantity: 5 }));
    // Not known to be smaller yet: 0.95 is at work.
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 1 }));
    expect(v.denials()).toEqual(['max-exposure']);
    v.settle();
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 5 }));
    expect(v.open().length).toBe(2);
  });

  it('counts a larger one from the moment that it is sent', () => {
    const v = resting({ ...limited, isSlow: true }, { quantity: 5 });
    v.executions.take(amend('x', { quantity: 10 }));
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 1 }));
    expect(v.denials()).toEqual(['max-exposure']);
    v.answer(false);
    v.hear();
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 5 }));
    expect(v.open().length).toBe(2);
  });

  it('counts several on their way together: any of them may be refused', () => {
    const v = resting({ ...limited, isSlow: true }, { quantity: 5 });
    v.executions.take(amend('x', { quantity: 10 }));
    v.executions.take(amend('x', { limit: 101 }));
    expect(v.denials()).toEqual(['max-exposure']);
    v.executions.take(amend('x', { quantity: 2 }));
    v.settle();
    expect(v.book()).toEqual(['buy limit 2 @95']);
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 8 }));
    expect(v.open().length).toBe(2);
  });

  it('goes on counting the one that is not answered when another is', () => {
    const v = resting({ ...limited, isSlow: true }, { quantity: 5 });
    v.executions.take(amend('x', { quantity: 4 }));
    v.executions.take(amend('x', { quantity: 10 }));
    v.answer();
    v.hear();
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 1 }));
    expect([v.book(), v.denials()]).toEqual([['buy limit 4 @95'], ['max-exposure']]);
  });

  it('lets what only gets smaller pass, also above the limit', () => {
    const v = resting(limited);
    v.last[0] = 200;
    v.executions.take(amend('x', { quantity: 9 }));
    v.settle();
    expect([v.denials(), v.book()]).toEqual([[], ['buy limit 9 @95']]);
  });

  it('holds an amended limit to its collar', () => {
    const v = resting({ risk: { priceCollar: 0.05 } });
    v.executions.take(amend('x', { limit: 106 }));
    expect(v.denials()).toEqual(['price-collar']);
  });

  it('lets no amendment open anything after a halt', () => {
    const v = resting();
    v.desk.halt({ code: 'drawdown', text: 'enough' });
    v.executions.take(amend('x', { quantity: 11 }));
    expect(v.told('AmendRejected').map(({ code }) => code)).toEqual(['not-working']);
  });
});
