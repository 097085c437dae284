import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracket, oco } from '../../src/strategies/execution-intent.js';
import { amend, cancel, order } from '../../src/strategies/intent.js';
import { A } from './scenario.js';
import { venue } from './execution-venue.js';

const long = (more: Partial<Parameters<typeof bracket>[0]> = {}) =>
  bracket({ symbol: A, side: 'buy', quantity: 10, entry: { limit: 100 }, stop: 90, target: 120, id: 'b', reason: 'up', ...more });
const started = (more: Partial<Parameters<typeof bracket>[0]> = {}, options: Parameters<typeof venue>[0] = {}) => {
  const v = venue(options);
  v.executions.take(long(more));
  return v;
};

describe('a bracket', () => {
  it('sends its exits when the entry fills, for what of it has filled, and resizes them as it goes on', () => {
    const v = started();
    expect(v.book()).toEqual(['buy limit 10 @100']);
    v.fill('o1', 3);
    expect(v.book()).toEqual(['buy limit 7 @100', 'sell stop 3 !90', 'sell limit 3 @120']);
    v.fill('o1', 7);
    v.settle();
    expect(v.book()).toEqual(['sell stop 10 !90', 'sell limit 10 @120']);
    expect(v.told('OrderApproved').map(({ ticket }) => ticket.reduceOnly)).toEqual([false, true, true]);
    expect(v.told('OrderRequested').map(f => [f.name, f.reason])).toEqual([
      ['b.entry', 'up'],
      ['b.stop', 'stop'],
      ['b.target', 'target'],
    ]);
  });

  it('has the exit that fills in part make the other smaller, and whole take it away', () => {
    const v = started();
    v.fill('o1');
    v.fill('o3', 4);
    v.settle();
    expect(v.book()).toEqual(['sell stop 6 !90', 'sell limit 6 @120']);
    v.fill('o2', 5);
    v.settle();
    expect(v.book()).toEqual(['sell stop 1 !90', 'sell limit 1 @120']);
    v.fill('o2');
    v.settle();
    expect(v.book()).toEqual([]);
    expect(v.closed()).toEqual(['stop 10']);
    expect(v.held[0]).toBe(0);
  });

  it('enters no further once an exit has filled', () => {
    const v = started();
    v.fill('o1', 4);
    v.fill('o3', 4);
    v.settle();
    expect(v.book()).toEqual([]);
    expect(v.closed()).toEqual(['target 4']);
  });

  it('protects also what the entry fills while it is being taken back', () => {
    const v = started({}, { isSlow: true });
    v.fill('o1', 4);
    v.hear();
    v.fill('o3', 4);
    v.hear();
    // The cancel of the entry is on its way; two lots more fill before it arrives.
    v.fill('o1', 2);
    v.settle();
    expect(v.book()).toEqual(['sell stop 2 !90', 'sell limit 2 @120']);
    v.fill(v.open()[0]?.ticket.orderId ?? '');
    v.settle();
    expect(v.closed()).toEqual(['stop 6']);
    expect([v.book(), v.held[0]]).toEqual([[], 0]);
  });

  it('is over when both exits fill in one moment, and has not turned the position', () => {
    const v = started({}, { isSlow: true });
    v.fill('o1');
    v.settle();
    v.fill('o3');
    v.fill('o2');
    expect(v.held[0]).toBe(0);
    v.settle();
    expect(v.closed()).toEqual(['target 10']);
    expect(v.open()).toEqual([]);
  });

  it('ends without a trade when its entry does', () => {
    const v = started();
    v.end('o1', 'OrderExpired', 'not-filled');
    expect(v.closed()).toEqual(['not-entered 0']);
  });

  it('closes what is held at the market when its stop is refused', () => {
    const v = started();
    v.fill('o1', 6);
    v.end('o2', 'OrderRejected', 'would-trigger');
    v.settle();
    expect(v.book()).toEqual(['sell market 6']);
    v.fill('o4');
    v.settle();
    expect(v.closed()).toEqual(['unprotected 6']);
    expect([v.book(), v.held[0]]).toEqual([[], 0]);
  });

  it('keeps its stop when its target is refused', () => {
    const v = started();
    v.fill('o1');
    v.end('o3', 'OrderRejected', 'post-only');
    v.settle();
    expect(v.book()).toEqual(['sell stop 10 !90']);
    v.fill('o2');
    expect(v.closed()).toEqual(['stop 10']);
  });

  it('sends another exit beside the one that the venue would not change', () => {
    const v = started();
    v.fill('o1', 3);
    v.fill('o1', 7);
    v.settle(false);
    expect(v.book()).toEqual(['sell stop 3 !90', 'sell limit 3 @120', 'sell stop 7 !90', 'sell limit 7 @120']);
    // Smaller is not possible either, and does no harm: all are reduce-only.
    v.fill('o3');
    v.settle(false);
    v.fill('o5');
    v.settle(false);
    expect([v.book(), v.held[0], v.closed()]).toEqual([[], 0, ['target 10']]);
  });

  it('makes its exits smaller when another order closes part of the position, and ends when it closes all', () => {
    const v = started();
    v.fill('o1');
    v.executions.take(order({ symbol: A, side: 'sell', quantity: 4 }));
    v.fill('o4');
    v.settle();
    expect(v.book()).toEqual(['sell stop 6 !90', 'sell limit 6 @120']);
    v.executions.take(order({ symbol: A, side: 'sell', quantity: 6 }));
    v.fill('o5');
    v.settle();
    expect([v.book(), v.closed()]).toEqual([[], ['closed 10']]);
  });

  it('has its stop moved by name, also for what is sent later', () => {
    const v = started();
    v.fill('o1', 3);
    v.executions.take(amend('b.stop', { stop: 95 }));
    v.settle();
    expect(v.book()).toEqual(['buy limit 7 @100', 'sell stop 3 !95', 'sell limit 3 @120']);
    v.fill('o1', 2);
    v.settle(false);
    expect(v.book()).toEqual(['buy limit 5 @100', 'sell stop 3 !95', 'sell limit 3 @120', 'sell stop 2 !95', 'sell limit 2 @120']);
  });

  it('is taken back whole by its name, and leaves what is held', () => {
    const v = started();
    v.fill('o1', 3);
    v.executions.take(cancel('b'));
    v.settle();
    expect([v.book(), v.closed(), v.held[0]]).toEqual([[], ['cancelled 3'], 3]);
  });

  it('sells short as it buys long', () => {
    const v = started({ side: 'sell', entry: { stop: 95 }, stop: 105, target: 80 });
    expect(v.book()).toEqual(['sell stop 10 !95']);
    v.fill('o1');
    expect(v.book()).toEqual(['buy stop 10 !105', 'buy limit 10 @80']);
  });

  it('is refused where a price lies on the wrong side', () => {
    for (const wrong of [{ stop: 101 }, { target: 99 }, { stop: 130, target: 120 }, { entry: {}, stop: 100 }, { side: 'sell' as const }]) {
      const v = started(wrong);
      expect([v.denials(), v.orders.size, v.told('ExecutionRequested')], JSON.stringify(wrong)).toEqual([['bad-order'], 0, []]);
    }
  });

  it('acts on the leg that it names in hedge mode', () => {
    const v = started({ positionSide: 'long' }, { hedge: true });
    v.executions.take(long({ side: 'sell', entry: {}, stop: 110, target: 80, positionSide: 'short', id: 'c' }));
    v.fill('o1');
    v.fill('o2', 4);
    expect(v.held).toEqual([10, -4]);
    expect(v.told('OrderApproved').map(({ ticket: t }) => `${t.side} ${t.positionSide} ${t.reduceOnly}`)).toEqual([
      'buy long false',
      'sell short false',
      'sell long true',
      'sell long true',
      'buy short true',
      'buy short true',
    ]);
    expect(started({}, { hedge: true }).denials()).toEqual(['position-side']);
  });
});

describe('of two linked orders', () => {
  const exits = (options: Parameters<typeof venue>[0] = {}, more: { reduceOnly?: boolean } = { reduceOnly: true }) => {
    const v = venue(options);
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 10 }));
    v.fill('o1');
    v.settle();
    const leg = { symbol: A, side: 'sell', quantity: 10, ...more } as const;
    v.executions.take(oco([order({ ...leg, stop: 90, id: 'low' }), order({ ...leg, limit: 120, id: 'high' })], { id: 'x' }));
    return v;
  };

  it('the one that fills in part makes the other smaller, and the one that fills whole takes it back', () => {
    const v = exits();
    v.fill('o3', 4);
    v.settle();
    expect(v.book()).toEqual(['sell stop 6 !90', 'sell limit 6 @120']);
    v.fill('o2', 1);
    v.settle();
    expect(v.book()).toEqual(['sell stop 5 !90', 'sell limit 5 @120']);
    v.fill('o2', 5);
    v.settle();
    expect([v.book(), v.closed(), v.held[0]]).toEqual([[], ['filled 10'], 0]);
  });

  it('both in one moment do not turn a position that they may only reduce', () => {
    const v = exits({ isSlow: true });
    v.fill('o3', 7);
    v.fill('o2');
    expect(v.held[0]).toBe(0);
    v.settle();
    expect([v.book(), v.closed()]).toEqual([[], ['filled 10']]);
  });

  it('the one that ends takes the other with it, and its name frees both', () => {
    const ended = exits();
    ended.end('o2', 'OrderExpired', 'gtd');
    ended.settle();
    expect([ended.book(), ended.closed()]).toEqual([[], ['gtd 0']]);
    const taken = exits();
    taken.executions.take(cancel('x'));
    taken.settle();
    expect([taken.book(), taken.closed()]).toEqual([[], ['cancelled 0']]);
    const named = exits();
    named.executions.take(cancel('high'));
    named.settle();
    expect(named.book()).toEqual([]);
  });

  it('neither stays when the risk gate refuses one', () => {
    const v = venue({ risk: { priceCollar: 0.05 } });
    v.executions.take(
      oco([order({ symbol: A, side: 'buy', quantity: 10, stop: 110 }), order({ symbol: A, side: 'buy', quantity: 10, limit: 150 })]),
    );
    v.settle();
    expect([v.book(), v.closed(), v.denials()]).toEqual([[], ['denied 0'], ['price-collar']]);
  });

  it('those that make no pair are refused', () => {
    const leg = { symbol: A, side: 'sell', quantity: 10 } as const;
    const pairs = [
      [order({ ...leg, stop: 90 }), order({ ...leg, quantity: 9, limit: 120 })],
      [order(leg), order({ ...leg, limit: 120 })],
      [order({ ...leg, stop: 90 }), order({ ...leg, stop: 90, takeProfit: 110 })],
    ] as const;
    for (const pair of pairs) {
      const v = venue();
      v.executions.take(oco(pair));
      expect(v.denials()).toEqual(['bad-order']);
    }
    const v = venue();
    v.executions.take(oco([order({ ...leg, stop: 90, id: 'x' }), order({ ...leg, limit: 110, id: 'x' })]));
    expect(v.denials()).toEqual(['duplicate-id']);
  });
});

/** What a venue may do next. */
const moves = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('fill' as const), which: fc.nat(5), lots: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constant('answer' as const), allows: fc.boolean() }),
    fc.record({ do: fc.constant('hear' as const) }),
    fc.record({ do: fc.constant('refuse' as const), which: fc.nat(5) }),
    fc.record({ do: fc.constant('cancel' as const) }),
  ),
  { maxLength: 60 },
);
type Move = typeof moves extends fc.Arbitrary<(infer M)[]> ? M : never;

const move = (v: ReturnType<typeof venue>, next: Move, name: string): void => {
  const open = v.open();
  const pick = (k: number): string => open[k % Math.max(1, open.length)]?.ticket.orderId ?? '';
  if (next.do === 'fill') v.fill(pick(next.which), next.lots);
  else if (next.do === 'answer') v.answer(next.allows);
  else if (next.do === 'hear') v.hear();
  else if (next.do === 'refuse' && next.which === 0) v.end(pick(next.which), 'OrderExpired', 'venue');
  else if (next.do === 'cancel' && open.length % 4 === 3) v.executions.take(cancel(name));
};

describe('whatever fills, ends and is heard of in which order', () => {
  it('a bracket never turns, never enters more than it was to, guards what it holds, and leaves nothing behind', () => {
    let closed = 0;
    fc.assert(
      fc.property(moves, list => {
        const v = started({}, { isSlow: true });
        for (const next of list) {
          move(v, next, 'b');
          expect(v.held[0]).toBeGreaterThanOrEqual(0);
          expect(v.held[0]).toBeLessThanOrEqual(10);
        }
        v.settle();
        if (v.closed().length === 0) {
          const left = (type: string): number =>
            v
              .open()
              .filter(({ ticket }) => ticket.type === type && ticket.side === 'sell')
              .reduce((sum, o) => sum + o.lots - o.filled, 0);
          const isClosing = v.open().some(({ ticket }) => ticket.type === 'market');
          expect(left(isClosing ? 'market' : 'stop')).toBeGreaterThanOrEqual(v.held[0] ?? NaN);
          return;
        }
        closed++;
        expect(v.closed().length).toBe(1);
        expect(v.open()).toEqual([]);
        const code = v.told('ExecutionClosed')[0]?.code;
        if (code !== 'cancelled' && code !== 'unprotected') expect(v.held[0]).toBe(0);
      }),
      { numRuns: 400 },
    );
    expect(closed).toBeGreaterThan(20);
  });

  it('reduce-only linked orders never turn a position, and none is left when they are over', () => {
    let closed = 0;
    fc.assert(
      fc.property(moves, list => {
        const v = venue({ isSlow: true });
        v.executions.take(order({ symbol: A, side: 'buy', quantity: 10 }));
        v.fill('o1');
        v.settle();
        const leg = { symbol: A, side: 'sell', quantity: 10, reduceOnly: true } as const;
        v.executions.take(oco([order({ ...leg, stop: 90 }), order({ ...leg, limit: 120 })], { id: 'x' }));
        for (const next of list) {
          move(v, next, 'x');
          expect(v.held[0]).toBeGreaterThanOrEqual(0);
        }
        v.settle();
        expect(v.closed().length).toBeLessThanOrEqual(1);
        expect(v.open().length).toBe(v.closed().length === 1 ? 0 : 2);
        closed += v.closed().length;
      }),
      { numRuns: 200 },
    );
    expect(closed).toBeGreaterThan(20);
  });
});
