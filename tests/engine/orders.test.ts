import { merge } from 'rxjs';
import { filter, map, mergeMap } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { cancel, order, target } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { A, T0, factsOf, play, still, told } from './scenario.js';

const HOUR = 3_600_000;
const flat = (n: number, price = 100) => Array.from({ length: n }, () => still(price));
const buy = (more: Partial<Parameters<typeof order>[0]> = {}) => order({ symbol: A, side: 'buy', quantity: 1, ...more });
const sell = (more: Partial<Parameters<typeof order>[0]> = {}) => order({ symbol: A, side: 'sell', quantity: 1, ...more });

describe('an order', () => {
  it('is rounded to the venue’s steps in the direction that pays less, its stop to the nearest tick', async () => {
    const result = await play({
      bars: { [A]: flat(2) },
      decide: i =>
        i === 0
          ? [buy({ limit: 90.7 }), sell({ limit: 110.2 }), sell({ stop: 90.4 }), sell({ stop: 90.6 }), buy({ quantity: 3.9 })]
          : undefined,
    });
    expect(factsOf(result, 'OrderApproved').map(({ ticket: t }) => [t.orderId, t.type, t.limit, t.stop, t.lots])).toEqual([
      ['o1', 'limit', 90, null, 1],
      ['o2', 'limit', 111, null, 1],
      ['o3', 'stop', null, 90, 1],
      ['o4', 'stop', null, 91, 1],
      ['o5', 'market', null, null, 3],
    ]);
  });

  it('that makes no sense is denied with a code and does not become a request', async () => {
    const nonsense = {
      'not-a-number': [
        buy({ quantity: 0 }),
        buy({ quantity: -1 }),
        buy({ quantity: NaN }),
        buy({ limit: 0 }),
        buy({ stop: -5 }),
        buy({ limit: Infinity }),
      ],
      'below-lot': [buy({ quantity: 0.9 })],
      'bad-order': [buy({ postOnly: true }), buy({ stop: 110, postOnly: true }), buy({ limit: 90, tif: 'ioc', postOnly: true })],
    };
    for (const [code, orders] of Object.entries(nonsense))
      for (const one of orders) {
        const result = await play({ bars: { [A]: flat(3) }, decide: i => (i === 0 ? one : undefined) });
        expect(result.refusals, JSON.stringify(one)).toEqual({ [code]: 1 });
        expect(factsOf(result, 'OrderRequested')).toEqual([]);
      }
  });

  it('may not take the name of one that is at work, and may take it again afterwards', async () => {
    const result = await play({
      bars: { [A]: flat(6) },
      decide: i => [buy({ limit: 90, id: 'x' }), buy({ limit: 91, id: 'x' }), cancel('x'), buy({ limit: 92, id: 'x' })][i],
    });
    expect(result.refusals).toEqual({ 'duplicate-id': 1 });
    expect(factsOf(result, 'OrderAccepted').map(f => f.orderId)).toEqual(['o1', 'o2']);
  });

  it('is taken back by its name; a name that nothing works under asks nothing of the venue', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(100), still(80), still(80)] },
      decide: i => [buy({ limit: 90, id: 'x' }), cancel('x', { reason: 'no longer' }), cancel('x'), cancel('never')][i],
    });
    expect(told(result)).toEqual([]);
    expect(factsOf(result, 'CancelRequested').map(f => [f.orderId, f.reason])).toEqual([['o1', 'no longer']]);
    expect(factsOf(result, 'OrderCancelled').map(f => [f.orderId, f.code, (f.ts - T0) / HOUR])).toEqual([['o1', 'requested', 2]]);
  });

  it('that fills before its cancel arrives is filled, and the cancel is rejected', async () => {
    // The path stays at its high for a third and falls to 80 in the next: it reaches 90 at the half hour, the very moment at which the cancel arrives.
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 80, 80], still(80)] },
      decide: i => [buy({ limit: 90, id: 'x' }), cancel('x')][i],
      config: { latency: { kind: 'constant', order: 0, cancel: 0.5 * HOUR, report: 0 } },
    });
    expect(told(result)).toEqual(['buy 1@90 maker h2.5']);
    expect(factsOf(result, 'CancelRejected').map(f => [f.orderId, (f.ts - T0) / HOUR])).toEqual([['o1', 2.5]]);
    expect(factsOf(result, 'OrderCancelled')).toEqual([]);
  });

  it('and its cancel in one breath leave nothing behind', async () => {
    const result = await play({ bars: { [A]: flat(3) }, decide: i => (i === 0 ? [buy({ id: 'x' }), cancel('x')] : undefined) });
    expect(told(result)).toEqual([]);
    expect(factsOf(result, 'OrderCancelled').length).toBe(1);
  });

  it('to protect a position may go out together with the one that opens it', async () => {
    const result = await play({
      bars: { [A]: [still(100), [100, 100, 80, 85], still(85)] },
      decide: i => (i === 0 ? [buy({ quantity: 5 }), sell({ quantity: 5, stop: 90, reduceOnly: true })] : undefined),
    });
    expect(told(result)).toEqual(['buy 5@100 taker h1', 'sell 5@90 taker h1.5']);
    expect(result.finalEquity).toBe(10_000 - 50);
  });

  it('tells in each of its facts what it belongs to and what it follows from', async () => {
    const result = await play({
      bars: { [A]: [still(100), [100, 100, 80, 80], still(80)] },
      decide: i => (i === 0 ? buy({ limit: 90, id: 'mine', reason: 'cheap' }) : undefined),
    });
    const own = result.facts.filter(f => !f.type.startsWith('Run') && f.type !== 'InputConsumed');
    expect(own.map(f => f.type)).toEqual(['OrderRequested', 'OrderApproved', 'OrderSubmitted', 'OrderAccepted', 'OrderFilled']);
    const root = own[0]?.seq ?? NaN;
    expect(own.map(f => f.correlationId - root)).toEqual([0, 0, 0, 0, 0]);
    expect(own.map(f => (f.causationId === -1 ? null : f.causationId - root))).toEqual([null, 0, 1, 2, 2]);
    expect(result.fills[0]).toMatchObject({ reason: 'cheap', orderId: 'o1', liquidity: 'maker', price: 90, quantity: 1 });
  });

  it('may answer a fill in the very moment in which it is known', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 120, 100, 120], still(120)] },
      strategy: defineStrategy({
        name: 'bracket',
        params: {},
        run: ({ bars$, orders$ }) =>
          merge(
            bars$.pipe(mergeMap(({ bar }) => (bar.openTime === T0 ? [target(A, 1)] : []))),
            orders$.pipe(
              filter(f => f.type === 'OrderFilled' && f.side === 'buy'),
              map(() => sell({ quantity: 100, limit: 110, reduceOnly: true, reason: 'take profit' })),
            ),
          ),
      }),
    });
    // Nearest extreme first: the low is the open itself, so the whole rise is the second third; 110 is half of it.
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@110 maker h2.5']);
    expect(result.roundTrips.map(t => [t.netPnl, t.exitReason])).toEqual([[1000, 'take profit']]);
  });

  it('keeps its number when others are denied in between, and the journal counts without a gap', async () => {
    const result = await play({
      bars: { [A]: flat(4) },
      decide: i => (i === 0 ? [buy({ limit: 90 }), buy({ quantity: 0 }), buy({ limit: 80 })] : undefined),
    });
    expect(factsOf(result, 'OrderApproved').map(f => f.ticket.orderId)).toEqual(['o1', 'o2']);
    expect(result.facts.map(f => f.seq)).toEqual(result.facts.map((_, i) => i));
  });

  it('repeated in vain is denied once a change', async () => {
    const result = await play({
      bars: { [A]: flat(6) },
      decide: i => (i < 3 ? buy({ quantity: 0 }) : i < 5 ? sell({ quantity: 0 }) : buy({ quantity: 0 })),
    });
    expect(result.refusals).toEqual({ 'not-a-number': 3 });
  });
});
