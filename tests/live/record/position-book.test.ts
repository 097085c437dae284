import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunFold } from '../../../src/engine/run-fold.js';
import type { Fact } from '../../../src/events/fact.js';
import { evolve, initialState } from '../../../src/live/broker/broker-state.js';
import { positionBook } from '../../../src/live/record/position-book.js';
import { toMoney } from '../../../src/market/units.js';
import { A, perpetual, T0 } from '../../engine/scenario.js';

const instrument = perpetual(A);

/** Trades and, after some of them, a liquidation that charges a fee or is covered by the fund. */
const life = fc.array(
  fc.record({
    lots: fc.integer({ min: -40, max: 40 }).filter(lots => lots !== 0),
    price: fc.integer({ min: 50, max: 150 }),
    fee: fc.integer({ min: -1e8, max: 3e8 }),
    liquidated: fc.option(fc.record({ fee: fc.integer({ min: 0, max: 5e8 }), insurance: fc.integer({ min: 0, max: 9e9 }) }), { nil: null }),
  }),
  { minLength: 1, maxLength: 12 },
);

const factsOf = (given: typeof life extends fc.Arbitrary<infer T> ? T : never): Fact[] =>
  given
    .flatMap(({ lots, price, fee, liquidated }, n) => [
      {
        type: 'OrderFilled',
        orderId: `o${n}`,
        symbol: A,
        side: lots > 0 ? 'buy' : 'sell',
        price,
        lots: Math.abs(lots),
        fee,
        liquidity: 'taker',
        slippage: 0,
        realised: 0,
      },
      ...(liquidated === null
        ? []
        : [
            {
              type: 'PositionLiquidated',
              symbol: A,
              orderId: `o${n}`,
              before: lots,
              after: 0,
              markPrice: price,
              bankruptcyPrice: price,
              margin: 0,
              maintenance: 0,
              ...liquidated,
            },
          ]),
    ])
    .map(
      (said, seq) =>
        ({
          ...said,
          seq,
          version: 1,
          ts: T0 + seq,
          knownAt: T0 + seq,
          account: 'a',
          strategy: 'one',
          correlationId: -1,
          causationId: -1,
        }) as Fact,
    );

describe('the books of a strategy, from its journal', () => {
  it('have the cash that its run has, through liquidations and what the fund pays; and all of it is profit that is told', () => {
    fc.assert(
      fc.property(life, given => {
        const facts = factsOf(given);
        const run = new RunFold([instrument], 0);
        const state = initialState([instrument]);
        const book = positionBook(() => instrument);
        for (const fact of facts) {
          run.apply(fact);
          evolve(state, fact);
          book.handle(fact);
        }
        const held = state.books.get('one')!;
        expect(held.account.cash).toBe(run.account.cash);
        expect(held.realised - held.fees + held.funding).toBe(run.account.cash);
        expect(book.cash('one')).toBeCloseTo(toMoney(run.account.cash), 9);
        const { realised, fees, funding } = book.closed('one');
        expect(realised - fees + funding).toBeCloseTo(toMoney(run.account.cash), 6);
        expect(book.positions()).toMatchObject([{ fills: given.length }]);
      }),
    );
  });

  it('count no trade for a position that was found at the venue', () => {
    const book = positionBook(() => instrument);
    const [fact] = factsOf([{ lots: 1, price: 100, fee: 0, liquidated: null }]);
    book.handle({ ...fact, type: 'PositionAdopted', symbol: A, before: 0, after: 7, price: 90 } as Fact);
    expect(book.positions()).toMatchObject([{ quantity: 7, entryPrice: 90, fills: 0 }]);
  });
});
