import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarginTier } from '../../src/market/margin-tiers.js';
import { Account } from '../../src/portfolio/account.js';
import { MarginBook } from '../../src/portfolio/margin-book.js';
import { CarriedLots } from '../../src/sim/carried-lots.js';
import type { Market } from '../../src/sim/matching/market.js';
import { perpetual } from '../engine/scenario.js';

const tiers: MarginTier[] = [
  { floor: 0, cap: 2_000, rate: 0.01, deduction: 0, maxLeverage: 20 },
  { floor: 2_000, cap: 5_000, rate: 0.05, deduction: 80, maxLeverage: 8 },
  { floor: 5_000, cap: Infinity, rate: 0.1, deduction: 330, maxLeverage: 4 },
];
const SYMBOLS = ['AAA/USDT:USDT', 'BBB/USDT:USDT', 'AAA/USDT'];
const INSTRUMENTS = SYMBOLS.map((symbol, i) => perpetual(symbol, i === 2 ? { kind: 'spot' } : {}));
const FEE = 0.001;

const price = fc.integer({ min: 50, max: 150 });
const anyCase = fc.record({
  isolated: fc.boolean(),
  hedge: fc.boolean(),
  collateral: fc.constantFrom(0, 0.5, 1),
  own: fc.constantFrom(3, 10, 15),
  fills: fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -40, max: 40 }), price), { maxLength: 4 }),
  last: fc.tuple(price, price, price),
  slot: fc.integer({ min: 0, max: 4 }),
  lots: fc.integer({ min: 1, max: 200 }),
  buy: fc.boolean(),
  slip: fc.integer({ min: 0, max: 3 }),
});

describe('what an account can carry', () => {
  it('is the most lots for which the rule holds, and taking away always passes', () => {
    let partial = 0;
    fc.assert(
      fc.property(anyCase, c => {
        const account = new Account(INSTRUMENTS, 1_000, { hedge: c.hedge });
        const terms = {
          mode: c.isolated ? ('isolated' as const) : ('cross' as const),
          leverage: [10, c.own, 1],
          tiers: [tiers, tiers, []],
          isSpot: [false, false, true],
          spotCollateral: c.collateral,
        };
        const book = new MarginBook(account, terms);
        const slots = [0, 1, 2, ...(c.hedge ? [3, 4] : [])];
        for (const [s, n, p] of c.fills) {
          const slot = slots[s % slots.length]!;
          // Coins are not sold short, and a leg keeps its side.
          const lots = slot === 2 || (c.hedge && slot < 2) ? Math.abs(n) : slot > 2 ? -Math.abs(n) : n;
          if (lots === 0) continue;
          const held = account.lots[slot]!;
          account.fill(slot, p, lots, 0);
          book.booked(slot, held, p, lots);
        }
        const slot = slots[c.slot % slots.length]!;
        const i = account.symbolOf(slot);
        const held = account.lots[slot]!;
        const isAgainst = held !== 0 && held > 0 !== c.buy;
        const most = isAgainst && (c.hedge || slot === 2) ? Math.min(c.lots, Math.abs(held)) : c.lots;
        if (!isAgainst && ((c.hedge && slot > 2 === c.buy) || (slot === 2 && !c.buy))) return;
        const markets = INSTRUMENTS.map(
          (instrument, index) =>
            ({ index, instrument, units: account.unitsAt(index), lastPrice: () => c.last[index]! }) as Partial<Market> as Market,
        );
        const here = c.last[i]!;
        const fill = here + (c.buy ? c.slip : -c.slip);
        const carried = new CarriedLots(account, book, { fees: ({ notional }) => notional * FEE, leverage: 10 }, markets).of(
          markets[i]!,
          slot,
          { buy: c.buy, lots: most, price: fill, marketPrice: here, maker: false, first: true },
          0,
        );

        // The rule, lot by lot.
        const leverageAt = (s: number, notional: number): number => {
          const symbol = account.symbolOf(s);
          if (symbol === 2) return 1;
          return Math.min(terms.leverage[symbol]!, notional < 2_000 ? 20 : notional < 5_000 ? 8 : 4);
        };
        const allowed = (n: number): boolean => {
          const after = Math.abs(held + (c.buy ? n : -n));
          if (isAgainst && n <= Math.abs(held)) return true;
          const costs = n * fill * FEE + n * Math.abs(fill - here);
          const near = (a: number, b: number): boolean => a <= b + 1e-6;
          let cash = account.cash / 1e8;
          for (const s of slots) {
            if (s === 2) cash -= account.cost[s]! / 1e8;
            else if (c.isolated) cash -= book.isolated[s]! / 1e8;
          }
          if (c.isolated && slot !== 2) {
            if (!isAgainst) return near((n * here) / leverageAt(slot, after * fill) + costs, cash);
            const given = book.isolated[slot]! / 1e8 + held * here - account.cost[slot]! / 1e8;
            return near((after * here) / leverageAt(slot, after * fill) + costs, cash + given);
          }
          if (c.isolated) return near(n * here + costs, cash);
          let equity = cash;
          let margin = 0;
          for (const s of slots) {
            const q = account.lots[s]!;
            const p = c.last[account.symbolOf(s)]!;
            if (q === 0) continue;
            if (s === 2) equity += c.collateral * q * p;
            else {
              equity += q * p - account.cost[s]! / 1e8;
              if (s !== slot) margin += Math.abs(q * p) / leverageAt(s, Math.abs(q * p));
            }
          }
          if (slot === 2) return near(n * here + costs, equity - margin);
          if (isAgainst && after <= Math.abs(held)) return true;
          return near(margin + (after * fill) / leverageAt(slot, after * fill), equity - costs);
        };
        let expected = 0;
        while (expected < most && allowed(expected + 1)) expected++;
        if (expected > 0 && expected < most) partial++;
        expect(carried).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(partial).toBeGreaterThan(50);
  });
});
