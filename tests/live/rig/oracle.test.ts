import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import type { Word } from '../../../src/live/word.js';
import { oracle, type Evidence, type Law } from '../../../src/practice/rig/oracle.js';
import { truthOf } from '../../../src/practice/rig/truth.js';
import { BTC, ground, instrument, MINUTE, request, T0 } from '../../practice/core/practice-ground.js';

const UNIT = 1e8;
const fact = (strategy: string, word: Word): Fact =>
  ({ seq: 0, version: 1, knownAt: word.ts, account: 'a', strategy, correlationId: 0, causationId: -1, ...word }) as Fact;

/** An account at the exchange, and an honest journal of it: an order that filled, one that was taken back, one at work. */
const honest = (clientId: (orderId: string) => string = orderId => `qt-${orderId}`): Evidence => {
  const exchange = ground(
    Array.from({ length: 10 }, () => [100, 101, 99, 100] as const),
    { fees: { maker: 0.001, taker: 0.001 } },
  );
  exchange.openAccount('a', 10_000);
  exchange.advance(T0 + 1);
  const far = { symbol: BTC, quantity: 1, price: 80 };
  exchange.place('a', request({ clientId: clientId('s.1.1'), quantity: 3 }));
  exchange.place('a', request({ ...far, clientId: clientId('s.1.2') }));
  exchange.place('a', request({ ...far, clientId: clientId('s.1.3') }));
  exchange.cancel('a', { symbol: BTC, clientId: clientId('s.1.2'), venueId: null, conditional: false });
  exchange.advance(T0 + MINUTE);
  exchange.correctFee('a', BTC, -0.25);
  exchange.correctFee('a', BTC, 0.125);
  const ts = T0 + 1;
  const facts = [
    fact('s', { type: 'CashMoved', ts: T0, kind: 'opening', amount: 4_000 * UNIT, income: '', text: '' }),
    fact('', { type: 'CashMoved', ts: T0, kind: 'transfer', amount: -4_000 * UNIT, income: '', text: '' }),
    fact('', { type: 'CashMoved', ts: T0, kind: 'opening', amount: 10_000 * UNIT, income: '', text: '' }),
    ...['s.1.1', 's.1.2', 's.1.3'].flatMap(orderId => [
      fact('s', { type: 'OrderSubmitted', ts, orderId, symbol: BTC }),
      fact('s', { type: 'OrderAccepted', ts, orderId, symbol: BTC }),
    ]),
    ...exchange.executions('a', null, 0, Infinity).map(({ id, price, quantity, fee }) =>
      fact('s', {
        type: 'OrderFilled',
        ts,
        orderId: 's.1.1',
        symbol: BTC,
        side: 'buy',
        price,
        lots: quantity,
        fee: Math.round(fee * UNIT),
        liquidity: 'taker',
        slippage: 0,
        realised: 0,
        execution: id,
      }),
    ),
    fact('s', { type: 'OrderCancelled', ts, orderId: 's.1.2', symbol: BTC, code: 'requested' }),
    fact('', { type: 'CashMoved', ts, kind: 'fee', amount: -0.25 * UNIT, income: '1', text: '' }),
    fact('', { type: 'CashMoved', ts, kind: 'rebate', amount: 0.125 * UNIT, income: '2', text: '' }),
  ];
  return {
    instruments: [instrument(BTC, { tickSize: 1, lotSize: 1 })],
    facts,
    verdict: { ok: true, facts: facts.length, fault: null },
    truth: truthOf(exchange, 'a'),
    live: 'state',
    folded: 'state',
    seen: [],
  };
};

const laws = (evidence: Evidence): readonly Law[] => [...new Set(oracle(evidence).map(({ law }) => law))].toSorted();
const without =
  (is: (fact: Fact) => boolean) =>
  (evidence: Evidence): Evidence => ({ ...evidence, facts: evidence.facts.filter(each => !is(each)) });
const withMore =
  (strategy: string, ...words: readonly Word[]) =>
  (evidence: Evidence): Evidence => ({
    ...evidence,
    facts: [...evidence.facts, ...words.map(word => fact(strategy, word))],
  });
const isOf =
  (type: Fact['type'], orderId?: string) =>
  (each: Fact): boolean =>
    each.type === type && (orderId === undefined || ('orderId' in each && each.orderId === orderId));
const ts = T0 + 2;

describe('the oracle', () => {
  it('has nothing against an honest journal, in whichever form the venue writes our ids', () => {
    expect(oracle(honest())).toEqual([]);
    expect(oracle(honest(orderId => `qt-${orderId.replaceAll('.', '-')}`))).toEqual([]);
  });

  const offences: readonly (readonly [what: string, found: readonly Law[], offence: (evidence: Evidence) => Evidence])[] = [
    ['a fill is missing', ['o1', 'o3'], without(isOf('OrderFilled'))],
    [
      'a fill is booked twice',
      ['o1', 'o3'],
      evidence => ({ ...evidence, facts: [...evidence.facts, ...evidence.facts.filter(isOf('OrderFilled'))] }),
    ],
    [
      'a fill has another fee',
      ['o1', 'o3'],
      evidence => ({
        ...evidence,
        facts: evidence.facts.map(each => (each.type === 'OrderFilled' ? { ...each, fee: each.fee + 1 } : each)),
      }),
    ],
    [
      'an order at work was closed from nothing',
      ['o1'],
      withMore('s', { type: 'OrderRejected', ts, orderId: 's.1.3', symbol: BTC, code: 'absent' }),
    ],
    ['the end of an order is not known', ['o7'], without(isOf('OrderCancelled'))],
    ['an intent is missing', ['o2'], without(isOf('OrderSubmitted', 's.1.2'))],
    [
      'an order is at the exchange twice',
      ['o2'],
      evidence => ({ ...evidence, truth: { ...evidence.truth, orders: [...evidence.truth.orders, ...evidence.truth.orders.slice(-1)] } }),
    ],
    [
      'the exchange’s orders are not known for ours',
      ['o2'],
      evidence => ({
        ...evidence,
        truth: { ...evidence.truth, orders: evidence.truth.orders.map(each => ({ ...each, clientId: 'web_1' })) },
      }),
    ],
    ['an intent never left and is open', ['o7'], withMore('s', { type: 'OrderSubmitted', ts, orderId: 's.1.4', symbol: BTC })],
    ['a correction of a fee is missing', ['o3'], without(each => each.type === 'CashMoved' && each.kind === 'fee')],
    [
      'a correction of a fee is booked twice',
      ['o3'],
      withMore('', { type: 'CashMoved', ts, kind: 'fee', amount: -0.25 * UNIT, income: '1', text: '' }),
    ],
    [
      'a budget came from nowhere, and the opening balance hides it',
      ['o3'],
      evidence => ({
        ...evidence,
        facts: evidence.facts
          .filter(each => !(each.type === 'CashMoved' && each.kind === 'transfer'))
          .map(each =>
            each.type === 'CashMoved' && each.kind === 'opening' && each.strategy === '' ? { ...each, amount: 6_000 * UNIT } : each,
          ),
      }),
    ],
    [
      'cash from trades differs though parts were closed against each other',
      ['o1', 'o3'],
      evidence =>
        withMore('s', { type: 'PositionAdopted', ts, symbol: BTC, before: 0, after: 0, price: 100, code: 'netted', text: '' })({
          ...evidence,
          facts: evidence.facts.map(each => (each.type === 'OrderFilled' ? { ...each, price: each.price + 1 } : each)),
        }),
    ],
    ['the live state differs', ['o4'], evidence => ({ ...evidence, live: 'other' })],
    ['the chain does not verify', ['o5'], evidence => ({ ...evidence, verdict: { ok: false, facts: 0, fault: 'broken' } })],
    ['something was seen', ['o6'], evidence => ({ ...evidence, seen: [{ law: 'o6', text: 'bare' }] })],
  ];
  it.each(offences)('notices that %s', (_, found, offence) => {
    expect(laws(offence(honest()))).toEqual(found);
  });

  it('holds an empty journal for no journal, though nothing in it is wrong', () => {
    const exchange = ground([[100, 100, 100, 100]]);
    exchange.openAccount('a', 0);
    const nothing = { ...honest(), truth: truthOf(exchange, 'a'), facts: [] };
    expect(laws(nothing)).toEqual(['o5']);
  });

  it('lets two parts of a flat position be closed against each other', () => {
    const netted = (strategy: string, before: number) =>
      withMore(strategy, { type: 'PositionAdopted', ts, symbol: BTC, before, after: 0, price: 107, code: 'netted', text: '' });
    expect(oracle(netted('t', -3)(netted('s', 3)(honest())))).toEqual([]);
  });
});
