import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeColumns } from '../../src/metrics/outcome-columns.js';
import type { Fill, FundingPayment } from '../../src/portfolio/fill.js';
import { roundTrips } from '../../src/portfolio/round-trips.js';
import { plainTrips } from '../../src/sim/plain-trips.js';

const anyFill = fc.record({
  gap: fc.nat(3),
  sign: fc.constantFrom(1, -1),
  quantity: fc.constantFrom(0.001, 0.1, 0.3, 1 / 3, 5),
  price: fc.integer({ min: 1, max: 90_000 }),
  fee: fc.integer({ min: -50, max: 500 }).map(n => n / 100),
  realised: fc.integer({ min: -5000, max: 5000 }).map(n => n / 100),
});

describe('round trips as columns', () => {
  it('are those of the lists, bit by bit, whatever turns, grows or is left open', () => {
    const payments = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: -900, max: 900 })), { maxLength: 60 });
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyFill, { maxLength: 60 }), payments, (inverse, drawn, paid) => {
        const symbol = inverse ? 'BTC/USD:BTC' : 'BTC/USDT:USDT';
        let now = 0;
        const fills = drawn.map(({ gap, sign, ...rest }, i): Fill => {
          now += gap;
          const side = sign > 0 ? 'buy' : 'sell';
          return { seq: 2 * i, ts: now, symbol, orderId: `o${i}`, side, slippage: 0, liquidity: 'taker', reason: '', ...rest };
        });
        now = 0;
        const funding = paid.map(([gap, amount], i): FundingPayment => {
          now += gap;
          return { seq: 2 * i + 1, ts: now, symbol, rate: 0, quantity: 1, markPrice: 1, amount: amount / 7 };
        });
        const { netPnl, netReturn, held, fees, received } = outcomeColumns({ fills, funding, roundTrips: roundTrips(fills, funding) });
        const column = (of: (fill: Fill) => number): Float64Array => Float64Array.from(fills, of);
        const trips = plainTrips({
          inverse,
          fees,
          received,
          seq: column(({ seq }) => seq),
          ts: column(({ ts }) => ts),
          signs: column(({ side }) => (side === 'buy' ? 1 : -1)),
          prices: column(({ price }) => price),
          quantities: column(({ quantity }) => quantity),
          realised: column(({ realised }) => realised),
          paidSeq: Float64Array.from(funding, ({ seq }) => seq ?? -1),
          paidTs: Float64Array.from(funding, ({ ts }) => ts),
        });
        expect(trips).toEqual({ netPnl, netReturn, held });
      }),
      { numRuns: 300 },
    );
  });
});
