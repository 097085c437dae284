import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fill, FundingPayment, RoundTrip } from '../../src/portfolio/fill.js';
import { roundTrips } from '../../src/portfolio/round-trips.js';
import { busyStrategy } from '../arbitraries/busy-strategy.js';
import { anyMarket } from '../arbitraries/market.js';
import { run } from '../arbitraries/run.js';

let seq = 0;
const fill = (ts: number, side: 'buy' | 'sell', quantity: number, price: number, more: Partial<Fill> = {}): Fill => ({
  seq: seq++,
  ts,
  symbol: 'AAA',
  orderId: 'o',
  side,
  price,
  quantity,
  fee: 0,
  slippage: 0,
  liquidity: 'taker',
  realised: 0,
  reason: `${side} ${quantity}`,
  ...more,
});
const paid = (ts: number, amount: number, symbol = 'AAA'): FundingPayment => ({
  ts,
  symbol,
  rate: 0,
  quantity: 1,
  markPrice: 1,
  amount,
});

describe('round trips', () => {
  it('tell a long from its entry to its exit, with its costs and its return on the largest stake', () => {
    const [trip, ...rest] = roundTrips(
      [
        fill(1, 'buy', 2, 100, { fee: 1, slippage: 0.5 }),
        fill(2, 'buy', 2, 110, { fee: 1 }),
        fill(3, 'sell', 1, 120, { fee: 1, realised: 15 }),
        fill(4, 'sell', 3, 90, { fee: 2, slippage: 0.25, realised: -45 }),
      ],
      [paid(2, -4), paid(3, 1)],
    );
    expect(rest).toEqual([]);
    expect(trip).toEqual({
      symbol: 'AAA',
      side: 'long',
      entryTs: 1,
      exitTs: 4,
      entryPrice: 105,
      exitPrice: 97.5,
      quantity: 4,
      grossPnl: -30,
      fees: 5,
      slippage: 0.75,
      funding: -3,
      netPnl: -38,
      netReturn: -38 / 420,
      entryReason: 'buy 2',
      exitReason: 'sell 3',
    } satisfies RoundTrip);
  });

  it('tell a short, whose entry is what it sold', () => {
    const [trip] = roundTrips([fill(1, 'sell', 2, 100), fill(2, 'buy', 2, 80, { realised: 40 })], []);
    expect(trip).toMatchObject({ side: 'short', entryPrice: 100, exitPrice: 80, quantity: 2, grossPnl: 40, netReturn: 0.2 });
  });

  it('split a reversing fill, its fee and its slippage between the trip it closes and the one it opens', () => {
    const trips = roundTrips(
      [
        fill(1, 'buy', 1, 100, { fee: 1 }),
        fill(2, 'sell', 4, 110, { fee: 8, slippage: 4, realised: 10, reason: 'turn' }),
        fill(3, 'buy', 3, 120, { fee: 3, realised: -30 }),
      ],
      [paid(3, 2)],
    );
    expect(trips.map(t => [t.side, t.entryPrice, t.exitPrice, t.quantity, t.grossPnl, t.fees, t.slippage, t.funding])).toEqual([
      ['long', 100, 110, 1, 10, 3, 1, 0],
      ['short', 110, 120, 3, -30, 9, 3, 2],
    ]);
    expect(trips.map(t => [t.entryReason, t.exitReason])).toEqual([
      ['buy 1', 'turn'],
      ['turn', 'buy 3'],
    ]);
  });

  it('give a payment to the trip that was open when it was settled, which a fill of the same instant comes after', () => {
    const trips = roundTrips(
      [fill(1, 'buy', 1, 100), fill(8, 'sell', 1, 100), fill(8, 'buy', 1, 100), fill(16, 'sell', 1, 100)],
      [paid(1, -100), paid(8, -1), paid(16, -2)],
    );
    expect(trips.map(t => t.funding)).toEqual([-1, -2]);
  });

  it('give a payment to the trip of a fill of the same instant that came before it', () => {
    const [first, second] = [fill(8, 'buy', 1, 100), fill(9, 'sell', 1, 100)];
    expect(roundTrips([first, second], [{ ...paid(8, -1), seq: first.seq + 0.5 }]).map(t => t.funding)).toEqual([-1]);
    expect(roundTrips([first, second], [{ ...paid(8, -1), seq: first.seq - 0.5 }]).map(t => t.funding)).toEqual([0]);
  });

  it('keep symbols apart and come in order of exit', () => {
    const trips = roundTrips(
      [
        fill(1, 'buy', 1, 100),
        fill(2, 'sell', 1, 50, { symbol: 'BBB' }),
        fill(3, 'buy', 1, 40, { symbol: 'BBB', realised: 10 }),
        fill(4, 'sell', 1, 110, { realised: 10 }),
      ],
      [paid(2.5, -1, 'BBB'), paid(2.5, -2)],
    );
    expect(trips.map(t => [t.symbol, t.side, t.funding])).toEqual([
      ['BBB', 'short', -1],
      ['AAA', 'long', -2],
    ]);
  });

  it('are not told of a position that is still open', () => {
    expect(roundTrips([fill(1, 'buy', 2, 100), fill(2, 'sell', 1, 110, { realised: 10 })], [])).toEqual([]);
  });

  it('remember the largest stake, also after adding to a reduced one', () => {
    const trips = roundTrips([fill(1, 'buy', 4, 100), fill(2, 'sell', 3, 100), fill(3, 'buy', 1, 100), fill(4, 'sell', 2, 100)], []);
    expect(trips.map(t => t.quantity)).toEqual([4]);
  });

  it('open none for what binary fractions leave over', () => {
    // 0.7 + 0.1 is a little less than 0.8.
    const trips = roundTrips([fill(1, 'buy', 0.7, 100), fill(2, 'buy', 0.1, 100), fill(3, 'sell', 0.8, 100), fill(4, 'buy', 0.8, 100)], []);
    expect(trips.length).toBe(1);
  });

  it('close on decimals that do not add up in binary', () => {
    const trips = roundTrips(
      [
        fill(1, 'buy', 0.1, 100),
        fill(2, 'buy', 0.2, 100),
        fill(3, 'sell', 0.3, 100),
        fill(4, 'sell', 0.3, 100),
        fill(5, 'buy', 0.1, 100),
        fill(6, 'buy', 0.2, 100),
      ],
      [],
    );
    expect(trips.map(t => t.side)).toEqual(['long', 'short']);
    expect(trips[1]?.entryTs).toBe(4);
  });

  for (const [name, latency] of Object.entries({ 'the default latency': 100, 'no latency': 0, 'a latency of 41 minutes': 41 * 60_000 }))
    it(`explain the whole change of equity once everything is closed, with ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          anyMarket({ atEnd: 'close', latency: { kind: 'constant', order: latency, cancel: latency, report: latency / 2 } }),
          async market => {
            const { roundTrips: trips, fills, funding, finalEquity, initialCapital } = await run(market, busyStrategy);
            const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
            expect(sum(trips.map(t => t.netPnl))).toBeCloseTo(finalEquity - initialCapital, 5);
            expect(sum(trips.map(t => t.fees))).toBeCloseTo(sum(fills.map(f => f.fee)), 6);
            expect(sum(trips.map(t => t.slippage))).toBeCloseTo(sum(fills.map(f => f.slippage)), 6);
            expect(sum(trips.map(t => t.funding))).toBeCloseTo(sum(funding.map(f => f.amount)), 6);
            expect(sum(trips.map(t => t.grossPnl))).toBeCloseTo(sum(fills.map(f => f.realised)), 6);
            expect(trips.every(t => t.exitTs >= t.entryTs)).toBe(true);
          },
        ),
        { numRuns: 25, seed: 12 },
      );
    });
});
