import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Account } from '../../src/portfolio/account.js';
import { A, B, perpetual } from '../engine/scenario.js';

const CENT = 1e8;

/** Half away from zero, in whole numbers only. */
const divide = (a: bigint, b: bigint): bigint => {
  const [n, d] = b < 0n ? [-a, -b] : [a, b];
  return n < 0n ? -((-n * 2n + d) / (2n * d)) : (n * 2n + d) / (2n * d);
};

interface OracleFill {
  readonly price: number;
  readonly lots: number;
}

/** Average-cost books written a second time: in big integers, one lot-count and one value, no shared code. */
const oracle = (fills: readonly OracleFill[], amount: bigint): { realised: bigint[]; lots: bigint; cost: bigint } => {
  let lots = 0n;
  let cost = 0n;
  const realised = fills.map(({ price, lots: traded }) => {
    const size = BigInt(traded);
    const each = BigInt(price) * amount;
    const closes = lots !== 0n && lots > 0n !== size > 0n;
    const closing = closes ? (size > 0n ? (size < -lots ? size : -lots) : size > -lots ? size : -lots) : 0n;
    // Signed: what leaves the position is worth `−closing` lots of it.
    const released = closes ? divide(cost * -closing, lots) : 0n;
    const gain = -closing * each - released;
    cost = cost - released + (size - closing) * each;
    lots += size;
    return gain;
  });
  return { realised, lots, cost };
};

const steps = fc.constantFrom(
  { tickSize: 1, lotSize: 1, amount: 100_000_000n },
  { tickSize: 0.1, lotSize: 0.001, amount: 10_000n },
  { tickSize: 0.0001, lotSize: 0.0001, amount: 1n },
);
const fills = fc.array(
  fc.record({
    price: fc.integer({ min: 1, max: 2000 }),
    lots: fc.integer({ min: -30, max: 30 }).filter(n => n !== 0),
    fee: fc.integer({ min: -50, max: 500 }),
  }),
  { maxLength: 40 },
);

describe('the account', () => {
  it('averages in, realises against the average going out, and starts anew on the other side', () => {
    const account = new Account([perpetual(A)], 10_000);
    expect(account.fill(0, 100, 2, 0)).toBe(0);
    expect(account.fill(0, 130, 1, 0)).toBe(0);
    expect(account.entryPrice(0)).toBe(110);
    // Half of … one of three at 140: 140 − 110.
    expect(account.fill(0, 140, -1, 0)).toBe(30 * CENT);
    expect(account.entryPrice(0)).toBe(110);
    // Five sold at 120: two close with 2 × 10, three open a short at 120.
    expect(account.fill(0, 120, -5, 0)).toBe(20 * CENT);
    expect(account.lots[0]).toBe(-3);
    expect(account.entryPrice(0)).toBe(120);
    // A short gains when it is bought back lower.
    expect(account.fill(0, 100, 3, 0)).toBe(60 * CENT);
    expect(account.entryPrice(0)).toBeNaN();
    expect(account.open).toBe(0);
    expect(account.cash).toBe(10_110 * CENT);
  });

  it('agrees with a second set of books kept in big integers', () => {
    fc.assert(
      fc.property(steps, fills, ({ tickSize, lotSize, amount }, trades) => {
        const account = new Account([perpetual(A, { tickSize, lotSize })], 1_000_000);
        const expected = oracle(trades, amount);
        const realised = trades.map(({ price, lots, fee }) => account.fill(0, price, lots, fee));
        expect(realised.map(BigInt)).toEqual(expected.realised);
        expect(BigInt(account.lots[0] ?? NaN)).toBe(expected.lots);
        expect(BigInt(account.cost[0] ?? NaN)).toBe(expected.cost);
        const fees = trades.reduce((sum, { fee }) => sum + fee, 0);
        expect(BigInt(account.cash)).toBe(BigInt(1_000_000 * CENT - fees) + expected.realised.reduce((a, b) => a + b, 0n));
        expect(account.open).toBe(expected.lots === 0n ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });

  it('has the equity of its cash flows, whatever the books call realised', () => {
    fc.assert(
      fc.property(steps, fills, fc.integer({ min: 1, max: 2000 }), ({ tickSize, lotSize, amount }, trades, last) => {
        const account = new Account([perpetual(A, { tickSize, lotSize })], 1_000_000);
        let cash = BigInt(1_000_000 * CENT);
        let lots = 0n;
        for (const { price, lots: traded, fee } of trades) {
          account.fill(0, price, traded, fee);
          cash -= BigInt(price) * BigInt(traded) * amount + BigInt(fee);
          lots += BigInt(traded);
        }
        const expected = Number(cash + lots * BigInt(last) * amount) / CENT;
        expect(account.equity(Float64Array.of(last * tickSize))).toBeCloseTo(expected, 6);
      }),
    );
  });

  it('splits costs exactly where the product leaves the safe integers', () => {
    const account = new Account([perpetual(A, { tickSize: 0.01, lotSize: 0.001 })], 80_000_000);
    // 7,000,001 lots at 10.01: a cost of 7.007e12 amount units; times 3,000,001 is far above 2^53.
    account.fill(0, 1001, 7_000_001, 0);
    const cost = 1001n * 7_000_001n * 1000n;
    const released = divide(cost * 3_000_001n, 7_000_001n);
    expect(BigInt(account.fill(0, 1000, -3_000_001, 0))).toBe(1000n * 3_000_001n * 1000n - released);
    expect(BigInt(account.cost[0] ?? NaN)).toBe(cost - released);
    const short = new Account([perpetual(A, { tickSize: 0.01, lotSize: 0.001 })], 80_000_000);
    short.fill(0, 1001, -7_000_001, 0);
    short.fill(0, 1003, -2_000_003, 0);
    const owed = -(1001n * 7_000_001n + 1003n * 2_000_003n) * 1000n;
    const back = divide(owed * 3_000_001n, 9_000_004n);
    expect(BigInt(short.fill(0, 1000, 3_000_001, 0))).toBe(-1000n * 3_000_001n * 1000n - back);
  });

  it('splits large costs as the big integers do', () => {
    const size = fc.integer({ min: 1, max: 50_000_000 });
    const price = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(price, size, price, size, price, size, fc.boolean(), (p1, n1, p2, n2, p3, n3, isShort) => {
        const sign = isShort ? -1 : 1;
        const trades = [
          { price: p1, lots: sign * n1 },
          { price: p2, lots: sign * n2 },
          { price: p3, lots: -sign * n3 },
        ];
        const account = new Account([perpetual(A, { tickSize: 0.0001, lotSize: 0.0001 })], 80_000_000);
        expect(trades.map(t => BigInt(account.fill(0, t.price, t.lots, 0)))).toEqual(oracle(trades, 1n).realised);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it('keeps symbols apart and counts those with a position', () => {
    const account = new Account([perpetual(A), perpetual(B, { lotSize: 0.5 })], 1000);
    account.fill(account.indexOf(B), 100, -4, 0);
    expect([account.open, account.lots[0], account.lots[1], account.indexOf('CCC')]).toEqual([1, 0, -4, -1]);
    account.fill(account.indexOf(A), 50, 1, 0);
    expect(account.open).toBe(2);
    expect(account.notionalAt(account.indexOf(B), 110)).toBe(-220);
    expect(account.entryPrice(account.indexOf(B))).toBe(100);
    // Long one that gained 5, short two units that lost 10 each.
    expect(account.equity(Float64Array.of(55, 110))).toBe(1000 + 5 - 20);
  });

  it('takes fees and funding from cash, and refuses a balance that it cannot hold exactly', () => {
    const account = new Account([perpetual(A)], 100);
    account.fill(0, 10, 1, 25_000_000);
    account.pay(-50_000_000);
    account.pay(10_000_000);
    expect(account.cash).toBe(9_935_000_000);
    expect(() => account.pay(2 ** 53)).toThrow(/a cash balance/);
    expect(() => account.fill(0, 1_000_000, 100, 0)).toThrow(RangeError);
  });
});
