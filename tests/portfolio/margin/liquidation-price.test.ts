import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tierSchedule, type MarginTier } from '../../../src/market/margin-tiers.js';
import { bankruptcyPrice } from '../../../src/portfolio/margin/bankruptcy-price.js';
import { liquidationBounds } from '../../../src/portfolio/margin/liquidation-bounds.js';
import { liquidationPrice } from '../../../src/portfolio/margin/liquidation-price.js';
import { unrealisedProfit } from '../../../src/portfolio/margin/unrealised-profit.js';
import { venueLiquidationPrice } from '../../../src/portfolio/margin/venue-liquidation-price.js';
import { positions, schedules, slowMaintenance, slowNotional, slowProfit, type DrawnPosition } from './arbitrary-positions.js';

const FLAT: readonly MarginTier[] = tierSchedule([{ floor: 0, rate: 0.01, maxLeverage: 50 }]);

/** What is left above maintenance margin at a price, from the definition. */
const spare = ({ inverse, quantity, entryPrice, tiers }: DrawnPosition, margin: number, price: number, fee = 0): number => {
  const notional = slowNotional(inverse, quantity, price);
  return margin + slowProfit(inverse, quantity, entryPrice, price) - slowMaintenance(tiers, notional) - notional * fee;
};

const marginOf = (p: DrawnPosition): number => p.cover * slowMaintenance(p.tiers, slowNotional(p.inverse, p.quantity, p.entryPrice));

/** The price at which nothing is spare, found by halving between the entry and a price where it is surely gone; NaN when even the end of the scale leaves something. */
const bisected = (p: DrawnPosition, margin: number): number => {
  let alive = p.entryPrice;
  let dead = p.quantity > 0 ? p.entryPrice * 1e-9 : p.entryPrice * 1e9;
  if (spare(p, margin, dead) > 0) return NaN;
  for (let i = 0; i < 400; i++) {
    const middle = Math.sqrt(alive * dead);
    if (spare(p, margin, middle) > 0) alive = middle;
    else dead = middle;
  }
  return dead;
};

describe('the liquidation price', () => {
  it('is where margin equals maintenance margin in the bracket that holds there, as halving finds it too', () => {
    let found = 0;
    fc.assert(
      fc.property(positions, p => {
        const margin = marginOf(p);
        const price = liquidationPrice({ ...p, margin });
        const slow = bisected(p, margin);
        if (Number.isNaN(slow)) {
          expect(Number.isNaN(price) || price < p.entryPrice * 1e-8 || price > p.entryPrice * 1e8).toBe(true);
          return;
        }
        found++;
        expect(Math.abs(price / slow - 1)).toBeLessThan(1e-9);
        const scale = margin + slowNotional(p.inverse, p.quantity, price);
        expect(Math.abs(spare(p, margin, price)) / scale).toBeLessThan(1e-9);
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(300);
  });

  it('is crossed by one tick beyond it and not by one tick before it', () => {
    fc.assert(
      fc.property(positions, p => {
        const margin = marginOf(p);
        const price = liquidationPrice({ ...p, margin });
        if (Number.isNaN(price)) return;
        const tick = price * 1e-6 * (p.quantity > 0 ? 1 : -1);
        expect(spare(p, margin, price + tick)).toBeGreaterThan(0);
        expect(spare(p, margin, price - tick)).toBeLessThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('lies below the entry of a long position and above that of a short one, and nearer the less margin there is', () => {
    fc.assert(
      fc.property(positions, p => {
        const margin = marginOf(p);
        const far = liquidationPrice({ ...p, margin });
        const near = liquidationPrice({ ...p, margin: margin * 0.97 });
        if (p.quantity > 0) {
          expect(near).toBeLessThan(p.entryPrice);
          expect(Number.isNaN(far) || far < near).toBe(true);
        } else {
          expect(Number.isNaN(near) || near > p.entryPrice).toBe(true);
          expect(Number.isNaN(far) || far > near).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('comes sooner when the closing fee must be left as well, and then leaves exactly that', () => {
    fc.assert(
      fc.property(positions, fc.double({ min: 1e-5, max: 2e-3, noNaN: true }), (p, takerFee) => {
        const margin = marginOf(p);
        const price = liquidationPrice({ ...p, margin, takerFee });
        if (Number.isNaN(price)) return;
        const scale = margin + slowNotional(p.inverse, p.quantity, price);
        expect(Math.abs(spare(p, margin, price, takerFee)) / scale).toBeLessThan(1e-9);
        const without = liquidationPrice({ ...p, margin });
        expect(Number.isNaN(without) || without < price === p.quantity > 0).toBe(true);
      }),
    );
  });

  it('does not exist for a long position that is paid in full, nor for an inverse short that is', () => {
    expect(liquidationPrice({ inverse: false, quantity: 2, entryPrice: 10, margin: 20, tiers: FLAT })).toBeNaN();
    expect(liquidationPrice({ inverse: true, quantity: -20, entryPrice: 10, margin: 2, tiers: FLAT })).toBeNaN();
    // Their counterparts do have one: a fully paid short loses all when the price doubles.
    expect(liquidationPrice({ inverse: false, quantity: -2, entryPrice: 10, margin: 20, tiers: FLAT })).toBeCloseTo(20 / 1.01, 10);
    expect(liquidationPrice({ inverse: true, quantity: 20, entryPrice: 10, margin: 2, tiers: FLAT })).toBeCloseTo(10 * (1.01 / 2), 10);
  });

  it('is the end of the scale where every price is beyond it', () => {
    expect(liquidationPrice({ inverse: false, quantity: -1, entryPrice: 10, margin: -11, tiers: FLAT })).toBe(0);
    expect(liquidationPrice({ inverse: true, quantity: 10, entryPrice: 10, margin: -1.1, tiers: FLAT })).toBe(Infinity);
  });

  it('of Bybit is where the loss is what margin exceeds maintenance margin by at the entry price', () => {
    fc.assert(
      fc.property(positions, p => {
        const margin = marginOf(p);
        const price = venueLiquidationPrice('bybit', { ...p, margin });
        if (Number.isNaN(price)) return;
        const allowed = margin - slowMaintenance(p.tiers, slowNotional(p.inverse, p.quantity, p.entryPrice));
        expect(Math.abs(slowProfit(p.inverse, p.quantity, p.entryPrice, price) / allowed + 1)).toBeLessThan(1e-9);
        const ours = liquidationPrice({ ...p, margin });
        // Nearer where the loss makes the position smaller.
        const nearer = p.inverse !== p.quantity > 0;
        if (!Number.isNaN(ours)) expect((p.quantity > 0 ? price - ours : ours - price) >= -1e-9 * price === nearer).toBe(true);
      }),
    );
  });
});

describe('the bankruptcy price', () => {
  it('is where closing leaves nothing, fee included, and lies beyond the liquidation price', () => {
    fc.assert(
      fc.property(positions, fc.double({ min: 0, max: 1e-3, noNaN: true }), (p, takerFee) => {
        const margin = marginOf(p);
        const price = bankruptcyPrice({ ...p, margin }, takerFee);
        if (Number.isNaN(price)) return;
        const notional = slowNotional(p.inverse, p.quantity, price);
        expect(Math.abs(margin + slowProfit(p.inverse, p.quantity, p.entryPrice, price) - notional * takerFee)).toBeLessThan(
          1e-9 * (margin + notional),
        );
        const liquidation = liquidationPrice({ ...p, margin, takerFee });
        expect(p.quantity > 0 ? liquidation > price : liquidation < price).toBe(true);
      }),
    );
  });

  it('does not exist where the margin pays for everything', () => {
    expect(bankruptcyPrice({ inverse: false, quantity: 1, entryPrice: 100, margin: 100 })).toBeNaN();
    expect(bankruptcyPrice({ inverse: true, quantity: -100, entryPrice: 100, margin: 1 })).toBeNaN();
  });
});

describe('profit', () => {
  it('of a linear contract is in quote currency, of an inverse one in coins', () => {
    expect(unrealisedProfit(false, -3, 100, 90)).toBe(30);
    // 10,000 dollars long from 8,000 to 10,000: 1.25 coins are worth 1 coin then.
    expect(unrealisedProfit(true, 10_000, 8000, 10_000)).toBeCloseTo(0.25, 15);
  });
});

describe('the liquidation bounds of two legs', () => {
  const legs = fc.record({
    inverse: fc.boolean(),
    long: fc.double({ min: 0.01, max: 100, noNaN: true }),
    short: fc.double({ min: 0.01, max: 100, noNaN: true }),
    entryOfLong: fc.double({ min: 5, max: 20, noNaN: true }),
    entryOfShort: fc.double({ min: 5, max: 20, noNaN: true }),
    margin: fc.double({ min: 0.1, max: 500, noNaN: true }),
    tiers: schedules,
  });

  it('enclose every price at which margin covers the maintenance of both, and no other', () => {
    let enclosed = 0;
    fc.assert(
      fc.property(legs, ({ inverse, long, short, entryOfLong, entryOfShort, margin, tiers }) => {
        const scale = inverse ? 100 : 1;
        const [a, b] = [long * scale, -short * scale];
        const valueAtEntry = inverse ? -a / entryOfLong - b / entryOfShort : a * entryOfLong + b * entryOfShort;
        const [below = NaN, above = NaN] = liquidationBounds(
          { inverse, long: a, short: b, tiers, cushion: margin - valueAtEntry, closingFee: 0 },
          new Float64Array(2),
        );
        for (let price = 0.05; price < 2000; price *= 1.07) {
          const left =
            margin +
            slowProfit(inverse, a, entryOfLong, price) +
            slowProfit(inverse, b, entryOfShort, price) -
            slowMaintenance(tiers, slowNotional(inverse, a, price)) -
            slowMaintenance(tiers, slowNotional(inverse, b, price));
          if (Math.abs(left) < 1e-6 * (margin + slowNotional(inverse, a, price) + slowNotional(inverse, b, price))) continue;
          if (left > 0) enclosed++;
          expect(price > below && price < above).toBe(left > 0);
        }
      }),
      { numRuns: 200 },
    );
    expect(enclosed).toBeGreaterThan(2000);
  });

  it('are both there for legs of one size: only the growth of maintenance margin can take them', () => {
    // Long 10 and short 10, both from 100: profit is the same at any price; 2 × 10 × price × 1 % reaches the margin of 50 at 250.
    const out = liquidationBounds({ inverse: false, long: 10, short: -10, tiers: FLAT, cushion: 50, closingFee: 0 }, new Float64Array(2));
    expect(out[0]).toBe(-Infinity);
    expect(out[1]).toBeCloseTo(250, 9);
  });

  it('are none where nothing is held', () => {
    const out = liquidationBounds({ inverse: false, long: 0, short: 0, tiers: FLAT, cushion: -5, closingFee: 0 }, new Float64Array(2));
    expect([...out]).toEqual([-Infinity, Infinity]);
  });

  it('of spot that is held as collateral are where its counted value no longer fills the gap', () => {
    // 2 coins at 90 % cover a gap of 90 at a price of 50.
    const out = liquidationBounds({ inverse: false, long: 2 * 0.9, short: 0, tiers: [], cushion: -90, closingFee: 0 }, new Float64Array(2));
    expect(out[0]).toBeCloseTo(50, 12);
  });
});
